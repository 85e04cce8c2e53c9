"""Numbers as people type them. Pure."""

import re
from decimal import Decimal

_NUMBER = re.compile(r"(\d{1,3}(,\d{3})+|\d{1,9})?(\.\d{1,6})?", re.ASCII)


def typed_number(text: str) -> Decimal | None:
    """A number of 0 or more, with or without commas between thousands; None for what is none."""
    if not text or not _NUMBER.fullmatch(text):
        return None
    return Decimal(text.replace(",", ""))
