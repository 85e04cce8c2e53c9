"""The guide's pages: complete in both languages, each claim with its source, each figure from facts.toml."""

import dataclasses
import re
from datetime import date
from itertools import pairwise

import pytest
from flask import Flask

from directory.config import ROOT
from directory.extensions import db
from directory.guide.contents import PAGES, PARTS, TOOLS
from directory.guide.costs import DIAGNOSIS
from directory.providers.models import DEMONSTRATION
from directory.providers.offerings import SERVICES, TELEHEALTH
from directory.reviews.display.outcomes import MIN_ANSWERS
from directory.reviews.models import Outcome
from directory.web import facts as facts_module
from directory.web.facts import fact, facts
from tests import factories
from tests.guide.reading import Page

INDEX = "index"
OURS = ("what-it-is", "the-medicine", "how-it-works", "the-visit", "benefits", "who-it-suits", "risks")
EVERY = (INDEX, *(page.slug for page in (*PAGES, *TOOLS)))
LANGUAGES = ("en", "es")
ARTICLE_LINES = range(1, 17)
REAL_NPI = "1000000004"


def path_of(slug: str) -> str:
    return "/guide" if slug == INDEX else f"/guide/{slug}"


def page_at(app: Flask, slug: str, language: str = "en") -> Page:
    answer = app.test_client().get(f"/{language}{path_of(slug)}")
    assert answer.status_code == 200
    return Page(answer.get_data(as_text=True))


def text_of(page: Page) -> str:
    return page.named("main")[0].text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("slug", EVERY)
def test_every_page_has_one_heading_a_title_a_description_and_red_flags(
    sqlite_app: Flask, slug: str, language: str
) -> None:
    page = page_at(sqlite_app, slug, language)
    [heading] = page.named("h1")
    assert heading.text
    assert page.named("title")[0].text
    [description] = [tag for tag in page.named("meta") if tag.attributes.get("name") == "description"]
    assert len(description.attributes["content"]) > 20
    assert "911" in page.at("red-flags").text
    assert page.named("html")[0].attributes["lang"] == language


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_two_pages_share_a_title_or_a_description(sqlite_app: Flask, language: str) -> None:
    pages = [page_at(sqlite_app, slug, language) for slug in EVERY]
    for kept in (
        [page.named("title")[0].text for page in pages],
        [
            tag.attributes["content"]
            for page in pages
            for tag in page.named("meta")
            if tag.attributes.get("name") == "description"
        ],
    ):
        assert len(set(kept)) == len(EVERY)


def test_every_number_leads_to_a_source_and_no_page_is_without_one(sqlite_app: Flask) -> None:
    for slug in EVERY:
        page = page_at(sqlite_app, slug)
        links = {tag.attributes["href"] for tag in page.named("a") if tag.attributes["href"].startswith("#source-")}
        listed = {f"#{tag.attributes['id']}" for tag in page.tags if tag.attributes.get("id", "").startswith("source-")}
        assert links == listed, slug
        assert links, slug


def test_what_nobody_confirmed_is_marked_in_the_text_and_in_the_list(sqlite_app: Flask) -> None:
    seen = set()
    for slug in EVERY:
        page = page_at(sqlite_app, slug)
        cited = [tag for tag in page.named("a") if tag.attributes["href"].startswith("#source-")]
        asked = {tag.attributes["href"][1:] for tag in cited if tag.text.endswith("?")}
        marked = {tag.attributes["id"] for tag in page.named("li") if "To be confirmed" in tag.text}
        assert asked == marked, slug
        assert ("A question mark after a number" in text_of(page)) == bool(marked), slug
        seen.add(bool(marked))
    assert True in seen


def test_every_page_says_whether_a_clinician_reviewed_it(sqlite_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    for slug in EVERY:
        assert page_at(sqlite_app, slug).of_class("review-status")[0].text == "Not yet reviewed by a clinician.", slug
    monkeypatch.setitem(sqlite_app.config, "GUIDE_REVIEWER", "Ada Example, MD")
    monkeypatch.setitem(sqlite_app.config, "GUIDE_REVIEWED_ON", date(2026, 9, 1))
    for slug in EVERY:
        status = page_at(sqlite_app, slug).of_class("review-status")[0].text
        assert status == "Reviewed by Ada Example, MD on September 1, 2026.", slug
        assert "1 de septiembre de 2026" in page_at(sqlite_app, slug, "es").of_class("review-status")[0].text, slug


def test_the_first_page_leads_to_every_page_and_tool_in_their_order(sqlite_app: Flask) -> None:
    page = page_at(sqlite_app, INDEX)
    paths = [tag.attributes["href"].removeprefix("/en") for tag in page.named("a")]
    places = [paths.index(path_of(each.slug)) for each in (*PAGES, *TOOLS)]
    assert places == sorted(places)
    assert [str(part.title) for part in PARTS] == [tag.text for tag in page.named("h2")[: len(PARTS)]]


def test_every_page_leads_to_the_one_before_and_the_one_after(sqlite_app: Flask) -> None:
    for before, after in pairwise(PAGES):
        [ahead] = [tag for tag in page_at(sqlite_app, before.slug).named("a") if tag.attributes.get("rel") == "next"]
        [back] = [tag for tag in page_at(sqlite_app, after.slug).named("a") if tag.attributes.get("rel") == "prev"]
        assert ahead.attributes["href"] == f"/en{path_of(after.slug)}"
        assert back.attributes["href"] == f"/en{path_of(before.slug)}"


def test_a_page_marks_itself_in_the_contents_and_leads_to_the_tools(sqlite_app: Flask) -> None:
    tools = {f"/en{path_of(tool.slug)}" for tool in TOOLS}
    for slug in EVERY[1:]:
        page = page_at(sqlite_app, slug)
        here = {tag.attributes["href"] for tag in page.named("a") if tag.attributes.get("aria-current") == "page"}
        assert here == {f"/en{path_of(slug)}"}
        assert {tag.attributes["href"] for tag in page.named("a")} >= tools, slug


def test_an_address_that_is_no_page_is_not_found(sqlite_app: Flask) -> None:
    assert sqlite_app.test_client().get("/guide/nonsense").status_code == 404
    assert sqlite_app.test_client().get("/guide/_nerve").status_code == 404


def figures_said(slug: str) -> list[str]:
    """The keys of the facts with a figure that a template of ours says, not only names as a source."""
    template = (ROOT / "templates" / "guide" / "pages" / f"{slug}.html").read_text(encoding="utf-8")
    named = re.findall(r'"(\w+)"', re.sub(r"mark\([^)]*\)", "", template))
    return [key for key in dict.fromkeys(named) if key in facts() and fact(key).unit is not None]


@pytest.mark.parametrize("slug", [slug for slug in OURS if figures_said(slug)])
def test_a_figure_that_changes_in_the_facts_changes_on_the_page(
    sqlite_app: Flask, monkeypatch: pytest.MonkeyPatch, slug: str
) -> None:
    for key in figures_said(slug):
        changed = dataclasses.replace(fact(key), words="It is 97531 now.", value=97531 if fact(key).value else None)
        now = {**facts(), key: changed}
        with monkeypatch.context() as patched:
            patched.setattr(facts_module, "facts", lambda now=now: now)
            assert "97531" in text_of(page_at(sqlite_app, slug)), key
        assert "97531" not in text_of(page_at(sqlite_app, slug)), key


def test_no_template_of_these_pages_writes_a_figure_of_its_own() -> None:
    """Figures are in facts.toml; what is left are the number to call, addresses and drawings."""
    folder = ROOT / "templates" / "guide" / "pages"
    for slug in (*OURS, INDEX):
        template = (folder / f"{slug}.html").read_text(encoding="utf-8")
        said = re.findall(r'_\("([^"]*)"\)|%\}([^{]*)\{% endtrans', template)
        digits = [text for pair in said for text in pair if re.search(r"\d", text)]
        assert digits == [], slug


def test_the_boxed_warning_comes_first_on_the_page_of_risks(sqlite_app: Flask) -> None:
    page = page_at(sqlite_app, "risks")
    assert page.named("h2")[0].text == "The boxed warning"
    box = page.at("boxed-warning").text
    assert fact("boxed_warning").words in box
    assert fact("emergency").words in box


def test_the_rates_of_side_effects_stand_in_the_table(sqlite_app: Flask) -> None:
    rows = [tag.text for tag in page_at(sqlite_app, "risks").named("tr")]
    for key in ("swallowing_percent", "respiratory_infection_percent", "neck_pain_percent", "headache_percent"):
        assert any(f"{fact(key).figure:g}%" in row for row in rows), key


@pytest.mark.parametrize("of", ["first_improvement", "peak"])
def test_where_the_article_differs_from_the_trial_both_are_shown_with_their_sources(sqlite_app: Flask, of: str) -> None:
    said = [tag.text for tag in page_at(sqlite_app, "benefits").of_class("told")]
    assert any(all(fact(f"{of}_{name}").words in text for name in ("article", "trial", "label_botox")) for text in said)


def test_how_long_it_lasts_by_the_article_stands_beside_the_trial_and_the_study(sqlite_app: Flask) -> None:
    said = [tag.text for tag in page_at(sqlite_app, "benefits").of_class("told")]
    keys = ("duration_article", "retreatment_days_botox", "retreatment_days_dysport", "cycle_weeks")
    assert any(all(fact(key).words in text for key in keys) for text in said)


def test_who_stops_stands_beside_what_people_hope_for(sqlite_app: Flask) -> None:
    assert fact("stopped_percent").words in text_of(page_at(sqlite_app, "benefits"))


def test_the_code_of_the_diagnosis_is_that_of_the_tools(sqlite_app: Flask) -> None:
    assert DIAGNOSIS in page_at(sqlite_app, "what-it-is").named("main")[0].text


def test_the_steps_of_the_visit_lead_to_who_offers_each_service(sqlite_app: Flask) -> None:
    links = [tag.attributes["href"] for tag in page_at(sqlite_app, "the-visit").named("a")]
    searches = [link for link in links if link.startswith("/en/search?")]
    asked = [f"service={service}" for service in SERVICES if service != TELEHEALTH] + ["telehealth=1"]
    assert [each for each in asked if not any(each in link for link in searches)] == []


def with_reports(number: int, npi: str) -> None:
    factories.provider(npi=npi)
    for _ in range(number):
        factories.review(npi).outcome = Outcome(onset_days=6, weeks_lasted=12, pain=3, relief="most")
    db.session.commit()


def test_reports_of_patients_are_shown_from_five_answers_on(app: Flask) -> None:
    with_reports(MIN_ANSWERS - 1, REAL_NPI)
    assert "Too few patients have told us yet" in text_of(page_at(app, "benefits"))
    factories.review(REAL_NPI).outcome = Outcome(onset_days=6, weeks_lasted=12, pain=3, relief="none")
    db.session.commit()
    reported = page_at(app, "benefits").of_class("reports")[0].text
    assert f"{MIN_ANSWERS - 1} of the {MIN_ANSWERS} patients" in reported
    assert "6 days or sooner" in reported
    assert "12 weeks or longer" in reported
    assert "3.0 on average" in reported
    assert "Invented" not in text_of(page_at(app, "benefits"))


def test_a_question_that_too_few_answered_is_left_out(sqlite_app: Flask) -> None:
    factories.provider(npi=REAL_NPI)
    for _ in range(MIN_ANSWERS):
        factories.review(REAL_NPI).outcome = Outcome(pain=2)
    db.session.commit()
    reported = page_at(sqlite_app, "benefits").of_class("reports")[0].text
    assert "2.0 on average" in reported
    assert "First relief" not in reported


def test_invented_reports_say_that_they_are_invented(sqlite_app: Flask) -> None:
    npi = factories.npi()
    assert npi.startswith(DEMONSTRATION)
    with_reports(MIN_ANSWERS, npi)
    assert "Invented numbers." in text_of(page_at(sqlite_app, "benefits"))
    assert "Cifras inventadas." in text_of(page_at(sqlite_app, "benefits", "es"))


ROW = re.compile(r"^\| (\d+) \| (.+?) \| (.+?) \| (.+?) \|$", re.MULTILINE)
PLACE = re.compile(r"`(/guide/[\w-]+)#([\w-]+)`")
DOCUMENT = (ROOT / "docs" / "guide.md").read_text(encoding="utf-8")
ROWS = ROW.findall(DOCUMENT)
HOMES = [(int(line), path, anchor) for line, _, places, _ in ROWS for path, anchor in PLACE.findall(places)]


def test_the_table_of_the_article_has_every_line_with_a_place_and_a_source() -> None:
    assert [int(line) for line, *_ in ROWS] == list(ARTICLE_LINES)
    assert {line for line, *_ in HOMES} == set(ARTICLE_LINES)
    for line, _, _, sources in ROWS:
        named = re.findall(r"`(\w+)`", sources)
        assert named, f"line {line} names no fact"
        assert [key for key in named if key not in facts()] == []


def test_each_line_of_the_article_has_its_place_on_the_site_and_its_facts_there(
    sqlite_app: Flask, subtests: pytest.Subtests
) -> None:
    pages = {path: Page(sqlite_app.test_client().get(path).get_data(as_text=True)) for _, path, _ in HOMES}
    for line, path, anchor in HOMES:
        with subtests.test(line=line, path=path):
            assert pages[path].at(anchor).name in {"h2", "h3", "h4", "section", "li", "div", "article"}
    for line, _, places, sources in ROWS:
        with subtests.test(line=line):
            said = "".join(text_of(pages[path]) for path in {path for path, _ in PLACE.findall(places)})
            assert [key for key in re.findall(r"`(\w+)`", sources) if fact(key).words not in said] == []
