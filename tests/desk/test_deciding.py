"""An act that is sent is done once, or comes back with the reason, the newest state and what was typed."""

from collections.abc import Callable

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict

from directory.accounts.conflicts import conflicted_npis, declare_conflict
from directory.audit.log import PROGRAM
from directory.desk.deciding import DONE_ALREADY, DecisionForm, Offer, decide, left_over, shown_offers
from directory.desk.eligibility import refusal_to
from directory.web.fields import PlainTextField
from directory.web.refusals import (
    ConflictOfInterestError,
    InvalidTransitionError,
    SelfApprovalError,
    ValidationFailedError,
)
from directory.web.transaction import EditConflictError
from tests import factories
from tests.signing_in import new_account


class NoteForm(DecisionForm):
    note = PlainTextField("Note", 100, sentence="Say why.", required=True)


def sent(**typed: str) -> NoteForm:
    return NoteForm("reject", MultiDict({"note": "It is not so.", "version": "3", "seen": "2"} | typed))


def failing(error: Exception) -> Callable[[], str]:
    def act() -> str:
        raise error

    return act


def test_an_act_that_is_done_says_so(app: Flask) -> None:
    outcome = decide(sent(), lambda: "Done.", lambda: "It changed.")
    assert (outcome.is_done, outcome.sentence, outcome.refusal) == (True, "Done.", None)


def test_mistakes_stand_beside_their_fields(app: Flask) -> None:
    form = sent(note="")
    assert decide(form, failing(AssertionError()), lambda: None).status == 400
    assert form.problems == [("reject-note", "Say why.")]
    form = sent()
    assert decide(form, failing(ValidationFailedError({"note": "Not that."})), lambda: None).status == 400
    assert form.problems == [("reject-note", "Not that.")]


@pytest.mark.parametrize("error", [InvalidTransitionError, SelfApprovalError, ConflictOfInterestError])
def test_a_refusal_is_a_sentence(app: Flask, error: type[Exception]) -> None:
    outcome = decide(sent(), failing(error("Not you.")), lambda: "It changed.")
    assert (outcome.status, outcome.refusal) == (409, "Not you.")


def test_who_comes_too_late_reads_what_happened_and_a_second_click_changes_nothing(app: Flask) -> None:
    late = decide(sent(), failing(EditConflictError()), lambda: "Ada rejected it.")
    assert late.status == 409
    assert "Ada rejected it. What you typed is still here." in (late.refusal or "")
    again = decide(sent(), failing(EditConflictError()), lambda: None)
    assert (again.is_done, again.sentence) == (True, DONE_ALREADY)


@pytest.mark.parametrize(("is_refused", "version"), [(False, "3"), (True, "8")])
def test_after_a_refusal_the_form_is_for_the_item_as_it_is_now(app: Flask, is_refused: bool, version: str) -> None:
    form, other = sent(), NoteForm("publish")
    offers = [Offer("reject", "Reject", NoteForm("reject")), Offer("publish", "Publish", other)]
    shown = shown_offers(offers, 8, 9, form, is_refused=is_refused)
    assert [(each.was_sent, each.form.version.data) for each in shown] == [(True, version), (False, "8")]
    assert shown[0].form.note.shown == "It is not so."


def test_what_was_typed_into_a_form_that_is_gone_is_shown(app: Flask) -> None:
    offers = [Offer("publish", "Publish", NoteForm("publish"))]
    assert left_over(sent(), offers) == [("Note", "It is not so.")]
    assert left_over(sent(), [Offer("reject", "Reject", NoteForm("reject"))]) == []
    assert left_over(None, offers) == []


def test_nobody_decides_with_a_conflict_of_interest_or_twice(app: Flask) -> None:
    actor, npi = f"account:{new_account(app, 'verifier').id}", factories.provider().npi
    first = [(None, "Nobody."), (actor, "You were first.")]
    assert refusal_to(actor, npi) is None
    refusal = refusal_to(actor, npi, first)
    assert isinstance(refusal, SelfApprovalError)
    assert str(refusal) == "You were first."
    declare_conflict(actor, npi, "My brother.")
    assert isinstance(refusal_to(actor, npi, first), ConflictOfInterestError)
    assert isinstance(refusal_to(actor, npi, conflicts=conflicted_npis(actor)), ConflictOfInterestError)
    assert refusal_to(PROGRAM, npi, [(PROGRAM, "You were first.")]) is None
