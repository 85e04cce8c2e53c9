"""The page of what boards' lists verify: how each list stands, and lifting a suspension."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from directory.accounts.access import current_actor, role_required
from directory.accounts.queries import names_of
from directory.accounts.roles import ADMIN, VERIFIER
from directory.audit.log import PROGRAM
from directory.credentials.licenses.from_files import SAMPLE_SHARE
from directory.credentials.licenses.rules import lift_suspension, resting_on
from directory.credentials.models import BoardFile, RuleSuspension, Verification, VerificationTask
from directory.credentials.status import CredentialStatus
from directory.credentials.tasks import TaskKind
from directory.desk.status import StatusLine
from directory.extensions import db
from directory.web.days import day_in_words, local_day
from directory.web.refusals import ValidationFailedError
from directory.web.transaction import EditConflictError, transaction

blueprint = Blueprint("verifying_from_files", __name__, url_prefix="/admin/verify/lists")


@dataclass(frozen=True, slots=True)
class BoardList:
    """How one board's list stands."""

    source_key: str
    name: str
    file: BoardFile  # the newest that was read
    resting: int  # licenses that count and that no person checked
    confirmed: int  # that a person looked up after the program
    wrong: int
    samples: int  # that wait for a person
    suspension: RuleSuspension | None
    earlier: Sequence[RuleSuspension]


@blueprint.get("")
@role_required(VERIFIER, ADMIN)
def show_lists() -> str:
    return _page()


@blueprint.post("")
@role_required(VERIFIER, ADMIN)
def lift() -> ResponseReturnValue:
    source_key, reason = request.form.get("list", ""), request.form.get("reason", "")
    try:
        with transaction():
            lift_suspension(current_actor(), source_key, reason)
        flash("The suspension is lifted. The program verifies from this list again.", "success")
    except ValidationFailedError as faulty:
        return _page(source_key, faulty.faults["reason"], reason), 400
    except EditConflictError:
        flash("It was lifted already.", "error")
    return redirect(url_for(".show_lists"))


def suspended_line() -> list[StatusLine]:
    """The lists that verify nothing now, for the staff's first page."""
    in_force = select(RuleSuspension).where(RuleSuspension.in_force.is_not(None)).order_by(RuleSuspension.id)
    return [
        StatusLine(
            "Boards' lists",
            f"{each.source.name}: nothing is verified from it since {day_in_words(local_day(each.suspended_at))}.",
            url_for("verifying_from_files.show_lists"),
            needs_attention=True,
        )
        for each in db.session.scalars(in_force)
    ]


def board_lists() -> list[BoardList]:
    """All lists that were read, by the name of their source."""
    newest = select(func.max(BoardFile.id)).group_by(BoardFile.source_key)
    files = db.session.scalars(
        select(BoardFile).where(BoardFile.id.in_(newest)).options(selectinload(BoardFile.source))
    ).all()
    suspended = db.session.scalars(
        select(RuleSuspension).options(selectinload(RuleSuspension.credential)).order_by(RuleSuspension.id.desc())
    ).all()
    lines = []
    for file in files:
        own = [each for each in suspended if each.source_key == file.source_key]
        lines.append(
            BoardList(
                file.source_key,
                file.source.name,
                file,
                len(resting_on(file.source_key)),
                _confirmed(file.source_key),
                _wrong(file.source_key),
                _samples(file.source_key),
                next((each for each in own if each.in_force), None),
                [each for each in own if not each.in_force],
            )
        )
    return sorted(lines, key=lambda line: line.name)


def _confirmed(source_key: str) -> int:
    """Licenses that a person found to hold after the program had verified them from the list."""
    by_program, by_person = Verification, Verification.__table__.alias("by_person")
    return (
        db.session.scalar(
            select(func.count(by_program.credential_id.distinct()))
            .join(BoardFile)
            .join(by_person, by_person.c.credential_id == by_program.credential_id)
            .where(
                BoardFile.source_key == source_key,
                by_program.recorded_by == PROGRAM,
                by_person.c.recorded_by != PROGRAM,
                by_person.c.state == "final",
                by_person.c.outcome == CredentialStatus.VERIFIED,
                by_person.c.id > by_program.id,
            )
        )
        or 0
    )


def _wrong(source_key: str) -> int:
    """Licenses of which a person took back what the program had verified from the list."""
    return (
        db.session.scalar(
            select(func.count(Verification.credential_id.distinct()))
            .join(BoardFile)
            .where(BoardFile.source_key == source_key, Verification.state == "declined")
        )
        or 0
    )


def _samples(source_key: str) -> int:
    from_list = select(Verification.credential_id).join(BoardFile).where(BoardFile.source_key == source_key)
    return (
        db.session.scalar(
            select(func.count(VerificationTask.id)).where(
                VerificationTask.kind == TaskKind.SAMPLE_RECHECK,
                VerificationTask.closed_at.is_(None),
                VerificationTask.credential_id.in_(from_list),
            )
        )
        or 0
    )


def _page(refused: str = "", problem: str = "", typed: str = "") -> str:
    lines = board_lists()
    actors = {
        actor
        for line in lines
        for each in (line.suspension, *line.earlier)
        if each
        for actor in (each.suspended_by, each.lifted_by)
        if actor
    }
    place = next((index for index, line in enumerate(lines, 1) if line.source_key == refused), 0)
    return render_template(
        "credentials/licenses/lists.html",
        lines=lines,
        is_on=current_app.config["VERIFY_FROM_FILES"],
        share=SAMPLE_SHARE,
        names=names_of(actors),
        errors=[(f"reason-{place}", problem)] if problem else [],
        refused=refused,
        problem=problem,
        typed=typed,
    )
