"""What a clinic's representative sends, for tests of the pages of credentials."""

import io
from datetime import timedelta
from typing import Any

from sqlalchemy import func, select
from werkzeug.test import TestResponse

from directory.credentials.models import Credential
from directory.extensions import db
from tests.credentials.acting import PDF, TODAY
from tests.signing_in import SignedInClient

TYPED = {
    "state": "CA",
    "issuer": "Medical Board of California",
    "number": "A 1234",
    "issued_on": "2006-05-01",
    "expires_on": (TODAY + timedelta(days=500)).isoformat(),
}


def base(npi: str) -> str:
    return f"/account/providers/{npi}/credentials"


def send(client: SignedInClient, npi: str, page: str = "new?kind=license", **typed: Any) -> TestResponse:
    return client.post(f"{base(npi)}/{page}", data={**TYPED, **typed}, content_type="multipart/form-data")


def file(content: bytes = PDF, name: str = "license.pdf") -> tuple[io.BytesIO, str]:
    return io.BytesIO(content), name


def only() -> Credential:
    db.session.expire_all()
    return db.session.scalars(select(Credential)).one()


def count(table: type) -> int:
    return db.session.scalar(select(func.count()).select_from(table)) or 0


def flat(answer: TestResponse) -> str:
    return " ".join(answer.text.split())
