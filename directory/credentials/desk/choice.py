"""Which part of the queue a verifier looks at; it goes along from page to page in the address."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from directory.credentials.tasks import TaskKind
from directory.web.pagination import asked_page

MAX_SEARCH_LENGTH = 100
MAX_DIGITS = 9


class Assigned(StrEnum):
    ANYONE = "anyone"
    ME = "me"
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class QueueChoice:
    """Which part of the queue is asked for. `provider` is part of a name, or how an NPI begins."""

    kind: TaskKind | None = None
    assigned: Assigned = Assigned.ANYONE
    provider: str = ""
    page: int = 1

    @classmethod
    def read(cls, asked: Mapping[str, str]) -> "QueueChoice":
        """What an address asks for; anything that is not offered stands for the first."""
        kind, assigned = asked.get("kind", ""), asked.get("assigned", "")
        return cls(
            TaskKind(kind) if kind in set(TaskKind) else None,
            Assigned(assigned) if assigned in set(Assigned) else Assigned.ANYONE,
            " ".join(asked.get("provider", "").replace("\0", " ").split())[:MAX_SEARCH_LENGTH],
            asked_page(asked),
        )

    @property
    def parameters(self) -> dict[str, Any]:
        """The choice as an address names it, without the page."""
        assigned = {"assigned": self.assigned.value} if self.assigned is not Assigned.ANYONE else {}
        provider = {"provider": self.provider} if self.provider else {}
        return ({"kind": self.kind.value} if self.kind else {}) | assigned | provider


def whole(text: str | None) -> int:
    """The whole number that was sent; 0 for anything else."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) <= MAX_DIGITS else 0
