"""What people type is kept as they mean it; what nobody sees goes."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.web.plain_text import has_tags, plain_text, without_invisible


@pytest.mark.parametrize(
    "text",
    [
        "می‌خواهم",  # Persian, with a non-joiner within the word
        "\u0d28\u0d4d\u200d",  # Malayalam, a joiner at the word's end
        "\u0dc1\u0dca\u200d\u0dbb\u0dd3",  # Sinhala, a joiner within
        "👩‍⚕️ 👨‍👩‍👧 🏳️‍🌈 👋🏽 🙂‍↔️",
        "\U0001f3f4\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f",  # the flag of Scotland
        "שלום, مرحبا",
        "Botox\u200cها و ۲۰\u200cساله",  # a Persian ending of a Latin word and of a number
        "❤️‍🔥 1️⃣ ☎︎ ↔️ ⛓️‍💥",
        "葛\U000e0100城",  # a form of an ideograph
        "two\n\n\tlines",
    ],
)
def test_what_a_script_or_an_emoji_needs_stays(text: str) -> None:
    assert plain_text(text).text == unicodedata.normalize("NFC", text)
    assert plain_text(text).taken_out == 0


@pytest.mark.parametrize(
    ("text", "kept", "taken_out"),
    [
        ("a\u200bb\u200cc\u200dd\ufeff", "abcd", 4),
        ("\u202ereversed\u202c \u2066x\u2069", "reversed x", 4),
        ("nul\x00 bell\x07 escape\x1b", "nul bell escape", 3),
        ("soft\u00adhyphen", "softhyphen", 1),
        ("hidden\U000e0068\U000e0069", "hidden", 2),
        ("م\u200d ", "م", 1),
        ("می\u200c\u200cرود", "می\u200cرود", 1),
        ("Jo\u3164\u2800\uffa0\u115f W.", "Jo W.", 4),
        ("see\ufffc\ufe0f\U000e0100\U000e01ef", "see", 4),
        ("🙂\ufe0f\ufe0f\U000e0101", "🙂\ufe0f", 2),
        ("soft\u2028line\x0bbreaks", "soft\nline\nbreaks", 0),
    ],
)
def test_what_nobody_sees_is_taken_out_and_counted(text: str, kept: str, taken_out: int) -> None:
    assert (plain_text(text).text, plain_text(text).taken_out) == (kept, taken_out)


@pytest.mark.parametrize(
    "typed",
    [
        *(
            "\u3164",
            "\u2800",
            "\u200b",
            "\u2060\ufeff",
            "\u202e\u2066",
            "\U000e0041\U000e007f",
            "\ufe0f",
            "\u115f\u1160",
        ),
        *("\u00a0\u3000\u2003", "\u3164 \u2800\n\u200d", "\u034f\u0301", "\ufe0f\u20e3", "\ue000", "\u00ad", "\ufffc"),
    ],
)
def test_a_text_in_which_nothing_can_be_seen_is_none(typed: str) -> None:
    assert plain_text(typed).text == without_invisible(typed) == ""


@pytest.mark.parametrize("text", ["…", "👍", "★", "5", "ñ", "김", "🫩", "🏴󠁧󠁢󠁳󠁣󠁴󠁿"])
def test_a_sign_or_an_emoji_alone_is_a_text(text: str) -> None:
    assert plain_text(text).text == text


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("a\n\n\n\nb", "a\n\nb"),
        ("a\r\n\r\n\r\nb", "a\n\nb"),
        ("a\n \n\t\n\u2800\n b", "a\n\n b"),
        ("a\n\nb\nc", "a\n\nb\nc"),
        ("a\u2029\u2029\u2029b", "a\n\nb"),
    ],
)
def test_of_blank_lines_in_a_row_one_is_kept(typed: str, kept: str) -> None:
    assert plain_text(typed).text == kept


def test_long_rows_of_invisible_characters_are_read_at_once() -> None:
    for row in ("\u200c", "\ufe0f\u200d", "\u3164", "\n \n", "م\u200c", "\U0001f3f4\U000e0067"):
        assert len(plain_text(f"a{row * 20_000}b").text) < 40_003


def test_texts_are_composed_and_their_lines_end_alike() -> None:
    assert plain_text(" cafe\u0301\r\nnew\rline ").text == "café\nnew\nline"
    assert without_invisible(" a\u200b\n b ") == "a b"


@given(st.text())
def test_cleaning_again_finds_nothing_more(text: str) -> None:
    once = plain_text(text)
    assert plain_text(once.text).text == once.text


@pytest.mark.parametrize("text", ["<script>", "</b>", "<img src=x>", "<!-- x -->", "a <br/> b", "<SCRIPT\nsrc=x>"])
def test_tags_are_seen(text: str) -> None:
    assert has_tags(text)


@pytest.mark.parametrize("text", ["I <3 it", "2 < 3 and 5 > 4", "a<b", "<- there", "10 <", ""])
def test_signs_are_no_tags(text: str) -> None:
    assert not has_tags(text)
