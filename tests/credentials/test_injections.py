"""What a page says of whether a provider gives neck injections follows from facts alone."""

from datetime import date

import pytest
from flask import Flask
from flask_babel import force_locale

from directory.credentials.injections import OfferedProduct, injections_known
from directory.credentials.queries import injections_of
from directory.extensions import db
from directory.providers.models import ProviderProduct, Specialty
from directory.providers.offerings import LISTED_SPECIALTIES, profession
from directory.providers.queries import specialty_names
from directory.providers.sources import SourceKind, known_source
from tests import factories
from tests.factories import NEUROLOGY

JUNE = date(2026, 6, 14)
THERAPIST = "225100000X"


def offered(product: str, kind: SourceKind = SourceKind.CLINIC, as_of: date = JUNE) -> OfferedProduct:
    return OfferedProduct(product, kind, "An invented list", as_of)


def test_what_was_billed_and_what_the_practice_says_are_both_told() -> None:
    known = injections_known((118.0, 2023), [offered("xeomin"), offered("botox")], [NEUROLOGY])
    assert known.sentences == (
        "118 neck injections billed to Medicare in 2023",
        "Gives Botox, Xeomin (says the practice, June 2026)",
    )
    assert known.are_confirmed


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        (SourceKind.STAFF, "Gives Botox (noted by our staff, June 2026)"),
        (SourceKind.DEMONSTRATION, "Gives Botox (demonstration data, June 2026)"),
        (SourceKind.PUBLIC_FILE, "Gives Botox (says An invented list, June 2026)"),
    ],
)
def test_each_source_of_a_product_is_named_for_what_it_is(kind: SourceKind, said: str) -> None:
    assert injections_known(None, [offered("botox", kind)], [NEUROLOGY]).sentences == (said,)


def test_products_of_two_sources_make_two_sentences_the_newest_first() -> None:
    products = [offered("botox", SourceKind.STAFF, date(2025, 1, 5)), offered("dysport")]
    assert injections_known(None, products, [NEUROLOGY]).sentences == (
        "Gives Dysport (says the practice, June 2026)",
        "Gives Botox (noted by our staff, January 2025)",
    )


def test_one_who_nothing_is_known_of_has_to_be_asked() -> None:
    known = injections_known(None, [], [NEUROLOGY])
    assert known.sentences == ("Injections not confirmed: ask",)
    assert not known.are_confirmed
    assert injections_known(None, [], [THERAPIST, NEUROLOGY]) == known
    assert injections_known(None, [], []) == known


def test_a_physical_therapist_is_said_not_to_inject_unless_a_fact_says_otherwise() -> None:
    assert injections_known(None, [], [THERAPIST]).sentences == ("Physical therapy alongside, no injections",)
    assert injections_known((12.0, 2023), [], [THERAPIST]).are_confirmed


@pytest.mark.postgresql
def test_the_newest_year_with_neck_injections_counts_and_other_codes_do_not(app: Flask) -> None:
    known_source("clinic")
    busy, quiet, silent = (factories.provider().npi for _ in range(3))
    factories.volume(busy, year=2022, services=90)
    factories.volume(busy, year=2023, services=1118)
    factories.volume(busy, year=2024, hcpcs_code="95874", services=40)
    db.session.add(ProviderProduct(npi=quiet, product="botox", source_key="clinic", as_of=JUNE))
    db.session.flush()
    known = injections_of(dict.fromkeys((busy, quiet, silent), (NEUROLOGY,)))
    assert known[busy].sentences == ("1,118 neck injections billed to Medicare in 2023",)
    assert known[quiet].sentences == ("Gives Botox (says the practice, June 2026)",)
    assert known[silent].sentences == ("Injections not confirmed: ask",)


def test_a_page_in_spanish_says_it_in_spanish(sqlite_app: Flask) -> None:
    with sqlite_app.test_request_context("/es/"), force_locale("es"):
        known = injections_known((118.0, 2023), [], [NEUROLOGY])
    assert known.sentences == ("118 inyecciones de cuello facturadas a Medicare en 2023",)


def test_listed_specialties_have_names_that_differ_and_a_word_that_pages_can_translate() -> None:
    names = LISTED_SPECIALTIES
    assert len(set(names.values())) == len(names)
    assert {profession(code, names) for code in names} <= set(names.values())
    assert profession(NEUROLOGY, names) == "Neurologist"
    assert profession("207LP2900X", names) == "Pain physician"


def test_other_specialties_and_organizations_have_a_word_too() -> None:
    names = {**LISTED_SPECIALTIES, "207RC0000X": "Cardiovascular Disease Physician", "163W00000X": "Registered Nurse"}
    assert profession("207RC0000X", names) == "Cardiovascular Disease"
    assert profession("163W00000X", names) == "Registered Nurse"
    assert profession("999999999X", names) == "999999999X"
    assert profession(NEUROLOGY, names, is_organization=True) == "Clinic"
    assert profession("261QP3300X", names, is_organization=True) == "Pain clinic"
    assert profession(THERAPIST, names, is_organization=True) == "Physical therapy clinic"


def test_a_listed_specialty_keeps_its_plain_name_beside_the_imported_taxonomy(sqlite_app: Flask) -> None:
    known_source("demo")
    for code, name in ((NEUROLOGY, "Neurology Physician"), ("207RC0000X", "Cardiovascular Disease Physician")):
        db.session.add(Specialty(code=code, display_name=name, source_key="demo", as_of=JUNE))
    names = specialty_names([NEUROLOGY, "207RC0000X"])
    assert names[NEUROLOGY] == "Neurologist"
    assert names["207RC0000X"] == "Cardiovascular Disease Physician"
