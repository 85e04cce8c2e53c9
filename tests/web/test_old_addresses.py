"""Links of others to an address that is spelled otherwise now still lead there."""

import pytest
from flask import Flask

from tests.signing_in import signed_in


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


def test_the_old_address_of_conflicts_of_interest_leads_to_the_page_of_staff(app: Flask) -> None:
    answer = signed_in(app, "verifier").get("/account/ties", follow_redirects=True)
    assert (answer.status_code, answer.request.path) == (200, "/account/conflicts")


def test_an_address_in_the_present_spelling_is_not_sent_on(sqlite_app: Flask) -> None:
    client = sqlite_app.test_client()
    assert client.get("/guide/aftercare?service=topical_anaesthetic").status_code == 200
    assert client.get("/search?near=90503&service=topical_anesthetic").status_code == 200
