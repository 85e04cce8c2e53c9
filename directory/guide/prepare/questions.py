"""What the form asks before a consultation, in the words of the page. Keys stand in forms; none of them is stored."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel.speaklater import LazyString

from directory.providers.offerings import PRODUCTS
from directory.web.messages import lazy_gettext as _l

Choices = Mapping[str, LazyString]

RED_FLAGS: Choices = {
    "throat": _l("Trouble swallowing, speaking or breathing"),
    "one_side": _l("Sudden weakness or numbness on one side, or a drooping face"),
    "injury": _l("Neck pain since a fall, a crash or a blow"),
    "fever": _l("Fever with a stiff neck"),
}
URGENT_FACTS = {
    "throat": "emergency",
    "one_side": "stroke_signs",
    "injury": "neck_injury_signs",
    "fever": "stiff_neck_fever",
}
"""What to do at each red flag: the key of its fact."""

NECK: Choices = {
    "turns": _l("My head turns to one side"),
    "tilts": _l("My head tilts to one shoulder"),
    "pulled": _l("My head is pulled forward or back"),
    "shakes": _l("My head shakes or jerks"),
    "pain": _l("My neck hurts"),
    "stiff": _l("I can’t move my neck well"),
    "headache": _l("I get headaches with it"),
}
TRIED: Choices = {
    "rest": _l("Rest, heat or ice"),
    "physical_therapy": _l("Physical therapy"),
    "pain_medicine": _l("Pain medicine"),
    "muscle_relaxant": _l("Muscle relaxants"),
    "other_medicine": _l("Other medicine from a doctor"),
    "surgery": _l("Surgery"),
}
YES_NO: Choices = {"yes": _l("Yes"), "no": _l("No"), "unsure": _l("Not sure")}
EARLIER_PRODUCTS: Mapping[str, LazyString | str] = {**PRODUCTS, "unknown": _l("I don’t know which one")}
HELPED: Choices = {
    "much": _l("It helped a lot"),
    "some": _l("It helped some"),
    "faded": _l("It helped at first, then less"),
    "not": _l("It didn’t help"),
}


@dataclass(frozen=True, slots=True)
class SafetyQuestion:
    """A question with yes, no or not sure. `fact`: the key of why a doctor must know; the rest stands on the sheet."""

    asked: LazyString
    yes: LazyString
    unsure: LazyString
    no: LazyString
    fact: str


SAFETY = {
    "blood_thinner": SafetyQuestion(
        _l("Do you take a blood thinner, such as warfarin, Eliquis or aspirin?"),
        _l("I take a blood thinner."),
        _l("I am not sure if I take a blood thinner."),
        _l("I don’t take a blood thinner."),
        "blood_thinners",
    ),
    "antibiotic": SafetyQuestion(
        _l("Do you get an antibiotic by shot or IV, such as gentamicin, tobramycin or amikacin?"),
        _l("I get an antibiotic by shot or IV."),
        _l("I am not sure which antibiotic I get."),
        _l("I don’t get antibiotics by shot or IV."),
        "aminoglycosides",
    ),
    "throat": SafetyQuestion(
        _l("Have you had trouble swallowing or breathing before?"),
        _l("I have had trouble swallowing or breathing."),
        _l("I am not sure if I have trouble swallowing or breathing."),
        _l("I have had no trouble swallowing or breathing."),
        "swallowing_before",
    ),
    "nerve_muscle": SafetyQuestion(
        _l("Do you have a nerve or muscle disease: myasthenia gravis, Lambert-Eaton syndrome or ALS?"),
        _l("I have a nerve or muscle disease."),
        _l("I am not sure if I have a nerve or muscle disease."),
        _l("I don’t have a nerve or muscle disease."),
        "nerve_muscle_illness",
    ),
    "pregnancy": SafetyQuestion(
        _l("Are you pregnant or breastfeeding, or could you be soon?"),
        _l("I am pregnant or breastfeeding, or could be soon."),
        _l("I am not sure if I am pregnant."),
        _l("I am not pregnant and not breastfeeding."),
        "pregnancy_unknown",
    ),
    "reaction": SafetyQuestion(
        _l("Has a medicine or an injection ever made you very sick?"),
        _l("A medicine or an injection has made me very sick."),
        _l("I am not sure if a medicine ever made me very sick."),
        _l("No medicine has made me very sick."),
        "allergy_before",
    ),
}
"""By the name of the field."""

MAX_WORDS_LENGTH = 300  # characters of each text, so that a full sheet stays on one page
MAX_AGE_YEARS_BACK = 110  # how long ago it may have begun
