"""Names that one clerk would call the same are the same here."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.credentials.name_keys import (
    MAX_KEY_LENGTH,
    business_key,
    person_key,
    person_keys,
    same_given_names,
)

SUFFIXES = ("jr", "sr", "ii", "iii", "iv", "2nd", "3rd", "4th")
LETTERS = st.sampled_from("abcdeijrsABCIJRS12nrdthéÉñüÅçø")
WORDS = st.text(LETTERS, min_size=1, max_size=6)
NAMES = st.lists(WORDS, min_size=1, max_size=4)
BETWEEN = st.sampled_from([" ", "  ", "-", ", ", " - ", "/", "\t"])
SILENT = st.sampled_from(["", "'", "’", ".", "`"])


def plainly_folded(text: str) -> str:
    """The folding letter by letter, with nothing but `unicodedata`."""
    words, word = [], ""
    for letter in text + " ":
        if letter in ".'’`":
            continue
        for part in unicodedata.normalize("NFKD", letter.casefold()):
            if unicodedata.combining(part):
                continue
            if part.isalnum():
                word += "o" if part == "ø" else part
            elif word:
                words.append(word)
                word = ""
    while len(words) > 1 and words[-1] in SUFFIXES:
        words.pop()
    return "".join(words)


@given(last=NAMES, first=NAMES, between=BETWEEN, silent=SILENT)
def test_keys_are_what_a_letter_by_letter_folding_gives(
    last: list[str], first: list[str], between: str, silent: str
) -> None:
    written = [between.join(word[:1] + silent + word[1:] for word in words) for words in (last, first)]
    assert person_key(*written) == "|".join(map(plainly_folded, written))


@given(last=NAMES, first=NAMES, middle=st.lists(WORDS, max_size=2))
def test_a_key_does_not_change_with_the_spelling(last: list[str], first: list[str], middle: list[str]) -> None:
    key = person_key(" ".join(last), " ".join(first))
    assert person_key("-".join(last).upper(), ". ".join(first).swapcase()) == key
    assert key in person_keys(" ".join(last), " ".join(first), " ".join(middle))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("O'NEIL", "SEAN"), ("Oneil", "Seán")),
        (("SMITH-JONES", "ANA"), ("Smith Jones", "Ana")),
        (("DELACRUZ", "MARIA"), ("de la Cruz", "María")),
        (("SMITH JR", "JOHN"), ("Smith", "John")),
        (("SMITH", "JOHN III"), ("Smith, Sr.", "John")),
        (("ŁÓDŹ", "JØRGEN"), ("Lodz", "Jorgen")),
        (("ST. JAMES", "D'ANDRE"), ("St James", "Dandre")),
    ],
)
def test_spellings_of_one_name(one: tuple[str, str], other: tuple[str, str]) -> None:
    assert person_key(*one) == person_key(*other)


def test_other_names_have_other_keys() -> None:
    keys = [person_key("Smith", "John"), person_key("Smithj", "Ohn"), person_key("Smith", "Jon"), business_key("Smith")]
    assert len(set(keys)) == len(keys)


@pytest.mark.parametrize(("last", "first"), [("", "Ana"), ("Cruz", None), (None, None), ("--", "Ana")])
def test_half_a_name_is_no_key(last: str | None, first: str | None) -> None:
    assert person_key(last, first) == ""


def test_a_name_that_is_only_a_suffix_stays() -> None:
    assert person_key("Jr", "Sr") == "jr|sr"


def test_a_key_fits_its_column() -> None:
    assert len(person_key("ß" * 100, "a" * 100)) == MAX_KEY_LENGTH


def test_given_names_agree(subtests: pytest.Subtests) -> None:
    for one, other, same in [
        (("Ana", None), ("ANA", None), True),
        (("Ana", "Maria"), ("ANA", "M"), True),
        (("Ana", "M."), ("ANA", "MARIA"), True),
        (("Ana", "Maria"), ("ANA", ""), True),
        (("Ana", "Maria"), ("ANA", "LUISA"), False),
        (("Ana", "Maria"), ("ANA", "L"), False),
        (("Ana", "Maria Luisa"), ("ANA", "M L"), True),
        (("Ana", "Maria Luisa"), ("ANA", "M R"), False),
        (("Mary Ann", None), ("MARY", "ANN"), True),
        (("Mary", "Ann"), ("MARY ANN", ""), True),
        (("Mary-Ann", None), ("MARY", ""), False),
        (("Ana", None), ("ANNA", None), False),
        (("", "Ana"), ("", "ANA"), False),
    ]:
        with subtests.test(one=one):
            assert same_given_names(*one, *other) is same
            assert same_given_names(*other, *one) is same


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("SOUTH BAY NERVES, INC", "South Bay Nerves"),
        ("South Bay Nerves L.L.C.", "SOUTH BAY NERVES LLC"),
        ("THE NERVE CENTER CORP", "Nerve Center, Corporation"),
        ("SMITH & SONS P C", "Smith and Sons, P.C."),
        ("ANA CRUZ, M.D., A MEDICAL CORPORATION", "Ana Cruz MD Inc."),
        ("ANA CRUZ MD A PROFESSIONAL CORP", "ANA CRUZ MD"),
    ],
)
def test_spellings_of_one_business(one: str, other: str) -> None:
    assert business_key(one) == business_key(other) != ""


def test_a_business_keeps_what_is_not_its_legal_form() -> None:
    assert business_key("Inc") == "inc"
    assert business_key("Pacific Co Nerves") == "pacificconerves"
    assert business_key(None) == ""
