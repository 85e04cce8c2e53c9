"""Draws a picture: 1200 by 630 pixels in the site's colors, as bytes of a PNG."""

from functools import lru_cache
from io import BytesIO

from PIL import Image, ImageDraw, ImageFont

from directory.config import ROOT
from directory.seo.picture_layout import HEIGHT, WIDTH, Measure, PictureWords, TextLine, fit_text, shorten_text

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


@lru_cache(maxsize=KEPT)
def draw_picture(words: PictureWords) -> bytes:
    """The PNG. Raises `OSError` when the fonts are missing: `make install` fetches them."""
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
        return TextLine(shorten_text(text, lambda part: sans(part, size), width), size, 0)

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
def _font(face: str, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(FONTS / face), size)


def _mark(pen: ImageDraw.ImageDraw, left: int, top: int) -> None:
    """The site's sign: a place with a cross."""
    pen.rounded_rectangle((left, top, left + 52, top + 52), radius=13, fill=TEAL)
    pen.ellipse((left + 13, top + 9, left + 39, top + 35), fill=PAPER)
    pen.polygon([(left + 15, top + 28), (left + 37, top + 28), (left + 26, top + 44)], fill=PAPER)
    pen.line((left + 26, top + 15, left + 26, top + 29), fill=TEAL, width=4)
    pen.line((left + 19, top + 22, left + 33, top + 22), fill=TEAL, width=4)
