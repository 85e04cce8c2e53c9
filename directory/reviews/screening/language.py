"""Which language a text is written in, as far as can be told."""

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

MIN_CHARACTERS = 40  # shorter texts are often a few words that several languages share
SURE = 0.95
SURE_OF_EXPECTED = 0.6  # for English and Spanish, in which nearly all reviews are, often both at once
EXPECTED = ("en", "es")


def language_of(text: str | None) -> str | None:
    """The ISO 639 code of the language of `text`; None when it is too short or in doubt."""
    plain = " ".join((text or "").split())
    if len(plain) < MIN_CHARACTERS:
        return None
    code, probability = _identifier().classify(plain)
    return str(code) if probability >= (SURE_OF_EXPECTED if code in EXPECTED else SURE) else None


@cache
def _identifier() -> "LanguageIdentifier":
    """The model, read when it is first asked for: it takes about a second."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
