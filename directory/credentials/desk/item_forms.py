"""The forms of an item: those that are offered, the one that was sent, and what to say when somebody was quicker."""

from werkzeug.datastructures import MultiDict

from directory.credentials.desk.forms import OUTCOMES, CheckForm, DeskForm, MatchForm, SecondForm
from directory.credentials.desk.item import Item, primary_source_of
from directory.credentials.kinds import STANDINGS, CredentialStatus
from directory.web.days import today_in_california

POSSIBLE = {
    "waiting": "waits for a decision",
    "proposed": "was found to be the same person, and a second verifier has to agree",
    "confirmed": "was confirmed by two verifiers",
    "dismissed": "was found to be somebody else",
    "gone": "is no longer in the list",
}
"""How a possible exclusion stands, in words."""


class ItemForms:
    """The forms of one item by the act that each sends."""

    def __init__(self, item: Item, act: str = "", typed: MultiDict[str, str] | None = None) -> None:
        """With the form of `act` as it was `typed`, the others empty."""
        self.act = act
        self.by_act: dict[str, DeskForm] = {}

        def typed_for(own: str) -> MultiDict[str, str] | None:
            return typed if own == act else None

        credential = item.credential
        if credential:
            self.by_act["take_up"] = DeskForm(typed_for("take_up"))
            self.by_act["check"] = CheckForm(tuple(OUTCOMES), credential.evidence, typed_for("check"))
            self.by_act["second"] = SecondForm(typed_for("second"))
        elif item.task.possible_exclusion:
            self.by_act["match"] = MatchForm(typed_for("match"))
            self.by_act["second_match"] = SecondForm(typed_for("second_match"))

    @property
    def sent(self) -> DeskForm | None:
        return self.by_act.get(self.act)

    @property
    def problems(self) -> list[tuple[str, str]]:
        """Of the form that was sent, as the error summary takes them."""
        return self.sent.problems(self.act) if self.sent else []

    @classmethod
    def shown(cls, item: Item, sent: "ItemForms | None", *, fresh: bool) -> "ItemForms":
        """The forms as the page shows them. With `fresh` the one that was sent is for the item as it is now."""
        forms = sent or cls(item)
        for act, form in forms.by_act.items():
            if act != forms.act or fresh:
                form.version.data, form.seen.data = str(_version(item)), str(_newest_check(item))
        check = forms.by_act.get("check")
        if isinstance(check, CheckForm) and forms.act != "check":
            check.primary_source.data = primary_source_of(item)
            check.checked_on.data = today_in_california()
        return forms


def is_second_click(item: Item, act: str, form: DeskForm, actor: str) -> bool:
    """Whether what `form` asks for was done by the same person meanwhile, so that nobody was quicker."""
    credential, possible = item.credential, item.task.possible_exclusion
    newest = credential.verifications[0] if credential and credential.verifications else None
    if act == "take_up" and credential:
        taken_by = f"account:{item.task.assigned_to}"
        return credential.status == CredentialStatus.IN_REVIEW and taken_by == actor
    if isinstance(form, CheckForm) and newest:
        return newest.id > form.check_seen and newest.recorded_by == actor and newest.outcome == form.check.outcome
    if act == "second" and newest:
        return newest.second_by == actor and newest.id == form.check_seen
    if act == "match" and possible:
        return actor in {possible.proposed_by, possible.decided_by} and possible.version == form.version_seen + 1
    return act == "second_match" and possible is not None and possible.decided_by == actor


def what_happened(item: Item) -> str:
    """How things stand now, for somebody whose act came too late."""
    credential, possible, names = item.credential, item.task.possible_exclusion, item.names
    now = "It has changed."
    if possible:
        by = names.get(possible.decided_by or possible.proposed_by or "")
        now = f"The entry {POSSIBLE[possible.status]}" + (f" (by {by})." if by else ".")
    elif credential:
        newest = credential.verifications[0] if credential.verifications else None
        now = f"This credential is now {STANDINGS[CredentialStatus(credential.status)]}."
        if newest:
            by = newest.second_by or newest.recorded_by
            now += f" Last decided on by {names[by]}."
        elif item.task.assigned_to:
            now += f" {names[f'account:{item.task.assigned_to}']} has it."
    return f"Somebody else was quicker, so nothing was done. {now} What you typed is still here."


def _version(item: Item) -> int:
    return next((row.version for row in (item.credential, item.task.possible_exclusion) if row), 0)


def _newest_check(item: Item) -> int:
    checks = item.credential.verifications if item.credential else []
    return checks[0].id if checks else 0
