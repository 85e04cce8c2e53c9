"""What a fact says where there are no links and numbers: in a plain text or a calendar."""

from flask_babel import gettext

from directory.web.facts import fact


def words_with_source(key: str) -> str:
    """The words of a fact of facts.toml and the name of its source, in the page's language. Raises `FactsError`."""
    found = fact(key)
    words, source = gettext(found.words), gettext(found.source)
    if found.year and str(found.year) not in source:
        source = f"{source} ({found.year})"
    if found.confirmed:
        return gettext("%(words)s Source: %(source)s.", words=words, source=source)
    return gettext("%(words)s Source, not yet confirmed: %(source)s.", words=words, source=source)
