"""Keeps query strings out of the logs: the query of a search holds where a person is and what they look for."""

import logging
import re

from flask import Flask

_QUERY = re.compile(r"\?.*(?= HTTP/)|\?.*", re.DOTALL)


class WithoutQuery(logging.Filter):
    """Cuts everything after the question mark of each address in a log line."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg = _QUERY.sub("", record.getMessage())
        record.args = ()
        return True


_without_query = WithoutQuery()


def init_app(app: Flask) -> None:
    # The server of `flask run`; docs/operating.md gives the format for gunicorn. The same filter twice counts once.
    logging.getLogger("werkzeug").addFilter(_without_query)
