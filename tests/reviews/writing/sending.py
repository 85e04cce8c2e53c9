"""What a patient does: fills the form, sends it, opens the mail, presses the button. Invented texts all."""

import re
from html.parser import HTMLParser
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from directory.extensions import db
from directory.reviews.models import Review
from tests.mailbox import Mailbox

ADDRESS = "Jo.Writer+neck@example.org"
TEXT = "My neck is calm for the first time in years. The plan was explained well."


def answers(**changes: object) -> dict[str, object]:
    """All that the form needs; a change to None leaves a field out."""
    given = {
        "form_key": "a" * 32,
        "written_as": "patient",
        "rating": "4",
        "would_return": "yes",
        "visited_on": "2026-05",
        "text": TEXT,
        "tie": "none",
        "own_experience": "yes",
        "email": ADDRESS,
        **changes,
    }
    return {name: value for name, value in given.items() if value is not None}


def send(client: FlaskClient, npi: str, **changes: object) -> TestResponse:
    """Send the form; what it answers is closed, so that its mail is on the way."""
    return client.post(
        f"/providers/{npi}/reviews/new", data=answers(**changes), content_type="multipart/form-data", buffered=True
    )


def post(client: FlaskClient, address: str, **fields: object) -> TestResponse:
    return client.post(address, data=fields, buffered=True)


def link_in(mailbox: Mailbox, recipient: str = ADDRESS, page: str = "confirm") -> str:
    """The path and query of the last link to a page of ours that came by mail."""
    links = [link for letter in mailbox.to(recipient) for link in letter.links if f"/reviews/{page}?" in link]
    return _relative(links[-1])


def confirmed(client: FlaskClient, mailbox: Mailbox, npi: str, **changes: object) -> str:
    """Send, open the mail, confirm; gives the address of the writer's own page."""
    assert send(client, npi, **changes).status_code == 303
    answer = post(client, link_in(mailbox, str(changes.get("email", ADDRESS))))
    assert answer.status_code == 303
    return _relative(answer.location)


def only_review() -> Review:
    db.session.expire_all()
    return db.session.scalars(select(Review)).one()


def words(answer: TestResponse) -> str:
    """The page as it is read: no tags, even spaces."""
    reader = _Reader()
    reader.feed(answer.text)
    return " ".join(" ".join(reader.found).split())


def value_of(answer: TestResponse, name: str) -> str:
    """The value of the hidden field `name`."""
    tag = next(tag for tag in re.findall(r"<input[^>]*>", answer.text) if f'name="{name}"' in tag)
    found = re.search(r'value="([^"]*)"', tag)
    assert found
    return found[1]


def app_with_tokens(app: Flask, monkeypatch: pytest.MonkeyPatch) -> FlaskClient:
    """A client of the app with its form tokens switched on."""
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    return app.test_client()


def _relative(link: str) -> str:
    parts = urlsplit(link)
    return f"{parts.path}?{parts.query}"


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_data(self, data: str) -> None:
        self.found.append(data)
