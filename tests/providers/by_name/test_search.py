"""The search by name: what finds whom, in which order, on both databases; equal to a plain scoring of every name."""

import random
from collections.abc import Collection
from datetime import UTC, datetime

import pytest
from flask import Flask

from directory.extensions import db
from directory.providers.by_name import queries
from directory.providers.by_name.models import NameWord
from directory.providers.by_name.queries import find_names, with_extras
from directory.providers.by_name.scoring import Closeness, TypedName, extra_points, likeness, read_name
from directory.providers.by_name.words import found_words
from directory.providers.models import ORGANIZATION, OtherName, Provider
from tests import factories


def person(name: str, last: str | None = None, **values: object) -> str:
    return factories.provider(name=f"{name}, MD", last_name=last or name.split()[-1], **values).npi


def practice(name: str, *others: str) -> str:
    row = factories.provider(name=name, entity_type=ORGANIZATION, credential_text=None, last_name=None)
    row.other_names = [OtherName(kind="3", name=other, source_key="demo", as_of=factories.DAY) for other in others]
    db.session.flush()
    return row.npi


def found(text: str) -> list[str]:
    name = read_name(text)
    matches = with_extras(name, find_names(name))
    pairs = sorted(zip((-matches.points).tolist(), matches.npis.tolist(), strict=True))
    return [str(npi) for _, npi in pairs]


@pytest.mark.postgresql
def test_a_name_is_found_however_it_is_written(app: Flask) -> None:
    quintero = person("Ana M. Quintero")
    cruz = person("José de la Cruz-O’Brien", "de la Cruz-O’Brien")
    bay = practice("South Bay Neurology, Inc.", "Beach Cities Spasm Center")
    robert = person("Robert James Smith", "Smith")
    for text in (
        "quintero", "QUINTERO", "Ana Quintero", "quintero, ana", "Dr. Quintero", "Ana M Quintero MD", "quint",
        "qunitero", "quinterro", "quinttero", "uintero", "A. Quintero", "Ana Maria Quintero", "kintaro",
        "Annie Quintero",
    ):  # fmt: skip
        assert found(text) == [quintero], text
    for text in ("jose de la cruz", "José Cruz", "O'Brien", "o brien", "delacruzobrien", "Pepe Obrian", "cruz obrien"):
        assert found(text) == [cruz], text
    for text in ("south bay", "Southbay Neurology", "neurology of south bay", "beach cities", "Spasm Centre"):
        assert found(text) == [bay], text
    for text in ("Bob Smith", "rob smith", "R J Smith", "Smith Robert", "smyth robert", "Jim Smith"):
        assert found(text) == [robert], text
    assert found("nobody") == []
    assert found("quintero torrance") == [quintero]


def test_an_initial_stands_for_one_word_only(sqlite_app: Flask) -> None:
    person("Carla C. Castro")
    assert found("Center City Clinic") == []
    cruz = person("Ana C. Cruz")
    assert found("Ana Clara Cruz") == found("Cruz, Clara Ana") == [cruz]


@pytest.mark.postgresql
def test_the_order_is_the_likeness_then_the_npi(app: Flask) -> None:
    exact, other = person("Jon Smith"), person("Jon Smith")
    short, begins = person("John Smith"), person("Jonas Smith")
    doctor = person("Smith Jon Johnson", "Johnson")
    assert found("jon smith") == [exact, other, doctor, short, begins]
    assert found("jon smit") == [exact, other, doctor, short, begins]


@pytest.mark.postgresql
def test_the_index_follows_every_change_of_a_name(app: Flask) -> None:
    npi = practice("Harbor Pain", "Old Pier Clinic")
    row = db.session.get_one(Provider, npi)
    row.name = "Lighthouse Pain"
    row.other_names.clear()
    db.session.flush()
    assert found("lighthouse pain") == [npi]
    assert found("harbor") == found("old pier") == []
    db.session.delete(row)
    db.session.flush()
    assert found("lighthouse") == []
    assert db.session.query(NameWord).count() == 0


def test_who_is_hidden_or_merged_is_not_found_until_that_is_undone(app: Flask) -> None:
    npi, other = person("Ana Quintero"), person("Eva Other")
    row = db.session.get_one(Provider, npi)
    for field, value in (("hidden_at", datetime(2026, 1, 2, tzinfo=UTC)), ("merged_into", other)):
        setattr(row, field, value)
        db.session.flush()
        assert found("quintero") == []
        setattr(row, field, None)
        db.session.flush()
        assert found("quintero") == [npi]


FIRST = ["ana", "anna", "john", "jon", "robert", "bob", "maria", "mary", "jose", "li", "bo", "chris"]
LAST = ["smith", "smyth", "quintero", "kintaro", "de la cruz", "o'brien", "lee", "li", "garcia", "garcía", "smithson"]


OFFICE = ["pain", "center", "centers", "clinic", "care", "car", "southbay", "group"]


@pytest.mark.postgresql
def test_what_the_index_finds_is_what_a_plain_scoring_of_every_name_finds(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Random names and random mistakes, whether words count as rare or common, and providers as few or many."""
    chance = random.Random(14)
    words: dict[str, frozenset[str]] = {}
    for _ in range(150):
        first, last = chance.choice(FIRST).title(), chance.choice(LAST).title()
        middle = chance.choice(["", "M. ", "Maria ", "J. ", "James "])
        npi = person(f"{first} {middle}{last}", last)
        words[npi] = found_words([f"{first} {middle}{last}"], last)
    for _ in range(50):
        name = " ".join((chance.choice(LAST), *chance.sample(OFFICE, chance.randint(1, 3)))).title()
        words[practice(name)] = found_words([name])
    compared = 0
    for _ in range(300):
        monkeypatch.setattr(queries, "MAX_CHECKED", chance.choice((0, 5, 300)))
        monkeypatch.setattr(queries, "MAX_SIZE", chance.choice((4, 20, 3000)))
        typed = [chance.choice(FIRST), chance.choice(["m", "maria", "", "", "dr", "torrance"]), chance.choice(LAST)]
        if chance.random() < 0.3:
            typed = [*chance.sample(OFFICE, 3), chance.choice(LAST)]
        typed = [mistake(word, chance) for word in typed[chance.choice((0, 0, 2)) :]]
        chance.shuffle(typed)
        text = " ".join(typed)
        name = read_name(text)
        matches = with_extras(name, find_names(name))
        if not matches.is_partial:
            answer = dict(zip(map(str, matches.npis.tolist()), matches.points.tolist(), strict=True))
            assert answer == plain(text, words), text
            compared += bool(answer)
    assert compared > 150


def mistake(word: str, chance: random.Random) -> str:
    at = chance.randrange(len(word)) if word else 0
    return chance.choice((word, word, word[:at] + word[at + 1 :], word[:at] + "x" + word[at:], word[: at + 1]))


def plain(text: str, words: dict[str, frozenset[str]]) -> dict[str, int]:
    name = read_name(text)
    for closeness in Closeness:
        scores = {npi: score for npi, its in words.items() if (score := score_name(name, its, closeness))}
        if scores:
            break
    return scores


def score_name(name: TypedName, words: Collection[str], closeness: Closeness) -> int:
    """The points of a provider whose names have `words`; 0 when a typed word is less like them than `closeness`."""
    likenesses = (
        [max((likeness(typed, word, typed in name.words) for word in words), default=0) for typed in reading]
        for reading in name.readings
    )
    means = [sum(points) // len(points) for points in likenesses if min(points) >= closeness]
    return max(means) + extra_points(name.extras, words) if means else 0
