"""The page of questions: what patients ask is there, each answer is short and has its source."""

import re
from collections import Counter

import pytest
from flask import Flask
from flask_babel import force_locale

from directory.guide.contents import PAGES, TOOLS
from directory.guide.questions import GROUPS, QUESTIONS, PatientQuestion, faq
from directory.web.facts import fact
from tests.guide.reading import Page

PATH = "/guide/questions"
OF_THE_ARTICLE = {"how-soon", "how-long", "does-it-hurt", "risks", "other-treatments", "right-for-me", "insurance"}
ASKED_NEXT = {
    "which-product",
    "stops-working",
    "pregnancy",
    "swallowing",
    "driving",
    "how-many-injections",
    "prior-authorization",
    "cost",
    "exercise",
}
MAX_SENTENCES = 4


def page_of(app: Flask, language: str = "en") -> Page:
    answer = app.test_client().get(f"/{language}{PATH}")
    assert answer.status_code == 200
    return Page(answer.get_data(as_text=True))


def facts_of(question: PatientQuestion) -> list[str]:
    return [part for part in question.answer if isinstance(part, str)]


def test_the_questions_of_the_article_and_those_that_follow_are_there() -> None:
    assert {question.anchor for question in QUESTIONS} >= OF_THE_ARTICLE | ASKED_NEXT


def test_no_place_on_the_page_stands_twice(sqlite_app: Flask) -> None:
    ids = Counter(tag.attributes["id"] for tag in page_of(sqlite_app).tags if "id" in tag.attributes)
    assert [name for name, count in ids.items() if count > 1] == []
    assert {question.anchor for question in QUESTIONS} | {group.anchor for group in GROUPS} <= ids.keys()


def test_every_answer_rests_on_a_fact_with_a_source(subtests: pytest.Subtests) -> None:
    for question in QUESTIONS:
        with subtests.test(question=question):
            assert facts_of(question)
            assert all(fact(key).source for key in facts_of(question))


def test_every_answer_is_short_and_has_no_figure_but_those_of_facts(sqlite_app: Flask) -> None:
    with sqlite_app.test_request_context():
        own = {part: str(part) for question in QUESTIONS for part in question.answer if not isinstance(part, str)}
    for question in QUESTIONS:
        said = " ".join(fact(part).words if isinstance(part, str) else own[part] for part in question.answer)
        assert 2 <= len(re.findall(r"\.(?:\s|$)", said)) <= MAX_SENTENCES, said
    assert not any(re.search(r"\d|%", sentence) for sentence in own.values())


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_answer_leads_to_a_place_that_exists(sqlite_app: Flask, language: str) -> None:
    pages = {each.slug: each for each in (*PAGES, *TOOLS)}
    with sqlite_app.test_request_context():
        paths = {slug: page.url for slug, page in pages.items()}
    client = sqlite_app.test_client()
    for slug, place in {question.more for question in QUESTIONS}:
        answer = client.get(f"/{language}{paths[slug]}")
        assert answer.status_code == 200
        ids = {tag.attributes.get("id") for tag in Page(answer.get_data(as_text=True)).tags}
        assert not place or place in ids, (slug, place)


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_page_and_the_plain_answers_say_the_same(sqlite_app: Flask, language: str) -> None:
    text = page_of(sqlite_app, language).named("main")[0].text
    shown = re.sub(r"\s*\d+\??(?= )", "", text)  # the numbers of sources
    with sqlite_app.test_request_context(), force_locale(language):
        plain = list(faq())
    assert [anchor for anchor, _, _ in plain] == [question.anchor for question in QUESTIONS]
    for _, question, answer in plain:
        assert question in text
        first = re.split(r"(?<=[.:]) ", answer)[0]
        assert re.sub(r"\s*\d+\??(?= )", "", first) in shown


def test_plain_answers_name_their_sources_and_what_is_not_confirmed(sqlite_app: Flask) -> None:
    with sqlite_app.test_request_context():
        answers = {anchor: answer for anchor, _, answer in faq()}
    for question in QUESTIONS:
        said, _, sources = answers[question.anchor].partition(" Sources: ")
        assert said
        for key in facts_of(question):
            found = fact(key)
            assert found.words in said
            assert (f"{found.source} (not yet confirmed)" if not found.confirmed else found.source) in sources
    assert "<" not in "".join(answers.values())


def test_plain_answers_are_in_the_language_of_the_page(sqlite_app: Flask) -> None:
    with sqlite_app.test_request_context(), force_locale("es_US"):
        spanish = {anchor: (question, answer) for anchor, question, answer in faq()}
    assert spanish["does-it-hurt"][0] == "¿Duele?"
    assert " Fuentes: " in spanish["does-it-hurt"][1]


def test_emergency_comes_with_trouble_swallowing(sqlite_app: Flask) -> None:
    with sqlite_app.test_request_context():
        answers = {anchor: answer for anchor, _, answer in faq()}
    assert "911" in answers["swallowing"]
    assert "911" in answers["risks"]
