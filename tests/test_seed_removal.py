"""Everything invented is taken out, and what is real stays."""

import re
from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient, FlaskCliRunner
from sqlalchemy import select

from directory.audit.queries import latest_events
from directory.extensions import db
from directory.imports.models import ImportRun
from directory.providers.models import (
    Website,
)
from directory.providers.sources import known_source
from directory.reviews.models import DoubtfulMatch, Review
from directory.seed_removal import STAYS
from directory.seeding import seed
from tests import factories
from tests.reviews.moderation import rows as review_rows
from tests.signing_in import signed_in
from tests.test_seeding import dump


def invented_texts() -> list[tuple[str, str]]:
    """Table and value of everything that is left with an invented NPI or the key of an invented source."""
    return [
        (name, str(value))
        for name, rows in dump().items()
        for row in rows
        for value in row
        if name not in STAYS and isinstance(value, str) and re.fullmatch(r"9\d{9}|demo(_\w+)?", value)
    ]


@pytest.mark.postgresql
def test_everything_invented_is_taken_out_and_what_is_real_stays(app: Flask, cli: FlaskCliRunner) -> None:
    for key in ("nppes", "site"):
        known_source(key)
    real = factories.provider(npi="1750386801", source_key="nppes", at=None, specialties=())
    factories.location(real.npi, factories.TORRANCE, source_key="nppes")
    factories.review(real.npi, source_key="site")
    db.session.add(Website(npi=real.npi, url="https://real.example", source_key="nppes", as_of=factories.DAY))
    db.session.commit()
    before = dump()
    seed()
    invented = db.session.scalars(select(Review).where(Review.npi.startswith("9"))).first()
    assert invented
    of_site = review_rows.decided(review_rows.written(), "publish", message="Thank you.")
    assert of_site.npi.startswith("9")
    copy = db.session.scalars(select(Review).where(Review.npi == real.npi)).one()
    copy.duplicate_of = invented.id
    db.session.add_all(
        [
            ImportRun(source_key="demo_carevoice", file_name="x.csv", started_at=datetime.now(UTC)),
            DoubtfulMatch(
                source_key="demo_carevoice",
                subject={"name": "X"},
                candidates=[],
                content={},
                source_review_id="1",
            ),
        ]
    )
    clinic = signed_in(app, "clinic", invented.npi)
    db.session.commit()
    assert invented_texts()
    removed = cli.invoke(args=["seed", "--remove"])
    assert removed.exit_code == 0, removed.output
    assert removed.output.startswith("Removed 61 invented providers with 651 reviews and ")
    assert "  decision: 1\n" in removed.output
    db.session.expire_all()
    assert invented_texts() == []
    after = dump()
    for name in ("provider", "practice_location", "website"):
        assert after[name] == before[name], name
    assert [row[:-1] for row in after["review"]] == [row[:-1] for row in before["review"]]  # all but the version
    assert {row[0] for row in after["source"]} == {"nppes", "site"}
    assert clinic.account.role_names == set()
    assert after["insurance_plan"]
    event = latest_events(act="remove_demonstration", limit=1)[0]
    assert event.before["provider"] == 61
    again = cli.invoke(args=["seed", "--remove"])
    assert again.output == "There is no demonstration data here, so nothing was removed.\n"
    assert {name: rows for name, rows in dump().items() if name != "audit_event"}["provider"] == after["provider"]


def test_the_search_forgets_the_invented(app: Flask, cli: FlaskCliRunner, client: FlaskClient) -> None:
    cli.invoke(args=["seed"])
    assert "/providers/9" in client.get("/search?near=90503").text
    cli.invoke(args=["seed", "--remove"])
    assert "/providers/9" not in client.get("/search?near=90503").text
