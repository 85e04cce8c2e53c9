"""Which rows of the NPPES files an import uses: a quick look at many rows, and the close look that decides."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from directory.imports.nppes.area import ZIPS, Area
from directory.imports.nppes.columns import DEACTIVATED, NPI, PRACTICE, REACTIVATED, SECONDARY, TAXONOMY_CODES
from directory.imports.nppes.provider_values import practice_point
from directory.imports.reading.digits import NpiSet, leading_digits, lengths, numbers, valid_npis
from directory.imports.reading.fields import Fields
from directory.imports.reading.files import ImportFileError
from directory.providers.offerings import TREATING, TREATING_SPECIALTIES

_TAXONOMY_CODE = re.compile(r"[0-9A-Z]{9}X")


@dataclass(frozen=True, slots=True)
class ProviderFilter:
    """What a provider must have to be added; None asks for nothing.

    Those that the directory knows already are always kept up to date. `near_elsewhere` are providers with another
    practice location in the area.
    """

    area: Area | None
    taxonomies: frozenset[str] | None
    known: NpiSet
    near_elsewhere: NpiSet

    def wants(self, fields: Fields) -> bool:
        """Whether a row that is not deactivated is used."""
        if fields.raw(NPI) in self.known:
            return True
        if self.taxonomies is not None and not any(fields.raw(name) in self.taxonomies for name in TAXONOMY_CODES):
            return False
        if self.area is None or fields.raw(NPI) in self.near_elsewhere:
            return True
        return self.area.holds(practice_point(fields, PRACTICE))


class ProviderChooser:
    """The quick look at the provider file: all rows that the filter may want, and all with a wrong NPI."""

    def __init__(self, chosen: ProviderFilter) -> None:
        self._filter = chosen
        self._codes = pa.array(sorted(chosen.taxonomies), pa.string()) if chosen.taxonomies is not None else None
        self.columns: Sequence[str] = (
            NPI,
            DEACTIVATED,
            REACTIVATED,
            *((PRACTICE.postal_code,) if chosen.area else ()),
            *(TAXONOMY_CODES if chosen.taxonomies is not None else ()),
        )

    def __call__(self, table: pa.Table) -> NDArray[np.bool_]:
        digits = leading_digits(table[NPI], 10)
        valid = valid_npis(digits, lengths(table[NPI]))
        npis = numbers(digits)
        wanted = (lengths(table[DEACTIVATED]) == 0) | (lengths(table[REACTIVATED]) != 0)
        if self._filter.area is not None:
            near = may_be_near(table[PRACTICE.postal_code], self._filter.area)
            wanted &= near | self._filter.near_elsewhere.holds(npis)
        if self._codes is not None:
            candidates = np.flatnonzero(wanted)
            wanted[candidates] = self._has_taxonomy(table.select(list(TAXONOMY_CODES)).take(pa.array(candidates)))
        chosen: NDArray[np.bool_] = ~valid | wanted | self._filter.known.holds(npis)
        return chosen

    def _has_taxonomy(self, table: pa.Table) -> NDArray[np.bool_]:
        found = np.zeros(table.num_rows, np.bool_)
        for column in table.columns:
            found |= pc.is_in(column, value_set=self._codes).to_numpy()
        return found


class LocationChooser:
    """The quick look at a file of further locations for those in an area."""

    columns: Sequence[str] = (NPI, SECONDARY.postal_code)

    def __init__(self, area: Area) -> None:
        self._area = area

    def __call__(self, table: pa.Table) -> NDArray[np.bool_]:
        return may_be_near(table[SECONDARY.postal_code], self._area)


def may_be_near(postal_codes: pa.ChunkedArray, area: Area) -> NDArray[np.bool_]:
    """False where a well-formed ZIP is known to lie outside; an odd one is for the close look."""
    zips = numbers(leading_digits(postal_codes, 5))
    size = lengths(postal_codes)
    plain = (zips >= 0) & ((size == 5) | (size == 9) | (size == 10))
    near: NDArray[np.bool_] = ~(plain & area.far_zips[np.clip(zips, 0, ZIPS - 1)])
    return near


def taxonomies_named(codes: Collection[str]) -> frozenset[str] | None:
    """The codes that a person gave, `treating` standing for all that treat; None when there are none.

    Raises `ImportFileError` for what is no code.
    """
    named: set[str] = set()
    for code in (piece.strip() for text in codes for piece in text.split(",") if piece.strip()):
        if code.lower() == TREATING:
            named |= set(TREATING_SPECIALTIES)
        elif _TAXONOMY_CODE.fullmatch(code.upper()):
            named.add(code.upper())
        else:
            raise ImportFileError(f"“{code}” is no taxonomy code: give one like 2084N0400X, or {TREATING}.")
    return frozenset(named) if named else None
