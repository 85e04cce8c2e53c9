"""Data within a page for machines: JSON that no text of it can break out of."""

import json
from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

_ESCAPES = {ord(character): f"\\u{ord(character):04x}" for character in "<>&\u2028\u2029"}


def data_block(values: Mapping[str, Any]) -> Markup:
    """`values` as JSON that may stand between `<script type="application/ld+json">` and its end.

    A browser ends the element at `</script` and changes its rules at `<!--`, wherever they stand; escaped as JSON does,
    they mean the same to a reader of JSON.
    """
    text = json.dumps(values, ensure_ascii=False, separators=(",", ":"))
    return Markup(text.translate(_ESCAPES))  # noqa: S704 (nothing that HTML reads is left)
