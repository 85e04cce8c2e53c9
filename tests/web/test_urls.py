"""Addresses: numbers of rows, changed parameters, former spellings."""

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict

from directory.web.urls import url_with, with_parameters
from tests.signing_in import signed_in

PATHS = ("/admin/accounts/{}", "/admin/claims/{}", "/admin/reviews/{}", "/admin/verify/{}", "/reviews/{}/report")


@pytest.mark.postgresql
@pytest.mark.parametrize("number", [2**31 - 1, 2**31, 10**30])
def test_a_number_that_no_row_has_is_found_nowhere(app: Flask, number: int) -> None:
    admin = signed_in(app, "admin")
    assert [admin.get(path.format(number)).status_code for path in PATHS] == [404] * len(PATHS)


def test_an_address_changes_only_what_it_is_asked_to() -> None:
    typed = MultiDict([("near", "90503"), ("product", "botox"), ("product", "xeomin"), ("page", "3"), ("radius", "")])
    assert with_parameters("/search", typed, {"page": None}) == "/search?near=90503&product=botox&product=xeomin"
    assert with_parameters("/search", typed, {"product": "", "page": 2}) == "/search?near=90503&page=2"
    assert with_parameters("/search", MultiDict(), {}) == "/search"


def test_no_parameter_can_lead_to_another_site(sqlite_app: Flask) -> None:
    with sqlite_app.test_request_context("/search?_external=1&_scheme=javascript&near=%22%3E&next=//evil.example"):
        address = url_with(page=2)
    assert address.startswith("/search?")
    assert '"' not in address
    assert "//" not in address


@pytest.mark.parametrize(
    ("asked", "answered"),
    [
        ("/guide/after-care", "/guide/aftercare"),
        ("/guide/after-care?from=a+letter&x=%C3%B1", "/guide/aftercare?from=a+letter&x=%C3%B1"),
        ("/en/guide/after-care", "/en/guide/aftercare"),
        ("/es/guide/after-care?x=1", "/es/guide/aftercare?x=1"),
        ("/search?near=90503&service=topical_anaesthetic", "/search?near=90503&service=topical_anesthetic"),
        (
            "/es/search?service=emg_guidance&service=topical_anaesthetic&near=Ca%C3%B1on+City",
            "/es/search?service=emg_guidance&service=topical_anesthetic&near=Ca%C3%B1on+City",
        ),
    ],
)
def test_an_address_in_an_old_spelling_leads_to_the_new_one(sqlite_app: Flask, asked: str, answered: str) -> None:
    response = sqlite_app.test_client().get(asked)
    assert response.status_code == 301
    assert response.location == answered
    assert sqlite_app.test_client().get(answered).status_code == 200


def test_a_form_that_was_open_meanwhile_is_sent_on_whole(sqlite_app: Flask) -> None:
    answer = sqlite_app.test_client().post("/es/guide/after-care", data={"product": "botox"})
    assert (answer.status_code, answer.location) == (308, "/es/guide/aftercare")


def test_the_old_address_of_conflicts_of_interest_leads_to_the_page_of_staff(app: Flask) -> None:
    answer = signed_in(app, "verifier").get("/account/ties", follow_redirects=True)
    assert (answer.status_code, answer.request.path) == (200, "/account/conflicts")


def test_an_address_in_the_present_spelling_is_not_sent_on(sqlite_app: Flask) -> None:
    client = sqlite_app.test_client()
    assert client.get("/guide/aftercare?service=topical_anaesthetic").status_code == 200
    assert client.get("/search?near=90503&service=topical_anesthetic").status_code == 200
