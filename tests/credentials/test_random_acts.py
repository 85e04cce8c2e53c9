"""Whatever acts come in whatever order: the state is one that a path of moves leads to, and the score follows it."""

from collections.abc import Callable

from flask import Flask
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import select

from directory.audit.log import PROGRAM
from directory.audit.models import AuditEvent
from directory.audit.verify import check_log
from directory.credentials.actions import expire, second_check, start_expiring, submit_credential, take_up
from directory.credentials.models import Credential
from directory.credentials.status import MOVES, NEGATIVE, CredentialAct, CredentialStatus
from directory.extensions import db
from directory.web.refusals import InvalidTransitionError, SelfApprovalError
from directory.web.transaction import EditConflictError, transaction
from tests.credentials.acting import CLINIC, FIRST, LICENSE, SECOND, THIRD, TODAY, claimed, found, score_of

OUTCOMES = st.sampled_from(["verified", *sorted(NEGATIVE)])
BARS = {"rejected", "revoked", "expired"}
COUNTS = {"verified", "expiring"}


class Life(RuleBasedStateMachine):
    """One license, and beside it what a person would have noted of it on paper."""

    @initialize()
    def enter(self) -> None:
        with transaction():
            self.credential_id = claimed().id
        self.in_force, self.moves, self.waiting = "claimed", ["enter_credential"], 0

    @property
    def credential(self) -> Credential:
        return db.session.get_one(Credential, self.credential_id)

    def attempt(self, act: CredentialAct, do: Callable[[], object], *, moves: bool = True) -> bool:
        """Try an act; whether it was done. A refused one was not allowed and left the state alone."""
        before = self.credential.status
        try:
            with transaction():
                do()
        except InvalidTransitionError:
            assert before not in MOVES[act][0]
            assert self.credential.status == before
            return False
        if moves:
            assert before in MOVES[act][0]
            assert self.credential.status == MOVES[act][1]
            self.moves.append(act)
        return True

    def decide(self, outcome: str) -> None:
        if not (outcome == "could_not_verify" and self.in_force in BARS):
            self.in_force = outcome
        self.waiting = 0

    @rule()
    def submit(self) -> None:
        renews = self.credential.status in COUNTS
        act = CredentialAct.SUBMIT
        if self.attempt(act, lambda: submit_credential(CLINIC, self.credential, LICENSE), moves=not renews):
            self.moves += [CredentialAct.SUBMIT] if renews else []

    @rule(actor=st.sampled_from([FIRST, SECOND]))
    def take_up(self, actor: str) -> None:
        self.attempt(CredentialAct.TAKE_UP, lambda: take_up(actor, self.credential))

    @rule(outcome=OUTCOMES, actor=st.sampled_from([FIRST, SECOND, PROGRAM]))
    def check(self, outcome: str, actor: str) -> None:
        act = next(act for act, (_, end) in MOVES.items() if end == outcome)
        waits = outcome in NEGATIVE and actor != PROGRAM
        if self.attempt(act, lambda: found(self.credential, outcome, actor), moves=not waits):
            if waits:
                self.waiting += 1
                self.moves.append("propose_outcome")
            else:
                self.decide(outcome)

    @rule(actor=st.sampled_from([CLINIC, FIRST, SECOND, THIRD]), agrees=st.booleans(), newest=st.booleans())
    def second(self, actor: str, agrees: bool, newest: bool) -> None:
        checks = [check for check in self.credential.verifications if newest or check.state == "waiting"]
        if not checks:
            return
        check = checks[0]
        own, state, outcome = check.recorded_by == actor, check.state, CredentialStatus(check.outcome)
        act = next(act for act, (_, end) in MOVES.items() if end == outcome)
        try:
            done = self.attempt(act, lambda: second_check(actor, check, agrees=agrees, note="No."), moves=agrees)
        except SelfApprovalError:
            assert own or actor == CLINIC
            return
        except EditConflictError:
            assert state != "waiting"
            return
        assert state == "waiting"
        assert not own
        assert actor != CLINIC
        if done and agrees:
            self.decide(outcome)
        elif done:
            self.waiting -= 1
            self.moves.append("decline_outcome")

    @rule()
    def start_expiring(self) -> None:
        self.attempt(CredentialAct.START_EXPIRING, lambda: start_expiring(self.credential, "It lapses soon.", TODAY))

    @rule()
    def expire(self) -> None:
        if self.attempt(CredentialAct.EXPIRE, lambda: expire(self.credential, "It lapsed.")):
            self.in_force = "expired"

    @invariant()
    def the_score_follows_what_is_in_force(self) -> None:
        score = score_of(self.credential.npi)
        assert score.license_verified == (self.in_force in COUNTS)
        assert (score.points > 0) == (self.in_force in COUNTS)
        assert (score.barred_for is not None) == (self.in_force in BARS)

    @invariant()
    def the_log_has_one_event_a_move(self) -> None:
        acts = db.session.scalars(
            select(AuditEvent.act)
            .where(AuditEvent.subject == f"credential:{self.credential_id}")
            .order_by(AuditEvent.number)
        ).all()
        assert list(acts) == self.moves

    @invariant()
    def what_waits_is_known(self) -> None:
        assert sum(check.state == "waiting" for check in self.credential.verifications) == self.waiting

    def teardown(self) -> None:
        assert check_log().fault is None


def test_any_order_of_acts_keeps_the_promises(app: Flask) -> None:
    run_state_machine_as_test(
        Life, settings=settings(max_examples=15, stateful_step_count=25, deadline=None, database=None)
    )
