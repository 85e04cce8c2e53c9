"""What a provider may offer: the fixed choices, with the names that pages show.

The keys are stored in the database and stand in URLs, so they never change. Pages write the names with `translated`.
"""

from collections.abc import Mapping

from directory.web.phrases import N_

PRODUCTS = {
    "botox": "Botox (onabotulinumtoxinA)",
    "dysport": "Dysport (abobotulinumtoxinA)",
    "xeomin": "Xeomin (incobotulinumtoxinA)",
    "myobloc": "Myobloc (rimabotulinumtoxinB)",
    "daxxify": "Daxxify (daxibotulinumtoxinA)",
}


def brand(product: str) -> str:
    """The brand name alone of a key of `PRODUCTS`: "Botox"."""
    return PRODUCTS.get(product, product).partition(" (")[0]


HCPCS_OF_PRODUCT = {
    "botox": "J0585",
    "dysport": "J0586",
    "myobloc": "J0587",
    "xeomin": "J0588",
    "daxxify": "J0589",
}
"""The code under which each of `PRODUCTS` is billed."""

TELEHEALTH = "telehealth_consultation"

SERVICES = {
    "emg_guidance": N_("EMG guidance"),
    "ultrasound_guidance": N_("Ultrasound guidance"),
    "topical_anesthetic": N_("Topical anesthetic"),
    "combined_physical_therapy": N_("Physical therapy with injections"),
    TELEHEALTH: N_("Telehealth consultation"),
}

GENDERS = {
    "F": N_("Female"),
    "M": N_("Male"),
    "X": N_("Another gender"),
}
"""Of a person, by the letters of the national registry."""

LANGUAGES = {
    "ar": N_("Arabic"),
    "en": N_("English"),
    "es": N_("Spanish"),
    "fa": N_("Persian"),
    "hy": N_("Armenian"),
    "ja": N_("Japanese"),
    "ko": N_("Korean"),
    "ru": N_("Russian"),
    "tl": N_("Tagalog"),
    "vi": N_("Vietnamese"),
    "zh": N_("Chinese"),
}

FEES = {
    "consultation": N_("Consultation"),
    "injection": N_("Injection procedure (CPT 64616), one side"),
    "guidance": N_("EMG or ultrasound guidance"),
    "product_unit": N_("Product, one unit"),
}

WEEKDAYS = (
    N_("Monday"),
    N_("Tuesday"),
    N_("Wednesday"),
    N_("Thursday"),
    N_("Friday"),
    N_("Saturday"),
    N_("Sunday"),
)
"""By the number of the day in office hours."""

TREATING = "treating"
ALONGSIDE = "alongside"

TREATING_SPECIALTIES = {
    "2084N0400X": N_("Neurologist"),
    "2084N0008X": N_("Neuromuscular neurologist"),
    "2081N0008X": N_("Neuromuscular physician"),
    "2084N0600X": N_("Clinical neurophysiologist"),
    "208100000X": N_("Rehabilitation physician"),
    "2081P2900X": N_("Pain physician (rehabilitation)"),
    "2084P2900X": N_("Pain physician (neurology)"),
    "207LP2900X": N_("Pain physician (anesthesiology)"),
    "208VP0000X": N_("Pain physician"),
    "208VP0014X": N_("Interventional pain physician"),
    "207Y00000X": N_("Ear, nose and throat physician"),
    "261QP3300X": N_("Pain clinic"),
}
"""NUCC codes of those who may inject for neck spasms, in plain words; `TREATING` stands for all of them."""

ALONGSIDE_SPECIALTIES = {"225100000X": N_("Physical therapist")}
"""NUCC codes of those who work beside the ones who inject, and do not inject; `ALONGSIDE` stands for all of them."""

LISTED_SPECIALTIES = TREATING_SPECIALTIES | ALONGSIDE_SPECIALTIES

CLINICS = {
    "261QP3300X": N_("Pain clinic"),
    "225100000X": N_("Physical therapy clinic"),
}
CLINIC = N_("Clinic")


def profession(code: str, names: Mapping[str, str], is_organization: bool = False) -> str:
    """What people call a holder of the specialty `code` in a word or two: the message, which pages translate.

    It is the specialty's name without what tells it from others of its kind ("Pain physician"), and for one that is not
    listed without the taxonomy's "Physician". An organization that declares a physician's specialty is a clinic.
    """
    if is_organization:
        return CLINICS.get(code, CLINIC)
    return names.get(code, code).partition(" (")[0].removesuffix(" Physician")
