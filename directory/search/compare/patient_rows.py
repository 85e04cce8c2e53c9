"""What patients say: the rating with how sure it is, and what they report of the treatment."""

from collections.abc import Callable, Sequence

from flask_babel import gettext

from directory.ratings.models import RatingEstimate
from directory.reviews.display.outcomes import MIN_ANSWERS, Numbers, OutcomeSummary, much_relieved
from directory.search.compare.differences import IntervalEstimate, best_estimate, median_interval, share_interval
from directory.search.compare.queries import ComparedProvider
from directory.search.compare.rows import ComparedRow, RowGroup, row


def patient_rows(columns: Sequence[ComparedProvider]) -> RowGroup:
    return RowGroup(
        "patients",
        gettext("What patients say"),
        (
            _rating(columns),
            _numbers(columns, "onset", gettext("First relief"), lambda said: said.onset_days, highest=False),
            _relief(columns),
            _numbers(columns, "weeks", gettext("How long it lasted"), lambda said: said.weeks_lasted, highest=True),
            _numbers(columns, "pain", gettext("Pain at the injection"), lambda said: said.pain, highest=False),
        ),
        caution=gettext(
            "Patients choose to write, report from memory, and got different medicines and doses. "
            "Differences in what they report are hints, not proof."
        ),
    )


def _rating(columns: Sequence[ComparedProvider]) -> ComparedRow:
    """Compare as finely as pages show it."""
    rated = [column.rating for column in columns]
    estimates = [_estimated(rating) for rating in rated]
    marks = best_estimate(estimates, _ranked(columns), highest=True)
    nothing = gettext("No reviews yet")
    return row("rating", gettext("Rating"), "rating", rated, same_by=estimates, nothing=nothing, marks=marks)


def _estimated(rating: RatingEstimate | None) -> IntervalEstimate | None:
    if rating is None:
        return None
    return IntervalEstimate(round(rating.estimate, 1), round(rating.low, 1), round(rating.high, 1))


def _numbers(
    columns: Sequence[ComparedProvider],
    key: str,
    label: str,
    asked: Callable[[OutcomeSummary], Numbers | None],
    *,
    highest: bool,
) -> ComparedRow:
    """A question for a number: the median, and an interval of it from the spread of the answers.

    Of the pain the page shows the average too, so that it is the same only with the same average.
    """
    answers = [asked(column.outcomes) for column in columns]
    estimates = [IntervalEstimate(said.median, *median_interval(said.counts)) if said else None for said in answers]
    marks = best_estimate(estimates, _ranked(columns), highest=highest)
    same = [(said.median, f"{said.mean:.1f}" if key == "pain" else "") if said else None for said in answers]
    return row(key, label, key, answers, same_by=same, nothing=_too_few(), marks=marks)


def _relief(columns: Sequence[ComparedProvider]) -> ComparedRow:
    answers = [column.outcomes.relief for column in columns]
    counts = [(much_relieved(said), said.answers) if said else None for said in answers]
    estimates = [IntervalEstimate(said[0] / said[1], *share_interval(*said)) if said else None for said in counts]
    marks = best_estimate(estimates, _ranked(columns), highest=True)
    same = [said.value if said else None for said in estimates]
    label = gettext("Relief at its best")
    return row("relief", label, "relief", counts, same_by=same, nothing=_too_few(), marks=marks)


def _too_few() -> str:
    return gettext("Not shown: fewer than %(least)s answers", least=MIN_ANSWERS)


def _ranked(columns: Sequence[ComparedProvider]) -> list[bool]:
    return [column.is_ranked for column in columns]
