"""The questions before a consultation. None has to be answered."""

from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l

from directory.guide.prepare.answers import Answers
from directory.guide.prepare.fields import SinceField, WordsField
from directory.guide.prepare.questions import (
    EARLIER_PRODUCTS,
    HELPED,
    NECK,
    RED_FLAGS,
    SAFETY,
    TRIED,
    YES_NO,
    SafetyQuestion,
)
from directory.web.typed_fields import AnswerField, AnswersField, SentForm

FROM_LIST = _l("Choose one of the answers offered, or leave it open.")
FROM_BOXES = _l("Choose only what is offered.")


def _safety(question: SafetyQuestion) -> AnswerField:
    return AnswerField(question.asked, YES_NO, FROM_LIST)


class PrepareForm(SentForm):
    red_flags = AnswersField(_l("Do you have one of these right now?"), RED_FLAGS, FROM_BOXES)
    neck = AnswersField(_l("What happens to your neck?"), NECK, FROM_BOXES)
    neck_words = WordsField(_l("In your own words"))
    since = SinceField(_l("Since when?"))
    tried = AnswersField(_l("What have you tried?"), TRIED, FROM_BOXES)
    tried_words = WordsField(_l("What helped, and what did not?"))
    blood_thinner = _safety(SAFETY["blood_thinner"])
    antibiotic = _safety(SAFETY["antibiotic"])
    throat = _safety(SAFETY["throat"])
    nerve_muscle = _safety(SAFETY["nerve_muscle"])
    pregnancy = _safety(SAFETY["pregnancy"])
    reaction = _safety(SAFETY["reaction"])
    medicines = WordsField(_l("All medicines that you take"))
    earlier = AnswerField(_l("Have you had such injections before?"), YES_NO, FROM_LIST)
    product = AnswerField(_l("Which medicine was it last time?"), EARLIER_PRODUCTS, FROM_LIST)
    helped = AnswerField(_l("How did it go?"), HELPED, FROM_LIST)
    earlier_words = WordsField(_l("When was it, how much was it, and were there side effects?"))
    own_questions = WordsField(_l("What do you want to ask?"))

    def __init__(self, today: date, **options: Any) -> None:
        super().__init__(**options)
        self.since.today = today

    @property
    def answers(self) -> Answers:
        """Once valid."""
        return Answers(
            red_flags=self._in_order("red_flags"),
            neck=self._in_order("neck"),
            neck_words=self.neck_words.shown,
            since=self.since.data,
            tried=self._in_order("tried"),
            tried_words=self.tried_words.shown,
            safety={name: self[name].data for name in SAFETY if self[name].data},
            medicines=self.medicines.shown,
            earlier=self.earlier.data,
            product=self.product.data,
            helped=self.helped.data,
            earlier_words=self.earlier_words.shown,
            own_questions=self.own_questions.shown,
        )

    @property
    def sent(self) -> list[tuple[str, str]]:
        """What was answered, to be sent along once more: pairs of a field's name and a value."""
        pairs = []
        for field in self:
            if isinstance(field, AnswersField):
                pairs += [(field.name, key) for key in field.data]
            elif field.name != "csrf_token" and field.shown:
                pairs.append((field.name, field.shown))
        return pairs

    def _in_order(self, name: str) -> tuple[str, ...]:
        field = self[name]
        return tuple(key for key in field.answers if key in field.data)
