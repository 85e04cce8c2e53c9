"""Detects signals about a review and keeps them. They decide nothing. The caller opens the transaction."""

from collections.abc import Iterator

from sqlalchemy import ColumnElement, func, or_, select

from directory.accounts.models import Account, Representative
from directory.extensions import db
from directory.providers.names import shown_name
from directory.providers.offerings import LANGUAGES
from directory.ratings.near_duplicates import letters
from directory.reviews.models import Review, ReviewSignal, ReviewStatus, Submission
from directory.reviews.questions import CAREGIVER, TIES
from directory.reviews.screening.language import EXPECTED, language_of
from directory.reviews.screening.personal_details import KINDS as DETAILS
from directory.reviews.screening.personal_details import find_details
from directory.reviews.screening.signals import (
    BAD_TO,
    BURST_BASE,
    BURST_WINDOW,
    GOOD_FROM,
    MIN_NETWORK,
    NETWORK_WINDOW,
    THROWAWAY_MAIL,
    domain_of,
    is_burst,
    resembles,
    tone_of,
)
from directory.reviews.screening.text_clusters import assign_clusters
from directory.reviews.writing.queries import hashes_of_address
from directory.web.languages import ENGLISH, in_language
from directory.web.mail_addresses import FREE_MAIL, domains_beside, mailbox_of

OF_THE_ADDRESS = ("own_domain", "new_address")
"""Kinds that need the writer's address, which is forgotten once confirmed: what was detected then stays."""
NOT_COMPARED = (ReviewStatus.UNCONFIRMED, ReviewStatus.WITHDRAWN)
MAX_NAMED = 3  # other reviews in one sentence
MAX_COMPARED = 50  # a text that was sent everywhere needs no longer list
MAX_SENTENCE_LENGTH = 500

Found = Iterator[tuple[str, str]]


def detect_signals(review: Review, email: str | None = None) -> list[ReviewSignal]:
    """Put the signals of `review` in place of those detected earlier; also sets its language.

    Of a review written here it sets the cluster too; one from elsewhere has its own from its whole text already.

    `email` is the writer's address, while it is known; only the findings about it are kept. They are in English, as
    the moderators' pages are.
    """
    db.session.flush()
    if review.submission:
        assign_clusters([review])
    review.language = language_of(review.text)
    kept = [signal for signal in review.signals if email is None and signal.kind in OF_THE_ADDRESS]
    with in_language(ENGLISH.code):
        found = [*_texts(review), *_from_address(review, email), *_others(review)]
    review.signals = kept + [
        ReviewSignal(kind=kind, sentence=sentence[:MAX_SENTENCE_LENGTH]) for kind, sentence in found
    ]
    db.session.flush()
    return review.signals


def _texts(review: Review) -> Found:
    """Reviews with the same text, and with nearly the same."""
    if review.text_cluster is None or not review.text:
        return
    alike = db.session.scalars(
        select(Review)
        .where(Review.text_cluster == review.text_cluster, Review.id != review.id, Review.status.not_in(NOT_COMPARED))
        .order_by(Review.id)
        .limit(MAX_COMPARED)
    )
    others = [other for other in alike if review.id != other.duplicate_of and other.id != review.duplicate_of]
    own = letters(review.text)
    same = [other for other in others if letters(other.text or "") == own]
    near = [other for other in others if other not in same]
    if same:
        yield "same_text", f"The text is the same as that of {_named(same)}."
    if near:
        yield "near_text", f"Near-duplicate text: that of {_named(near)}."


def _named(reviews: list[Review]) -> str:
    named = [f"review {review.id} of {review.provider.name[:100]}" for review in reviews[:MAX_NAMED]]
    more = len(reviews) - len(named)
    return ", ".join(named) + (f" and {more} more" if more else "")


def _from_address(review: Review, email: str | None) -> Found:
    if email is None:
        return
    domain = domain_of(email)
    whose = _account_behind(email, domain, review.npi)
    provider = review.provider
    person = shown_name(provider.first_name, None, provider.last_name, None, None)
    names = [provider.last_name, provider.organization_name, person or provider.name]
    resembled = resembles(domain, [*filter(None, names), *(other.name for other in provider.other_names)])
    if whose:
        yield "own_domain", whose
    elif resembled:
        yield "own_domain", f"The domain of the writer’s address resembles the name {resembled[:200]}."
    submission = review.submission
    if submission and not _count_of(
        Submission.email_hash.in_([submission.email_hash, *hashes_of_address(email)]),
        Submission.review_id != review.id,
        Submission.confirmed_at.is_not(None),
    ):
        throwaway = " It is at a service of throw-away addresses." if domain in THROWAWAY_MAIL else ""
        yield "new_address", f"This is the first review from this address.{throwaway}"


def _account_behind(email: str, domain: str, npi: str) -> str | None:
    """What the address has to do with confirmed representatives, as a sentence; None for nothing."""
    mailbox = mailbox_of(email)
    at_domain = or_(*(Account.email.endswith(each, autoescape=True) for each in domains_beside(domain)))
    rows = db.session.execute(
        select(Account.email, Representative.npi)
        .join(Representative, Representative.account_id == Account.id)
        .where(Representative.confirmed_at.is_not(None), at_domain)
    ).all()
    npis, shared = {row.npi for row in rows if mailbox_of(row.email) == mailbox}, "is that"
    if not npis and domain and domain not in FREE_MAIL:
        npis, shared = {row.npi for row in rows if domain_of(row.email) == domain}, "has the domain"
    whose = "this provider" if npi in npis else "another provider"
    return f"The address {shared} of a confirmed representative of {whose}." if npis else None


def _others(review: Review) -> Found:
    if review.tie not in {None, "none"}:
        yield "tie", f"The writer says: {TIES.get(str(review.tie), review.tie)}"
    yield from _network(review)
    yield from _burst(review)
    details = find_details(review.text or "", review.provider.name, by_caregiver=review.written_as == CAREGIVER)
    kinds = {finding.kind for finding in details}
    if kinds:
        yield "personal_details", f"In the text: {', '.join(DETAILS[kind] for kind in DETAILS if kind in kinds)}."
    if review.language and review.language not in EXPECTED:
        yield "language", f"The text seems to be in {LANGUAGES.get(review.language, f'“{review.language}” (ISO 639)')}."


def _network(review: Review) -> Found:
    """Several reviews from one network in the day up to this one."""
    submission = review.submission
    if submission is None:
        return
    recent = (
        Submission.network_hash == submission.network_hash,
        Submission.submitted_at > submission.submitted_at - NETWORK_WINDOW,
        Submission.submitted_at <= submission.submitted_at,
    )
    number = _count_of(*recent)
    if number >= MIN_NETWORK:
        here = _count_of(*recent, Submission.npi == review.npi)
        yield "network", f"{number} reviews came from this network within 24 hours, {here} of them of this provider."


def _burst(review: Review) -> Found:
    """Many reviews of one tone in the week up to this one, against the rate of the year before."""
    tone = tone_of(review.rating)
    if tone is None:
        return
    since = review.created_at - BURST_WINDOW
    alike = (
        Review.npi == review.npi,
        Review.status.not_in(NOT_COMPARED),
        Review.duplicate_of.is_(None),
        Review.rating >= GOOD_FROM if tone == "good" else Review.rating <= BAD_TO,
    )
    number = _count_of(*alike, Review.created_at > since, Review.created_at <= review.created_at)
    before = _count_of(*alike, Review.created_at > since - BURST_BASE, Review.created_at <= since)
    usual = before / (BURST_BASE / BURST_WINDOW)
    if is_burst(number, usual):
        yield "burst", f"{number} {tone} reviews in 7 days; in the year before, {usual:.1f} a week were usual."


def _count_of(*conditions: ColumnElement[bool]) -> int:
    return db.session.scalar(select(func.count()).where(*conditions)) or 0
