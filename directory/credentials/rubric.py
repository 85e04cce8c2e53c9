"""The qualification rubric: facts in, points out of 100 and a reason for each line out.

/how-we-rank shows `RUBRIC` itself; reasons are phrases, which pages put into their own language. Only what was verified
and has not expired counts; what is only claimed adds nothing. Points are given to one decimal, so that the lines that a
page shows add up to the total that it shows.

- Volume: 25 * log(1 + services) / log(101), at most 25, of the newest year in which neck treatments were billed. On
  this scale the step from 5 treatments a year to 20 counts for more than the step from 85 to 100.
- Years: 10 * years / 10, at most 10, since the oldest issue date among the licenses that count.
"""

import math
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from directory.credentials.bars import HOME_STATE, Bar, bars
from directory.credentials.facts import BilledVolume, ExclusionEntry, HeldCredential
from directory.credentials.kinds import BOARD_FIELDS, FELLOWSHIP_FIELDS, GUIDANCE_FIELDS, CredentialKind
from directory.credentials.status import COUNTING, CredentialStatus
from directory.web.phrases import N_, NN_, Phrase

FULL_VOLUME = 100  # services a year
FULL_YEARS = 10
VOLUME_YEARS = 5  # older years no longer count; CMS publishes a year about two years after it began

NECK_TREATMENT = "64616"
GUIDANCE_CODES = {"95873": N_("EMG guidance"), "95874": N_("EMG guidance"), "76942": N_("ultrasound guidance")}

BOARD_KINDS = (CredentialKind.BOARD_CERTIFICATION,)
FELLOWSHIP_KINDS = (CredentialKind.FELLOWSHIP, CredentialKind.BOARD_CERTIFICATION)  # a subspecialty is a certification
CHECKED = COUNTING | {CredentialStatus.EXPIRED, CredentialStatus.REVOKED}


@dataclass(frozen=True, slots=True)
class RubricLine:
    """One line of the published rubric."""

    key: str
    label: str  # this and the other texts in English, which pages translate
    points: int
    what_for: Phrase
    primary_source: str
    caution: str | None = None


LICENSE = RubricLine(
    "license",
    N_("State license"),
    20,
    Phrase(N_("an active state license with no public discipline")),
    N_("the state board's file or look-up page"),
)
BOARD = RubricLine(
    "board",
    N_("Board certification"),
    20,
    Phrase(N_("board certification in neurology, physical medicine & rehabilitation, or pain medicine")),
    N_("the ABMS member board"),
)
FELLOWSHIP = RubricLine(
    "fellowship",
    N_("Fellowship or subspecialty"),
    15,
    Phrase(
        N_("a fellowship or subspecialty in movement disorders, neuromuscular medicine or clinical neurophysiology")
    ),
    N_("a letter from the program, or the board"),
)
VOLUME = RubricLine(
    "volume",
    N_("Neck treatments"),
    25,
    Phrase(
        N_(
            "neck treatments (CPT %(code)s) billed to Medicare in a year, on a log scale, full at %(services)s services"
        ),
        {"code": NECK_TREATMENT, "services": FULL_VOLUME},
    ),
    N_("CMS Medicare Physician & Other Practitioners, by Provider and Service"),
    N_(
        "Medicare volumes miss younger patients, and counts under 11 are suppressed, "
        "so absence is not evidence of inexperience."
    ),
)
GUIDANCE = RubricLine(
    "guidance",
    N_("EMG or ultrasound guidance"),
    10,
    Phrase(
        N_("EMG or ultrasound guidance (CPT %(codes)s) billed to Medicare, or training in it verified"),
        {"codes": ", ".join(GUIDANCE_CODES)},
    ),
    N_("CMS Medicare Physician & Other Practitioners, by Provider and Service; or the training program"),
    N_("Guidance may also have been billed for other treatments than those of the neck."),
)
YEARS = RubricLine(
    "years",
    N_("Years since license"),
    10,
    Phrase(N_("years since the license was issued, full at %(years)s"), {"years": FULL_YEARS}),
    N_("the state board's file or look-up page"),
)
RUBRIC = (LICENSE, BOARD, FELLOWSHIP, VOLUME, GUIDANCE, YEARS)


@dataclass(frozen=True, slots=True)
class Award:
    """What one line of the rubric gave and why. `source` and `as_of` say where and when that was seen."""

    key: str
    label: str
    points: float  # to one decimal
    of: int
    why: Phrase
    source: str | None = None
    as_of: date | None = None


@dataclass(frozen=True, slots=True)
class Qualification:
    """A provider's points (0 to 100, the sum of the awards) and why it may not be ranked if so."""

    points: float
    awards: tuple[Award, ...]  # one a line, in the order of RUBRIC
    license_verified: bool
    bars: tuple[Bar, ...]  # none when it may be ranked

    @property
    def barred_for(self) -> str | None:
        """The codes of why it may not be ranked, with a comma between them; None when it may."""
        return ",".join(dict.fromkeys(bar.code for bar in self.bars)) or None


def score_qualification(
    credentials: Iterable[HeldCredential],
    volumes: Iterable[BilledVolume],
    exclusions: Iterable[ExclusionEntry],
    today: date,
    medicare_years: Collection[int] = (),
) -> Qualification:
    """Score one provider as things stand on `today`. `medicare_years` are those whose file has the provider at all."""
    credentials = list(credentials)
    recent = [volume for volume in volumes if volume.year >= today.year - VOLUME_YEARS]
    licenses = [held for held in credentials if held.kind == CredentialKind.LICENSE and held.counts_on(today)]
    awards = (
        _license_award(licenses, credentials, today),
        _field_award(BOARD, BOARD_KINDS, BOARD_FIELDS, credentials, today),
        _field_award(FELLOWSHIP, FELLOWSHIP_KINDS, FELLOWSHIP_FIELDS, credentials, today),
        _volume_award(recent, medicare_years, today),
        _guidance_award(recent, credentials, today),
        _years_award(licenses, today),
    )
    return Qualification(
        points=round(math.fsum(award.points for award in awards), 1),
        awards=awards,
        license_verified=bool(licenses),
        bars=bars(credentials, exclusions, today),
    )


def _award(line: RubricLine, points: float, why: Phrase, seen: HeldCredential | BilledVolume | None = None) -> Award:
    source, as_of = (seen.source, seen.as_of) if seen else (None, None)
    return Award(line.key, line.label, round(min(points, line.points), 1), line.points, why, source, as_of)


def _license_award(licenses: list[HeldCredential], credentials: list[HeldCredential], today: date) -> Award:
    for held in credentials:
        if held.kind == CredentialKind.LICENSE and held.status in CHECKED and held.public_discipline:
            return _award(LICENSE, 0, Phrase(N_("the state board has published discipline")), held)
    if licenses:
        best = max(licenses, key=lambda held: (held.state == HOME_STATE, held.expires_on or date.max))
        why = Phrase(N_("active, no public discipline"))
        if best.expires_on:
            why = Phrase(N_("active, no public discipline, valid until %(day)s"), {"day": best.expires_on})
        if not best.discipline_known:
            why = Phrase(N_("active in the board’s list, which does not cover discipline"))
            if best.expires_on:
                why = Phrase(
                    N_("active in the board’s list, which does not cover discipline, valid until %(day)s"),
                    {"day": best.expires_on},
                )
        return _award(LICENSE, LICENSE.points, why, best)
    fitting = [held for held in credentials if held.kind == CredentialKind.LICENSE]
    return _award(LICENSE, 0, _why_not(fitting, today))


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
            return _award(line, line.points, Phrase(fields[held.field]), held)
    return _award(line, 0, _why_not(fitting, today))


def _volume_award(recent: list[BilledVolume], medicare_years: Collection[int], today: date) -> Award:
    counted = [volume for volume in recent if volume.hcpcs_code == NECK_TREATMENT]
    if not counted and any(year >= today.year - VOLUME_YEARS for year in medicare_years):
        suppressed = N_("no count in Medicare's file of %(year)s: none, or fewer than 11 patients (suppressed)")
        return _award(VOLUME, 0, Phrase(suppressed, {"year": str(max(medicare_years))}))
    if not counted:
        why = Phrase(N_("none in Medicare's files of the last %(years)s years"), {"years": VOLUME_YEARS})
        return _award(VOLUME, 0, why)
    newest = max(counted, key=lambda volume: volume.year)
    services = max(0.0, newest.services)
    points = VOLUME.points * math.log1p(services) / math.log1p(FULL_VOLUME)
    why = Phrase(
        NN_(
            "%(count)s neck treatment billed to Medicare in %(year)s",
            "%(count)s neck treatments billed to Medicare in %(year)s",
        ),
        {"count": round(services), "year": str(newest.year)},
    )
    return _award(VOLUME, points, why, newest)


def _guidance_award(recent: list[BilledVolume], credentials: list[HeldCredential], today: date) -> Award:
    newest_year = max((volume.year for volume in recent), default=None)
    for volume in sorted(recent, key=lambda volume: volume.hcpcs_code):
        if volume.year == newest_year and volume.hcpcs_code in GUIDANCE_CODES and volume.services > 0:
            guidance = Phrase(GUIDANCE_CODES[volume.hcpcs_code])
            why = Phrase(
                N_("%(guidance)s (CPT %(code)s) billed to Medicare in %(year)s"),
                {"guidance": guidance, "code": volume.hcpcs_code, "year": str(volume.year)},
            )
            return _award(GUIDANCE, GUIDANCE.points, why, volume)
    trained = _field_award(GUIDANCE, (CredentialKind.TRAINING,), GUIDANCE_FIELDS, credentials, today)
    if trained.points:
        return trained
    message = N_("none in the newest Medicare year on record; verified training: %(why)s")
    return _award(GUIDANCE, 0, Phrase(message, {"why": trained.why}))


def _years_award(licenses: list[HeldCredential], today: date) -> Award:
    dated = [(held.issued_on, held) for held in licenses if held.issued_on and held.issued_on <= today]
    if not dated:
        return _award(YEARS, 0, Phrase(N_("the issue date of an active license is not verified")))
    issued_on, oldest = min(dated, key=lambda pair: pair[0])
    years = (today - issued_on).days / 365.25
    points = YEARS.points * years / FULL_YEARS
    return _award(YEARS, points, Phrase(N_("licensed since %(day)s"), {"day": issued_on}), oldest)


def _why_not(fitting: list[HeldCredential], today: date) -> Phrase:
    """Why none of the credentials that would fit a line counts."""
    statuses = {held.status for held in fitting}
    if not statuses:
        return Phrase(N_("none on record"))
    if CredentialStatus.REVOKED in statuses:
        return Phrase(N_("revoked"))
    if any(held.status in COUNTING | {CredentialStatus.EXPIRED} and held.check_lapsed_on(today) for held in fitting):
        return Phrase(N_("verified too long ago, not yet checked again"))
    if statuses & (COUNTING | {CredentialStatus.EXPIRED}):
        return Phrase(N_("expired"))
    if CredentialStatus.REJECTED in statuses:
        return Phrase(N_("claimed, but not confirmed by the issuer"))
    if CredentialStatus.COULD_NOT_VERIFY in statuses:
        return Phrase(N_("claimed, but could not be verified"))
    return Phrase(N_("claimed, not verified"))
