"""Every page that shows an invented review, or an invented provider, says that it is one."""

import pytest
from flask import Flask

from directory.extensions import db
from directory.reviews.models import DoubtfulMatch
from tests.reviews.moderation import rows
from tests.signing_in import signed_in

SAYS_SO = "marked “demonstration” is invented"


def _doubtful(npi: str) -> None:
    db.session.add(
        DoubtfulMatch(
            source_key="demo",
            source_review_id="x1",
            subject={"key": "ada", "name": "Ada Example", "address": "", "phone": ""},
            content={"kind": "review", "rating": 4.0, "created_at": "2026-01-02", "text": None, "url": None},
            candidates=[{"npi": npi, "score": 0.7}],
        )
    )


@pytest.mark.parametrize(
    ("role", "address"),
    [
        (None, "/providers/{npi}/reviews/new"),
        (None, "/reviews/{id}/report"),
        (None, "/reviews/{id}/report/received"),
        ("moderator", "/admin/reviews"),
        ("moderator", "/admin/reviews/{id}"),
        ("moderator", "/admin/matches"),
        ("clinic", "/account/replies"),
        ("clinic", "/reviews/{id}/reply"),
    ],
)
def test_the_page_says_so(sqlite_app: Flask, role: str | None, address: str) -> None:
    review = rows.reported()
    _doubtful(review.npi)
    db.session.commit()
    path = address.format(npi=review.npi, id=review.id)
    client = signed_in(sqlite_app, role, review.npi if role == "clinic" else None) if role else sqlite_app.test_client()
    answer = client.get(path)
    assert answer.status_code == 200
    assert SAYS_SO in answer.text
