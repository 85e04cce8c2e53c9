"""A claim carries the number of its source, and what nobody confirmed is marked."""

import re

import pytest
from flask import Flask

from directory.guide.citing import Citations
from directory.web.facts import FactsError, fact
from directory.web.languages import in_language

SEEN, SAME_SOURCE, UNCONFIRMED = "peak_trial", "first_improvement_trial", "peak_label_botox"


def test_sources_are_numbered_in_the_order_in_which_they_come_and_once(sqlite_app: Flask) -> None:
    cites = Citations()
    for key in (SEEN, UNCONFIRMED, SAME_SOURCE):
        cites.says(key)
    assert [(number, source.name) for number, source in cites.sources] == [
        (1, fact(SEEN).source),
        (2, fact(UNCONFIRMED).source),
    ]
    assert 'href="#source-1"' in cites.says(SAME_SOURCE)


def test_it_says_the_words_of_the_fact_and_no_mark_stands_twice(sqlite_app: Flask) -> None:
    cites = Citations()
    assert cites.says(SEEN).startswith(fact(SEEN).words)
    assert re.findall(r">(\d+)</a>", cites.mark(SEEN, SAME_SOURCE)) == ["1"]


def test_a_fact_that_nobody_confirmed_has_a_question_mark_that_is_also_said(sqlite_app: Flask) -> None:
    cites = Citations()
    assert cites.mark(SEEN).count("?") == 0
    assert cites.all_confirmed
    marked = cites.mark(UNCONFIRMED)
    assert ">2?</a>" in marked
    assert 'aria-label="Source 2, not yet confirmed"' in marked
    assert not cites.all_confirmed


def test_a_share_is_the_figure_of_the_fact(sqlite_app: Flask) -> None:
    assert Citations().percent("swallowing_percent").startswith(f"{fact('swallowing_percent').figure:g}%<sup")
    with pytest.raises(FactsError, match="boxed_warning has no value"):
        Citations().percent("boxed_warning")


def test_a_fact_that_is_not_there_is_refused_by_name(sqlite_app: Flask) -> None:
    with pytest.raises(FactsError, match="no entry nonsense"):
        Citations().says("nonsense")


def test_it_speaks_the_language_of_the_page(sqlite_app: Flask) -> None:
    with in_language("es"):
        said = Citations().says("emergency")
    assert "llame al 911" in said
    assert 'aria-label="Fuente 1"' in said
