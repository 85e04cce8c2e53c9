"""The staff's queue of reports of wrong information: what the page says, what the reader says, and what to do."""

from dataclasses import dataclass
from enum import StrEnum

from flask import Blueprint, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import case, select
from werkzeug.datastructures import MultiDict

from directory.accounts.access import current_actor, role_required
from directory.accounts.queries import names_of
from directory.accounts.representing import representatives_of
from directory.accounts.roles import ADMIN, VERIFIER
from directory.clinics.claims.queries import published_domain, published_phones
from directory.clinics.models import InformationReport
from directory.clinics.reported.actions import answer_report, ask_practice, correct_reported, refuse_report
from directory.clinics.reported.kinds import (
    ABOUT,
    ACCEPTING,
    ANSWERED,
    ASKED,
    CORRECTED,
    KNOWN_FROM,
    PHONE,
    REFUSALS,
    REFUSED,
    WAITING,
)
from directory.clinics.reported.queries import (
    correctable_values,
    reported_location,
    shown_facts,
    waiting_reports,
)
from directory.desk.deciding import DecisionForm, Offer, decide, left_over, shown_offers, to_next
from directory.desk.eligibility import refusal_to
from directory.desk.providers.forms import MAX_REASON_LENGTH, ShownFields
from directory.desk.queue import Neighbors, Queue, QueueChoice, neighbors, option_of, queue_by_state
from directory.extensions import db
from directory.providers.contact import phone
from directory.web.email_field import AddressField
from directory.web.fields import AnswerField, PlainTextField, TickField
from directory.web.pagination import asked_page

blueprint = Blueprint("information_report_desk", __name__, url_prefix="/admin/reports")

MAX_WORDS_LENGTH = 500


class ReportState(StrEnum):
    TO_CHECK = WAITING
    ASKED = ASKED
    DECIDED = "decided"


STATES = {ReportState.TO_CHECK: "to check", ReportState.ASKED: "the practice was asked", ReportState.DECIDED: "decided"}


@dataclass(frozen=True)
class ReportChoice(QueueChoice):
    kind: ReportState | None = None


class CorrectionForm(DecisionForm, ShownFields):
    """The right values of what a report is about."""

    accepting = AnswerField("Accepts new patients", {"yes": "yes", "no": "no"}, "Choose yes or no.", required=True)
    reason = PlainTextField(
        "How you checked it",
        MAX_REASON_LENGTH,
        sentence="Say how you checked it, such as “called the practice”. It is kept with the correction.",
        required=True,
    )
    confirmed = TickField("It looks odd, but it is correct.")

    def __init__(self, act: str, values: dict[str, str], typed: MultiDict[str, str] | None = None) -> None:
        super().__init__(act)
        if ACCEPTING not in values:
            del self.accepting
        self.fill(values, typed)


class PracticeAddressField(AddressField):
    """An address at the practice's domain, which is no well-known one."""

    def read(self, text: str) -> str:
        address = super().read(text)
        self.suggestion = ""
        return address


class QuestionForm(DecisionForm):
    address = PracticeAddressField("Address at the practice’s domain")
    question = PlainTextField(
        "Question to the practice", MAX_WORDS_LENGTH, sentence="Type what you want to know.", required=True
    )


class AnswerForm(DecisionForm):
    words = PlainTextField("Answer, for the reader", MAX_WORDS_LENGTH, sentence="Type the answer.", required=True)


class ReportRefusalForm(DecisionForm):
    reason = AnswerField("Reason, for the reader", REFUSALS, "Choose the reason.", required=True)
    words = PlainTextField("More, for the reader", MAX_WORDS_LENGTH)


LABELS = {
    "correct": "Correct the page",
    "ask": "Write to the practice",
    "answer": "Answer without a change",
    "refuse": "Refuse the report",
}
FORMS: dict[str, type[DecisionForm]] = {"ask": QuestionForm, "answer": AnswerForm, "refuse": ReportRefusalForm}
OUTCOMES = {
    WAITING: "To check",
    ASKED: "The practice was asked",
    CORRECTED: "Corrected",
    ANSWERED: "Answered without a change",
    REFUSED: "Refused",
}
STATUSES = {"correct": CORRECTED, "ask": ASKED, "answer": ANSWERED, "refuse": REFUSED}


@blueprint.get("")
@role_required(VERIFIER, ADMIN)
def show_queue() -> str:
    choice = ReportChoice(asked_page(request.args), option_of(ReportState, request.args.get("kind")))
    reports = report_queue(choice)
    return render_template(
        "clinics/reported/queue.html",
        heading="Reports of wrong information",
        queue=reports,
        choice=choice,
        kinds=STATES,
        states=ReportState,
        about=ABOUT,
        shows_demonstration=any(report.provider.is_demonstration for report, _ in reports.items),
    )


@blueprint.get("/<int:report_id>")
@role_required(VERIFIER, ADMIN)
def show_report(report_id: int) -> str:
    return _page(_report(report_id))


@blueprint.post("/<int:report_id>")
@role_required(VERIFIER, ADMIN)
def act_on_report(report_id: int) -> ResponseReturnValue:
    report, actor = _report(report_id), current_actor()
    form = form_of(report, request.form.get("act", ""), request.form) or abort(400)
    following = _neighbors(report_id).next
    outcome = decide(form, lambda: _act(report, actor, form), lambda: what_happened(report, form.act, actor))
    if not outcome.is_done:
        return _page(report, form, outcome.refusal), outcome.status
    next_page = url_for(".show_report", report_id=following) if following else None
    decided = url_for(".show_report", report_id=report_id)
    return to_next(outcome.sentence, decided, next_page, url_for(".show_queue"))


def report_queue(choice: ReportChoice) -> Queue[tuple[InformationReport, ReportState]]:
    """The part that `choice` asks for: what waits from the oldest on, what was decided from the newest."""
    is_open = InformationReport.status.in_((WAITING, ASKED))
    state = case((is_open, InformationReport.status), else_=ReportState.DECIDED.value)
    since = InformationReport.reported_at
    return queue_by_state(InformationReport, state, ReportState, choice.kind, choice.page, since)


def form_of(report: InformationReport, act: str, typed: MultiDict[str, str] | None = None) -> DecisionForm | None:
    if act == "correct":
        values = correctable_values(report)
        return CorrectionForm(act, values, typed) if values else None
    return FORMS[act](act, typed) if act in FORMS else None


def offers_on(report: InformationReport) -> list[Offer]:
    """The acts that are open on the report now."""
    if report.status not in {WAITING, ASKED}:
        return []
    forms = {act: form_of(report, act) for act in LABELS}
    if report.status == ASKED or not (representatives_of(report.npi) or published_domain(report.npi)):
        forms["ask"] = None
    correction = forms["correct"]
    if isinstance(correction, CorrectionForm) and correction.fields == [PHONE]:
        correction.phone.data = first_phone(report.right_value or "") or correction.phone.data
    return [Offer(act, LABELS[act], form) for act, form in forms.items() if form]


def first_phone(text: str) -> str | None:
    """The first phone number that a reader typed, as pages show it."""
    from phonenumbers import Leniency, PhoneNumberMatcher

    found = next(iter(PhoneNumberMatcher(text, "US", Leniency.POSSIBLE)), None)
    return phone(found.raw_string) if found else None


def what_happened(report: InformationReport, act: str, actor: str) -> str | None:
    """How the report stands, for a person who came too late; None when it was their own second click."""
    if report.decided_by == actor and report.status == STATUSES[act]:
        return None
    return f"The report is now: {OUTCOMES[report.status].lower()}."


def _act(report: InformationReport, actor: str, form: DecisionForm) -> str:
    """Do what the form asks for; gives the sentence about it."""
    letter = " The reader gets an email." if report.email else ""
    match form:
        case CorrectionForm():
            confirmed = bool(form.confirmed.data)
            version = form.version_seen
            correct_reported(report, actor, form.changed, form.shown, form.reason.data, version, confirmed=confirmed)
            return f"The page is corrected.{letter}"
        case QuestionForm():
            ask_practice(report, actor, form.question.data, form.address.data, form.version_seen)
            return f"The practice gets an email.{letter}"
        case AnswerForm():
            answer_report(report, actor, form.words.data, form.version_seen)
            return f"The report is answered.{letter}"
        case ReportRefusalForm():
            refuse_report(report, actor, form.reason.data, form.words.data, form.version_seen)
            return f"The report is refused.{letter}"
    raise AssertionError("there is an act for every form")


def _report(report_id: int) -> InformationReport:
    return db.session.get(InformationReport, report_id) or abort(404)


def _neighbors(report_id: int) -> Neighbors:
    to_check = select(InformationReport.id).where(InformationReport.status == WAITING)
    return neighbors(to_check, (InformationReport.reported_at, InformationReport.id), report_id)


def _page(report: InformationReport, sent: DecisionForm | None = None, refusal: str | None = None) -> str:
    offers = shown_offers(offers_on(report), report.version, 0, sent, is_refused=refusal is not None)
    location = reported_location(report)
    return render_template(
        "clinics/reported/item.html",
        heading=f"{ABOUT[report.about]}: {report.provider.name}",
        report=report,
        about=ABOUT[report.about],
        known_from=KNOWN_FROM[report.known_from],
        outcome=OUTCOMES[report.status],
        location=location.address if location else report.address_key,
        facts=shown_facts(report),
        others=[each for each in waiting_reports(report.npi) if each.id != report.id],
        refusal=refusal,
        errors=sent.problems if sent else [],
        left_over=left_over(sent, offers),
        neighbors=_neighbors(report.id),
        closed=refusal_to(current_actor(), report.npi),
        offers=dict.fromkeys(LABELS) | {offer.act: offer for offer in offers},
        representatives=len(representatives_of(report.npi)),
        domain=published_domain(report.npi),
        phones=published_phones(report.npi),
        subjects=ABOUT,
        names=names_of([report.decided_by] if report.decided_by else []),
        shows_demonstration=report.provider.is_demonstration,
    )
