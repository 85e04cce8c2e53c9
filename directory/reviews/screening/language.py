"""Which language a text is written in, as far as can be told."""

MIN_CHARACTERS = 40  # shorter texts are often a few words that several languages share
EXPECTED = ("en", "es")
"""Nearly all reviews are in these, often in both at once."""
_PRESENT_CODES = {"iw": "he", "jw": "jv"}  # CLD2 has codes that ISO 639 replaced
_NO_LANGUAGES = {"un", "xx"}


def language_of(text: str | None) -> str | None:
    """The ISO 639 code of the language of `text`; None when it is too short or in doubt."""
    import pycld2

    plain = " ".join("".join(letter if letter.isprintable() else " " for letter in text or "").split())
    if len(plain) < MIN_CHARACTERS:
        return None
    is_sure, _, ((_, found, _, _), *_) = pycld2.detect(plain.encode(errors="replace"), isPlainText=True)
    code = found.partition("-")[0]  # without the script, as in zh-Hant
    return _PRESENT_CODES.get(code, code) if is_sure and code not in _NO_LANGUAGES else None
