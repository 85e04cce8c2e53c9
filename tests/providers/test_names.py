"""Names read as their bearers write them."""

import pytest

from directory.providers.names import (
    middle_name,
    name_suffix,
    organization_name,
    person_name,
    shown_name,
)
from directory.providers.titles import credential_text


def test_family_names(subtests: pytest.Subtests) -> None:
    for given, shown in [
        ("DE LA CRUZ", "de la Cruz"),
        ("VAN DER BERG", "van der Berg"),
        ("VAN DYKE", "Van Dyke"),
        ("VON TRAPP", "von Trapp"),
        ("DEL TORO", "del Toro"),
        ("LA ROSA", "La Rosa"),
        ("DE", "De"),
        ("LE", "Le"),
        ("DO", "Do"),
        ("NG", "Ng"),
        ("MCDONALD", "McDonald"),
        ("mcdonald", "McDonald"),
        ("MACARTHUR", "MacArthur"),
        ("MACHADO", "Machado"),
        ("MACK", "Mack"),
        ("O'NEIL", "O'Neil"),
        ("O’NEIL", "O’Neil"),
        ("D'ANGELO", "D'Angelo"),
        ("SMITH-JONES", "Smith-Jones"),
        ("O'NEIL-MCDONALD", "O'Neil-McDonald"),
        ("SMITH III", "Smith III"),
        ("SMITH JR", "Smith Jr."),
        ("SMITH 3RD", "Smith 3rd"),
        ("SMITH - JONES", "Smith-Jones"),
        ("O`NEIL", "O'Neil"),
        ("O BRIEN", "O'Brien"),
        ("O' BRIEN", "O'Brien"),
        ("ST.JOHN", "St. John"),
        ("SMITH-", "Smith"),
        ("D ANGELO", "D'Angelo"),
        ("MC DONALD", "McDonald"),
        ("DE LA O", "de la O"),
        ("PEÑA", "Peña"),
        ("  GARCIA   LOPEZ ", "Garcia Lopez"),
        ("DeLuca", "DeLuca"),
        ("McDonald", "McDonald"),
        ("", ""),
    ]:
        with subtests.test(given=given):
            assert person_name(given, family=True) == shown


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("MARIA DE LOS ANGELES", "Maria de los Angeles"),
        ("DE ANDRE", "De Andre"),
        ("JP", "JP"),
        ("AJ", "AJ"),
        ("J.R.", "J.R."),
        ("VI", "Vi"),
        ("ST JOHN", "St John"),
        ("ANNE-MARIE", "Anne-Marie"),
        ("J", "J"),
    ],
)
def test_first_names(given: str, shown: str) -> None:
    assert person_name(given) == shown


def test_what_stands_behind_a_name(subtests: pytest.Subtests) -> None:
    for given, shown in [
        ("M.D.", "MD"),
        ("M D", "MD"),
        ("Md", "MD"),
        ("MD,PHD", "MD, PhD"),
        ("MD PHD", "MD, PhD"),
        ("MD/PHD", "MD, PhD"),
        ("M. D., PH. D.", "MD, PhD"),
        ("Ph.D.", "PhD"),
        ("MD.FACC", "MD, FACC"),
        ("M.D.PH.D", "MD, PhD"),
        ("M.D.P.H.D.", "MD, PhD"),
        ("MDPHD", "MD, PhD"),
        ("MD-PHD", "MD, PhD"),
        ("M.D.FACS", "MD, FACS"),
        ("M.D.M.S.", "MD, MS"),
        ("MD PHD MPH", "MD, PhD, MPH"),
        ("D.O", "DO"),
        ("MD AND PHD", "MD, PhD"),
        ("M,D.", "MD"),
        ("MD (NEUROLOGY)", "MD, Neurology"),
        ("M.D., INC.", "MD"),
        ("M.B., B.S.", "MBBS"),
        ("MSPT", "MSPT"),
        ("OTR L", "OTR/L"),
        ("MEDICAL DOCTOR", "Medical Doctor"),
        ("medical doctor", "Medical Doctor"),
        ("DOCTOR OF OSTEOPATHY", "Doctor of Osteopathy"),
        ("MEDICAL DOCTOR PHD", "Medical Doctor, PhD"),
        ("MD NEUROLOGIST", "MD, Neurologist"),
        ("PAIN MANAGEMENT PHYSICIAN", "Pain Management Physician"),
        ("ABPN CERTIFIED", "ABPN Certified"),
        ("PHYSICIAN/SURGEON", "Physician/Surgeon"),
        ("DR.", None),
        ("MD FACP FASN", "MD, FACP, FASN"),
        ("D.O.", "DO"),
        ("MD, FAAN", "MD, FAAN"),
        ("M.D., F.A.C.S.", "MD, FACS"),
        ("PHARM.D.", "PharmD"),
        ("PA-C", "PA-C"),
        ("PA C", "PA-C"),
        ("OTR/L,CHT", "OTR/L, CHT"),
        ("MD, MD", "MD"),
        ("NURSE PRACTITIONER", "Nurse Practitioner"),
        ("M.D., FAAPM&R", "MD, FAAPM&R"),
        ("MD PM & R", "MD, PM&R"),
        ("MD, FRCP (C)", "MD, FRCP(C)"),
        ("P.A.C.", "PA-C"),
        ("MRCP (UK), FRCS(ED)", "MRCP(UK), FRCS(ED)"),
        ("M.D:PH.D", "MD, PhD"),
        ("FNP BC", "FNP-BC"),
        ("APRN.BC", "APRN-BC"),
        ("M.S. CCC SLP", "MS, CCC-SLP"),
        ("M.D. CANDIDATE", "MD Candidate"),
        ("Doctor of Physical Therapy", "Doctor of Physical Therapy"),
        ("DOCTOR OF PHYSICAL THERAPY", "Doctor of Physical Therapy"),
        ("NONE", None),
        ("--", None),
        ("", None),
    ]:
        with subtests.test(given=given):
            assert credential_text(given) == shown


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        *[("JR", "Jr."), ("Jr.", "Jr."), ("2ND", "2nd"), ("SR", "Sr."), ("III", "III"), ("iv", "IV"), ("", None)],
        *[("JUNIOR", "Jr."), (",JR", "Jr."), ("M.D.", "MD"), ("--", None), ("N/A", None), ("NONE", None)],
    ],
)
def test_suffixes(given: str, shown: str | None) -> None:
    assert name_suffix(given) == shown


def test_a_whole_name() -> None:
    assert shown_name("Ana", None, "de la Cruz", None, "MD") == "Ana de la Cruz, MD"
    assert shown_name("John", "Paul", "Smith", "Jr.", "MD, PhD") == "John Paul Smith Jr., MD, PhD"
    assert shown_name(None, None, "Smith", None, None) == "Smith"


@pytest.mark.parametrize(
    ("first", "middle", "last", "suffix", "shown"),
    [
        ("John", "Q", "Smith", None, "John Q. Smith"),
        ("John", "Q.", "Smith", None, "John Q. Smith"),
        ("J", "Robert", "Smith", None, "J. Robert Smith"),
        ("John", "A B", "Smith", None, "John A. B. Smith"),
        ("Mary Ann", "Ann", "Smith", None, "Mary Ann Smith"),
        ("John Q.", "Q", "Smith", None, "John Q. Smith"),
        ("Jan", "Van", "Van Dyke", None, "Jan Van Dyke"),
        ("Juan", "Garcia", "Garcia", None, "Juan Garcia Garcia"),
        ("John", None, "Smith Jr.", "Jr.", "John Smith Jr."),
    ],
)
def test_a_middle_name_is_shown_once(first: str, middle: str | None, last: str, suffix: str | None, shown: str) -> None:
    assert shown_name(first, middle, last, suffix, None) == shown


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        *[
            ("ANNE", "Anne"),
            ("Q", "Q"),
            ("NMN", None),
            ("(nmi)", None),
            ("N/A", None),
            (".", None),
            ("-", None),
            ("", None),
        ],
        *[("NO MIDDLE NAME", None), ("UNK", None), (".A", "A"), ("A,", "A"), ("III", "III"), ("VI", "Vi")],
        *[("DEL CARMEN", "del Carmen"), ("DE LA LUZ", "de la Luz"), ("PAUL II", "Paul II"), ("DEL", "Del")],
    ],
)
def test_what_is_no_middle_name_is_left_out(given: str, kept: str | None) -> None:
    assert middle_name(given) == kept


def test_organizations(subtests: pytest.Subtests) -> None:
    for given, shown in [
        ("UCLA MEDICAL CENTER", "UCLA Medical Center"),
        ("SMITH & SONS OF TORRANCE, LLC", "Smith & Sons of Torrance, LLC"),
        ("JOHN MCDONALD, M.D., P.C.", "John McDonald, M.D., P.C."),
        ("JOHN DOE MD PHD INC", "John Doe MD PhD Inc"),
        ("MED TEAM, INC.", "Med Team, Inc."),
        ("EMG/NCV LAB", "EMG/NCV Lab"),
        ("EEG & EMG SERVICES OF CA, LLC", "EEG & EMG Services of CA, LLC"),
        ("PAIN MANAGEMENT OF LA, INC", "Pain Management of LA, Inc"),
        ("LA SPINE CLINIC", "La Spine Clinic"),
        ("DR. DE LA CRUZ, P.C.", "Dr. de la Cruz, P.C."),
        ("LAC+USC MEDICAL CENTER", "LAC+USC Medical Center"),
        ("PET/CT AND MRI CENTER", "PET/CT and MRI Center"),
        ("MS CENTER", "MS Center"),
        ("RUSH UNIV MED CTR", "Rush Univ Med Ctr"),
        ("CHLA MEDICAL GRP", "CHLA Medical Grp"),
        ("WEST LA VA CLINIC", "West LA VA Clinic"),
        ("LAC-DHS OF LA COUNTY", "LAC-DHS of LA County"),
        ("OC SPINE", "OC Spine"),
        ("AAA MEDICAL GROUP L.L.C.", "AAA Medical Group L.L.C."),
        ("THE CENTER FOR PAIN AND SPINE", "The Center for Pain and Spine"),
        ("ST. MARY'S CHILDREN'S HOSPITAL II", "St. Mary's Children's Hospital II"),
        ("OB/GYN ASSOCIATES", "OB/GYN Associates"),
        ("CVS PHARMACY #07056", "CVS Pharmacy #07056"),
        ("2ND STREET PHYSICAL THERAPY", "2nd Street Physical Therapy"),
        ("SOUTH BAY NEUROLOGY, A MEDICAL CORPORATION", "South Bay Neurology, A Medical Corporation"),
        ("honey medical group", "Honey Medical Group"),
        ("HarmonyCares Hospice", "HarmonyCares Hospice"),
        ("", ""),
    ]:
        with subtests.test(given=given):
            assert organization_name(given) == shown


@pytest.mark.parametrize("text", ["DE LA CRUZ", "MCDONALD", "O'NEIL", "SMITH III", "MD, PHD", "JOHN Q"])
def test_a_name_in_order_stays_as_it_is(text: str) -> None:
    once = person_name(text, family=True)
    assert person_name(once, family=True) == once
    assert credential_text(credential_text("MD,PHD") or "") == "MD, PhD"
