"""What this room knows of the guide, which lies beside it: `create_app` brings it here."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from flask import Flask, current_app


class GuidePage(Protocol):
    """One page of the guide, in the language of the request."""

    @property
    def slug(self) -> str: ...
    @property
    def title(self) -> object: ...
    @property
    def summary(self) -> object: ...
    @property
    def url(self) -> str: ...


Questions = Callable[[], Iterable[tuple[str, str, str]]]
"""Of each question its anchor on the page, its words and its answer, in the language of the request."""


@dataclass(frozen=True, slots=True)
class Guide:
    """All pages of the guide, the code of what it is about (ICD-10-CM), and the questions of its page of questions."""

    pages: Sequence[GuidePage]
    diagnosis: str
    questions: Questions


def know_guide(app: Flask, guide: Guide) -> None:
    app.extensions["guide"] = guide


def known_guide() -> Guide:
    guide: Guide = current_app.extensions["guide"]
    return guide
