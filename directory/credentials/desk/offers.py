"""What a person may do with an item now. The acts check again; this says which forms the page shows."""

from dataclasses import dataclass

from directory.credentials.desk.acts import own_batch
from directory.credentials.desk.item import Item, has_sample
from directory.credentials.exclusions.possible import DISMISSED, PROPOSED, WAITING
from directory.credentials.kinds import CredentialStatus
from directory.credentials.status import ACT_OF_OUTCOME, MOVES, Act


@dataclass(frozen=True, slots=True)
class Offers:
    """`refusal` says why somebody else has to do it, as a sentence; then nothing is offered."""

    take_up: bool = False
    outcomes: tuple[CredentialStatus, ...] = ()  # of a check
    second: bool = False
    match: str | None = None  # "decide", "second" or "propose"
    refusal: str | None = None


def offers_on(item: Item, actor: str, tied: bool) -> Offers:
    """What `actor` may do; `tied` says whether they have a tie with the provider."""
    if tied:
        return Offers(refusal="You have a tie with this provider, so somebody else has to do this.")
    if item.task.possible_exclusion:
        return _offers_on_match(item, actor)
    credential = item.credential
    if credential is None:
        return Offers()
    if actor in {credential.entered_by, credential.submitted_by}:
        return Offers(refusal="You entered this credential, so another verifier has to check it.")
    if item.last_check and own_batch(actor, item.last_check) and has_sample(credential):
        return Offers(refusal="You confirmed this one from the board's file, so another verifier has to look it up.")
    status = CredentialStatus(credential.status)
    outcomes = tuple(outcome for outcome, act in ACT_OF_OUTCOME.items() if status in MOVES[act][0])
    waiting = item.waiting_check
    if waiting and waiting.recorded_by == actor:
        return Offers(refusal="You recorded what you found. Another verifier has to agree to it now.")
    if status == CredentialStatus.EXPIRED:
        outcomes = ()  # taken up first, as all that lapsed
    return Offers(take_up=status in MOVES[Act.TAKE_UP][0], outcomes=outcomes, second=waiting is not None)


def _offers_on_match(item: Item, actor: str) -> Offers:
    possible = item.task.possible_exclusion
    if possible is None:
        return Offers()
    if possible.status == PROPOSED and possible.proposed_by == actor:
        return Offers(refusal="You found that it is the same person. Another verifier has to agree to it now.")
    return Offers(match={WAITING: "decide", PROPOSED: "second", DISMISSED: "propose"}.get(possible.status))
