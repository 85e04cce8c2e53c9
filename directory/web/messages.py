"""Messages in the language of the page: what flask_babel's functions of these names give, found once a request.

A page has about a thousand messages, and flask_babel goes through several proxies of the context for each of them.
"""

from typing import Any

from babel.support import NullTranslations
from flask import Flask, g
from flask_babel.speaklater import LazyString

from directory.extensions import babel

ENGLISH = NullTranslations()


def install(app: Flask) -> None:
    """Let templates find their messages so too."""
    environment: Any = app.jinja_env  # its extension brings what installs them
    environment.install_gettext_callables(
        gettext=lambda message: _translations().ugettext(message),
        ngettext=lambda one, many, count: _translations().ungettext(one, many, count),
        pgettext=pgettext,
        newstyle=True,  # templates put the values in, escaped
    )


def gettext(message: str, /, **values: Any) -> str:
    """`message` in the language of the page; `values` are put in for its `%(name)s`."""
    text: str = _translations().ugettext(message)
    return text % values if values else text


def ngettext(one: str, many: str, count: int, /, **values: Any) -> str:
    """The form for `count`, which stands for `%(num)s` too."""
    text: str = _translations().ungettext(one, many, count)
    return text % {"num": count, **values}


def pgettext(context: str, message: str, /) -> str:
    """A message that has other translations elsewhere."""
    text: str = _translations().upgettext(context, message)
    return text


def lazy_gettext(message: str, /, **values: Any) -> LazyString:
    """`gettext` each time that the text is shown."""
    return LazyString(gettext, message, **values)


def lazy_pgettext(context: str, message: str, /) -> LazyString:
    return LazyString(pgettext, context, message)


def _translations() -> NullTranslations:
    """The catalog of this request; flask_babel forgets it where it forces another language."""
    try:
        found = g._flask_babel.babel_translations
    except (AttributeError, RuntimeError):  # nothing was asked for yet, or there is no application
        found = None
    return found or _find_translations()


def _find_translations() -> NullTranslations:
    if not g:
        return ENGLISH
    found: NullTranslations = babel.domain_instance.get_translations()
    g._flask_babel.babel_translations = found
    return found
