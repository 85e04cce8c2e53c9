"""What all pages share: errors, headers, languages, template filters, pagination, fields of forms, health checks."""

import logging
import re

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from directory.web import compression, errors, filters, headers, languages, urls, views
from directory.web.uploads import StreamedRequest

_QUERY = re.compile(r"\?.*(?= HTTP/)|\?.*", re.DOTALL)


class WithoutQuery(logging.Filter):
    """Cuts the query off each address in a log line: a search's holds where a person is and what they look for."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg = _QUERY.sub("", record.getMessage())
        record.args = ()
        return True


_without_query = WithoutQuery()


def init_app(app: Flask) -> None:
    """Register this feature."""
    app.request_class = StreamedRequest
    if app.config["TRUST_PROXY"]:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1, x_host=1)  # type: ignore[method-assign]  # as Flask asks for
    # The server of `flask run`; docs/operating.md gives the format for gunicorn. The same filter twice counts once.
    logging.getLogger("werkzeug").addFilter(_without_query)
    for part in (languages, compression, headers, errors, filters, urls):
        part.init_app(app)
    app.register_blueprint(views.health)
    app.register_blueprint(views.pages)
    languages.offer_translations(app, "pages")
