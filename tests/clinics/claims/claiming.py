"""A provider that can be claimed by both ways, and a person who claims it as one does: by the form and the letters."""

import itertools
import re

from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from directory.clinics.models import Claim
from directory.extensions import db
from directory.providers.models import Provider, Website
from directory.providers.sources import known_source
from tests import factories
from tests.mailbox import Mailbox

DOMAIN = "torrance-neck.example"
CLAIMANT, DESK = "jo@example.org", f"desk@{DOMAIN}"
PHONE = "3105550100"
FORM = {
    "name": "Jo Example",
    "position": "Office manager",
    "email": CLAIMANT,
    "way": "email",
    "practice_email": DESK,
    "may_speak": "yes",
}
_numbers = itertools.count(1)


def practice(source_key: str = "staff", url: str | None = f"https://www.{DOMAIN}/", phone: bool = True) -> Provider:
    """A provider with a website that `source_key` named, and a published phone."""
    provider = factories.provider(at=None)
    factories.location(provider.npi, factories.TORRANCE, phone="(310) 555-0100" if phone else None)
    if url:
        known_source(source_key)
        db.session.add(Website(npi=provider.npi, url=url, source_key=source_key, as_of=factories.DAY))
    db.session.commit()
    return provider


def send(client: FlaskClient, npi: str, **changes: str) -> TestResponse:
    """Send the form from a network of its own."""
    number = next(_numbers)
    data = FORM | {"form_key": f"form {number}"} | changes
    origin = {"REMOTE_ADDR": f"10.{100 + number // 250}.{number % 250}.1"}
    return client.post(f"/claim/{npi}", data=data, environ_overrides=origin, buffered=True)


def make(client: FlaskClient, npi: str, **changes: str) -> Claim:
    """Claim the provider; gives the claim."""
    answer = send(client, npi, **changes)
    assert answer.status_code == 303, answer.text
    return newest()


def newest() -> Claim:
    db.session.expire_all()
    claim = db.session.scalars(select(Claim).order_by(Claim.id.desc())).first()
    assert claim is not None
    return claim


def link(mailbox: Mailbox, recipient: str = CLAIMANT) -> str:
    """The path and query of the private link that came last."""
    links = [link for letter in mailbox.to(recipient) for link in letter.links if "/claim/mine?" in link]
    return "/" + links[-1].split("/", 3)[3]


def mailed_code(mailbox: Mailbox) -> str:
    found = re.search(r"^(\d{4} \d{4})$", mailbox.to(DESK)[-1].text, re.MULTILINE)
    assert found
    return found[1]


def wrong(code: str) -> str:
    """Another code."""
    return f"{(int(code.replace(' ', '')) + 1) % 10**8:08d}"


def enter(client: FlaskClient, address: str, code: str, **more: str) -> TestResponse:
    return client.post(address, data={"code": code, **more}, buffered=True)
