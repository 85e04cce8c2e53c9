"""What a person may do with an item now. The acts check again; this says which forms the page shows."""

from dataclasses import dataclass

from directory.accounts.conflicts import CONFLICT
from directory.credentials.desk.item import Item
from directory.credentials.desk.samples import OWN_SAMPLE, is_own_sample
from directory.credentials.exclusions.possible import DISMISSED, PROPOSED, WAITING
from directory.credentials.kinds import CredentialStatus
from directory.credentials.models import PossibleExclusion
from directory.credentials.status import ACT_OF_OUTCOME, MOVES, Act


@dataclass(frozen=True, slots=True)
class Offers:
    """`refusal` says why somebody else has to do it, as a sentence; then nothing is offered."""

    take_up: bool = False
    outcomes: tuple[CredentialStatus, ...] = ()  # of a check
    second: bool = False
    match: str | None = None  # "decide", "second" or "propose"
    refusal: str | None = None

    def has(self, act: str) -> bool:
        """Whether the form that sends `act` is on the page."""
        return {
            "take_up": self.take_up,
            "check": bool(self.outcomes),
            "second": self.second,
            "match": self.match in {"decide", "propose"},
            "second_match": self.match == "second",
        }[act]


def offers_on(item: Item, actor: str, conflicted: bool) -> Offers:
    """What `actor` may do; `conflicted` says whether they have a conflict of interest."""
    if conflicted:
        return Offers(refusal=CONFLICT)
    if item.task.possible_exclusion:
        return _offers_on_match(item.task.possible_exclusion, actor)
    credential = item.credential
    if credential is None:
        return Offers()
    if actor in {credential.entered_by, credential.submitted_by}:
        return Offers(refusal="You entered this credential, so another verifier has to check it.")
    if is_own_sample(actor, credential):
        return Offers(refusal=OWN_SAMPLE)
    status = CredentialStatus(credential.status)
    outcomes = tuple(outcome for outcome, act in ACT_OF_OUTCOME.items() if status in MOVES[act][0])
    waiting = item.waiting_check
    if waiting and waiting.recorded_by == actor:
        return Offers(refusal="You recorded what you found. Another verifier has to agree to it now.")
    if status == CredentialStatus.EXPIRED:
        outcomes = ()  # taken up first, as all that lapsed
    return Offers(take_up=status in MOVES[Act.TAKE_UP][0], outcomes=outcomes, second=waiting is not None)


def _offers_on_match(possible: PossibleExclusion, actor: str) -> Offers:
    if possible.status == PROPOSED and possible.proposed_by == actor:
        return Offers(refusal="You found that it is the same person. Another verifier has to agree to it now.")
    return Offers(match={WAITING: "decide", PROPOSED: "second", DISMISSED: "propose"}.get(possible.status))
