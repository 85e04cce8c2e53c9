"""Every page of the guide can be read at grade 8 or below, and the count is not flattered."""

import pytest
from flask import Flask

from directory.extensions import db
from directory.guide.contents import PAGES, TOOLS
from directory.reviews.display.outcomes import MIN_ANSWERS
from directory.reviews.models import Outcome
from scripts.reading_grade import MAX_GRADE, grade, guide_pages, running_text
from tests import factories

pytestmark = pytest.mark.exhaustive  # textstat takes 20 MB

HARD = (
    "Chemodenervation necessitates individualized consideration of contraindications, particularly neuromuscular "
    "comorbidities, notwithstanding favorable preliminary observations."
)
EASY = "The needle is thin. It goes into the muscle. You can go home after that."


def page_of(*parts: str) -> str:
    return f"<body><nav><p>{HARD}</p></nav><main>{''.join(parts)}</main><footer><p>{HARD}</p></footer></body>"


@pytest.mark.parametrize("slug", ["index", *(page.slug for page in (*PAGES, *TOOLS))])
def test_a_page_of_the_guide_is_easy_enough(sqlite_app: Flask, slug: str) -> None:
    address = guide_pages(sqlite_app)[slug]
    assert grade(running_text(sqlite_app.test_client().get(address).get_data(as_text=True))) <= MAX_GRADE


def test_the_page_of_benefits_stays_easy_with_what_patients_report(sqlite_app: Flask) -> None:
    npi = factories.provider().npi
    for _ in range(MIN_ANSWERS):
        factories.review(npi).outcome = Outcome(onset_days=6, weeks_lasted=12, pain=3, relief="most")
    db.session.commit()
    text = running_text(sqlite_app.test_client().get("/guide/benefits").get_data(as_text=True))
    assert "days or sooner" in text
    assert grade(text) <= MAX_GRADE


def test_a_hard_text_is_above_and_an_easy_one_below() -> None:
    assert grade(HARD) > MAX_GRADE > grade(EASY)


def test_the_formula_counts_words_sentences_and_syllables() -> None:
    """Ten words, two sentences, ten syllables: 0.39 * 5 + 11.8 * 1 - 15.59."""
    assert grade("The cat sat by me. The dog ran to you.") == pytest.approx(-1.8, abs=0.05)


def test_no_text_is_refused() -> None:
    with pytest.raises(ValueError, match="no text"):
        grade(running_text("<main></main>"))


def test_what_is_read_one_after_the_other_counts_and_what_is_looked_up_does_not() -> None:
    text = running_text(
        page_of(
            f"<nav><p>{HARD}</p></nav><h2>{HARD}</h2>",
            '<p>The needle is thin.<sup class="cite"><a href="#source-1">1</a></sup> It goes into the muscle.</p>',
            "<table><tr><th>Neck pain</th><td>11%</td></tr></table>",
            f'<section class="sources"><ol><li>{HARD}</li></ol></section>',
            "<ul><li>You can go home after that</li></ul>",
        )
    )
    assert text == "The needle is thin. It goes into the muscle.\nYou can go home after that."


def test_a_figure_is_no_end_of_a_sentence() -> None:
    """Else 12.8 weeks would make two short sentences of one long one."""
    assert (
        running_text(page_of("<p>They came every 12.8 weeks on average</p>")) == "They came every 128 weeks on average."
    )


def test_a_long_name_of_a_medicine_counts_against_the_page() -> None:
    assert grade("It is called onabotulinumtoxinA by the doctors.") > grade("It is called Botox by all of the doctors.")
