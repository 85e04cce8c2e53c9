"""What is verified of the providers' qualifications, line by line of the rubric, and what is only claimed."""

from collections.abc import Sequence

from flask_babel import gettext

from directory.search.compare.differences import best, only_ones
from directory.search.compare.queries import Compared
from directory.search.compare.rows import Row, RowGroup, row


def qualification_rows(columns: Sequence[Compared]) -> RowGroup:
    lines = range(len(columns[0].qualification.awards)) if columns else ()
    return RowGroup(
        "qualifications",
        gettext("Qualifications"),
        (_points(columns), *(_line(columns, line) for line in lines), _credentials(columns)),
        caution=gettext("Only what was verified at its source earns points. What is only claimed earns nothing."),
    )


def _points(columns: Sequence[Compared]) -> Row:
    points = [column.qualification.points for column in columns]
    marks = best(points, _ranked(columns), highest=True)
    return row("points", gettext("All points together"), "points", points, same_by=points, marks=marks)


def _line(columns: Sequence[Compared], line: int) -> Row:
    """One line of the rubric, which gives every provider an award in the same order."""
    awards = [column.qualification.awards[line] for column in columns]
    points = [award.points for award in awards]
    marks = best(points, _ranked(columns), highest=True)
    reasons = [(award.points, award.reason) for award in awards]
    return row(f"line:{awards[0].key}", gettext(awards[0].label), "award", awards, same_by=reasons, marks=marks)


def _credentials(columns: Sequence[Compared]) -> Row:
    """All credentials, the verified ones first."""
    verified = [frozenset(str(each.title) for each in column.credentials if each.counts) for column in columns]
    standings = [
        tuple(sorted((str(each.title), str(each.standing)) for each in column.credentials)) for column in columns
    ]
    return row(
        "credentials",
        gettext("Credentials"),
        "credentials",
        [sorted(column.credentials, key=lambda each: not each.counts) or None for column in columns],
        same_by=standings,
        nothing=gettext("No credential is on record."),
        marks=only_ones(verified, _ranked(columns)),
    )


def _ranked(columns: Sequence[Compared]) -> list[bool]:
    return [column.is_ranked for column in columns]
