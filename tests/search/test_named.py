"""The search by name, with and without a place: whom it ranks, whom it lists beside them, and what it says."""

import json
import re

import pytest
from flask.testing import FlaskClient, FlaskCliRunner

from directory.credentials.scoring import rescore_qualification
from directory.extensions import db
from directory.providers.by_name.queries import MAX_LISTED
from directory.providers.models import ORGANIZATION, PracticeLocation
from directory.providers.names import one_line
from tests import factories
from tests.search.conftest import Get, npis

LOS_ANGELES, SAN_DIEGO = (34.05, -118.24), (32.72, -117.16)


def words(text: str) -> str:
    return one_line(re.sub(r"<[^>]+>", " ", text))


def person(name: str, city: str = "Torrance", at: tuple[float, float] = factories.TORRANCE, **values: object) -> str:
    row = factories.provider(name=f"{name}, MD", last_name=name.split()[-1], at=None, **values)
    factories.location(row.npi, at, city=city, is_primary=True)
    return row.npi


@pytest.mark.postgresql
def test_without_a_place_names_come_by_likeness_then_by_city_then_by_name(page: Get) -> None:
    torrance, zoe = person("Ana Quintero"), person("Zoe Quintero", "Carson")
    bea = person("Bea Quintero", "Carson")
    begins = person("Ana Quinterosa", "Avalon")
    person("Ana Other")
    text = page(name="quintero")
    assert npis(text) == [bea, zoe, torrance, begins]
    assert "4 providers match." in text
    assert 'value="quintero"' in text
    assert npis(page(name="ana quintero")) == [torrance, begins]
    assert npis(page(name="zoe qintero")) == [zoe]


@pytest.mark.postgresql
def test_with_a_place_the_name_narrows_the_ranked_search(page: Get) -> None:
    far, near = person("Ana Quintero", "Los Angeles", LOS_ANGELES), person("Bea Quintero")
    similar, elsewhere = person("Ana Quinterosa"), person("Eva Quintero", "San Diego", SAN_DIEGO)
    person("Ana Other")
    text = page(name="quintero", near="90503")
    assert npis(text) == [near, far, similar]
    assert "2 providers within 25 miles" in text
    assert "A similar name" in text
    assert elsewhere not in text


def test_who_is_named_so_elsewhere_alone_is_shown_with_the_distance(page: Get) -> None:
    elsewhere = person("Eva Quintero", "San Diego", SAN_DIEGO)
    text = page(name="quintero", near="90503")
    assert npis(text) == [elsewhere]
    assert re.search(r"\d+ miles · San Diego", words(text))
    assert "No ranked provider with that name within 25 miles." in text
    assert "We couldn’t find that name." in page(name="zzyzx", near="90503")


@pytest.mark.postgresql
def test_who_is_never_ranked_is_found_by_name_and_says_why(page: Get) -> None:
    excluded = person("Eva Quintero")
    factories.exclusion(excluded)
    rescore_qualification(excluded)
    deactivated = person("Bea Quintero", deactivated_on=factories.DAY)
    for parameters in ({}, {"near": "90503"}):
        text = page(name="quintero", **parameters)
        assert sorted(npis(text)) == sorted([excluded, deactivated])
        assert "Not ranked: excluded from federal health programs." in text
        assert "Not ranked: its provider number was deactivated." in text


def test_who_does_not_fit_a_filter_is_named_beside_the_results(page: Get) -> None:
    npi = person("Ana Quintero")
    text = page(name="quintero", near="90503", product="botox")
    assert npis(text) == [npi]
    assert "Doesn’t match your filters" in text


def test_the_type_of_provider_shown_as_chosen_is_the_one_in_force(page: Get) -> None:
    npi = person("Ana Quintero", specialties=("213E00000X",))
    chosen = r'<option value="(\w+)" selected>'
    for parameters in ({"name": "quintero"}, {"name": "quintero", "near": "90503"}):
        text = page(**parameters)
        assert npis(text) == [npi]
        assert "Doesn’t match your filters" not in text
        assert "any" in re.findall(chosen, text)
    text = page(name="quintero", near="90503", specialty="treating")
    assert "Doesn’t match your filters" in text
    assert "treating" in re.findall(chosen, text)
    assert "treating" in re.findall(chosen, page(near="90503"))


def test_a_name_takes_the_choice_away_that_says_what_it_does_by_itself(page: Get) -> None:
    person("Ana Quintero")
    assert 'id="accepting-any"' in page(near="90503")
    for text in (page(near="90503", name="quintero"), page(400, near="Torrence", name="quintero")):
        assert 'id="accepting-any"' not in text


def test_a_provider_without_any_address_is_found(page: Get) -> None:
    npi = factories.provider(name="Ana Quintero", at=None).npi
    assert db.session.query(PracticeLocation).count() == 0
    assert npis(page(name="quintero")) == npis(page(name="quintero", near="90503")) == [npi]


@pytest.mark.parametrize("typed", ["{0}", " {0} ", "NPI {0}"])
@pytest.mark.postgresql
def test_an_npi_leads_to_its_provider(page: Get, typed: str) -> None:
    npi = person("Ana Quintero")
    person("Bea Quintero")
    assert npis(page(name=typed.format(npi))) == [npi]
    assert npis(page(name=typed.format(npi), near="90503")) == [npi]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("1234567890", "1234567890 is not an NPI: its last digit doesn’t match."),
        ("123456789", "An NPI has 10 digits, but this has 9."),
        ("(310) 555-0100", "3105550100 is not an NPI"),
        ("?!", "Its first three letters are enough."),
        ("j", "Its first three letters are enough."),
        ("x" * 101, "That is too long for a name. Type up to 100 characters"),
        ("aa bb cc dd ee ff gg hh ii jj kk ll mm", "Type only the name, up to 12 words"),
        ("<script>alert(1)</script>", "We couldn’t find that name."),
        ("'; DROP TABLE provider; --", "We couldn’t find that name."),
        ("%_%", "Its first three letters are enough."),
        ("\u0000ab", "We couldn’t find that name."),
        ("Ωμέγα 李", "We couldn’t find that name."),
    ],
)
def test_whatever_is_typed_gets_a_clear_sentence(page: Get, typed: str, said: str) -> None:
    person("Ana Quintero")
    status = 200 if "couldn’t find" in said else 400
    assert said in page(status, name=typed)
    page(status, name=typed, near="90503")


def test_what_was_typed_is_text_and_never_markup(client: FlaskClient) -> None:
    assert "<script>alert" not in client.get("/search", query_string={"name": "<script>alert(1)</script>"}).text


def test_one_of_place_and_name_suffices_and_without_both_the_page_says_so(page: Get) -> None:
    person("Ana Quintero")
    assert "Type where you are (a ZIP code, a city or an address), or a doctor’s or practice’s name." in page(
        400, near="", name=""
    )
    assert len(npis(page(near="90503", name=""))) == len(npis(page(near="", name="quintero"))) == 1


def test_a_part_of_what_was_typed_finds_the_nearest_names(page: Get) -> None:
    npi = person("Ana Quintero")
    text = page(name="Quintero Torrance Clinic")
    assert npis(text) == [npi]
    assert "No name has all of these words. Closest matches:" in text


def test_a_name_that_hundreds_have_is_listed_up_to_a_bound_that_is_told(page: Get) -> None:
    for _ in range(MAX_LISTED + 3):
        factories.provider(name="Pat Smith, MD", at=None)
    text = page(name="smith")
    assert f"{MAX_LISTED + 3} providers match. The first {MAX_LISTED} are listed" in text
    last = page(name="smith", page=1000)
    assert len(npis(text)) == len(npis(last)) == 20
    assert not set(npis(text)) & set(npis(last))


def test_a_practice_is_found_by_what_it_calls_itself(page: Get) -> None:
    row = factories.provider(name="Harbor Pain Medical Group, Inc.", entity_type=ORGANIZATION, credential_text=None)
    assert npis(page(name="harbor pain")) == npis(page(name="Medical Group of Harbor", near="90503")) == [row.npi]


def test_the_command_line_finds_by_name_with_and_without_a_place(cli: FlaskCliRunner) -> None:
    npi, far = person("Ana Quintero"), person("Eva Quintero", "San Diego", SAN_DIEGO)
    db.session.commit()
    found = json.loads(cli.invoke(args=["search", "--name", "quintero", "--json"]).stdout)
    assert [each["npi"] for each in found["named"]] == [far, npi]
    found = json.loads(cli.invoke(args=["search", "90503", "--name", "quintero", "--json"]).stdout)
    assert [each["npi"] for each in found["results"]] == [npi]
    assert "Ana Quintero, MD" in cli.invoke(args=["search", "--name", "qunitero"]).stdout
    failed = cli.invoke(args=["search"])
    assert failed.exit_code == 2
    assert "Type where you are" in failed.output
    assert "--name: 1234567890 is not an NPI" in cli.invoke(args=["search", "--name", "1234567890"]).output
