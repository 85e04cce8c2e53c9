"""What the server around the app needs: logs without queries, trust in one proxy."""

import logging
import re

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

_QUERY = re.compile(r"\?.*(?= HTTP/)|\?.*", re.DOTALL)


class WithoutQuery(logging.Filter):
    """Cuts the query off each address in a log line: a search's holds where a person is and what they look for."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg = _QUERY.sub("", record.getMessage())
        record.args = ()
        return True


_without_query = WithoutQuery()


def init_app(app: Flask) -> None:
    if app.config["TRUST_PROXY"]:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1, x_host=1)  # type: ignore[method-assign]  # as Flask asks for
    # The server of `flask run`; docs/operating.md gives the format for gunicorn. The same filter twice counts once.
    logging.getLogger("werkzeug").addFilter(_without_query)
