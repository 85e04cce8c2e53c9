"""What patients report of their treatments, beside what others say."""

from datetime import UTC, datetime

import pytest
from flask import Flask

from directory.extensions import db
from directory.providers.models import Provider
from directory.providers.sources import Source, SourceKind
from directory.reviews.display.comparisons import outcome_page
from directory.reviews.display.outcomes import (
    MIN_ANSWERS,
    Numbers,
    OutcomeSummary,
    outcome_summary,
    outcomes_of_all,
)
from directory.reviews.models import Outcome
from tests import factories

ANSWERS = {"onset_days": 6, "weeks_lasted": 12, "pain": 3, "relief": "most", "side_effects": ["dry_mouth", "headache"]}


def with_outcomes(number: int, npi: str | None = None, **answers: object) -> str:
    npi = npi or factories.provider().npi
    for _ in range(number):
        factories.review(npi).outcome = Outcome(**answers)
    db.session.flush()
    return npi


def page_at(app: Flask, path: str) -> str:
    db.session.commit()
    answer = app.test_client().get(path)
    assert answer.status_code == 200
    return " ".join(answer.get_data(as_text=True).split())


def test_outcomes_are_summed_up_from_five_answers_on(app: Flask) -> None:
    npi = with_outcomes(4, **ANSWERS)
    with_outcomes(1, npi, **{**ANSWERS, "onset_days": 21, "pain": 8, "relief": "none", "side_effects": ["none"]})
    summary = outcome_summary(npi)
    assert (summary.onset_days.median, summary.onset_days.counts) == (6, {6: 4, 21: 1})
    assert (summary.weeks_lasted.median, summary.weeks_lasted.low, summary.weeks_lasted.high) == (12, 12, 12)
    assert summary.pain.mean == 4
    assert [(share.label, share.count) for share in summary.relief.shares if share.count] == [("none", 1), ("most", 4)]
    effects = {share.label: share.percent for share in summary.side_effects.shares if share.count}
    assert effects == {"none": 20, "dry mouth": 80, "headache": 80}


def test_guidance_is_summed_up_of_reviews_without_other_answers_too(app: Flask) -> None:
    npi = factories.provider().npi
    for answer in ("emg", "emg", "ultrasound", "unknown", "neither", None):
        factories.review(npi, guidance=answer)
    guidance = outcome_summary(npi).guidance
    assert guidance.answers == 5
    assert (guidance.shares[0].label, guidance.shares[0].percent) == ("EMG", 40)


def test_no_side_effect_named_is_no_answer(app: Flask) -> None:
    npi = with_outcomes(4, side_effects=["none"])
    for nothing in ([], None):
        with_outcomes(3, npi, side_effects=nothing)
    assert outcome_summary(npi).side_effects is None
    with_outcomes(1, npi, side_effects=["headache"])
    assert outcome_summary(npi).side_effects.answers == 5


@pytest.mark.parametrize("values", [{"status": "pending"}, {"status": "removed"}])
def test_outcomes_of_unpublished_reviews_do_not_count(app: Flask, values: dict[str, str]) -> None:
    npi = with_outcomes(4, pain=1)
    factories.review(npi, **values).outcome = Outcome(pain=10)
    summary = outcome_summary(npi)
    assert (summary.reports, summary.pain) == (4, None)


def test_outcomes_of_a_copy_count_once(app: Flask) -> None:
    npi = with_outcomes(4, pain=1)
    first = factories.review(npi)
    first.outcome = Outcome(pain=1)
    factories.review(npi, duplicate_of=first.id).outcome = Outcome(pain=1)
    assert outcome_summary(npi).pain.answers == 5


@pytest.mark.postgresql
def test_what_caregivers_report_is_told_and_not_counted_as_a_patient_s(app: Flask) -> None:
    npi = with_outcomes(5, pain=1)
    for written_as in ("caregiver", "caregiver", "patient"):
        factories.review(npi, written_as=written_as, guidance="emg").outcome = Outcome(pain=9)
    summary = outcome_summary(npi)
    assert (summary.reports, summary.by_caregivers, summary.pain.counts) == (6, 2, {1: 5, 9: 1})
    assert summary.guidance is None
    text = page_at(app, f"/providers/{npi}/outcomes")
    assert (
        "2 reports by people who care for or went with a patient are shown with their reviews and are not counted here."
        in text
    )


def test_the_page_shows_each_answer_beside_the_figures_of_others_with_their_source(app: Flask) -> None:
    npi = with_outcomes(6, **ANSWERS)
    for _ in range(5):
        factories.review(npi, guidance="emg")
    text = page_at(app, f"/providers/{npi}/outcomes")
    for words in (
        "Half of the 6 patients who answered felt first relief within 6 days.",
        "For half of the 6 patients who answered, the relief lasted 12 weeks or longer.",
        "3.0 on average, on a scale from 0 (none) to 10, by 6 patients.",
        "6 of the 6 patients who answered said that most or all of it went away.",
        "0 of the 6 patients who answered had none. A patient can name several.",
        "As 5 patients remember it.",
        "treated again after 80.7 days on average (standard deviation 14.4)",
        "J Neurol Neurosurg Psychiatry 1998;64:6-12",
        "19 percent of patients had trouble swallowing.",
        "not yet confirmed at its source",
        "not yet reviewed by a clinician",
        "are not a trial",
    ):
        assert words in text


def test_every_chart_says_in_words_what_it_shows(sqlite_app: Flask) -> None:
    text = page_at(sqlite_app, f"/providers/{with_outcomes(5, **ANSWERS)}/outcomes")
    assert '<title id="onset_days-chart-title">First relief, in days after the injection</title>' in text
    assert "Patients here: half within 6 days. Trial of 1998: improved by day 14." in text
    assert "3: 5. 4: 0." in text
    assert text.count('role="img"') == text.count('aria-label="Estimate') + text.count("chart-title") // 2


def test_fewer_answers_are_not_shown(sqlite_app: Flask) -> None:
    text = page_at(sqlite_app, f"/providers/{with_outcomes(MIN_ANSWERS - 1, **ANSWERS)}/outcomes")
    assert "4 patients have reported how the treatment went." in text
    assert "First relief</h3>" not in text


def test_a_question_that_few_answered_is_named_and_left_out(sqlite_app: Flask) -> None:
    npi = with_outcomes(5, weeks_lasted=12)
    with_outcomes(4, npi, onset_days=3)
    text = page_at(sqlite_app, f"/providers/{npi}/outcomes")
    assert "the relief lasted 12 weeks or longer" in text
    assert "First relief</h3>" not in text
    assert "fewer than 5 patients answered: first relief, peak relief, pain" in text


def test_far_answers_stay_in_the_picture() -> None:
    far = Numbers(answers=5, counts={90: 5}, median=90, mean=90, low=90, high=90)
    page = outcome_page(OutcomeSummary(5, far, None, far, None, None, None))
    for comparison in page.comparisons:
        chart = comparison.chart
        assert all(row.dot is None or 0 < row.dot < chart.width for row in chart.rows)
        assert float(chart.ticks[-1].label) >= 90


def test_the_page_of_all_providers_sums_them_up(app: Flask) -> None:
    for _ in range(5):
        with_outcomes(1, onset_days=4)
    text = page_at(app, "/outcomes")
    assert "Half of the 5 patients who answered felt first relief within 4 days." in text
    assert "What is marked “demonstration” is invented" in text


def test_invented_reports_never_mix_with_real_ones(app: Flask) -> None:
    with_outcomes(6, onset_days=4)
    db.session.add(Source(key="elsewhere", name="Elsewhere", kind=SourceKind.PLATFORM))
    real = factories.provider(npi="1750386801").npi
    for number in range(5):
        written = datetime(2026, 1, 2, tzinfo=UTC)
        review = factories.review(real, created_at=written, source_review_id=f"real-{number}")
        review.source_key, review.outcome = "elsewhere", Outcome(onset_days=20)
    summary, is_invented = outcomes_of_all()
    assert (summary.reports, summary.onset_days.counts, is_invented) == (5, {20: 5}, False)
    assert "marked “demonstration” is invented" not in page_at(app, "/outcomes")


@pytest.mark.postgresql
def test_reports_about_a_hidden_provider_are_not_in_the_sums_of_all(app: Flask) -> None:
    with_outcomes(5, onset_days=4)
    hidden = with_outcomes(5, onset_days=20)
    db.session.get_one(Provider, hidden).hidden_at = datetime(2026, 1, 2, tzinfo=UTC)
    db.session.flush()
    assert outcomes_of_all()[0].onset_days.counts == {4: 5}


def test_the_page_of_all_says_when_nobody_reported(app: Flask) -> None:
    assert "0 patients have reported how the treatment went." in page_at(app, "/outcomes")
