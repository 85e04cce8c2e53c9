"""No text, however long, leaves its place in a picture."""

from hypothesis import given
from hypothesis import strategies as st

from directory.seo import picture_drawing as drawing
from directory.seo.picture_drawing import (
    ELLIPSIS,
    HEIGHT,
    LINE_HEIGHT,
    SANS,
    WIDTH,
    PictureWords,
    fit_text,
    shorten_text,
    wrap_text,
)

TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=300)
NAMES = st.lists(st.sampled_from(["Ana", "de", "la", "Quintero-Hale", "MD,", "Ñandú", "W" * 60, "i" * 90]), max_size=30)


def _measure(text: str, size: int) -> float:
    return sum(size * (0.9 if character in "MW—" else 0.5) for character in text)


@given(text=TEXTS | NAMES.map(" ".join), width=st.integers(120, 1200), height=st.integers(60, 400))
def test_lines_fill_no_more_than_their_place(text: str, width: int, height: int) -> None:
    lines = fit_text(text, _measure, width, height, (48, 36, 24))
    for line in lines:
        assert _measure(line.text, line.size) <= width
        assert line.top + line.size * LINE_HEIGHT <= height + 1  # tops are whole pixels
    said = "".join("".join(line.text for line in lines).split())
    meant = "".join(text.split())
    assert said == meant or (said.endswith(ELLIPSIS) and meant.startswith(said.removesuffix(ELLIPSIS)))


@given(text=TEXTS, width=st.integers(30, 600))
def test_what_is_wrapped_loses_nothing(text: str, width: int) -> None:
    lines = wrap_text(text, _measure, 24, width)
    assert "".join("".join(lines).split()) == "".join(text.split())


def test_the_largest_size_that_fits_is_taken() -> None:
    assert {line.size for line in fit_text("Short", _measure, 500, 100, (24, 48, 36))} == {48}
    assert {line.size for line in fit_text("word " * 12, _measure, 500, 100, (24, 48, 36))} == {24}


def test_a_short_text_is_not_cut() -> None:
    assert shorten_text("Ana", _measure, 20, 30) == "Ana"
    assert shorten_text("Anna", _measure, 20, 30) == "An…"


@given(title=TEXTS | NAMES.map(" ".join), details=st.lists(NAMES.map(" ".join), max_size=2))
def test_with_the_real_letters_every_line_stays_in_the_picture(title: str, details: list[str]) -> None:
    for left, top, line, face, _ in drawing.place_lines(
        PictureWords("Neck Spasm Directory", title, tuple(details), "Torrance")
    ):
        assert left + drawing.measure_in(face)(line.text, line.size) <= WIDTH - drawing.MARGIN
        assert top + line.size * LINE_HEIGHT <= HEIGHT


def test_the_letters_have_accents() -> None:
    missing = drawing._font(SANS, 40).getmask("\U0010ffff")
    for character in "ñáéíóúüÑ¿¡·–’…Łşőż":
        for face in (drawing.SANS, drawing.SERIF):
            assert bytes(drawing._font(face, 40).getmask(character)) != bytes(missing), character
