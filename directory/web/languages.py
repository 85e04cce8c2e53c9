"""Which language a page is in: that of its address (`/es/...`), or else the one that the browser asks for.

A feature names the pages that exist in every language with `offer_translations`; all others are in English, whatever
is asked for. Messages are written in English in code and templates (`gettext`) and looked up in
`directory/translations/<code>/`, where each room has a file of its own.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from babel import Locale
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from flask import Flask, Response, current_app, has_request_context, request
from flask_babel import Domain, force_locale, get_locale

from directory.config import ROOT
from directory.extensions import babel
from directory.web import messages

TRANSLATIONS = ROOT / "directory" / "translations"
ASKED_FOR = "directory.language"  # where the middleware notes the code of the address


@dataclass(frozen=True, slots=True)
class Language:
    """A language of the site. `code` begins its addresses and stands in `lang`."""

    code: str
    name: str  # in the language itself
    locale: str  # how numbers and dates are written


ENGLISH = Language("en", "English", "en_US")
SPANISH = Language("es", "Español", "es_US")
LANGUAGES = {language.code: language for language in (ENGLISH, SPANISH)}


class LanguageInAddress:
    """Takes `/es` or `/en` off the front of an address; links that the app makes then begin with it again."""

    def __init__(self, app: WSGIApplication) -> None:
        self.app = app

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        code, _, rest = environ.get("PATH_INFO", "").removeprefix("/").partition("/")
        if code in LANGUAGES:
            environ[ASKED_FOR] = code
            environ["SCRIPT_NAME"] = f"{environ.get('SCRIPT_NAME', '')}/{code}"
            environ["PATH_INFO"] = f"/{rest}"
        return self.app(environ, start_response)


class Catalogs(Domain):
    """The messages of all rooms in one; their files are read once, when a language is first asked for."""

    def get_translations(self) -> NullTranslations:
        code = current_language().code
        if code not in self.cache:
            self.cache[code] = NullTranslations() if code == ENGLISH.code else read_translations(code)
        translations: NullTranslations = self.cache[code]
        return translations


def init_app(app: Flask) -> None:
    babel.init_app(app, default_locale=ENGLISH.locale, locale_selector=lambda: _language_of_request().locale)
    babel.domain_instance = Catalogs()  # type: ignore[no-untyped-call]  # flask_babel has no types here
    messages.install(app)
    app.jinja_env.policies["ext.i18n.trimmed"] = True
    app.wsgi_app = LanguageInAddress(app.wsgi_app)  # type: ignore[method-assign]  # as Flask asks for
    app.extensions["translated"] = set()
    app.add_template_global(_url_for(app), "url_for")
    app.add_template_global(path_in)
    app.add_template_global(is_translated)

    @app.context_processor
    def show_language() -> dict[str, Any]:
        return {"language": current_language(), "languages": LANGUAGES.values(), "asked_for": _asked_for()}

    @app.after_request
    def name_language(response: Response) -> Response:
        if response.mimetype == "text/html":
            response.headers["Content-Language"] = current_language().code
            if ASKED_FOR not in request.environ and is_translated():
                response.vary.add("Accept-Language")
        return response


def offer_translations(app: Flask, *names: str) -> None:
    """Say that these pages exist in every language. Each name is an endpoint, or a blueprint with all its pages."""
    app.extensions["translated"].update(names)


def current_language() -> Language:
    """The language that messages are in now; English outside of a request, and of `in_language`."""
    locale = get_locale()
    return LANGUAGES[locale.language] if locale else ENGLISH


def current_locale() -> Locale:
    """How numbers and dates are written now."""
    return Locale.parse(current_language().locale)


def in_language(code: str) -> Any:
    """A context in which messages are in that language, such as a letter to a person who wrote in it."""
    return force_locale(LANGUAGES[code].locale)


def whole_address(path: str) -> str:
    """The address of a page for letters, without the host of the request at hand, in the language of the moment."""
    language = current_language()
    return f"{current_app.config['SITE_URL']}{'' if language == ENGLISH else f'/{language.code}'}{path}"


def is_translated() -> bool:
    """Whether this page exists in every language, as error pages of unknown addresses do."""
    names = {request.endpoint, request.blueprint} - {None}
    return not names or bool(names & current_app.extensions["translated"])


def path_in(code: str, given: bool = False) -> str:
    """The path and query of this page in a language. English is at the bare path, or with `given` at `/en/...`."""
    asked = request.environ.get(ASKED_FOR)
    root = request.root_path.rstrip("/")
    root = root.removesuffix(f"/{asked}") if asked else root
    if given or code != ENGLISH.code:
        root = f"{root}/{code}"
    query = request.query_string.decode("ascii", "replace")
    return f"{root}{request.path}{f'?{query}' if query else ''}"


def without_language(path: str) -> str:
    """A path of `url_for` as it is without the language that the address names."""
    asked = request.environ.get(ASKED_FOR) if has_request_context() else None
    if asked is None:
        return path
    root = request.root_path.rstrip("/")
    return root.removesuffix(f"/{asked}") + path.removeprefix(root)


def page_path() -> str:
    """The path of this page as its links begin: with the language that the address names, without the query."""
    return f"{request.root_path.rstrip('/')}{request.path}"


def read_translations(code: str) -> Translations:
    """All messages of a language, from its files."""
    merged = Catalog(locale=code)
    for path in sorted((TRANSLATIONS / code).glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file, locale=code):
                merged.add(message.id, message.string, flags=message.flags, context=message.context)
    compiled = BytesIO()
    write_mo(compiled, merged)
    compiled.seek(0)
    return Translations(compiled)


def _asked_for() -> Language:
    code = request.environ.get(ASKED_FOR) or request.accept_languages.best_match(LANGUAGES, ENGLISH.code)
    return LANGUAGES[code or ENGLISH.code]


def _language_of_request() -> Language:
    return _asked_for() if has_request_context() and is_translated() else ENGLISH


def _url_for(app: Flask) -> Callable[..., str]:
    """`url_for` for templates: a static file has one address whatever the language is."""

    def url_for(endpoint: str, **values: Any) -> str:
        url = app.url_for(endpoint, **values)
        return without_language(url) if endpoint == "static" else url

    return url_for
