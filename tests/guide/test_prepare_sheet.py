"""The sheet says what was answered, tells first what matters for safety, and asks what the answers call for."""

from datetime import date

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from directory.guide.prepare.questions import (
    EARLIER_PRODUCTS,
    HELPED,
    NECK,
    RED_FLAGS,
    SAFETY,
    TRIED,
    URGENT_FACTS,
    YES_NO,
)
from directory.guide.prepare.sheet import LONG, Answers, Sheet, Since, make_sheet
from directory.web.facts import fact

BLOOD_THINNER = "What do I do about my blood thinner before the visit?"
SAFE_THROAT = "How do you keep my swallowing and breathing safe?"
OTHER_DOSE = "Would another dose, other muscles or another medicine work better?"


def some_of(keys: object) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(sorted(keys)), unique=True).map(tuple)


any_answers = st.builds(
    Answers,
    red_flags=some_of(RED_FLAGS),
    neck=some_of(NECK),
    neck_words=st.text(max_size=300),
    since=st.none() | st.builds(Since, st.integers(1920, 2026), st.none() | st.integers(1, 12)),
    tried=some_of(TRIED),
    tried_words=st.text(max_size=300),
    safety=st.dictionaries(st.sampled_from(sorted(SAFETY)), st.sampled_from(sorted(YES_NO))),
    medicines=st.text(max_size=300),
    earlier=st.none() | st.sampled_from(sorted(YES_NO)),
    product=st.none() | st.sampled_from(sorted(EARLIER_PRODUCTS)),
    helped=st.none() | st.sampled_from(sorted(HELPED)),
    earlier_words=st.text(max_size=300),
    own_questions=st.text(max_size=300),
)


def sheet(**answers: object) -> Sheet:
    return make_sheet(Answers(**answers))


def chosen(made: Sheet, label: str) -> tuple[str, ...]:
    [row] = [row for row in made.summary if row.label == label]
    return row.chosen


def test_every_reason_and_every_urgent_advice_is_a_fact_with_a_source() -> None:
    for key in (*URGENT_FACTS.values(), *(question.fact for question in SAFETY.values()), "earlier_injections"):
        assert fact(key).source
    assert URGENT_FACTS.keys() == RED_FLAGS.keys()


def test_nothing_answered_leaves_all_to_tick_and_to_write() -> None:
    made = sheet()
    assert (made.urgent, made.tell_first, made.ruled_out) == ((), (), ())
    assert [each.words for each in made.may_apply] == [str(question.yes) for question in SAFETY.values()]
    assert all(not row.chosen and not row.words for row in made.summary)
    assert len(made.questions) >= 5
    assert not made.is_long


@pytest.mark.parametrize("name", SAFETY)
def test_a_yes_or_not_sure_is_told_first_and_a_no_is_said_too(name: str) -> None:
    question = SAFETY[name]
    assert [(each.words, each.fact) for each in sheet(safety={name: "yes"}).tell_first] == [
        (str(question.yes), question.fact)
    ]
    assert [each.words for each in sheet(safety={name: "unsure"}).tell_first] == [str(question.unsure)]
    ruled_out = sheet(safety={name: "no"})
    assert ruled_out.tell_first == ()
    assert ruled_out.ruled_out == (str(question.no),)


@pytest.mark.parametrize("flag", RED_FLAGS)
def test_each_red_flag_has_its_advice(flag: str) -> None:
    assert sheet(red_flags=(flag,)).urgent == (URGENT_FACTS[flag],)
    assert any(word in fact(URGENT_FACTS[flag]).words for word in ("911", "emergency room"))


def test_an_answer_calls_for_its_question(subtests: pytest.Subtests) -> None:
    for answers, question in [
        ({"safety": {"blood_thinner": "yes"}}, BLOOD_THINNER),
        ({"safety": {"blood_thinner": "unsure"}}, BLOOD_THINNER),
        ({"safety": {"nerve_muscle": "yes"}}, SAFE_THROAT),
        ({"safety": {"throat": "unsure"}}, SAFE_THROAT),
        ({"safety": {"pregnancy": "yes"}}, "Can this wait until after the pregnancy or breastfeeding?"),
        ({"safety": {"reaction": "yes"}}, "Is one of these medicines unsafe for me after what I had before?"),
        ({"medicines": "Baclofen"}, "Do any of my medicines change how the injection works?"),
        ({"helped": "not"}, OTHER_DOSE),
        ({"helped": "faded"}, OTHER_DOSE),
    ]:
        with subtests.test(answers=answers):
            assert question in sheet(**answers).questions
            assert question not in sheet().questions


def test_what_was_tried_is_not_asked_about_again() -> None:
    assert "Would physical therapy help as well?" in sheet().questions
    made = sheet(tried=("physical_therapy",))
    assert not {"Would physical therapy help as well?", "Should I try something else first?"} & set(made.questions)


def test_earlier_injections_are_told_and_their_papers_brought() -> None:
    papers = "Records from earlier injections: medicine, units, muscles, date"
    for answers in ({"earlier": "yes"}, {"product": "botox"}, {"earlier": "no", "earlier_words": "In 2024"}):
        made = sheet(**answers)
        assert "earlier_injections" in [each.fact for each in made.tell_first]
        assert papers in made.bring
    assert papers not in sheet(earlier="no").bring
    assert chosen(sheet(earlier="no"), "Earlier injections") == ("None so far",)


def test_the_beginning_is_a_year_or_a_month() -> None:
    assert chosen(sheet(since=Since(2021)), "Since when") == ("2021",)
    assert chosen(sheet(since=Since(2021, 3)), "Since when") == (f"{date(2021, 3, 1):%B %Y}",)


def test_a_page_in_spanish_is_in_spanish(sqlite_app: Flask) -> None:
    page = sqlite_app.test_client().post("/es/guide/prepare", data={"neck": "turns", "since": "3/2021"}).text
    assert "La cabeza se me gira hacia un lado" in page
    assert "marzo de 2021" in page
    assert "My head turns" not in page


@given(any_answers)
def test_no_answer_is_lost_and_none_is_judged(answers: Answers) -> None:
    made = make_sheet(answers)
    shown = " ".join(" ".join((*row.chosen, row.words)) for row in made.summary)
    for table, keys in ((NECK, answers.neck), (TRIED, answers.tried)):
        assert all(str(table[key]) in shown for key in keys)
    for words in (answers.neck_words, answers.tried_words, answers.medicines, answers.earlier_words):
        assert " ".join(words.split()) in shown
    assert made.own_questions == " ".join(answers.own_questions.split())
    told = {each.words for each in (*made.tell_first, *made.may_apply)} | set(made.ruled_out)
    for name, question in SAFETY.items():
        words = {"yes": question.yes, "no": question.no, "unsure": question.unsure}
        assert str(words[answers.safety.get(name, "yes")]) in told
    assert "\n" not in shown


def test_a_sheet_with_all_texts_full_is_long() -> None:
    full = "x" * 300
    made = sheet(neck_words=full, tried_words=full, medicines=full, earlier_words=full, own_questions=full)
    assert made.is_long
    assert 5 * len(full) + sum(map(len, made.questions)) > LONG
