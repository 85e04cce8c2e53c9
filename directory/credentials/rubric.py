"""The qualification rubric: facts in, points out of 100 and a reason for each line out.

/how-we-rank shows `RUBRIC` itself. Only what was verified and has not expired counts; what is only claimed adds
nothing. Points are given to one decimal, so that the lines that a page shows add up to the total that it shows.

- Volume: 25 * log(1 + services) / log(101), at most 25, of the newest year in which neck treatments were billed. On
  this scale the step from 5 treatments a year to 20 counts for more than the step from 85 to 100.
- Years: 10 * years / 10, at most 10, since the oldest issue date among the licences that count.
"""

import math
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from directory.credentials.facts import BilledVolume, ExclusionEntry, HeldCredential
from directory.credentials.kinds import COUNTING, CredentialKind, CredentialStatus
from directory.credentials.standing import HOME_STATE, barred_for, in_words

FULL_VOLUME = 100  # services a year
FULL_YEARS = 10
VOLUME_YEARS = 5  # older years no longer count; CMS publishes a year about two years after it began

NECK_TREATMENT = "64616"
GUIDANCE_CODES = {"95873": "EMG guidance", "95874": "EMG guidance", "76942": "ultrasound guidance"}

BOARD_FIELDS = {
    "neurology": "neurology",
    "physical_medicine": "physical medicine & rehabilitation",
    "pain_medicine": "pain medicine",
}
FELLOWSHIP_FIELDS = {
    "movement_disorders": "movement disorders",
    "neuromuscular_medicine": "neuromuscular medicine",
    "clinical_neurophysiology": "clinical neurophysiology",
}
GUIDANCE_FIELDS = {"emg_guidance": "EMG guidance", "ultrasound_guidance": "ultrasound guidance"}
BOARD_KINDS = (CredentialKind.BOARD_CERTIFICATION,)
FELLOWSHIP_KINDS = (CredentialKind.FELLOWSHIP, CredentialKind.BOARD_CERTIFICATION)  # a subspecialty is a certification
CHECKED = COUNTING | {CredentialStatus.EXPIRED, CredentialStatus.REVOKED}
FIELDS = {**BOARD_FIELDS, **FELLOWSHIP_FIELDS, **GUIDANCE_FIELDS}


@dataclass(frozen=True, slots=True)
class RubricLine:
    """One line of the published rubric."""

    key: str
    label: str
    points: int
    what_for: str
    primary_source: str
    caution: str | None = None


LICENCE = RubricLine(
    "licence",
    "State licence",
    20,
    "an active state licence with no public discipline",
    "the state board's file or look-up page",
)
BOARD = RubricLine(
    "board",
    "Board certification",
    20,
    "board certification in neurology, physical medicine & rehabilitation, or pain medicine",
    "the ABMS member board",
)
FELLOWSHIP = RubricLine(
    "fellowship",
    "Fellowship or subspecialty",
    15,
    "a fellowship or subspecialty in movement disorders, neuromuscular medicine or clinical neurophysiology",
    "a letter from the programme, or the board",
)
VOLUME = RubricLine(
    "volume",
    "Neck treatments",
    25,
    f"neck treatments (CPT {NECK_TREATMENT}) billed to Medicare in a year, on a log scale, "
    f"full at {FULL_VOLUME} services",
    "CMS Medicare Physician & Other Practitioners, by Provider and Service",
    "Medicare volumes miss younger patients, and counts under 11 are suppressed, "
    "so absence is not evidence of inexperience.",
)
GUIDANCE = RubricLine(
    "guidance",
    "EMG or ultrasound guidance",
    10,
    f"EMG or ultrasound guidance (CPT {', '.join(GUIDANCE_CODES)}) billed to Medicare, or training in it verified",
    "CMS Medicare Physician & Other Practitioners, by Provider and Service; or the training programme",
    "Guidance may also have been billed for other treatments than those of the neck.",
)
YEARS = RubricLine(
    "years",
    "Years since licence",
    10,
    f"years since the licence was issued, full at {FULL_YEARS}",
    "the state board's file or look-up page",
)
RUBRIC = (LICENCE, BOARD, FELLOWSHIP, VOLUME, GUIDANCE, YEARS)
MOST_POINTS = sum(line.points for line in RUBRIC)


@dataclass(frozen=True, slots=True)
class Award:
    """What one line of the rubric gave and why. `source` and `as_of` say where and when that was seen."""

    key: str
    label: str
    points: float  # to one decimal
    of: int
    reason: str
    source: str | None = None
    as_of: date | None = None


@dataclass(frozen=True, slots=True)
class Qualification:
    """A provider's points (0 to 100, the sum of the awards) and, in words, why it may not be ranked if so."""

    points: float
    awards: tuple[Award, ...]  # one a line, in the order of RUBRIC
    licence_verified: bool
    barred_for: str | None


def score_qualification(
    credentials: Iterable[HeldCredential],
    volumes: Iterable[BilledVolume],
    exclusions: Iterable[ExclusionEntry],
    today: date,
    medicare_years: Collection[int] = (),
) -> Qualification:
    """Score one provider as things stand on `today`. `medicare_years` are those whose file has the provider at all."""
    credentials, volumes = list(credentials), list(volumes)
    licences = [held for held in credentials if held.kind == CredentialKind.LICENCE and held.counts_on(today)]
    awards = (
        _licence_award(licences, credentials, today),
        _field_award(BOARD, BOARD_KINDS, BOARD_FIELDS, credentials, today),
        _field_award(FELLOWSHIP, FELLOWSHIP_KINDS, FELLOWSHIP_FIELDS, credentials, today),
        _volume_award(volumes, medicare_years, today),
        _guidance_award(volumes, credentials, today),
        _years_award(licences, today),
    )
    return Qualification(
        points=round(math.fsum(award.points for award in awards), 1),
        awards=awards,
        licence_verified=bool(licences),
        barred_for=barred_for(credentials, exclusions, today),
    )


def _award(line: RubricLine, points: float, reason: str, seen: HeldCredential | BilledVolume) -> Award:
    at, on = (seen.checked_at, seen.checked_on) if isinstance(seen, HeldCredential) else (seen.source, seen.as_of)
    return Award(line.key, line.label, round(min(points, line.points), 1), line.points, reason, at, on)


def _nothing(line: RubricLine, reason: str) -> Award:
    return Award(line.key, line.label, 0.0, line.points, reason)


def _licence_award(licences: list[HeldCredential], credentials: list[HeldCredential], today: date) -> Award:
    for held in credentials:
        if held.kind == CredentialKind.LICENCE and held.status in CHECKED and held.public_discipline:
            return _award(LICENCE, 0, "the state board has published discipline", held)
    if licences:
        best = max(licences, key=lambda held: (held.state == HOME_STATE, held.expires_on or date.max))
        until = f", valid until {in_words(best.expires_on)}" if best.expires_on else ""
        return _award(LICENCE, LICENCE.points, f"active, no public discipline{until}", best)
    fitting = [held for held in credentials if held.kind == CredentialKind.LICENCE]
    return _nothing(LICENCE, _why_not(fitting, today))


def _field_award(
    line: RubricLine,
    kinds: tuple[CredentialKind, ...],
    fields: dict[str, str],
    credentials: list[HeldCredential],
    today: date,
) -> Award:
    """All the points for any one credential of these kinds in one of these fields."""
    fitting = [held for held in credentials if held.kind in kinds and held.field in fields]
    for held in fitting:
        if held.field and held.counts_on(today):
            return _award(line, line.points, fields[held.field], held)
    return _nothing(line, _why_not(fitting, today))


def _volume_award(volumes: list[BilledVolume], medicare_years: Collection[int], today: date) -> Award:
    counted = [volume for volume in _recent(volumes, today) if volume.hcpcs_code == NECK_TREATMENT]
    if not counted and any(year >= today.year - VOLUME_YEARS for year in medicare_years):
        return _nothing(
            VOLUME,
            f"no count in Medicare's file of {max(medicare_years)}: none, or fewer than 11 patients (suppressed)",
        )
    if not counted:
        return _nothing(VOLUME, f"none in Medicare's files of the last {VOLUME_YEARS} years")
    newest = max(counted, key=lambda volume: volume.year)
    services = max(0.0, newest.services)
    points = VOLUME.points * math.log1p(services) / math.log1p(FULL_VOLUME)
    treatments = "neck treatment" if round(services) == 1 else "neck treatments"
    reason = f"{services:,.0f} {treatments} billed to Medicare in {newest.year}"
    return _award(VOLUME, points, reason, newest)


def _guidance_award(volumes: list[BilledVolume], credentials: list[HeldCredential], today: date) -> Award:
    recent = _recent(volumes, today)
    newest_year = max((volume.year for volume in recent), default=None)
    for volume in sorted(recent, key=lambda volume: volume.hcpcs_code):
        if volume.year == newest_year and volume.hcpcs_code in GUIDANCE_CODES and volume.services > 0:
            reason = (
                f"{GUIDANCE_CODES[volume.hcpcs_code]} (CPT {volume.hcpcs_code}) billed to Medicare in {volume.year}"
            )
            return _award(GUIDANCE, GUIDANCE.points, reason, volume)
    trained = _field_award(GUIDANCE, (CredentialKind.TRAINING,), GUIDANCE_FIELDS, credentials, today)
    if trained.points:
        return trained
    return _nothing(GUIDANCE, f"none in the newest Medicare year on record; verified training: {trained.reason}")


def _years_award(licences: list[HeldCredential], today: date) -> Award:
    dated = [(held.issued_on, held) for held in licences if held.issued_on and held.issued_on <= today]
    if not dated:
        return _nothing(YEARS, "the issue date of an active licence is not verified")
    issued_on, oldest = min(dated, key=lambda pair: pair[0])
    years = (today - issued_on).days / 365.25
    points = YEARS.points * years / FULL_YEARS
    return _award(YEARS, points, f"licensed since {in_words(issued_on)}", oldest)


def _recent(volumes: list[BilledVolume], today: date) -> list[BilledVolume]:
    return [volume for volume in volumes if volume.year >= today.year - VOLUME_YEARS]


def _why_not(fitting: list[HeldCredential], today: date) -> str:
    """Why none of the credentials that would fit a line counts."""
    statuses = {held.status for held in fitting}
    if not statuses:
        return "none on record"
    if CredentialStatus.REVOKED in statuses:
        return "revoked"
    if any(held.status in COUNTING | {CredentialStatus.EXPIRED} and held.check_lapsed_on(today) for held in fitting):
        return "verified too long ago, and not yet again"
    if statuses & (COUNTING | {CredentialStatus.EXPIRED}):
        return "expired"
    if CredentialStatus.REJECTED in statuses:
        return "claimed, but not confirmed by the issuer"
    if CredentialStatus.COULD_NOT_VERIFY in statuses:
        return "claimed, but could not be verified"
    return "claimed, not verified"
