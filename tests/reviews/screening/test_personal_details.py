"""Personal details are found in English and Spanish, the writer's own story is left alone, and no text is slow."""

import re
from itertools import pairwise
from re import _constants, _parser  # type: ignore[attr-defined]  # to see that every repeat is bounded
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.reviews.questions import MAX_TEXT_LENGTH
from directory.reviews.screening import detail_patterns
from directory.reviews.screening.personal_details import (
    KINDS,
    MAX_EXCERPT_LENGTH,
    details_in_name,
    find_details,
    public_name,
)

PROVIDER = "Ada María Example, MD"

HITS = [
    # phone
    ("Call me at 310 555 0100 for more", "phone", "310 555 0100"),
    ("my number: (310) 555-0100.", "phone", "(310) 555-0100"),
    ("310.555.0100 ask for me", "phone", "310.555.0100"),
    ("text 3105550100", "phone", "3105550100"),
    ("+1 310-555-0100", "phone", "+1 310-555-0100"),
    ("I live in London, +44 20 7946 0958", "phone", "+44 20 7946 0958"),
    ("llámame al +52 55 1234 5678", "phone", "+52 55 1234 5678"),
    ("call 555-0100 if you were hurt too", "phone", "555-0100"),
    ("mi teléfono es 555 0100", "phone", "555 0100"),
    (
        "three one zero, five five five, zero one zero zero",
        "phone",
        "three one zero, five five five, zero one zero zero",
    ),
    ("tres uno cero cinco cinco cinco cero uno", "phone", "tres uno cero cinco cinco cinco cero uno"),
    ("3 1 0 5 5 5 0 1 0 0", "phone", "3 1 0 5 5 5 0 1 0 0"),
    # email
    ("write to jo.doe+neck@example.org please", "email", "jo.doe+neck@example.org"),
    ("JO@EXAMPLE.COM", "email", "JO@EXAMPLE.COM"),
    ("mail jodoe at example dot com", "email", "jodoe at example dot com"),
    ("jodoe (at) example (dot) com", "email", "jodoe (at) example (dot) com"),
    ("jodoe[at]example[dot]co[dot]uk", "email", "jodoe[at]example[dot]co[dot]uk"),
    ("mi correo es jodoe arroba example punto com", "email", "jodoe arroba example punto com"),
    ("jodoe at gmail.com", "email", "jodoe at gmail.com"),
    # numbers of records, dates of birth
    ("My MRN is 0048213", "record_number", "MRN is 0048213"),
    ("MRN: A-48213", "record_number", "MRN: A-48213"),
    ("MRN#48213", "record_number", "MRN#48213"),
    ("chart number 4821", "record_number", "chart number 4821"),
    ("they lost chart #48213 twice", "record_number", "chart #48213"),
    ("Claim no. 2024117 was denied", "record_number", "Claim no. 2024117"),
    ("claim 20241177 was denied", "record_number", "claim 20241177"),
    ("member ID: XJH883412", "record_number", "member ID: XJH883412"),
    ("my policy number is WX-99120", "record_number", "policy number is WX-99120"),
    ("case number 77120", "record_number", "case number 77120"),
    ("account # 88123", "record_number", "account # 88123"),
    ("medical record number 7712", "record_number", "medical record number 7712"),
    ("número de póliza 771234", "record_number", "número de póliza 771234"),
    ("expediente no. 4411", "record_number", "expediente no. 4411"),
    ("Acct #123456", "record_number", "Acct #123456"),
    ("Medicare ID 1EG4-TE5-MK72", "record_number", "Medicare ID 1EG4-TE5-MK72"),
    ("SSN 123-45-6789", "record_number", "SSN 123-45-6789"),
    ("they read 123-45-6789 aloud", "record_number", "123-45-6789"),
    ("the last four of my social, 6789, were shouted", "record_number", "my social, 6789"),
    ("seguro social 123 45 6789", "record_number", "seguro social 123 45 6789"),
    ("DOB 1/2/1960", "record_number", "DOB 1/2/1960"),
    ("my date of birth is January 2, 1960", "record_number", "date of birth is January 2, 1960"),
    ("I was born on 2 March 1960", "record_number", "born on 2 March 1960"),
    ("fecha de nacimiento: 2 de marzo de 1960", "record_number", "fecha de nacimiento: 2 de marzo de 1960"),
    ("nací el 02/03/1960", "record_number", "nací el 02/03/1960"),
    # links, handles, home addresses
    ("see https://example.org/story?x=1.", "link", "https://example.org/story?x=1"),
    ("on www.example.org too", "link", "www.example.org"),
    ("read my-story.example.com/neck", "link", "my-story.example.com/neck"),
    ("bit.ly/3abc has the picture", "link", "bit.ly/3abc"),
    ("find me on Instagram: @neck.story", "link", "Instagram: @neck.story"),
    ("I live at 12 Example Street, come by", "address", "12 Example Street"),
    ("my house at 4021 West Example Blvd", "address", "4021 West Example Blvd"),
    ("vivo en calle de los Ejemplos 12", "address", "calle de los Ejemplos 12"),
    # names of staff
    ("nurse Kelly was rough", "staff_name", "nurse Kelly"),
    ("Nurse Practitioner Kelly Moss explained it", "staff_name", "Nurse Practitioner Kelly Moss"),
    ("Dr. Smith filled in that day", "staff_name", "Dr. Smith"),
    ("Dr Smith-Jones filled in", "staff_name", "Dr Smith-Jones"),
    ("DR. SMITH FILLED IN", "staff_name", "DR. SMITH"),
    ("Doctor O’Brien’s office", "staff_name", "Doctor O’Brien’s"),
    ("I saw Ms. Ortega first", "staff_name", "Ms. Ortega"),
    ("a receptionist named Ana", "staff_name", "receptionist named Ana"),
    ("a lady named kelly yelled", "staff_name", "lady named kelly"),
    ("Maria at the front desk", "staff_name", "Maria at the front desk"),
    ("Thank Maria in billing", "staff_name", "Maria in billing"),
    ("Kelly, the nurse, was late", "staff_name", "Kelly, the nurse"),
    ("Kelly my nurse was late", "staff_name", "Kelly my nurse"),
    ("Kelly, RN", "staff_name", "Kelly, RN"),
    ("her name is Kelly", "staff_name", "her name is Kelly"),
    ("the nurse’s name was Kelly", "staff_name", "nurse’s name was Kelly"),
    ("la enfermera Lucía fue amable", "staff_name", "enfermera Lucía"),
    ("la recepcionista llamada Ana", "staff_name", "recepcionista llamada Ana"),
    ("María de recepción", "staff_name", "María de recepción"),
    ("la doctora Gómez", "staff_name", "doctora Gómez"),
    ("la Dra. Gómez", "staff_name", "Dra. Gómez"),
    ("Lucía, la enfermera", "staff_name", "Lucía, la enfermera"),
    ("Brenda (nurse) was nice", "staff_name", "Brenda (nurse)"),
    ("The PA, Jason, did it", "staff_name", "PA, Jason"),
    ("my nurse was Kelly.", "staff_name", "my nurse was Kelly"),
    ("Jennifer was my injector", "staff_name", "Jennifer was my injector"),
    ("their receptionist is called Ana", "staff_name", "receptionist is called Ana"),
    # the health of others
    ("My 12-year-old son has cerebral palsy", "third_party_health", "My 12-year-old son has cerebral palsy"),
    ("my husband has Parkinson’s", "third_party_health", "my husband has Parkinson’s"),
    ("My mother also suffers from dystonia", "third_party_health", "My mother also suffers from dystonia"),
    ("my son was diagnosed with epilepsy there", "third_party_health", "my son was diagnosed with epilepsy"),
    ("my wife’s cancer came back", "third_party_health", "my wife’s cancer"),
    ("my friend gets Botox here too", "third_party_health", "my friend gets Botox"),
    ("my sister with MS goes too", "third_party_health", "my sister with MS"),
    ("the patient next to me had a seizure", "third_party_health", "the patient next to me had a seizure"),
    ("another patient was HIV positive", "third_party_health", "another patient was HIV"),
    ("a lady in the waiting room has Parkinson's", "third_party_health", "a lady in the waiting room has Parkinson's"),
    ("the man before me came for migraines", "third_party_health", "the man before me came for migraines"),
    ("my elderly neighbor is on dialysis", "third_party_health", "my elderly neighbor is on dialysis"),
    ("mi esposo tiene Parkinson", "third_party_health", "mi esposo tiene Parkinson"),
    ("mi hijo fue diagnosticado con epilepsia", "third_party_health", "mi hijo fue diagnosticado con epilepsia"),
    ("la paciente a mi lado tenía cáncer", "third_party_health", "la paciente a mi lado tenía cáncer"),
    ("el cáncer de mi madre", "third_party_health", "el cáncer de mi madre"),
]

NEAR_MISSES = [
    "I got 200 units of Botox, then 250 units, then 300.",
    "On 01/02/2026 I had 200 units.",
    "From 2019-2022 I went every 12 weeks.",
    "2026-01-02 10:30 was my slot.",
    "12/24/2025-01/03/2026 they were closed.",
    "I paid $1,250.00 to $2,000.00 out of pocket.",
    "It cost 1200 1500 and 1800 dollars in three years.",
    "Torrance 90503-1234",
    "ZIP 90503, then 90277.",
    "CPT 64616 and 95874, ICD G24.3",
    "My neck: 8 before, 3 after, 2 at six weeks, 5 at ten.",
    "weeks 2 4 6 8 10 12",
    "The NPI is 9000000017.",
    "I called three or four times, then five more.",
    "One two three and it was over.",
    "They have 1-2 doctors and 3-4 nurses.",
    "I looked at it and dot by dot it hurt less.",
    "I was at Torrance. Then at home.",
    "Arrived @ 3 pm, seen at 3:15.",
    "It hurt.Then it was better.",
    "Relief at last.I can drive.",
    "No. 1 in the South Bay.",
    "It helped me.us patients need more of this",
    "In case 2 shots are not enough, they offer 3.",
    "In this case number 3 was the charm.",
    "A member since 2019.",
    "My claim took 3 months.",
    "My policy is to wait 24 hours.",
    "The chart showed 12 muscles.",
    "The group of 4 doctors.",
    "He made a case for 200 units.",
    "The claim of 2023 was paid.",
    "I was born with torticollis.",
    "I was born in 1960.",
    "It feels like my birthday.",
    "I live 12 miles away and drive 40 minutes.",
    "I live in Torrance.",
    "The house is 3 blocks from the office.",
    "Social security pays for it.",
    "Dr. Example listened.",
    "Dr. Ada Example listened.",
    "Doctor Example’s hands are steady.",
    "la doctora María Example",
    "DR. EXAMPLE IS GREAT",
    "The nurse was kind. Kelly green walls.",
    "The nurse I saw was kind.",
    "The doctor, Botox and patience helped.",
    "The receptionist Monday morning was rude.",
    "Nurses and Doctors are kind.",
    "Nurse Practitioners are kind here.",
    "My nurse was Amazing!",
    "It was the nurse who called.",
    "Best Neurologist In Torrance",
    "The Medical Assistant was nice.",
    "I live in Philadelphia, PA. Great office.",
    "My friends at work noticed that my head was straight.",
    "My wife was surprised that Botox helps.",
    "I was told by my friend about Botox.",
    "I drive from Long Beach CA 90802 every 12 weeks.",
    "My insurance paid in 2024, and Medicare 20 percent.",
    "Open 9-5, Mon-Fri, 8am-12pm Sat.",
    "The people at the front desk are kind.",
    "Everyone at the front desk smiles.",
    "Service at reception was slow.",
    "Finally, the nurse came.",
    "Unfortunately my nurse was late.",
    "Thank the nurse for me.",
    "Then the technician came.",
    "THE NURSE WAS RUDE AND THE DOCTOR WAS LATE",
    "The physical therapist Torrance sent me to helped.",
    "My doctor. My choice.",
    "Miss it and you wait a month.",
    "I have dystonia.",
    "I have had cervical dystonia and migraines since 2010.",
    "My depression and my anxiety got better.",
    "My husband drove me because I have dystonia.",
    "My husband has been great.",
    "My wife had to wait two hours for me.",
    "My sister had me see him for dystonia.",
    "My son has helped me with my spasms.",
    "My friend recommended him for dystonia.",
    "My wife was relieved when my spasms stopped.",
    "As a patient with dystonia I know the wait.",
    "The doctor is good with spasms.",
    "My neurologist has many patients with dystonia.",
    "My mother has hearing aids.",
    "My husband said to add that it hurts.",
    "The patient next to me had a loud phone.",
    "Another patient had to wait too.",
    "A person with dystonia needs time.",
    "Tengo distonía cervical y migrañas.",
    "Mi esposo me llevó porque tengo distonía.",
    "Mi esposa tuvo que esperar.",
    "La enfermera fue muy amable.",
    "La doctora Siempre explica todo.",
    "Me dieron 200 unidades el 3 de marzo de 2026.",
    "",
]


def test_a_personal_detail_is_found(subtests: pytest.Subtests) -> None:
    for text, kind, excerpt in HITS:
        with subtests.test(text=text):
            found = find_details(text, PROVIDER)
            assert [(finding.kind, finding.excerpt) for finding in found] == [(kind, excerpt)]
            assert text[found[0].start : found[0].end] == excerpt
            assert excerpt in found[0].sentence


def test_line_ends_and_wide_spaces_hide_nothing() -> None:
    text = "the nurse   named\n Ana;  my \u00a0MRN is   0048213"
    found = find_details(text, PROVIDER)
    assert [finding.excerpt for finding in found] == ["nurse named Ana", "MRN is 0048213"]
    assert [text[finding.start : finding.end] for finding in found] == ["nurse   named\n Ana", "MRN is   0048213"]


def test_what_only_looks_like_one_is_left_alone(subtests: pytest.Subtests) -> None:
    for text in NEAR_MISSES:
        with subtests.test(text=text):
            assert find_details(text, PROVIDER) == []


def test_several_details_come_in_the_order_of_the_text() -> None:
    found = find_details("Nurse Kelly said: call 310 555 0100 or mail a@example.org", PROVIDER)
    assert [finding.kind for finding in found] == ["staff_name", "phone", "email"]


def test_the_sentence_says_what_to_do() -> None:
    assert find_details("310 555 0100", PROVIDER)[0].sentence == (
        "Remove the phone number “310 555 0100”: reviews are public."
    )


def test_a_long_detail_is_quoted_shortened() -> None:
    (found,) = find_details("https://example.org/" + "x" * 200, PROVIDER)
    assert len(found.excerpt) == MAX_EXCERPT_LENGTH
    assert found.end - found.start > MAX_EXCERPT_LENGTH


def repeats(parsed: Any) -> list[int]:
    """The upper bounds of all repeats in a parsed pattern."""
    bounds = []
    for operator, argument in parsed:
        if operator in (_constants.MAX_REPEAT, _constants.MIN_REPEAT):
            bounds += [argument[1], *repeats(argument[2])]
        elif operator is _constants.BRANCH:
            bounds += [bound for branch in argument[1] for bound in repeats(branch)]
        elif operator is _constants.SUBPATTERN:
            bounds += repeats(argument[3])
        elif operator in (_constants.ASSERT, _constants.ASSERT_NOT):
            bounds += repeats(argument[1])
    return bounds


def all_patterns(module: ModuleType) -> list[re.Pattern[str]]:
    values = vars(module).values()
    several = [each for value in values if isinstance(value, tuple) for each in value]
    return [value.compiled for value in [*values, *several] if isinstance(value, detail_patterns.LazyPattern)]


def bounded(pattern: re.Pattern[str]) -> bool:
    return _constants.MAXREPEAT not in repeats(_parser.parse(pattern.pattern, pattern.flags))


def test_every_repeat_is_bounded_so_that_time_grows_with_length_alone() -> None:
    assert len(all_patterns(detail_patterns)) > 20
    for pattern in all_patterns(detail_patterns):
        assert bounded(pattern), pattern.pattern


HOSTILE = "aA1 .@-+(#'’\n٣é"
PIECES = [
    *("my husband has ", "the patient next to me had ", "my ", "nurse ", "Kelly ", "dr. ", "A'", "was, ", "de "),
    *("chart number ", "MRN ", "call ", "one ", "310 ", "555-", "born on ", "live at 1 ", "name at ", "dot ", "(at) "),
    *("www.", "http://", "a.", "a@"),
]


def test_a_hostile_text_of_full_length_is_answered(subtests: pytest.Subtests) -> None:
    for piece in [*PIECES, *HOSTILE]:
        with subtests.test(piece=piece):
            find_details((piece * MAX_TEXT_LENGTH)[:MAX_TEXT_LENGTH], PROVIDER)


@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=8), max_size=300).map("".join), st.text(max_size=30))
def test_findings_lie_in_the_text_in_order_without_overlap(text: str, provider_name: str) -> None:
    found = find_details(text, provider_name)
    for finding in found:
        assert 0 <= finding.start < finding.end <= len(text)
        assert finding.kind in KINDS
    assert all(earlier.end <= later.start for earlier, later in pairwise(found))


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("jo@example.org", None),
        ("jo at example dot org", None),
        ("(310) 555-0100", None),
        ("555-0100", None),
        ("www.example.org", None),
        ("Jo W. <jo@example.org>", "Jo W."),
        ("Jo (310-555-0100)", "Jo"),
        ("Call 3105550100, Ana", "Call, Ana"),
        ("", None),
        (None, None),
    ],
)
def test_a_name_to_show_loses_addresses_and_numbers(name: str | None, shown: str | None) -> None:
    assert public_name(name) == shown


@pytest.mark.parametrize(
    "name",
    [
        "Jo W.",
        "José O’Neil-Hale",
        "J.D.",
        "Pat 2",
        "007",
        "Class of 1985",
        "Ana at home",
        "李雷",
        "محمد",
        "One of many",
        "D. 90503",
    ],
)
def test_other_names_stay_as_they_are(name: str) -> None:
    assert public_name(name) == name
    assert details_in_name(name) == []
