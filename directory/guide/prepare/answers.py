"""What somebody answered before a consultation: plain values that live as long as one answer of the site."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Since:
    """When it began; `month` is None when only the year is known."""

    year: int
    month: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """Keys are those of `questions.py`. An empty value, or None, is a question that was left open."""

    red_flags: tuple[str, ...] = ()
    neck: tuple[str, ...] = ()
    neck_words: str = ""
    since: Since | None = None
    tried: tuple[str, ...] = ()
    tried_words: str = ""
    safety: Mapping[str, str] = field(default_factory=dict)  # "yes", "no" or "unsure" by the keys of `SAFETY`
    medicines: str = ""
    earlier: str | None = None  # "yes", "no" or "unsure"
    product: str | None = None
    helped: str | None = None
    earlier_words: str = ""
    own_questions: str = ""

    @property
    def had_injections(self) -> bool:
        """Also when only what follows from it was answered."""
        return self.earlier == "yes" or bool(self.product or self.helped or self.earlier_words)

    def may_be(self, *names: str) -> bool:
        """Whether one of these questions of safety was answered with yes or not sure."""
        return any(self.safety.get(name) in {"yes", "unsure"} for name in names)
