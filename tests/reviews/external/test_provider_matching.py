"""Matching names nobody wrongly, names most, and leaves to people what could be either."""

import random
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.reviews.external.provider_matching import (
    CERTAIN,
    DOUBTFUL,
    MARGIN,
    Candidate,
    MatchIndex,
    judge,
    likeness,
    traits_of,
    traits_of_subject,
)
from directory.reviews.external.subjects import Name, Subject, address_of, name_likeness, name_of, phone_of
from tests.reviews.external.people import CASES, LANTERN, PROVIDERS

INDEX = MatchIndex(PROVIDERS.items())


def certain(kind: str) -> list[bool]:
    return [INDEX.match(case.subject).is_certain for case in CASES if case.kind == kind]


def test_whoever_is_named_with_certainty_is_meant(subtests: pytest.Subtests) -> None:
    for case in CASES:
        with subtests.test(case=case):
            match = INDEX.match(case.subject)
            if match.is_certain:
                assert match.candidates[0].npi == case.means


def test_whoever_is_meant_is_among_those_that_a_person_sees(subtests: pytest.Subtests) -> None:
    for case in CASES:
        with subtests.test(case=case):
            if case.means:
                assert case.means in {candidate.npi for candidate in INDEX.match(case.subject).candidates}


def test_what_tells_people_apart_is_certain(subtests: pytest.Subtests) -> None:
    for kind in [
        "as here",
        "last name first",
        "no accents, other marks",
        "middle name",
        "hyphen left out",
        "typo",
        "other phone",
        "phone alone",
        "same name, address tells",
        "a degree as name",
        "group practice",
        "other name",
        "legal form",
    ]:
        with subtests.test(kind=kind):
            assert all(certain(kind))


@pytest.mark.parametrize(
    "kind",
    ["moved", "name alone", "same name, nothing tells", "initial", "short form", "another ending", "a name like it"],
)
def test_what_could_be_either_is_never_certain(kind: str) -> None:
    assert not any(certain(kind))


@pytest.mark.parametrize("kind", ["another of the practice", "somebody else"])
def test_nobody_here_is_offered_for_somebody_who_is_not(kind: str) -> None:
    assert not any(INDEX.match(case.subject).candidates for case in CASES if case.kind == kind)


def test_the_thresholds_are_the_loosest_on_the_test_set_that_name_nobody_wrongly() -> None:
    """The table in docs/importing-reviews.md: a lower bar for certainty names somebody wrongly."""
    assert wrong_and_right(CERTAIN, MARGIN) == (0, 16)
    assert wrong_and_right(0.70, MARGIN)[0] > 0
    assert wrong_and_right(CERTAIN, 0.0)[0] > 0


def wrong_and_right(at_least: float, margin: float) -> tuple[int, int]:
    """How many subjects of the test set would be named wrongly, and how many rightly."""
    wrong = right = 0
    for case in CASES:
        traits = traits_of_subject(case.subject)
        scores = sorted(((likeness(traits, PROVIDERS[npi]).score, npi) for npi in PROVIDERS), reverse=True)
        (best, npi), (second, _) = scores[:2]
        if best >= at_least and best - second >= margin:
            right += npi == case.means
            wrong += npi != case.means
    return wrong, right


def test_a_subject_that_says_only_a_name_is_at_most_doubtful() -> None:
    found = likeness(traits_of(["Ana Cruz"], [], []), traits_of(["Ana Cruz"], [LANTERN], ["(310) 555-0100"]))
    assert (found.name, found.address, found.phone) == (1, None, None)
    assert DOUBTFUL <= found.score < CERTAIN


def test_sharing_a_house_and_a_phone_makes_nobody_the_same_person() -> None:
    found = likeness(
        traits_of(["Ben Ortiz"], [LANTERN], ["3105550100"]), traits_of(["Ana Cruz"], [LANTERN], ["3105550100"])
    )
    assert (found.address, found.phone) == (1, 1)
    assert found.score < DOUBTFUL


def test_a_name_is_the_words_that_tell_it_from_others(subtests: pytest.Subtests) -> None:
    for text, words in [
        ("Cruz, Ana M., M.D.", ("ana", "cruz")),
        ("Dr. Ana O’Neil PA-C", ("ana", "oneil")),
        ("Do, Linh MD", ("linh", "do")),
        ("Prof. José Núñez", ("jose", "nunez")),
        ("South Bay Neurology, A Medical Corporation", ("south", "bay", "neurology")),
        ("The Medical Group, Inc.", ("medical", "group")),
        ("A. Cruz", ("a", "cruz")),
        ("", ()),
        ("...", ()),
    ]:
        with subtests.test(text=text):
            assert name_of(text).words == words


@pytest.mark.parametrize(
    ("text", "number", "street", "code"),
    [
        (LANTERN, "1786", ("lantern", "ct"), "90503"),
        ("Suite 5, 12 N. Main Street #4, Torrance, CA 90503-1234", "12", ("n", "main", "st"), "90503"),
        ("12345 Main St", "12345", ("main", "st"), ""),
        ("Torrance, CA 90503", "", (), "90503"),
        ("Torrance", "", (), ""),
    ],
)
def test_an_address_is_its_number_street_and_zip(text: str, number: str, street: tuple[str, ...], code: str) -> None:
    address = address_of(text)
    assert (address.number, address.street, address.zip) == (number, street, code)


@pytest.mark.parametrize(
    ("text", "digits"),
    [("+1 (310) 555-0100 ext. 12", "3105550100"), ("310.555.0100", "3105550100"), ("555-0100", ""), ("", "")],
)
def test_a_phone_is_its_ten_digits(text: str, digits: str) -> None:
    assert phone_of(text) == digits


words = st.lists(st.text("abcde", min_size=2, max_size=6), min_size=1, max_size=4).map(tuple)


@given(words, words)
def test_likeness_of_names_is_a_share_and_the_same_both_ways_for_equal_lengths(
    one: tuple[str, ...], other: tuple[str, ...]
) -> None:
    assert 0 <= name_likeness(Name(one), Name(other)) <= 1
    assert name_likeness(Name(one), Name(one)) == 1
    assert name_likeness(Name(one), Name(other, "jr")) <= name_likeness(Name(one), Name(other))


@given(st.text(max_size=80), st.text(max_size=80), st.text(max_size=30))
def test_whatever_a_source_writes_can_be_compared(name: str, address: str, phone: str) -> None:
    for match in (INDEX.match(Subject(name, address, phone)), INDEX.match(Subject("Ana Cruz", address, phone))):
        assert all(0 <= candidate.score <= 1 for candidate in match.candidates)


def test_equal_candidates_stand_in_the_order_of_their_npis() -> None:
    match = judge([Candidate("2", 0.9), Candidate("1", 0.9), Candidate("3", 0.4)])
    assert (match.is_certain, [each.npi for each in match.candidates]) == (False, ["1", "2"])


def test_blocks_lose_nobody_who_is_certain_among_many() -> None:
    """Against scoring everybody, on a town of 400 with typos, moves and left-out parts."""
    luck = random.Random(7)
    syllables = ["ka", "lo", "mi", "ren", "sa", "tor", "ul", "ves"]
    names = [("".join(a).title(), "".join(b).title()) for a, b in zip(
        luck.sample(list(product(syllables, repeat=2)), 60) * 7, luck.sample(list(product(syllables, repeat=3)), 420),
        strict=True)]  # fmt: skip
    town = {
        f"{number}": (f"{first} {last}", f"{number % 90 + 1} Oak Street, Torrance, CA 905{number % 20:02d}",
                      f"310555{number % 200:04d}")
        for number, (first, last) in enumerate(names)
    }  # fmt: skip
    known = {npi: traits_of([name], [address], [phone]) for npi, (name, address, phone) in town.items()}
    index = MatchIndex(known.items())
    for npi in luck.sample(sorted(town), 200):
        name, address, phone = town[npi]
        cut = luck.randrange(len(name) - 3) + 2
        name = luck.choice([name, name[:cut] + name[cut + 1 :], name.upper()])
        subject = Subject(name, luck.choice([address, "", "1 Other Road, Gardena, CA 90247"]), luck.choice([phone, ""]))
        everybody = judge(
            Candidate(each, likeness(traits_of_subject(subject), traits).score) for each, traits in known.items()
        )
        if everybody.is_certain:
            assert index.match(subject) == everybody
