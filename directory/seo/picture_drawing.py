"""What a picture says, where its words stand, and how it is drawn: 1200 by 630 pixels in the site's colors, a PNG."""

from collections.abc import Callable, Sequence
from dataclasses import astuple, dataclass
from functools import lru_cache
from hashlib import sha256
from io import BytesIO
from typing import TYPE_CHECKING

from directory.config import ROOT

if TYPE_CHECKING:  # Pillow is slow to import
    from PIL.ImageDraw import ImageDraw as Pen
    from PIL.ImageFont import FreeTypeFont

Measure = Callable[[str, int], float]
"""How many pixels wide a text is at a size in pixels."""

WIDTH, HEIGHT = 1200, 630  # pixels: what social sites show without cutting
DESIGN = 1
"""Raised when the same words are drawn differently, so that their address changes too."""

ELLIPSIS = "…"
LINE_HEIGHT = 1.2  # of the size

FONTS = ROOT / "static" / "vendor" / "fonts"
SERIF, SANS = "DejaVuSerif-Bold.ttf", "DejaVuSans.ttf"
MARGIN = 80
INNER_WIDTH = WIDTH - 2 * MARGIN
PAPER, INK, INK_SOFT, TEAL = "#fbf8f3", "#1d2a2b", "#55605f", "#0b5c57"  # as in site.css
TITLE_TOP, TITLE_HEIGHT, TITLE_SIZES = 170, 250, (76, 66, 58, 50, 44)
DETAIL_TOP, DETAIL_HEIGHT, DETAIL_SIZE, DETAIL_STEP, MAX_DETAILS = 440, 100, 34, 48, 2
FOOT_TOP, FOOT_SIZE = 560, 28
KEPT = 256
"""How many pictures a worker keeps: some 25 kB each."""


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

    What does not fit at the smallest one either is cut, with an ellipsis. One line of it is less than `height`.
    """
    for size in sorted(sizes, reverse=True):
        lines = wrap_text(text, measure, size, width)
        if len(lines) <= _most_lines(size, height):
            return _placed(lines, size)
    kept = lines[: _most_lines(size, height)]
    kept[-1] = shorten_text(f"{kept[-1]} {lines[len(kept)]}", measure, size, width)
    return _placed(kept, size)


def wrap_text(text: str, measure: Measure, size: int, width: int) -> list[str]:
    """`text` in lines of at most `width` pixels, broken between words, or within a word that is wider than a line."""
    lines = [""]
    for word in text.split():
        together = f"{lines[-1]} {word}".strip()
        if measure(together, size) <= width:
            lines[-1] = together
            continue
        lines.append("")
        for character in word:
            if measure(lines[-1] + character, size) > width and lines[-1]:
                lines.append("")
            lines[-1] += character
    return [line for line in lines if line]


def shorten_text(text: str, measure: Measure, size: int, width: int) -> str:
    """`text`, or as much of its start as fits `width` pixels with an ellipsis."""
    if measure(text, size) <= width:
        return text
    kept = text
    while kept and measure(kept.rstrip() + ELLIPSIS, size) > width:
        kept = kept[:-1]
    return kept.rstrip() + ELLIPSIS


def _most_lines(size: int, height: int) -> int:
    return int(height / (size * LINE_HEIGHT))


def _placed(lines: list[str], size: int) -> list[TextLine]:
    return [TextLine(line, size, round(index * size * LINE_HEIGHT)) for index, line in enumerate(lines)]


@lru_cache(maxsize=KEPT)
def draw_picture(words: PictureWords) -> bytes:
    """The PNG. Raises `OSError` when the fonts are missing: `make install` fetches them."""
    from PIL import Image, ImageDraw

    image = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, 0, WIDTH, 16), fill=TEAL)
    _mark(pen, MARGIN, 64)
    for left, top, line, face, color in place_lines(words):
        pen.text((left, top), line.text, font=_font(face, line.size), fill=color)
    png = BytesIO()
    image.quantize(64).save(png, "PNG", optimize=True)
    return png.getvalue()


def place_lines(words: PictureWords) -> list[tuple[int, int, TextLine, str, str]]:
    """Every line with its left and top in pixels, its font and color."""
    sans = measure_in(SANS)

    def one_line(text: str, size: int, width: int) -> TextLine:
        return TextLine(shorten_text(text, sans, size, width), size, 0)

    title = fit_text(words.title, measure_in(SERIF), INNER_WIDTH, TITLE_HEIGHT, TITLE_SIZES)
    if len(words.details) == 1:
        details = fit_text(words.details[0], sans, INNER_WIDTH, DETAIL_HEIGHT, (DETAIL_SIZE,))
    else:
        details = [one_line(detail, DETAIL_SIZE, INNER_WIDTH) for detail in words.details[:MAX_DETAILS]]
    return [
        (MARGIN + 72, 72, one_line(words.site, 34, INNER_WIDTH - 72), SANS, TEAL),
        *((MARGIN, TITLE_TOP + line.top, line, SERIF, INK) for line in title),
        *((MARGIN, DETAIL_TOP + index * DETAIL_STEP, line, SANS, INK_SOFT) for index, line in enumerate(details)),
        (MARGIN, FOOT_TOP, one_line(words.foot, FOOT_SIZE, INNER_WIDTH), SANS, TEAL),
    ]


def measure_in(face: str) -> Measure:
    return lambda text, size: _font(face, size).getlength(text)


@lru_cache(maxsize=32)
def _font(face: str, size: int) -> "FreeTypeFont":
    from PIL import ImageFont

    return ImageFont.truetype(str(FONTS / face), size)


def _mark(pen: "Pen", left: int, top: int) -> None:
    """The site's sign: a place with a cross."""
    pen.rounded_rectangle((left, top, left + 52, top + 52), radius=13, fill=TEAL)
    pen.ellipse((left + 13, top + 9, left + 39, top + 35), fill=PAPER)
    pen.polygon([(left + 15, top + 28), (left + 37, top + 28), (left + 26, top + 44)], fill=PAPER)
    pen.line((left + 26, top + 15, left + 26, top + 29), fill=TEAL, width=4)
    pen.line((left + 19, top + 22, left + 33, top + 22), fill=TEAL, width=4)
