"""What a picture says, and where its words stand, given a function that says how wide a text is."""

from collections.abc import Callable, Sequence
from dataclasses import astuple, dataclass
from hashlib import sha256

Measure = Callable[[str, int], float]
"""How many pixels wide a text is at a size in pixels."""

WIDTH, HEIGHT = 1200, 630  # pixels: what social sites show without cutting
DESIGN = 1
"""Raised when the same words are drawn differently, so that their address changes too."""

ELLIPSIS = "…"
LINE_HEIGHT = 1.2  # of the size


@dataclass(frozen=True, slots=True)
class PictureWords:
    """All that a picture says. `details`: one sentence, which may take two lines, or two short lines."""

    site: str
    title: str
    details: tuple[str, ...]
    foot: str

    @property
    def version(self) -> str:
        """Changes with what is drawn, so that browsers and sites may keep the picture for a year."""
        return sha256(repr((DESIGN, astuple(self))).encode()).hexdigest()[:12]


@dataclass(frozen=True, slots=True)
class TextLine:
    """One line of text: `top` in pixels from the top of its block."""

    text: str
    size: int
    top: int


def fit_text(text: str, measure: Measure, width: int, height: int, sizes: Sequence[int]) -> list[TextLine]:
    """`text` in lines that fill no more than `width` by `height` pixels, at the largest of `sizes` at which it fits.

    What does not fit at the smallest one either is cut, with an ellipsis. Raises `ValueError` without sizes, or when
    not even one line is that high.
    """
    if not sizes or min(sizes) * LINE_HEIGHT > height:
        raise ValueError(f"no size of {list(sizes)} fits {height} pixels")
    size = min(sizes)
    for size in sorted(sizes, reverse=True):
        lines = _wrapped_at(size, text, measure, width)
        if len(lines) <= _most_lines(size, height):
            return _placed(lines, size)
    kept = lines[: _most_lines(size, height)]
    kept[-1] = shorten_text(f"{kept[-1]} {lines[len(kept)]}", lambda part: measure(part, size), width)
    return _placed(kept, size)


def _wrapped_at(size: int, text: str, measure: Measure, width: int) -> list[str]:
    return wrap_text(text, lambda part: measure(part, size), width)


def wrap_text(text: str, measure: Callable[[str], float], width: int) -> list[str]:
    """`text` in lines of at most `width` pixels, broken between words, or within a word that is wider than a line."""
    lines = [""]
    for word in text.split():
        together = f"{lines[-1]} {word}".strip()
        if measure(together) <= width:
            lines[-1] = together
            continue
        lines.append("")
        for character in word:
            if measure(lines[-1] + character) > width and lines[-1]:
                lines.append("")
            lines[-1] += character
    return [line for line in lines if line]


def shorten_text(text: str, measure: Callable[[str], float], width: int) -> str:
    """`text`, or as much of its start as fits `width` pixels with an ellipsis."""
    if measure(text) <= width:
        return text
    kept = text
    while kept and measure(kept.rstrip() + ELLIPSIS) > width:
        kept = kept[:-1]
    return kept.rstrip() + ELLIPSIS


def _most_lines(size: int, height: int) -> int:
    return int(height / (size * LINE_HEIGHT))


def _placed(lines: list[str], size: int) -> list[TextLine]:
    return [TextLine(line, size, round(index * size * LINE_HEIGHT)) for index, line in enumerate(lines)]
