"""Texts that are nearly the same are found, and others are left alone."""

import random
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.ratings.near_duplicates import MIN_LETTERS, band_keys, clusters, letters, nearly_same

WORDS = re.findall(
    r"\w+",
    "after before doctor careful explained neck injection relief weeks months staff friendly waiting parking insurance "
    "helped nothing again drive sleep shoulder turned small needle pain gone slowly returned question answer office",
)


def text(seed: int, words: int = 20) -> str:
    return " ".join(random.Random(seed).choices(WORDS, k=words))


def grouped(*texts: str) -> list[int]:
    return clusters([letters(each) for each in texts]).tolist()


def test_capitals_spaces_and_signs_make_no_difference() -> None:
    assert grouped(text(1), f"  {text(1).upper()}!!! ") == [0, 0]


@pytest.mark.parametrize("changed", [1, 2, 3])
def test_a_copy_with_some_words_changed_is_found(changed: int) -> None:
    found = 0
    for seed in range(40):
        words = text(seed, 25).split()
        for index in random.Random(seed).sample(range(25), changed):
            words[index] = "entirely"
        found += grouped(text(seed, 25), " ".join(words)) == [0, 0]
    assert found >= 36


def test_texts_of_their_own_stand_alone() -> None:
    texts = [text(seed) for seed in range(300)]
    assert grouped(*texts) == list(range(300))


def test_a_copy_is_found_among_many_and_named_by_the_first() -> None:
    texts = [text(seed) for seed in range(200)]
    assert grouped(*texts, text(70), text(140))[200:] == [70, 140]


def test_short_texts_are_not_compared() -> None:
    assert grouped("Very helpful.", "Very helpful.", "", "") == [0, 1, 2, 3]


@pytest.mark.parametrize(
    "short", ["bad", "so good", "Great doctor and very friendly staff.", "Очень хороший врач, всем советую", "👍" * 20]
)
def test_a_short_text_is_no_copy_in_any_script(short: str) -> None:
    assert grouped(short, short, f"{short}!") == [0, 1, 2]


def test_letters_of_any_script_count() -> None:
    arabic = "ساعدني العلاج كثيرا بعد أسبوعين وأصبحت قادرا على القيادة من جديد"
    assert grouped(arabic, arabic + "!", text(3)) == [0, 0, 2]


@given(st.lists(st.text(max_size=200), max_size=8))
def test_any_text_has_a_cluster_whose_name_comes_no_later(texts: list[str]) -> None:
    found = grouped(*texts)
    assert all(found[name] == name <= index for index, name in enumerate(found))


@given(st.text(min_size=MIN_LETTERS, alphabet=st.characters(categories=["Ll", "Nd"])), st.text())
def test_keys_hang_on_the_text_alone(one: str, other: str) -> None:
    alone = band_keys([letters(one)])[0].tolist()
    long_other = letters(other + "x" * MIN_LETTERS)
    assert band_keys([long_other, letters(one), long_other])[1].tolist() == alone


def test_nearness_is_a_share_of_letters() -> None:
    assert nearly_same(b"a" * 75 + b"b" * 25, b"a" * 75 + b"c" * 25)
    assert not nearly_same(b"a" * 70 + b"b" * 30, b"a" * 70 + b"c" * 30)
