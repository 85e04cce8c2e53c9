"""What the address of a comparison asks for: whom to set side by side, and what of it cannot be read."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from directory.providers.npi import has_form_of_npi

MAX_PROVIDERS = 4
MAX_SHOWN_LENGTH = 20  # characters of a text that is no NPI


@dataclass(frozen=True, slots=True)
class Asked:
    """`npis` to compare, in the order given, each once and at most `MAX_PROVIDERS`; what became of the rest."""

    npis: tuple[str, ...]
    repeated: tuple[str, ...]  # NPIs that were given more than once
    malformed: tuple[str, ...]  # texts that have not the form of an NPI, cut to what a page can show
    left_out: int  # how many more NPIs there were


def read_npis(typed: Iterable[str]) -> Asked:
    """Read the values of `npi`; empty ones ask for nothing."""
    texts = [text.strip() for text in typed]
    wellformed = [text for text in texts if has_form_of_npi(text)]
    distinct = list(dict.fromkeys(wellformed))
    compared = tuple(distinct[:MAX_PROVIDERS])
    return Asked(
        npis=compared,
        repeated=tuple(npi for npi in compared if wellformed.count(npi) > 1),
        malformed=tuple(dict.fromkeys(_cut(text) for text in texts if text and not has_form_of_npi(text))),
        left_out=len(distinct) - len(compared),
    )


def without(npis: Sequence[str], npi: str) -> list[str]:
    """`npis` but for one, in their order."""
    return [other for other in npis if other != npi]


def _cut(text: str) -> str:
    return text if len(text) <= MAX_SHOWN_LENGTH else f"{text[:MAX_SHOWN_LENGTH]}…"
