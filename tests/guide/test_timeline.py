"""The page of the timeline: the figures of facts.toml beside what patients reported, drawn and as a table."""

import re

import pytest
from flask import Flask

from directory.extensions import db
from directory.guide.timeline_chart import BESIDE, TimelineSource, timeline_chart
from directory.guide.timeline_stages import treatment_stages
from directory.providers.sources import Source, SourceKind
from directory.reviews.display.outcomes import MIN_ANSWERS, Numbers
from directory.reviews.models import Outcome
from directory.web.facts import fact
from tests import factories
from tests.guide.reading import Page, Tag

PATH = "/guide/timeline"
REAL_NPI = "1000000004"
STAGES = ("first-effect", "peak", "wearing-off")
CHARTS = ("above", "beside")


def reports(number: int, npi: str | None = None, **answers: int) -> str:
    npi = npi or factories.provider().npi
    for _ in range(number):
        factories.review(npi).outcome = Outcome(**answers)
    db.session.commit()
    return npi


def page_of(app: Flask, language: str = "en") -> Page:
    answer = app.test_client().get(f"/{language}{PATH}")
    assert answer.status_code == 200
    return Page(answer.get_data(as_text=True))


def text_of(page: Page) -> str:
    return page.named("main")[0].text


def with_class(page: Page, name: str) -> list[Tag]:
    return [tag for tag in page.tags if name in tag.classes]


def answered(*days_or_weeks: int) -> Numbers:
    low, middle, high = days_or_weeks
    return Numbers(answers=6, counts={}, median=middle, mean=middle, low=low, high=high)


def test_each_source_stands_at_its_own_figures(sqlite_app: Flask) -> None:
    with sqlite_app.test_request_context():
        stages = treatment_stages(None, None, invented=False)
    lines = {(stage.key, line.who): line for stage in stages for line in stage.lines}
    weeks = {key: (line.low, line.middle, line.high) for key, line in lines.items()}
    assert weeks[("first-effect", "Trial of 1998")] == (0, None, 2)
    assert weeks[("first-effect", "The label of Botox")] == (0, None, 2)
    assert weeks[("first-effect", "The article")] == (0, None, 1)
    assert weeks[("peak", "Trial of 1998")] == (None, 4, None)
    assert weeks[("peak", "The label of Botox")] == (None, 6, None)
    assert weeks[("peak", "The article")] == (2, None, 3)
    assert weeks[("wearing-off", "Next treatment")] == (None, 12, None)
    assert weeks[("wearing-off", "Patients in long-term treatment")] == (None, 12.8, None)
    assert weeks[("wearing-off", "Trial of 1998, Botox")] == pytest.approx((66.3 / 7, 80.7 / 7, 95.1 / 7))
    assert weeks[("wearing-off", "Trial of 1998, Dysport")] == pytest.approx((70.3 / 7, 83.9 / 7, 97.5 / 7))
    low, _, high = weeks[("wearing-off", "The article")]
    assert (low, high) == pytest.approx((365.25 / 4 / 7, 365.25 / 2 / 7))  # a quarter and a half of a year
    assert len(weeks) == 11


def test_what_patients_report_stands_in_weeks_beside_the_others(sqlite_app: Flask) -> None:
    with sqlite_app.test_request_context():
        first, peak, last = treatment_stages(answered(7, 14, 21), answered(8, 11, 14), invented=False)
    onset, lasted = first.lines[-1], last.lines[-1]
    assert (onset.kind, onset.low, onset.middle, onset.high) == (TimelineSource.PATIENTS, 1, 2, 3)
    assert (lasted.kind, lasted.low, lasted.middle, lasted.high) == (TimelineSource.PATIENTS, 8, 11, 14)
    assert onset.when == "days 7 to 21, half by day 14"
    assert lasted.when == "weeks 8 to 14, half 11 or more"
    assert all(line.kind is not TimelineSource.PATIENTS for line in peak.lines)


def test_the_next_treatment_is_marked_at_the_least_interval(sqlite_app: Flask) -> None:
    with sqlite_app.test_request_context():
        chart = timeline_chart(treatment_stages(None, None, invented=False), BESIDE)
    [mark] = [drawn for drawn in chart.stages[-1].lines if drawn.line.kind is TimelineSource.EARLIEST]
    [tick] = [tick for tick in chart.ticks if tick.week == fact("least_interval_weeks").figure]
    assert mark.dot == tick.x


def test_words_and_figures_of_a_line_say_the_same(sqlite_app: Flask) -> None:
    with sqlite_app.test_request_context():
        stages = treatment_stages(answered(5, 8, 13), answered(9, 12, 14), invented=False)
    for line in (line for stage in stages for line in stage.lines):
        told = [float(number) for number in re.findall(r"\d+(?:\.\d+)?", line.when)]
        for week in (line.low, line.middle, line.high):
            if week:
                assert round(week, 1) in told or round(week * 7, 1) in told, (line.when, week)


def test_four_reports_show_no_band_and_five_do(app: Flask) -> None:
    npi = reports(MIN_ANSWERS - 1, onset_days=6, weeks_lasted=13)
    page = page_of(app)
    assert with_class(page, "patients") == []
    assert text_of(page).count("Fewer than 5 patients here have answered this, so we don’t show it yet.") == 2
    reports(1, npi, onset_days=6, weeks_lasted=13)
    page = page_of(app)
    bands = [tag for tag in with_class(page, "patients") if tag.name == "g" and "line" in tag.classes]
    assert len(bands) == 2 * len(CHARTS) + 1  # both questions in both layouts, and the key
    assert "Half of the 5 patients here who answered felt the first relief by day 6." in text_of(page)
    assert "Half of the 5 patients here who answered had relief for 13 weeks or longer." in text_of(page)
    assert "Fewer than" not in text_of(page)


def test_one_question_may_have_enough_answers_without_the_other(sqlite_app: Flask) -> None:
    reports(MIN_ANSWERS, weeks_lasted=13)
    page = page_of(sqlite_app)
    assert text_of(page).count("Fewer than 5 patients here have answered this, so we don’t show it yet.") == 1
    assert "had relief for 13 weeks or longer" in text_of(page)


def test_invented_reports_say_so_at_the_top_in_the_drawing_and_in_the_text(sqlite_app: Flask) -> None:
    reports(MIN_ANSWERS, onset_days=6)
    page = page_of(sqlite_app)
    assert "demonstration" in [name for tag in with_class(page, "notice") for name in tag.classes]
    assert [tag.text for tag in with_class(page, "who")].count("Patients here (invented)") == len(CHARTS) + 1
    assert "These reports are invented" in text_of(page)


def test_real_reports_bear_no_mark_of_a_demonstration(sqlite_app: Flask) -> None:
    db.session.add(Source(key="elsewhere", name="Elsewhere", kind=SourceKind.PLATFORM))
    factories.provider(npi=REAL_NPI)
    for _ in range(MIN_ANSWERS):
        factories.review(REAL_NPI, source_key="elsewhere").outcome = Outcome(onset_days=6)
    db.session.commit()
    page = page_of(sqlite_app)
    assert "felt the first relief by day 6" in text_of(page)
    assert "invented" not in text_of(page)


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_table_says_what_the_drawing_says(sqlite_app: Flask, language: str) -> None:
    reports(MIN_ANSWERS, onset_days=6, weeks_lasted=13)
    page = page_of(sqlite_app, language)
    rows = [tag.text for tag in page.named("tr")]
    headings = {tag.text for tag in with_class(page, "stage") if tag.name == "text"}
    drawn = [tag.text for tag in page.named("text") if {"who", "when"} & set(tag.classes)]
    pairs = list(zip(drawn[::2], drawn[1::2], strict=True))
    above, beside = pairs[: len(pairs) // 2], pairs[len(pairs) // 2 :]
    assert above == beside
    assert len(above) == 13
    told = [row for row in rows[1:] if row not in headings]
    assert [row.startswith(who) and row.endswith(when) for row, (who, when) in zip(told, above, strict=True)] == [
        True
    ] * len(above)
    for name in CHARTS:
        described = page.at(f"timeline-{name}-text").text
        assert all(f"{who}: {when}." in described for who, when in above)


def test_every_figure_of_others_in_the_table_has_its_source(sqlite_app: Flask) -> None:
    reports(MIN_ANSWERS, onset_days=6)
    page = page_of(sqlite_app)
    rows = [tag.text for tag in page.named("th") if tag.attributes.get("scope") == "row"]
    assert len(rows) == 12
    assert all(re.search(r"\d\??$", row) for row in rows if not row.startswith("Patients here"))


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_page_has_its_places_to_link_to(sqlite_app: Flask, language: str) -> None:
    page = page_of(sqlite_app, language)
    ids = [tag.attributes["id"] for tag in page.tags if "id" in tag.attributes]
    assert {*STAGES, "next-treatment", "figures"} <= set(ids)
    assert len(ids) == len(set(ids))


def test_the_page_says_that_the_article_is_more_hopeful_and_shows_both(sqlite_app: Flask) -> None:
    text = text_of(page_of(sqlite_app))
    assert "The article that this site started with is more hopeful than the trial and the label." in text
    for key in ("peak_trial", "peak_label_botox", "peak_article", "duration_article", "retreatment_days_botox"):
        assert fact(key).words in text


def test_what_stands_for_whom_does_not_hang_on_color(sqlite_app: Flask) -> None:
    reports(MIN_ANSWERS, onset_days=6, weeks_lasted=13)
    page = page_of(sqlite_app)
    hatched = {tag.attributes.get("fill") for tag in page.named("rect") if "bar" in tag.classes} - {None}
    patterns = {f"url(#{tag.attributes['id']})" for tag in page.named("pattern")}
    assert hatched == patterns
    assert len(with_class(page, "timeline-key")) == 1
