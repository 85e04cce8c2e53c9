"""Staff find, add, edit, hide and merge providers; nothing typed is lost, and who may not is told so."""

import html
import re
from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import select

from directory.accounts.conflicts import declare_conflict
from directory.extensions import db
from directory.providers.models import ORGANIZATION, Provider, ProviderMerge
from directory.reviews.models import Review
from directory.web.transaction import transaction
from tests import factories
from tests.signing_in import SignedInClient, signed_in

NPI = "1003000126"
ADDED = {
    "kind": "person",
    "npi": NPI,
    "first_name": "Ada",
    "last_name": "Example",
    "credential_text": "MD",
    "specialty": factories.NEUROLOGY,
    "line_1": "3445 Main St",
    "city": "Torrance",
    "state": "CA",
    "postal_code": "90503",
    "phone": "(310) 555-0100",
}


def text_of(page: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def listed(client: SignedInClient, query: str = "") -> list[str]:
    page = client.get(f"/admin/providers?{query}").text
    return [html.unescape(name) for name in re.findall(r"<h2><a [^>]+>([^<]+)</a></h2>", page)]


def sent_by(page: str) -> dict[str, str]:
    """The fields of the page's form, as they would be sent."""
    form = page[page.index('<form method="post" novalidate') :]
    inputs = re.findall(r"<input[^>]* name=\"([^\"]+)\" value=\"([^\"]*)\"", form)
    return {name: html.unescape(value) for name, value in inputs if name != "csrf_token"}


@pytest.mark.postgresql
def test_staff_find_by_name_npi_and_city_the_hidden_ones_too(app: Flask) -> None:
    quintero = factories.provider(name="Ana Quintero-Hale, MD")
    gone = factories.provider(name="Quinn Quintero, MD", hidden_at=datetime.now(UTC))
    other = factories.provider(name="Bea Other, MD")
    other.locations[0].city = "Long Beach"
    db.session.commit()
    client = signed_in(app, "moderator")
    assert listed(client, "name=quintero") == [quintero.name, gone.name]
    assert listed(client, "name=qunitero") == [quintero.name]  # misspelled
    assert listed(client, f"name={other.npi}") == [other.name]
    assert listed(client, "city=long") == [other.name]
    assert listed(client, "name=quintero&city=long") == []
    assert listed(client, "kind=hidden") == [gone.name]
    assert listed(client) == [quintero.name, other.name, gone.name]
    for words in ("nobody", "%25", "’", "..."):  # signs alone name nobody
        assert "No providers found." in client.get(f"/admin/providers?name={words}").text


def test_an_empty_directory_says_what_to_do(sqlite_app: Flask) -> None:
    page = signed_in(sqlite_app, "admin").get("/admin/providers").text
    assert "No provider is here yet. Import a file, or add one." in page


@pytest.mark.postgresql
def test_a_provider_is_added_and_found(app: Flask) -> None:
    client = signed_in(app, "verifier")
    response = client.post("/admin/providers/new", data=ADDED)
    assert (response.status_code, response.location) == (303, f"/admin/providers/{NPI}")
    assert "It appears in searches now" in client.get(response.location).text
    assert "Ada Example, MD" in app.test_client().get("/search?near=90503").text
    again = client.post("/admin/providers/new", data=ADDED)
    assert again.status_code == 400
    assert "is in the directory already" in again.text
    assert f'<a href="/admin/providers/{NPI}">Ada Example, MD</a> has this NPI.' in again.text


def test_what_is_wrong_with_an_added_provider_is_said_by_its_field_and_nothing_is_lost(sqlite_app: Flask) -> None:
    client = signed_in(sqlite_app, "admin")
    response = client.post("/admin/providers/new", data=ADDED | {"npi": "1003000127", "postal_code": "9050"})
    assert response.status_code == 400
    assert '<a href="#npi">The NPI 1003000127 has a wrong check digit.' in response.text
    assert 'value="3445 Main St"' in response.text
    assert "Choose the primary specialty" in client.post("/admin/providers/new", data=ADDED | {"specialty": ""}).text
    clinic = ADDED | {"kind": "organization", "organization_name": ""}
    assert (
        "The field name of the organization cannot be empty." in client.post("/admin/providers/new", data=clinic).text
    )
    assert db.session.get(Provider, NPI) is None


def test_an_organization_is_added(sqlite_app: Flask) -> None:
    client = signed_in(sqlite_app, "admin")
    client.post("/admin/providers/new", data=ADDED | {"kind": "organization", "organization_name": "Bay Clinic"})
    provider = db.session.get_one(Provider, NPI)
    assert (provider.entity_type, provider.name, provider.last_name) == (ORGANIZATION, "Bay Clinic", None)


@pytest.mark.postgresql
def test_a_name_is_edited_with_a_reason_and_undone(app: Flask) -> None:
    npi = factories.provider(last_name="Exmaple", name="Ada Exmaple, MD").npi
    db.session.commit()
    client = signed_in(app, "verifier")
    address = f"/admin/providers/{npi}/name"
    sent = sent_by(client.get(address).text) | {"last_name": "Example"}
    without = client.post(address, data=sent)
    assert without.status_code == 400
    assert "Say why, such as" in without.text
    assert 'value="Example"' in without.text
    assert client.post(address, data=sent | {"reason": "her own site"}).status_code == 303
    page = client.get(f"/admin/providers/{npi}").text
    assert "Last name: Example her own site" in text_of(page)
    assert "Imported value: Exmaple." in page
    assert "Ada Example, MD" in app.test_client().get(f"/providers/{npi}").text
    (undo,) = re.findall(r'action="(/admin/providers/\d+/corrections/\d+/undo)"', page)
    assert client.post(undo).status_code == 303
    assert client.post(undo).status_code == 409
    assert "Ada Exmaple, MD" in app.test_client().get(f"/providers/{npi}").text


@pytest.mark.postgresql
def test_an_odd_value_is_asked_about_and_taken_when_confirmed(app: Flask) -> None:
    provider = factories.provider()
    db.session.commit()
    client = signed_in(app, "admin")
    address = f"/admin/providers/{provider.npi}/locations/{provider.locations[0].id}"
    sent = sent_by(client.get(address).text) | {"city": "Torrence", "reason": "called"}
    asked = client.post(address, data=sent)
    assert asked.status_code == 400
    assert "We couldn’t find Torrence in CA." in asked.text
    assert 'name="confirmed" value="city"' in asked.text
    assert client.post(address, data=sent | {"confirmed": "city"}).status_code == 303
    assert provider.locations[0].city == "Torrence"


@pytest.mark.postgresql
def test_in_two_tabs_the_later_one_is_told_and_keeps_what_was_typed(app: Flask) -> None:
    provider = factories.provider()
    db.session.commit()
    one, two = signed_in(app, "admin"), signed_in(app, "verifier")
    address = f"/admin/providers/{provider.npi}/locations/{provider.locations[0].id}"
    first, second = (sent_by(client.get(address).text) for client in (one, two))
    one.post(address, data=first | {"phone": "(310) 555-0111", "reason": "called"})
    late = two.post(address, data=second | {"phone": "(310) 555-0122", "line_2": "Suite 4", "reason": "their site"})
    assert late.status_code == 409
    assert "Someone changed this after you opened the page" in late.text
    assert "Phone: (310) 555-0111" in late.text
    for typed in ("(310) 555-0122", "Suite 4", "their site"):
        assert typed in late.text
    assert provider.locations[0].phone == "(310) 555-0111"
    again = sent_by(late.text) | {"reason": "their site"}
    assert two.post(address, data=again).status_code == 303
    assert (provider.locations[0].phone, provider.locations[0].line_2) == ("(310) 555-0122", "Suite 4")


def test_fields_that_another_changed_meanwhile_stay_when_they_were_not_typed_anew(sqlite_app: Flask) -> None:
    provider = factories.provider()
    db.session.commit()
    client = signed_in(sqlite_app, "admin")
    address = f"/admin/providers/{provider.npi}/locations/{provider.locations[0].id}"
    first, second = (sent_by(client.get(address).text) for _ in range(2))
    client.post(address, data=first | {"phone": "(310) 555-0111", "reason": "called"})
    assert client.post(address, data=second | {"line_2": "Suite 4", "reason": "called"}).status_code == 303
    assert (provider.locations[0].phone, provider.locations[0].line_2) == ("(310) 555-0111", "Suite 4")


def test_nothing_changed_is_no_correction(sqlite_app: Flask) -> None:
    provider = factories.provider()
    db.session.commit()
    client = signed_in(sqlite_app, "admin")
    address = f"/admin/providers/{provider.npi}/name"
    client.post(address, data=sent_by(client.get(address).text))
    assert "Nothing was changed" in client.get(f"/admin/providers/{provider.npi}").text
    assert provider.corrections == []


@pytest.mark.postgresql
def test_a_website_is_edited(app: Flask) -> None:
    provider = factories.provider()
    db.session.commit()
    client = signed_in(app, "verifier")
    address = f"/admin/providers/{provider.npi}/website"
    wrong = client.post(address, data={"url": "not a site", "reason": "looked it up"})
    assert wrong.status_code == 400
    assert "not a site" in wrong.text
    assert client.post(address, data={"url": "example.org", "reason": "looked it up"}).status_code == 303
    assert "https://example.org" in client.get(f"/admin/providers/{provider.npi}").text
    assert 'value="https://example.org' in client.get(address).text


@pytest.mark.postgresql
def test_a_provider_is_hidden_for_a_reason_and_shown_again(app: Flask) -> None:
    npi = factories.provider().npi
    db.session.commit()
    client = signed_in(app, "admin")
    assert client.post(f"/admin/providers/{npi}/hide").status_code == 400
    assert client.post(f"/admin/providers/{npi}/hide", data={"reason": "asked us to"}).status_code == 303
    page = client.get(f"/admin/providers/{npi}").text
    assert "asked us to" in page
    assert app.test_client().get(f"/providers/{npi}").status_code == 410
    assert client.post(f"/admin/providers/{npi}/hide", data={"reason": "asked us to"}).status_code == 409
    assert client.post(f"/admin/providers/{npi}/show", data={"reason": "came back"}).status_code == 303
    assert app.test_client().get(f"/providers/{npi}").status_code == 200


@pytest.mark.postgresql
def test_a_merge_is_previewed_confirmed_and_undone(app: Flask) -> None:
    goes, stays = factories.provider(name="Ann Double, MD"), factories.provider(name="Ann Single, MD")
    factories.review(goes.npi)
    db.session.commit()
    client = signed_in(app, "admin")
    address = f"/admin/providers/{goes.npi}/merge"
    preview = client.get(f"{address}?into={stays.npi}")
    assert "Review 1 –" in text_of(preview.text)
    assert goes.merged_into is None
    digest = re.findall(r'name="digest" value="(\w+)"', preview.text)[0]
    sent = {"into": stays.npi, "digest": digest}
    assert client.post(address, data=sent).status_code == 400
    assert client.post(address, data=sent | {"reason": "same person"}).status_code == 303
    assert app.test_client().get(f"/providers/{goes.npi}").location == f"/providers/{stays.npi}"
    assert [review.npi for review in db.session.scalars(select(Review))] == [stays.npi]
    page = client.get(f"/admin/providers/{goes.npi}").text
    assert f"Merged into NPI {stays.npi}" in text_of(page)
    assert "Edit" not in text_of(page)
    assert f"Ann Double, MD, NPI {goes.npi}" in client.get(f"/admin/providers/{stays.npi}").text
    (undo,) = re.findall(r'action="(/admin/providers/\d+/merges/\d+/undo)"', page)
    assert client.post(undo, data={"reason": "two people"}).status_code == 303
    assert "Everything that moved is back" in client.get(f"/admin/providers/{goes.npi}").text
    assert [review.npi for review in db.session.scalars(select(Review))] == [goes.npi]
    assert client.post(undo, data={"reason": "two people"}).status_code == 409


def test_a_merge_that_would_move_more_by_now_is_shown_again(sqlite_app: Flask) -> None:
    goes, stays = factories.provider(), factories.provider()
    db.session.commit()
    client = signed_in(sqlite_app, "admin")
    address = f"/admin/providers/{goes.npi}/merge"
    digest = re.findall(r'name="digest" value="(\w+)"', client.get(f"{address}?into={stays.npi}").text)[0]
    factories.review(goes.npi)
    db.session.commit()
    late = client.post(address, data={"into": stays.npi, "digest": digest, "reason": "same person"})
    assert late.status_code == 409
    assert "What would move has changed" in late.text
    assert "same person" in late.text
    assert db.session.scalars(select(ProviderMerge)).all() == []


@pytest.mark.parametrize(
    ("into", "why"), [("1003000126", "No provider with NPI"), ("", "NPI of the record that stays")]
)
def test_a_merge_asks_for_a_provider_who_is_here(sqlite_app: Flask, into: str, why: str) -> None:
    npi = factories.provider().npi
    db.session.commit()
    assert why in signed_in(sqlite_app, "admin").get(f"/admin/providers/{npi}/merge?into={into}").text


def test_a_conflict_of_interest_closes_every_act(sqlite_app: Flask) -> None:
    provider, other = factories.provider(), factories.provider()
    factories.review(provider.npi)
    db.session.commit()
    client = signed_in(sqlite_app, "admin")
    with transaction():
        declare_conflict(f"account:{client.account.id}", provider.npi, "My sister works there.")
    base = f"/admin/providers/{provider.npi}"
    page = client.get(base).text
    assert "You have a conflict of interest" in page
    assert "Hide" not in page
    for path, sent in (
        ("/hide", {"reason": "no"}),
        ("/show", {"reason": "no"}),
        ("/name", {"shown-last_name": "x", "last_name": "Other", "reason": "no"}),
        ("/website", {"url": "example.org", "reason": "no"}),
        ("/merge", {"into": other.npi, "reason": "no"}),
        ("/corrections/1/undo", {}),
    ):
        response = client.post(f"{base}{path}", data=sent)
        assert response.status_code == 409, path
        assert "conflict of interest" in response.text
    assert (provider.hidden_at, provider.merged_into, provider.corrections) == (None, None, [])


def test_moderators_look_verifiers_edit_and_admins_do_all(sqlite_app: Flask) -> None:
    npi = factories.provider().npi
    db.session.commit()
    expected = {"moderator": (200, 403, 403), "verifier": (200, 200, 403), "admin": (200, 200, 200)}
    for role, statuses in expected.items():
        client = signed_in(sqlite_app, role)
        paths = ("", "/name", "/merge")
        assert tuple(client.get(f"/admin/providers/{npi}{path}").status_code for path in paths) == statuses
        page = client.get(f"/admin/providers/{npi}").text
        assert ("Edit the name" in page, "Hide this provider" in page) == (role != "moderator", role == "admin")
        assert ("Add a provider" in client.get("/admin/providers").text) == (role != "moderator")


def test_an_unknown_number_is_not_found(sqlite_app: Flask) -> None:
    client = signed_in(sqlite_app, "admin")
    npi = factories.provider().npi
    db.session.commit()
    for path in ("1", "1003000126", f"{npi}/locations/99999", "1003000126/name", "1003000126/merge"):
        assert client.get(f"/admin/providers/{path}").status_code == 404
    assert client.post(f"/admin/providers/{npi}/merges/1/undo", data={"reason": "no"}).status_code == 404


def test_every_form_has_its_token(sqlite_app: Flask) -> None:
    provider = factories.provider()
    db.session.commit()
    client = signed_in(sqlite_app, "admin")
    base = f"/admin/providers/{provider.npi}"
    for path in (base, f"{base}/name", f"{base}/website", f"{base}/merge", "/admin/providers/new"):
        page = client.get(path).text
        assert page.count('method="post"') == page.count('name="csrf_token"'), path
