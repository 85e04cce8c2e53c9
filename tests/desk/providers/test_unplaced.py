"""Staff see which addresses were not found, why, and correct them from there."""

import html
import re

import pytest
from flask import Flask

from directory.extensions import db
from directory.places.place import WhyUnplaced
from directory.providers.models import PracticeLocation, UnplacedAddress
from directory.providers.placing import place_locations
from tests import factories
from tests.signing_in import SignedInClient, signed_in


def unplaced(line_1: str, **values: object) -> PracticeLocation:
    row = factories.location(factories.provider(at=None).npi, factories.TORRANCE, line_1=line_1, **values)
    if row.precision == "point":
        row.precision = "zip"
    db.session.commit()
    return row


def listed(client: SignedInClient, query: str = "") -> list[str]:
    """The addresses on the page."""
    page = client.get(f"/admin/providers/unplaced?{query}").text
    return [html.unescape(line) for line in re.findall(r"<p>([^<]+), Torrance, CA 90503</p>", page)]


@pytest.mark.postgresql
def test_staff_find_the_addresses_that_were_not_found_by_reason(app: Flask) -> None:
    unplaced("PO Box 12")
    unplaced("9 Nowhere Rd")
    place_locations()
    unplaced("1 New St", precision="none", latitude=None, longitude=None)
    unplaced("1 Rue X", country="FR")
    unplaced("1 Elm St", precision="address")
    client = signed_in(app, "verifier")
    assert sorted(listed(client)) == ["1 New St", "9 Nowhere Rd", "PO Box 12"]
    assert listed(client, "kind=po+box") == ["PO Box 12"]
    assert listed(client, "kind=new") == ["1 New St"]
    assert len(listed(client, "kind=nonsuch")) == 3
    page = client.get("/admin/providers/unplaced").text
    assert "It is a post-office box, where no one is seen." in page
    assert "Not located, so it doesn’t appear in searches" in page


@pytest.mark.postgresql
def test_the_first_page_says_how_many_and_leads_there(app: Flask) -> None:
    verifier, moderator = signed_in(app, "verifier"), signed_in(app, "moderator")
    assert "Addresses not found" not in verifier.get("/admin").text
    unplaced("PO Box 12")
    page = verifier.get("/admin").text
    assert 'href="/admin/providers/unplaced">Addresses not found' in page
    assert "1 practice location stands in the middle of a ZIP or city, or nowhere" in page
    assert "Addresses not found" not in moderator.get("/admin").text


def test_those_without_a_page_of_their_own_do_not_wait(sqlite_app: Flask) -> None:
    for values in ({"deactivated_on": factories.DAY}, {"merged_into": "1003000126"}):
        npi = factories.provider(at=None, **values).npi
        factories.location(npi, factories.TORRANCE, precision="zip")
    db.session.commit()
    client = signed_in(sqlite_app, "admin")
    assert "Every address here was found on its street." in client.get("/admin/providers/unplaced").text


def test_the_list_is_paged(sqlite_app: Flask) -> None:
    for number in range(30):
        unplaced(f"{number} Nowhere Rd")
    client = signed_in(sqlite_app, "admin")
    assert (len(listed(client)), len(listed(client, "page=2"))) == (25, 5)
    page = client.get("/admin/providers/unplaced").text
    assert "1 to 25 of 30 addresses" in page
    assert "Not looked up" in page


@pytest.mark.postgresql
def test_a_correction_from_there_is_recorded_and_says_why_it_is_still_not_found(app: Flask) -> None:
    row = unplaced("9 Nowhere Rd")
    client = signed_in(app, "verifier")
    page = client.get("/admin/providers/unplaced").text
    edit = f"/admin/providers/{row.npi}/locations/{row.id}"
    assert f'href="{edit}">Correct it' in page
    assert "Correct it" not in signed_in(app, "moderator").get("/admin/providers/unplaced").text
    sent = {"line_1": "PO Box 5", "shown-line_1": "9 Nowhere Rd", "reason": "called the practice"}
    for field in ("line_2", "city", "state", "postal_code", "phone", "latitude", "longitude"):
        value = getattr(row, field)
        sent |= {field: str(value or ""), f"shown-{field}": str(value or "")}
    answer = client.post(edit, data=sent, follow_redirects=True)
    assert "It is a post-office box, where no one is seen." in answer.text
    assert db.session.get_one(UnplacedAddress, row.id).reason == WhyUnplaced.PO_BOX
    assert listed(client, "kind=po+box") == ["PO Box 5"]
    log = signed_in(app, "admin").get(f"/admin/log?subject=provider:{row.npi}").text
    assert "called the practice" in log
