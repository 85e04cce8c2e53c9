"""Where verifiers look credentials up: the boards' and registries' own pages, as plain links, by state and field.

Addresses are those of the front pages, which last; forms behind them move about.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LookUp:
    """One primary source: its name, its page, and what can be looked up there."""

    name: str
    url: str
    what: str


_CALIFORNIA_SEARCH = "https://search.dca.ca.gov/"
CALIFORNIA_BOARDS = (
    LookUp("Medical Board of California", _CALIFORNIA_SEARCH, "physicians and surgeons (MD): license, public record"),
    LookUp("Osteopathic Medical Board of California", _CALIFORNIA_SEARCH, "osteopathic physicians and surgeons (DO)"),
    LookUp("Physical Therapy Board of California", _CALIFORNIA_SEARCH, "physical therapists (PT)"),
)
ALL_STATES = (
    LookUp("FSMB DocInfo", "https://www.docinfo.org/", "licenses and board actions of physicians in all states"),
    LookUp(
        "State medical boards (list of the FSMB)",
        "https://www.fsmb.org/contact-a-state-medical-board/",
        "the board of each state and its own look-up page",
    ),
)
ABMS = LookUp("ABMS Certification Matters", "https://www.certificationmatters.org/", "certificates of all ABMS boards")
AOA = LookUp("AOA Certification", "https://certification.osteopathic.org/", "certificates of osteopathic boards")
ABPN = LookUp("American Board of Psychiatry and Neurology", "https://abpn.org/", "neurology and its subspecialties")
ABPMR = LookUp(
    "American Board of Physical Medicine and Rehabilitation",
    "https://www.abpmr.org/",
    "physical medicine & rehabilitation and its subspecialties",
)
ABA = LookUp("American Board of Anesthesiology", "https://www.theaba.org/", "anesthesiology, pain medicine")
ACGME = LookUp("ACGME", "https://www.acgme.org/", "accredited programs, to write to or call")
DEA = LookUp(
    "DEA Diversion Control Division",
    "https://www.deadiversion.usdoj.gov/",
    "registrations, for those who have one themselves",
)
OIG = LookUp(
    "OIG exclusions search", "https://exclusions.oig.hhs.gov/", "exclusions; a date of birth tells namesakes apart"
)
MEDI_CAL_LIST = LookUp(
    "Medi-Cal Suspended and Ineligible Provider List",
    "https://data.chhs.ca.gov/",
    "suspensions from Medi-Cal, with license and provider numbers",
)

_BOARDS_OF_FIELD = {
    "neurology": (ABPN,),
    "physical_medicine": (ABPMR,),
    "pain_medicine": (ABPN, ABPMR, ABA),
    "neuromuscular_medicine": (ABPN, ABPMR),
    "clinical_neurophysiology": (ABPN,),
}


def of_license(state: str | None, _field: str | None) -> tuple[LookUp, ...]:
    """The likeliest first, as in all of these functions."""
    return CALIFORNIA_BOARDS + ALL_STATES[:1] if state == "CA" else ALL_STATES


def of_certificate(_state: str | None, field: str | None) -> tuple[LookUp, ...]:
    return (*(_BOARDS_OF_FIELD.get(field or "") or (ABPN, ABPMR)), ABMS, AOA)


def of_fellowship(_state: str | None, field: str | None) -> tuple[LookUp, ...]:
    return (*_BOARDS_OF_FIELD.get(field or "", ()), ACGME)


def of_dea_registration(_state: str | None, _field: str | None) -> tuple[LookUp, ...]:
    return (DEA,)


def of_none(_state: str | None, _field: str | None) -> tuple[LookUp, ...]:
    """Of what its issuer alone can tell."""
    return ()
