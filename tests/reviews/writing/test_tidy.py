"""What nobody came back for goes; what somebody waits for stays."""

import os
import time
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from directory.audit.models import AuditEvent
from directory.extensions import db
from directory.reviews.models import Review, Submission
from tests import factories
from tests.reviews.writing.sending import send

DAY_SECONDS = 24 * 3600


@pytest.fixture
def proofs(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "proofs"
    folder.mkdir()
    monkeypatch.setitem(app.config, "REVIEW_PROOFS_DIR", str(folder))
    return folder


def submission(app: Flask, npi: str, key: str, days_old: float, status: str = "unconfirmed") -> Submission:
    send(app.test_client(), npi, form_key=key, email=f"{key}@example.org", text=key)
    found = db.session.scalars(select(Submission).where(Submission.email == f"{key}@example.org")).one()
    found.submitted_at -= timedelta(days=days_old)
    found.review.status = status
    db.session.commit()
    return found


def file_of(folder: Path, name: str, days_old: float) -> None:
    path = folder / name
    path.write_bytes(b"x")
    os.utime(path, (time.time() - days_old * DAY_SECONDS,) * 2)


@pytest.mark.postgresql
def test_old_unconfirmed_reviews_and_files_of_no_review_go(app: Flask, proofs: Path) -> None:
    npi = factories.provider().npi
    db.session.commit()
    submission(app, npi, "old", 31)
    submission(app, npi, "new", 29)
    submission(app, npi, "pending", 400, "pending").proof_file = "kept.png"
    db.session.commit()
    for name, days in (("kept.png", 400), ("orphan.pdf", 3), ("of-an-open-form.pdf", 1)):
        file_of(proofs, name, days)
    answer = app.test_cli_runner().invoke(args=["reviews", "tidy"])
    assert answer.output == "Deleted 1 unconfirmed review and 1 file of no review.\n"
    assert sorted(db.session.scalars(select(Review.text))) == ["new", "pending"]
    assert sorted(path.name for path in proofs.iterdir()) == ["kept.png", "of-an-open-form.pdf"]
    assert [event.after for event in db.session.scalars(select(AuditEvent))] == [{"unconfirmed_deleted": 1}]


def test_with_nothing_to_tidy_it_says_so_and_a_missing_folder_is_fine(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "REVIEW_PROOFS_DIR", str(tmp_path / "nowhere"))
    answer = app.test_cli_runner().invoke(args=["reviews", "tidy"])
    assert answer.output == "Deleted 0 unconfirmed reviews and 0 files of no review.\n"
    assert db.session.scalars(select(AuditEvent)).all() == []
