"""What a person may decide about a task now, with the form of each act, and what happened to one that came too late.

The acts check again.
"""

from collections.abc import Iterable, Sequence
from dataclasses import fields
from enum import StrEnum
from typing import Any

from sqlalchemy import exists, select
from werkzeug.datastructures import MultiDict

from directory.audit.log import PROGRAM
from directory.credentials.actions import SECOND_CHECK, entered_by
from directory.credentials.checks import Check, Method
from directory.credentials.desk.item import Item, primary_source_of
from directory.credentials.exclusions.actions import SECOND_MATCH
from directory.credentials.exclusions.models import CONFIRMED, DISMISSED, GONE, PROPOSED, WAITING
from directory.credentials.licenses.rules import list_it_rests_on
from directory.credentials.models import Credential, Evidence, VerificationTask
from directory.credentials.status import ACT_OF_OUTCOME, MOVES, STANDINGS, CredentialAct, CredentialStatus
from directory.credentials.tasks import TaskKind
from directory.desk.deciding import DecisionForm, Offer
from directory.desk.eligibility import FirstPerson
from directory.extensions import db
from directory.web.days import today_in_california
from directory.web.fields import AnswerField, DayField, PlainTextField, TickField

MAX_NOTE_LENGTH = 2_000
MAX_LINE_LENGTH = 200
OUTCOMES = {
    CredentialStatus.VERIFIED: "It holds: the source confirms it",
    CredentialStatus.COULD_NOT_VERIFY: "It could not be verified: the source doesn’t say",
    CredentialStatus.REJECTED: "It is not true: the issuer doesn’t confirm it",
    CredentialStatus.REVOKED: "It was revoked, suspended or surrendered",
}
METHODS = {
    Method.LOOK_UP_PAGE: "The board's or registry's look-up page",
    Method.PHONE: "By phone",
    Method.LETTER: "A letter from the source",
    Method.BULK_FILE: "The board's bulk file",
}
OWN_SAMPLE = "You confirmed this one from the board's file, so another verifier has to look it up."
LABELS = {
    "take_up": "Take it up",
    "file": "Record what you found",
    "check": "Record the check",
    "second": "Decide as second verifier",
    "match": "Record the decision",
    "second_match": "Decide as second verifier",
}
"""What the button of each act says."""
POSSIBLE = {
    WAITING: "is waiting for a decision",
    PROPOSED: "was found to be the same person, and a second verifier has to agree",
    CONFIRMED: "was confirmed by two verifiers",
    DISMISSED: "was found to be someone else",
    GONE: "is no longer in the list",
}
"""How a possible exclusion stands, in words."""


class CheckForm(DecisionForm):
    """What was found at the primary source."""

    outcome = AnswerField("What did you find?", {}, "Choose what you found.", required=True)
    method = AnswerField("How did you check?", METHODS, "Choose how you checked.", required=True)
    primary_source = PlainTextField(
        "Primary source", MAX_LINE_LENGTH, sentence="Name the board or issuer, and its page.", required=True
    )
    checked_on = DayField("Day of the check", "Type the day on which you looked, such as 1/31/2026.", required=True)
    contact = PlainTextField("Who you spoke with", MAX_LINE_LENGTH)
    evidence_id = AnswerField("Letter or other file", {}, "Choose a file of this credential.")
    number = PlainTextField("Number", 40)
    issued_on = DayField("Issued")
    expires_on = DayField("Last day")
    public_discipline = TickField("The source shows public discipline")
    note = PlainTextField("Note", MAX_NOTE_LENGTH)

    def __init__(self, evidence: Iterable[Evidence], typed: MultiDict[str, str] | None = None) -> None:
        super().__init__("check")
        self.offer_outcomes(OUTCOMES)
        self.evidence_id.offer({kept.id: kept.title for kept in evidence})
        self.process(typed)

    def offer_outcomes(self, outcomes: Iterable[CredentialStatus]) -> None:
        """Let it find one of these."""
        self.outcome.offer({str(outcome): OUTCOMES[outcome] for outcome in outcomes})

    @property
    def check(self) -> Check:
        """What was found, once valid."""
        typed = {each.name: self[each.name].data for each in fields(Check) if each.name in self}
        outcome, is_disciplined = CredentialStatus(self.outcome.data), bool(self.public_discipline.data)
        return Check(**typed | {"outcome": outcome, "public_discipline": is_disciplined})


class Looked(StrEnum):
    """What a person found who looked up what the program verified."""

    RIGHT = "right"
    WRONG = "wrong"
    GENERAL = "general"


LOOKED = {
    Looked.RIGHT: "It is right: the board's page says the same",
    Looked.WRONG: "It is wrong, for a reason that holds for this license alone",
    Looked.GENERAL: "It is wrong, for a reason that may hold for others of this list",
}


class FileForm(DecisionForm):
    """Whether what the program verified from a board's list is right."""

    looked = AnswerField("What does the board's page say?", LOOKED, "Choose what you found.", required=True)
    look_up = PlainTextField(
        "Where you looked", MAX_LINE_LENGTH, sentence="Name the board's page on which you looked.", required=True
    )
    note = PlainTextField("Note", MAX_NOTE_LENGTH)


class SecondForm(DecisionForm):
    """A second verifier's answer, on a credential or on a possible exclusion."""

    agrees = AnswerField(
        "Do you agree?", {True: "I agree", False: "I disagree"}, "Choose whether you agree.", required=True
    )
    note = PlainTextField("Note", MAX_NOTE_LENGTH)

    def __init__(self, act: str, typed: MultiDict[str, str] | None = None, *, agree: str, disagree: str) -> None:
        super().__init__(act, typed)
        self.agrees.words = {"yes": agree, "no": disagree}


class MatchForm(DecisionForm):
    """Whether an entry of a list of exclusions is about the provider."""

    same = AnswerField(
        "Is it the same?",
        {True: "It is the same: propose that the provider is excluded", False: "It is someone else"},
        "Choose whether it is the same.",
        required=True,
    )
    note = PlainTextField("Note", MAX_NOTE_LENGTH)


def first_persons(task: VerificationTask) -> list[FirstPerson]:
    """Who acted first on what the task is about, so that another verifier has to decide."""
    first = entered_by(task.credential) if task.credential else []
    if task.verification and task.verification.state == "waiting":
        first.append((task.verification.recorded_by, SECOND_CHECK))
    if task.possible_exclusion and task.possible_exclusion.status == PROPOSED:
        first.append((task.possible_exclusion.proposed_by, SECOND_MATCH))
    return first


def first_persons_of(item: Item, actor: str) -> list[FirstPerson]:
    """The same for one item, with what `actor` found themselves."""
    first = first_persons(item.task)
    if item.waiting_check:
        first.append((item.waiting_check.recorded_by, SECOND_CHECK))
    if item.credential and is_own_sample(actor, item.credential):
        first.append((actor, OWN_SAMPLE))
    return first


def is_own_sample(actor: str, credential: Credential) -> bool:
    """Whether the actor recorded the newest final check by a person, and the credential waits to be looked up again."""
    by_people = (row.recorded_by for row in credential.verifications if row.state == "final")
    if next((recorded_by for recorded_by in by_people if recorded_by != PROGRAM), None) != actor:
        return False
    waits = exists().where(
        VerificationTask.credential_id == credential.id,
        VerificationTask.kind == TaskKind.SAMPLE_RECHECK,
        VerificationTask.closed_at.is_(None),
    )
    return bool(db.session.scalar(select(waits)))


def form_of(item: Item, act: str, typed: MultiDict[str, str] | None = None) -> DecisionForm | None:
    """The form of an act on the item, open now or not; None for what is no act on it."""
    if item.credential:
        if act == "take_up":
            return DecisionForm(act, typed)
        if act == "check":
            return CheckForm(item.credential.evidence, typed)
        if act == "file":
            return FileForm(act, typed)
        if act == "second":
            outcome = f": {STANDINGS[item.waiting_check.outcome]}" if item.waiting_check else ""
            return SecondForm(act, typed, agree=f"I agree{outcome}", disagree="I disagree: nothing changes")
    elif item.task.possible_exclusion:
        if act == "match":
            return MatchForm(act, typed)
        if act == "second_match":
            agree, disagree = "It is the same: the provider is excluded", "It is not, or it is not sure"
            return SecondForm(act, typed, agree=agree, disagree=disagree)
    return None


def offers_on(item: Item, sent: DecisionForm | None = None) -> list[Offer]:
    """The acts that are open on the item now, by what is to be decided first."""
    offers = []
    for act in _open_acts(item):
        form = sent if sent is not None and sent.act == act else form_of(item, act)
        if isinstance(form, CheckForm):
            form.offer_outcomes(_outcomes(item))
            if form is not sent:
                form.primary_source.data, form.checked_on.data = primary_source_of(item), today_in_california()
        if isinstance(form, FileForm) and form is not sent and item.look_ups:
            form.look_up.data = f"{primary_source_of(item)}, {item.look_ups[0].url}"[:MAX_LINE_LENGTH]
        if form is not None:
            offers.append(Offer(act, LABELS[act], form))
    return offers


def what_happened(item: Item, form: DecisionForm, actor: str) -> str | None:
    """How the item stands, for a person whose act came too late; None when it was their own second click."""
    if _is_second_click(item, form, actor):
        return None
    credential, possible, names = item.credential, item.task.possible_exclusion, item.names
    now = "It has changed."
    if possible:
        by = names.get(possible.decided_by or possible.proposed_by or "")
        now = f"The entry {POSSIBLE[possible.status]}" + (f" (by {by})." if by else ".")
    elif credential:
        newest = credential.verifications[0] if credential.verifications else None
        now = f"This credential is now {STANDINGS[CredentialStatus(credential.status)]}."
        if newest:
            now += f" Last decided on by {names[newest.second_by or newest.recorded_by]}."
        elif item.task.assigned_to:
            now += f" {names[f'account:{item.task.assigned_to}']} has it."
    return now


def _open_acts(item: Item) -> list[str]:
    possible, credential = item.task.possible_exclusion, item.credential
    if possible:
        return {WAITING: ["match"], DISMISSED: ["match"], PROPOSED: ["second_match"]}.get(possible.status, [])
    acts = ["second"] if item.waiting_check else []
    if credential and not item.waiting_check and list_it_rests_on(credential):
        acts.append("file")
    if credential and credential.status in MOVES[CredentialAct.TAKE_UP][0]:
        acts.append("take_up")
    elif _outcomes(item):
        acts.append("check")
    return acts


def _outcomes(item: Item) -> Sequence[CredentialStatus]:
    """What a check may find now; nothing of what has to be taken up first."""
    status = CredentialStatus(item.credential.status) if item.credential else None
    if status == CredentialStatus.EXPIRED:
        return ()
    return tuple(outcome for outcome, act in ACT_OF_OUTCOME.items() if status in MOVES[act][0])


def _is_second_click(item: Item, form: Any, actor: str) -> bool:
    """Whether what `form` asks for was done by the same person meanwhile."""
    credential, possible = item.credential, item.task.possible_exclusion
    newest = credential.verifications[0] if credential and credential.verifications else None
    if form.act == "take_up" and credential:
        return credential.status == CredentialStatus.IN_REVIEW and f"account:{item.task.assigned_to}" == actor
    if form.act == "check" and newest:
        is_same = newest.recorded_by == actor and newest.outcome == form.check.outcome
        return newest.id > form.decision_seen and is_same
    if form.act == "file" and newest:
        return actor == (newest.second_by if newest.id == form.decision_seen else newest.recorded_by)
    if form.act == "second" and newest:
        return newest.second_by == actor and newest.id == form.decision_seen
    if form.act == "match" and possible:
        return actor in {possible.proposed_by, possible.decided_by} and possible.version == form.version_seen + 1
    return form.act == "second_match" and possible is not None and possible.decided_by == actor
