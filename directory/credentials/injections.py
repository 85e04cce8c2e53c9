"""What is known of whether a provider gives neck injections, in words, from facts alone.

The words are those of the page that is being made; outside of a request they are English.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from directory.providers.offerings import ALONGSIDE_SPECIALTIES, PRODUCTS, brand
from directory.providers.sources import SourceKind
from directory.web.filters import month
from directory.web.messages import gettext, ngettext
from directory.web.phrases import N_

SAID_BY = {
    SourceKind.CLINIC: N_("Gives %(products)s (says the practice, %(month)s)"),
    SourceKind.STAFF: N_("Gives %(products)s (noted by our staff, %(month)s)"),
    SourceKind.DEMONSTRATION: N_("Gives %(products)s (demonstration data, %(month)s)"),
}
SAID_BY_ANOTHER = N_("Gives %(products)s (says %(source)s, %(month)s)")


@dataclass(frozen=True, slots=True)
class OfferedProduct:
    """That a provider gives one of `PRODUCTS`, and who said so when."""

    product: str
    source_kind: SourceKind
    source_name: str
    as_of: date


@dataclass(frozen=True, slots=True)
class Injections:
    """What is known, each as a sentence without its full stop: what was billed first, then what is said."""

    sentences: tuple[str, ...]
    are_confirmed: bool  # whether anything says that the provider injects; otherwise the sentence says to ask


def injections_known(
    billed: tuple[float, int] | None, products: Sequence[OfferedProduct], specialties: Collection[str]
) -> Injections:
    """What a page says of a provider.

    `billed` are the services of 64616 in the newest year that has any, and the year; `specialties` the codes that the
    provider declared.
    """
    sentences = []
    if billed:
        services, year = billed
        count = round(services)
        sentences.append(
            ngettext(
                "%(count)s neck injection billed to Medicare in %(year)s",
                "%(count)s neck injections billed to Medicare in %(year)s",
                count,
                count=format(count, ","),
                year=year,
            )
        )
    sentences.extend(_products(products))
    if sentences:
        return Injections(tuple(sentences), are_confirmed=True)
    if specialties and set(specialties) <= ALONGSIDE_SPECIALTIES.keys():
        return Injections((gettext("Physical therapy alongside, no injections"),), are_confirmed=False)
    return Injections((gettext("Injections not confirmed: ask"),), are_confirmed=False)


def _products(products: Sequence[OfferedProduct]) -> Iterator[str]:
    """A sentence for each source, the newest first: "Gives Botox, Xeomin (says the practice, June 2026)"."""
    by_source = defaultdict(list)
    for offered in sorted(products, key=lambda offered: offered.as_of, reverse=True):
        by_source[offered.source_kind, offered.source_name].append(offered)
    for (kind, name), said in by_source.items():
        keys = {offered.product for offered in said}
        names = ", ".join(brand(key) for key in PRODUCTS if key in keys)
        yield gettext(
            SAID_BY.get(kind, SAID_BY_ANOTHER), products=names, month=month(said[0].as_of), source=gettext(name)
        )
