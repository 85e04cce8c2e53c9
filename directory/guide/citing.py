"""Sources on a page of the guide: each claim carries a number, and the page ends with what the numbers stand for."""

from dataclasses import dataclass

from markupsafe import Markup

from directory.web.facts import fact
from directory.web.messages import gettext


@dataclass(frozen=True, slots=True)
class CitedSource:
    """One source of the page's list. `year` is None when the source bears no date."""

    name: str
    year: int | None
    link: str | None
    confirmed: bool


class Citations:
    """The sources that one page names, numbered in the order in which they come."""

    def __init__(self) -> None:
        self._numbers: dict[CitedSource, int] = {}

    def says(self, key: str) -> Markup:
        """What a fact of facts.toml says, in the page's language, with its number. Raises `FactsError`."""
        return Markup("{}{}").format(gettext(fact(key).words), self.mark(key))

    def percent(self, key: str) -> Markup:
        """A fact's value as a percentage, with its number. Raises `FactsError`."""
        return Markup("{:g}%{}").format(fact(key).figure, self.mark(key))

    def mark(self, *keys: str) -> Markup:
        """The numbers of the sources of these facts alone, to stand after a sentence. Raises `FactsError`."""
        cited = dict.fromkeys(
            CitedSource(gettext(found.source), found.year, found.link, found.confirmed) for found in map(fact, keys)
        )
        links = [_link(self._numbers.setdefault(source, len(self._numbers) + 1), source.confirmed) for source in cited]
        return Markup('<sup class="cite">{}</sup>').format(Markup(" ").join(links))

    @property
    def sources(self) -> list[tuple[int, CitedSource]]:
        return [(number, source) for source, number in self._numbers.items()]

    @property
    def all_confirmed(self) -> bool:
        return all(source.confirmed for source in self._numbers)


def _link(number: int, confirmed: bool) -> Markup:
    """The number as a link into the list; a question mark behind it says that the fact is not confirmed there."""
    label = gettext("Source %(number)s", number=number)
    if not confirmed:
        label = gettext("Source %(number)s, not yet confirmed", number=number)
    return Markup('<a href="#source-{0}" aria-label="{1}">{0}{2}</a>').format(number, label, "" if confirmed else "?")


def words_with_source(key: str) -> str:
    """The words of a fact of facts.toml and the name of its source, in the page's language. Raises `FactsError`."""
    found = fact(key)
    words, source = gettext(found.words), gettext(found.source)
    if found.year and str(found.year) not in source:
        source = f"{source} ({found.year})"
    if found.confirmed:
        return gettext("%(words)s Source: %(source)s.", words=words, source=source)
    return gettext("%(words)s Source, not yet confirmed: %(source)s.", words=words, source=source)
