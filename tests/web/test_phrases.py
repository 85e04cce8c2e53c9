"""A phrase is put into words when it is shown, and comes back from the database as it went in."""

import json
from datetime import date

import pytest
from flask import Flask

from directory.web.languages import in_language
from directory.web.phrases import Phrase, listed, read_phrase

TREATMENTS = (
    "%(count)s neck treatment billed to Medicare in %(year)s",
    "%(count)s neck treatments billed to Medicare in %(year)s",
)
GUIDANCE = Phrase(
    "%(guidance)s (CPT %(code)s) billed to Medicare in %(year)s",
    {"guidance": Phrase("EMG guidance"), "code": "95874", "year": "2023"},
)
PHRASES = {
    "licensed since January 2, 2010": (
        Phrase("licensed since %(day)s", {"day": date(2010, 1, 2)}),
        "con licencia desde el 2 de enero de 2010",
    ),
    "1 neck treatment billed to Medicare in 2023": (
        Phrase(TREATMENTS, {"count": 1, "year": "2023"}),
        "1 tratamiento del cuello facturado a Medicare en 2023",
    ),
    "1,200 neck treatments billed to Medicare in 2023": (
        Phrase(TREATMENTS, {"count": 1200, "year": "2023"}),
        "1,200 tratamientos del cuello facturados a Medicare en 2023",
    ),
    "EMG guidance (CPT 95874) billed to Medicare in 2023": (
        GUIDANCE,
        "EMG como guía (CPT 95874), con factura a Medicare en 2023",
    ),
    "100% unknown": (Phrase("100% unknown"), "100% unknown"),
    "": (Phrase(""), ""),
}


@pytest.mark.parametrize("english", PHRASES)
def test_it_is_written_in_the_language_of_the_page(sqlite_app: Flask, english: str) -> None:
    phrase, spanish = PHRASES[english]
    assert (str(phrase), phrase.english) == (english, english)
    with in_language("es"):
        assert (str(phrase), phrase.english) == (spanish, english)


@pytest.mark.parametrize("english", PHRASES)
def test_outside_of_an_app_it_is_english(english: str) -> None:
    assert str(PHRASES[english][0]) == english


@pytest.mark.parametrize("english", PHRASES)
def test_it_is_read_as_it_was_stored(english: str) -> None:
    phrase, _ = PHRASES[english]
    assert read_phrase(json.loads(json.dumps(phrase.stored()))) == phrase


def test_names_are_listed_as_each_language_does(sqlite_app: Flask) -> None:
    assert [listed(["a"]), listed(["a", "b"]), listed(["a", "b", "c"])] == ["a", "a and b", "a, b, and c"]
    with in_language("es"):
        assert listed(["a", "b", "c"]) == "a, b y c"
