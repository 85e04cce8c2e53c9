"""The form by which staff say who is meant."""

from werkzeug.datastructures import MultiDict
from wtforms import Form

from directory.web.typed_fields import AnswerField

NOBODY = "none"


class MatchForm(Form):  # type: ignore[misc]  # WTForms has no types
    """One of the candidates' NPIs, or `NOBODY`."""

    npi = AnswerField("Who is meant?", {}, "Choose who is meant, or “none of these”.", required=True)

    def __init__(self, candidates: list[str], typed: MultiDict[str, str] | None = None) -> None:
        super().__init__()
        self.npi.answers = {each: each for each in (*candidates, NOBODY)}
        if typed is not None:
            self.process(typed)

    @property
    def chosen(self) -> str | None:
        """The NPI, or None for nobody here."""
        return None if self.npi.data == NOBODY else self.npi.data
