"""One decision of the staff about an item of a queue: its form, what is offered, and what becomes of it when sent."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace

from flask import flash, redirect
from markupsafe import Markup
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response
from wtforms import HiddenField

from directory.web.forms import FaultyForm
from directory.web.pagination import whole_number
from directory.web.refusals import RefusalError, ValidationFailedError
from directory.web.transaction import EditConflictError, transaction

DONE_ALREADY = "That was already done."


class DecisionForm(FaultyForm):
    """What is typed for one act. `version` and `seen` are the item's version and newest decision on its page."""

    version = HiddenField()
    seen = HiddenField()

    def __init__(self, act: str, typed: MultiDict[str, str] | None = None) -> None:
        super().__init__()
        self.act = act
        self.process(typed)

    @property
    def problems(self) -> list[tuple[str, str]]:
        return problems_of(self, self.act)

    @property
    def version_seen(self) -> int:
        return whole_number(self.version.data)

    @property
    def decision_seen(self) -> int:
        return whole_number(self.seen.data)


@dataclass(frozen=True, slots=True)
class Offer:
    """An act that is open on an item, with its form. `refusal` says why this person may not do it, as a sentence."""

    act: str
    label: str  # of the button
    form: DecisionForm
    refusal: str | None = None
    was_sent: bool = False


@dataclass(frozen=True, slots=True)
class DecisionResult:
    """What became of an act that was sent: done (200), with mistakes in the form (400), or refused (409)."""

    status: int
    sentence: str | None = None  # what was done, or why it was refused

    @property
    def is_done(self) -> bool:
        return self.status == 200

    @property
    def refusal(self) -> str | None:
        return self.sentence if self.status == 409 else None


@dataclass(frozen=True, slots=True)
class PastAct:
    """One line of an item's history. `words` are what was written with it, each with to whom or by whom."""

    title: str
    sentence: str
    words: list[tuple[str, str]] = field(default_factory=list)


def decide(form: FaultyForm, act: Callable[[], str], what_happened: Callable[[], str | None]) -> DecisionResult:
    """Do `act`, which returns a sentence, in one transaction, once `form` is valid.

    `what_happened` is asked when the item changed since its page was made: how the item stands now, as a sentence, or
    None when the same person did the same, with a second click.
    """
    if not form.validate():
        return DecisionResult(400)
    try:
        with transaction():
            return DecisionResult(200, act())
    except ValidationFailedError as faulty:
        form.take(faulty.faults)
        return DecisionResult(400)
    except RefusalError as refusal:
        return DecisionResult(409, str(refusal))
    except EditConflictError:
        now = what_happened()
    if now is None:
        return DecisionResult(200, DONE_ALREADY)
    return DecisionResult(
        409, f"Someone else got there first, so nothing was done. {now} What you typed is still here."
    )


def to_next(sentence: str | None, decided: str, following: str | None, queue: str) -> Response:
    """After a decision: on to the item that follows, or to the queue when nothing else waits.

    `decided`, `following` and `queue` are addresses; the sentence there leads back to what was decided.
    """
    flash(Markup('{} <a href="{}">View it again</a>').format(sentence or "Done.", decided), "success")
    return redirect(following or queue)


def shown_offers(
    offers: Iterable[Offer], version: int, seen: int, sent: DecisionForm | None, *, is_refused: bool
) -> list[Offer]:
    """The offers as the page shows them, each for the item's `version`.

    The form that was `sent` keeps what was typed. After mistakes it stays for the version that it was made from.
    """
    shown = []
    for offer in offers:
        if sent is not None and sent.act == offer.act:
            offer = replace(offer, form=sent, was_sent=True)
        if not offer.was_sent or is_refused:
            offer.form.version.data, offer.form.seen.data = str(version), str(seen)
        shown.append(offer)
    return shown


def left_over(sent: DecisionForm | None, offers: Sequence[Offer]) -> list[tuple[str, str]]:
    """What was typed into a form that is not offered any more: label and text of each field."""
    if sent is None or any(offer.act == sent.act and not offer.refusal for offer in offers):
        return []
    return [(str(each.label.text), each.shown) for each in sent if getattr(each, "shown", None)]


def problems_of(form: FaultyForm, prefix: str) -> list[tuple[str, str]]:
    """As the error summary takes them: the field's place on the page, and the sentence."""
    return [(f"{prefix}-{name}", sentence) for name, sentences in form.errors.items() for sentence in sentences]
