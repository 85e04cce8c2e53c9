"""Numbers of rows in addresses."""

from flask import Flask
from werkzeug.exceptions import NotFound
from werkzeug.routing import IntegerConverter

LARGEST = 2**31 - 1


class RowNumber(IntegerConverter):
    """`<int:...>` of all routes: a number larger than those that columns hold is found nowhere (404)."""

    def to_python(self, value: str) -> int:
        number: int = super().to_python(value)
        if number > LARGEST:
            raise NotFound
        return number


def init_app(app: Flask) -> None:
    app.url_map.converters["int"] = RowNumber
