"""What patients say: the rating with how sure it is, and what they report of the treatment."""

from collections.abc import Sequence

from directory.reviews.display.outcomes import MIN_ANSWERS, Choices, Numbers, much_relieved
from directory.search.compare.differences import (
    IntervalEstimate,
    best_estimate,
    median_interval,
    share_interval,
)
from directory.search.compare.queries import ComparedProvider
from directory.search.compare.rows import ComparedRow, RowGroup, row
from directory.web.messages import gettext


def patient_rows(columns: Sequence[ComparedProvider]) -> RowGroup:
    ranked = [column.is_ranked for column in columns]
    said = [column.outcomes for column in columns]
    onset, weeks, pain, explained = (
        [getattr(each, name) for each in said] for name in ("onset_days", "weeks_lasted", "pain", "explained")
    )
    return RowGroup(
        "patients",
        gettext("What patients say"),
        (
            _rating(columns, ranked),
            _numbers("onset", gettext("First relief"), onset, ranked, highest=False),
            _relief(columns, ranked),
            _numbers("weeks", gettext("How long it lasted"), weeks, ranked, highest=True),
            _numbers("pain", gettext("Pain at the injection"), pain, ranked, highest=False, shows=("median", "mean")),
            _steps("wait", gettext("Wait for an appointment"), [each.wait for each in said], ranked),
            _numbers(
                "explained",
                gettext("How well the plan was explained"),
                explained,
                ranked,
                highest=True,
                shows=("mean",),
            ),
            _steps("paid", gettext("What patients paid"), [each.paid for each in said], ranked),
        ),
        caution=gettext(
            "Patients choose to write, report from memory, and got different medicines and doses. "
            "Differences in what they report are hints, not proof."
        ),
    )


def _rating(columns: Sequence[ComparedProvider], ranked: Sequence[bool]) -> ComparedRow:
    """Compare as finely as pages show it."""
    rated = [column.rating for column in columns]
    estimates = [
        IntervalEstimate(round(each.estimate, 1), round(each.low, 1), round(each.high, 1)) if each else None
        for each in rated
    ]
    marks = best_estimate(estimates, ranked, highest=True)
    return row("rating", gettext("Rating"), rated, same_by=estimates, nothing=gettext("No reviews yet"), marks=marks)


def _numbers(
    kind: str,
    label: str,
    answers: Sequence[Numbers | None],
    ranked: Sequence[bool],
    *,
    highest: bool,
    shows: Sequence[str] = ("median",),
) -> ComparedRow:
    """A question for a number: the median, and an interval of it from the spread of the answers.

    Rows are the same when what the page `shows` of the answers is the same.
    """
    estimates = [IntervalEstimate(said.median, *median_interval(said.counts)) if said else None for said in answers]
    marks = best_estimate(estimates, ranked, highest=highest)
    same = [tuple(f"{getattr(said, each):.1f}" for each in shows) if said else None for said in answers]
    return row(kind, label, answers, same_by=same, nothing=_too_few(), marks=marks)


def _relief(columns: Sequence[ComparedProvider], ranked: Sequence[bool]) -> ComparedRow:
    answers = [column.outcomes.relief for column in columns]
    counts = [(much_relieved(said), said.answers) if said else None for said in answers]
    estimates = [IntervalEstimate(said[0] / said[1], *share_interval(*said)) if said else None for said in counts]
    marks = best_estimate(estimates, ranked, highest=True)
    same = [said.value if said else None for said in estimates]
    return row("relief", gettext("Peak relief"), counts, same_by=same, nothing=_too_few(), marks=marks)


def _steps(kind: str, label: str, answers: Sequence[Choices | None], ranked: Sequence[bool]) -> ComparedRow:
    """A question whose answers rise in steps: the middle answer, the lowest one marked."""
    estimates = [IntervalEstimate(said.middle, *median_interval(said.by_place)) if said else None for said in answers]
    shown = [(said.shares[said.middle].label, said.answers) if said else None for said in answers]
    marks = best_estimate(estimates, ranked, highest=False)
    same = [said and said[0] for said in shown]
    return row(kind, label, shown, same_by=same, nothing=_too_few(), marks=marks)


def _too_few() -> str:
    return gettext("Not shown: fewer than %(least)s answers", least=MIN_ANSWERS)
