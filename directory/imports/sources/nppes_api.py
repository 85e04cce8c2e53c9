"""NPPES asked about one area: who practices there with a treating specialty, and further providers by their number.

The registry answers at most 1,200 providers a question and finds a specialty by words of its description. So it is
asked by the beginnings of ZIPs and by specialty, and a question that fills up is asked again in parts. What comes is
checked by taxonomy code when it is imported.
"""

from collections.abc import Collection
from pathlib import Path
from typing import Any, NamedTuple

import click
from flask import current_app
from sqlalchemy import select

from directory.extensions import db
from directory.imports.nppes.registry_answers import is_deactivated
from directory.imports.sources.asking import Asking, refuse_answer
from directory.imports.sources.catalog import PublicSource
from directory.imports.sources.client import SourceClient
from directory.imports.sources.cms_api import neck_injectors
from directory.imports.sources.store import Fetched, Origin, safe_name, sources_folder
from directory.places.areas import AreaCodes
from directory.providers.models import PracticeLocation, Provider, ProviderSpecialty
from directory.providers.offerings import TREATING_SPECIALTIES
from directory.web.transaction import transaction

MAX_A_PAGE, MAX_SKIPPED = 200, 1000
PREFIX_DIGITS, ZIP_DIGITS, MAX_DIGITS = 3, 5, 9
KINDS = ("NPI-1", "NPI-2")
"""Persons and organizations."""
DESCRIPTIONS = {
    "2084N0400X": ("Neurology", "Psychiatry & Neurology, Neurology"),
    "2084N0008X": ("Neuromuscular Medicine", "Psychiatry & Neurology, Neuromuscular Medicine"),
    "2081N0008X": ("Neuromuscular Medicine", "Physical Medicine & Rehabilitation, Neuromuscular Medicine"),
    "2084N0600X": ("Clinical Neurophysiology", "Psychiatry & Neurology, Clinical Neurophysiology"),
    "208100000X": ("Physical Medicine & Rehabilitation", "Physical Medicine & Rehabilitation"),
    "2081P2900X": ("Pain Medicine", "Physical Medicine & Rehabilitation, Pain Medicine"),
    "2084P2900X": ("Pain Medicine", "Psychiatry & Neurology, Pain Medicine"),
    "207LP2900X": ("Pain Medicine", "Anesthesiology, Pain Medicine"),
    "208VP0000X": ("Pain Medicine", "Pain Medicine, Pain Medicine"),
    "208VP0014X": ("Interventional Pain Medicine", "Pain Medicine, Interventional Pain Medicine"),
    "207Y00000X": ("Otolaryngology", "Otolaryngology"),
    "261QP3300X": ("Pain", "Clinic/Center, Pain"),
}
"""By code of the treating specialties, the words that they are asked for by, and the whole description by which they
are asked for apart where those words alone find too many."""


class RegistryQuestion(NamedTuple):
    """One question: where, by five digits or more or by the beginning of them with a `*`; which specialty; whom."""

    postal_code: str
    description: str
    kind: str

    @property
    def params(self) -> dict[str, str]:
        return {
            "version": "2.1",
            "enumeration_type": self.kind,
            "postal_code": self.postal_code,
            "address_purpose": "LOCATION",  # of those practiced at, further ones too; not where letters go
            "taxonomy_description": self.description,
            "limit": str(MAX_A_PAGE),
        }


def first_questions(zips: Collection[str]) -> list[RegistryQuestion]:
    """One a beginning of ZIPs, specialty and kind."""
    prefixes = sorted({code[:PREFIX_DIGITS] for code in zips})
    words = dict.fromkeys(words for words, _whole in DESCRIPTIONS.values())
    return [RegistryQuestion(f"{prefix}*", each, kind) for prefix in prefixes for each in words for kind in KINDS]


def parts_of(question: RegistryQuestion, zips: Collection[str]) -> list[RegistryQuestion]:
    """The questions that together answer one that fills up; none when it cannot be put more narrowly.

    First by five digits, then by the specialties that the words stand for, then by the further digits of a ZIP.
    """
    digits = question.postal_code.rstrip("*")
    if len(digits) < ZIP_DIGITS:
        return [question._replace(postal_code=code) for code in sorted(zips) if code.startswith(digits)]
    narrower = [whole for words, whole in DESCRIPTIONS.values() if words == question.description != whole]
    if narrower:
        return [question._replace(description=whole) for whole in narrower]
    if len(digits) < MAX_DIGITS:
        return [question._replace(postal_code=f"{digits}{digit}*") for digit in range(10)]
    return []


def ask_nppes(client: SourceClient, source: PublicSource, area: AreaCodes, folder: Path | None) -> list[Fetched]:
    """Ask about the area and keep the answers. Raises `FetchError`. Opens transactions."""
    address = current_app.config["SOURCE_NPPES_API_URL"]
    into = (folder or sources_folder()) / source.key
    with transaction():
        injectors = neck_injectors(area, into.parent)
    with Asking(client, f"Asking {source.what}", into, safe_name(f"answers {area}")) as asking:
        registry = _Registry(asking, address, area)
        registry.ask_all(first_questions(area.zips))
        if not registry.treating:
            raise refuse_answer(address, f"knows no provider with a treating specialty around {area}")
        with transaction():
            known = _known_in(area)
        registry.ask_numbers(sorted((injectors - registry.treating) | (known - registry.answered)))
        return [asking.keep(source.key, str(area)[:80], Origin(address))]


class _Registry:
    """The registry while it is asked: `answered` are all NPIs that came, `treating` those with a treating specialty."""

    def __init__(self, asking: Asking, address: str, area: AreaCodes) -> None:
        self._asking, self._address, self._area = asking, address, area
        self.answered: set[str] = set()
        self.treating: set[str] = set()

    def ask_all(self, questions: list[RegistryQuestion]) -> None:
        """Ask all of them, and those that fill up in parts."""
        self._asking.expect(len(questions))
        waiting = list(reversed(questions))
        while waiting:
            question = waiting.pop()
            if self._fills_up(question):
                parts = parts_of(question, self._area.zips)
                if not parts:
                    where = f"{question.description} at {question.postal_code}"
                    click.echo(f"NPPES knows more providers of {where} than it answers: some may be missing.", err=True)
                self._asking.expect(len(parts))
                waiting += reversed(parts)

    def ask_numbers(self, npis: Collection[str]) -> None:
        self._asking.expect(len(npis))
        for npi in npis:
            self._page({"version": "2.1", "number": npi})

    def _fills_up(self, question: RegistryQuestion) -> bool:
        """Whether there may be more providers than all pages of the answer have room for."""
        for skip in range(0, MAX_SKIPPED + 1, MAX_A_PAGE):
            if skip:
                self._asking.expect(1)
            results = self._page({**question.params, "skip": str(skip)})
            if len(results) < MAX_A_PAGE:
                return False
        return True

    def _page(self, params: dict[str, str]) -> list[Any]:
        def check(answer: Any) -> None:
            if not (params.get("number") and is_deactivated(answer)) and (
                why := why_no_answer(answer, is_first=params.get("skip", "0") == "0")
            ):
                raise refuse_answer(f"{self._address} ({', '.join(params.values())})", why)

        answer = self._asking.ask(self._address, params, check)
        results: list[Any] = answer.get("results") or []
        for npi, codes in map(_npi_and_codes, results):
            self.answered.add(npi)
            if codes & TREATING_SPECIALTIES.keys():
                self.treating.add(npi)
        return results


def why_no_answer(answer: Any, *, is_first: bool) -> str | None:
    """What is wrong with an answer of the registry, the first page or a later one, in words; None when nothing is."""
    if not isinstance(answer, dict):
        return "answered otherwise than it used to"
    if errors := answer.get("Errors"):
        said = "; ".join(_described(error) for error in errors) if isinstance(errors, list) else str(errors)
        return f"refused the question: {said[:300]}"
    results = answer.get("results")
    if not isinstance(results, list) or not all(isinstance(each, dict) and each.get("number") for each in results):
        return "answered otherwise than it used to: without results"
    if is_first and answer.get("result_count") and not results:
        return f"announced {answer['result_count']} results and sent none"
    return None


def _described(error: Any) -> str:
    return str(error.get("description") if isinstance(error, dict) else error)


def _npi_and_codes(result: Any) -> tuple[str, set[str]]:
    taxonomies = result.get("taxonomies")
    listed = taxonomies if isinstance(taxonomies, list) else []
    return str(result["number"]), {str(each.get("code")) for each in listed if isinstance(each, dict)}


def _known_in(area: AreaCodes) -> set[str]:
    """Treating providers whom the directory has from NPPES in the area: who moved away since is not answered there."""
    query = (
        select(Provider.npi, PracticeLocation.postal_code)
        .join(PracticeLocation, PracticeLocation.npi == Provider.npi)
        .join(ProviderSpecialty, ProviderSpecialty.npi == Provider.npi)
        .where(
            Provider.source_key == "nppes",
            Provider.deactivated_on.is_(None),
            Provider.merged_into.is_(None),
            PracticeLocation.source_key == "nppes",
            ProviderSpecialty.specialty_code.in_(TREATING_SPECIALTIES),
        )
        .distinct()
    )
    zips = set(area.zips)
    return {npi for npi, code in db.session.execute(query) if (code or "")[:ZIP_DIGITS] in zips}
