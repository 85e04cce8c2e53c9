"""Addresses: numbers of rows, changed parameters, former spellings."""

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict

from directory.web.urls import url_with, with_parameters
from tests import factories
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
            "/es/search?service=emg_guidance&service=topical_anaesthetic&near=Ca%C3%B1on+City%2C+CO",
            "/es/search?service=emg_guidance&service=topical_anesthetic&near=Ca%C3%B1on+City%2C+CO",
        ),
    ],
)
def test_an_address_in_an_old_spelling_leads_to_the_new_one(sqlite_app: Flask, asked: str, answered: str) -> None:
    response = sqlite_app.test_client().get(asked)
    assert response.status_code == 301
    assert response.location == answered
    assert sqlite_app.test_client().get(answered).status_code == 200


def test_a_page_with_a_slash_behind_it_is_at_its_one_address(sqlite_app: Flask, subtests: pytest.Subtests) -> None:
    npi = factories.provider().npi
    client = sqlite_app.test_client()
    for asked, answered in [
        ("/guide/", "/guide"),
        ("/guide/risks/", "/guide/risks"),
        ("/search/?near=90503", "/search?near=90503"),
        ("/es/search/?near=Ca%C3%B1on+City%2C+CO&radius=25", "/es/search?near=Ca%C3%B1on+City%2C+CO&radius=25"),
        ("/en/guide//", "/en/guide"),
        (f"/providers/{npi}/", f"/providers/{npi}"),
        (f"/providers/{npi}/reviews/new/", f"/providers/{npi}/reviews/new"),
        ("/guide/after-care/", "/guide/aftercare"),
        ("/account/sign-in/?next=%2Faccount", "/account/sign-in?next=%2Faccount"),
    ]:
        with subtests.test(asked=asked):
            answer = client.get(asked)
            assert (answer.status_code, answer.location) == (301, answered)
            assert client.head(asked).status_code == 301
            assert client.get(answered).status_code == 200


@pytest.mark.parametrize(
    "path", ["//evil.example/", "//evil.example//", "/\\evil.example/", "/es//evil.example/", "/nothing/", "/\r\nX:y/"]
)
def test_a_slash_behind_no_page_leads_nowhere(sqlite_app: Flask, path: str) -> None:
    answer = sqlite_app.test_client().get("/", environ_overrides={"PATH_INFO": path})
    assert (answer.status_code, answer.location) == (404, None)


def test_no_slashes_in_front_lead_to_another_site(sqlite_app: Flask) -> None:
    answer = sqlite_app.test_client().get("/", environ_overrides={"PATH_INFO": "//guide//risks/"})
    assert (answer.status_code, answer.location) == (301, "/guide/risks")


def test_what_stands_in_a_path_stays_in_it(sqlite_app: Flask) -> None:
    answer = sqlite_app.test_client().get("/providers/a%3Fb%0d%0aX:%20y%2523/")
    assert (answer.status_code, answer.location) == (301, "/providers/a%3Fb%0D%0AX:%20y%2523")


def test_a_form_is_sent_on_from_no_slash(sqlite_app: Flask) -> None:
    client = sqlite_app.test_client()
    assert client.post("/guide/costs/", data={"product": "botox"}).status_code == 404
    assert client.get("/account/sign-out/").status_code == 404


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
