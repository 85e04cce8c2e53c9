"""Scores in the database follow the facts, the calendar, and nothing else."""

from datetime import UTC, date, datetime

from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy import select

from directory.credentials.models import CredentialStatus, QualificationScore, Verification
from directory.credentials.scoring import rescore_all_qualifications, rescore_qualification
from directory.extensions import db
from directory.providers.revision import changed_since, current_revision
from tests import factories

TODAY = date(2026, 6, 1)


def stored(npi: str) -> QualificationScore | None:
    return db.session.get(QualificationScore, npi, populate_existing=True)


def test_rescoring_keeps_points_awards_and_whether_the_license_is_verified(app: Flask) -> None:
    npi = factories.provider().npi
    factories.license(npi)
    factories.volume(npi, services=100)
    rescore_qualification(npi, TODAY)
    score = stored(npi)
    assert score is not None
    assert score.points == 20 + 25 + 10
    assert score.license_verified
    assert score.barred_for is None
    assert sum(award["points"] for award in score.awards) == score.points
    assert score.awards[3]["source"] == "Demonstration data (invented)"
    assert score.awards[3]["as_of"] == "2026-01-02"


def test_an_exclusion_bars_until_it_is_lifted(app: Flask) -> None:
    npi = factories.provider().npi
    exclusion = factories.exclusion(npi)
    rescore_qualification(npi, TODAY)
    assert stored(npi).barred_for == "excluded"
    exclusion.reinstated_on = TODAY
    rescore_qualification(npi, TODAY)
    assert stored(npi).barred_for is None


def test_the_newest_verification_against_a_license_wins_over_its_status(app: Flask) -> None:
    npi = factories.provider().npi
    license = factories.license(npi)
    for month, outcome in ((1, CredentialStatus.VERIFIED), (2, CredentialStatus.REVOKED)):
        license.verifications.append(
            Verification(
                verified_at=datetime(2026, month, 1, tzinfo=UTC),
                checked_on=date(2026, month, 1),
                method="look-up page",
                primary_source="the board",
                outcome=outcome,
            )
        )
    rescore_qualification(npi, TODAY)
    assert stored(npi).barred_for == "license_revoked"
    assert stored(npi).points == 0


def test_a_license_lapses_by_the_calendar_alone(app: Flask) -> None:
    npi = factories.provider().npi
    factories.license(npi)
    assert rescore_all_qualifications(date(2030, 1, 1)) == (1, 1)
    assert stored(npi).points > 0
    assert rescore_all_qualifications(date(2030, 1, 2)) == (1, 1)
    assert stored(npi).barred_for == "license_expired"


def test_a_provider_of_whom_nothing_is_known_has_no_score(app: Flask) -> None:
    npi = factories.provider().npi
    volume = factories.volume(npi)
    rescore_qualification(npi, TODAY)
    assert stored(npi)
    db.session.delete(volume)
    rescore_all_qualifications(TODAY)
    assert stored(npi) is None


def test_rescoring_moves_the_search_revision_only_for_whom_it_changed(app: Flask) -> None:
    changing, steady = factories.provider().npi, factories.provider().npi
    factories.license(steady)
    rescore_all_qualifications(TODAY)
    factories.volume(changing)
    db.session.commit()
    before = current_revision()
    rescore_all_qualifications(TODAY)
    db.session.commit()
    assert changed_since(before) == {changing}
    before = current_revision()
    rescore_all_qualifications(TODAY)
    db.session.commit()
    assert current_revision() == before


def test_the_command_says_what_it_did(app: Flask, cli: FlaskCliRunner) -> None:
    factories.license(factories.provider().npi)
    db.session.commit()
    assert cli.invoke(args=["credentials", "rescore"]).output == "Scored 1 providers; 1 scores changed.\n"
    assert db.session.scalar(select(QualificationScore.license_verified))
