"""What patients here report, for the page on benefits: the middle of their answers, and whether they are invented."""

from dataclasses import dataclass

from directory.reviews.display.outcomes import MIN_ANSWERS, Choices, Numbers, much_relieved, outcomes_of_all


@dataclass(frozen=True, slots=True)
class Reports:
    """The answers of the patients of all providers; each is None below `least` answers to it."""

    relief: Choices | None
    onset: Numbers | None  # days until the first relief
    lasted: Numbers | None  # weeks
    pain: Numbers | None  # 0 to 10
    invented: bool
    least: int = MIN_ANSWERS

    @property
    def any(self) -> bool:
        return any((self.relief, self.onset, self.lasted, self.pain))

    @property
    def much_relief(self) -> int:
        """How many say that most or all of it went away."""
        return much_relieved(self.relief) if self.relief else 0


def patients_reports() -> Reports:
    summary, invented = outcomes_of_all()
    return Reports(summary.relief, summary.onset_days, summary.weeks_lasted, summary.pain, invented)
