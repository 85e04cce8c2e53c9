"""What the practices say that they offer, and the fees that they have posted."""

from collections.abc import Mapping, Sequence

from directory.providers.glance import open_days
from directory.providers.models import OfficeHours, PostedFee
from directory.providers.offerings import FEES, LANGUAGES, PRODUCTS, SERVICES, brand
from directory.providers.queries import FeeKind
from directory.providers.sources import Confirmed
from directory.search.compare.differences import IntervalEstimate, best_estimate, only_ones
from directory.search.compare.queries import ComparedProvider
from directory.search.compare.rows import ComparedRow, RowGroup, row
from directory.search.filters import EVENING
from directory.web.messages import gettext
from directory.web.phrases import N_

SATURDAY = 5
LATE = {"evening": N_("evening hours"), "weekend": N_("weekend hours")}
BRANDS = {key: brand(key) for key in PRODUCTS}


def offer_rows(columns: Sequence[ComparedProvider]) -> RowGroup:
    providers = [column.provider for column in columns]
    products = [frozenset(each.product for each in one.products) or None for one in providers]
    services = [frozenset(each.service for each in one.services) or None for one in providers]
    languages = [frozenset(each.language for each in one.languages) or None for one in providers]
    insurances = [frozenset(each.plan_key for each in one.insurances) or None for one in providers]
    current = [frozenset(each.plan_key for each in one.insurances if each.is_current) or None for one in providers]
    accepting, details = [one.accepting for one in providers], [one.visit_details for one in providers]
    plans = {each.plan_key: each.plan.name for one in providers for each in one.insurances}
    return RowGroup(
        "offers",
        gettext("Services and fees"),
        (
            _yes_or_no(columns, "accepting", gettext("New patients"), accepting, "accepting"),
            _offered(columns, "products", gettext("Products"), products, BRANDS),
            _offered(columns, "services", gettext("Services"), services, SERVICES),
            _offered(columns, "languages", gettext("Languages"), languages, LANGUAGES),
            _offered(columns, "insurance", gettext("Insurance"), insurances, plans, current),
            _hours(columns),
            _yes_or_no(columns, "step_free", gettext("Step-free access"), details, "step_free"),
            _yes_or_no(columns, "referral", gettext("Referral needed"), details, "referral_needed"),
            *_fees(columns),
        ),
        caution=gettext(
            "Reported by the practice, not verified. What you pay depends on your plan. Ask before the visit."
        ),
    )


def _yes_or_no(
    columns: Sequence[ComparedProvider], kind: str, label: str, facts: Sequence[Confirmed | None], answer: str
) -> ComparedRow:
    """Whether the `answer` of each fact is yes; who alone says so stands out."""
    known = [fact if fact and getattr(fact, answer) is not None else None for fact in facts]
    said = [fact and (getattr(fact, answer), fact.is_current) for fact in known]
    sets = [frozenset({kind} if one[0] else ()) if one and one[1] else None for one in said]
    marks = only_ones(sets, [column.is_ranked for column in columns])
    return row(kind, label, known, same_by=said, nothing=gettext("Not listed"), marks=marks)


def _hours(columns: Sequence[ComparedProvider]) -> ComparedRow:
    """The office hours; who alone is open in the evening or on weekends stands out."""
    hours = [column.provider.hours for column in columns]
    sets = [
        frozenset("evening" if day.weekday < SATURDAY else "weekend" for day in days if _is_late(day))
        if days and days[0].is_current
        else None
        for days in hours
    ]
    shown = [(tuple(open_days(days)), days[0]) if days else None for days in hours]
    same = [one and (one[0], one[1].is_current) for one in shown]
    marks = only_ones(sets, [column.is_ranked for column in columns])
    label, nothing = gettext("Office hours"), gettext("Not listed")
    return row("hours", label, shown, same_by=same, nothing=nothing, marks=marks, names=LATE)


def _is_late(day: OfficeHours) -> bool:
    return day.weekday >= SATURDAY or day.closes_at >= EVENING


def _offered(
    columns: Sequence[ComparedProvider],
    kind: str,
    label: str,
    sets: Sequence[frozenset[str] | None],
    names: Mapping[str, str],
    current: Sequence[frozenset[str] | None] | None = None,
) -> ComparedRow:
    """What each provider offers; only what is `current`, by default all of it, makes one stand out."""
    current = current or sets
    marks = only_ones(current, [column.is_ranked for column in columns])
    providers = [column.provider if values else None for column, values in zip(columns, sets, strict=True)]
    nothing, same_by = gettext("Not listed"), list(zip(sets, current, strict=True))
    return row(kind, label, providers, same_by=same_by, nothing=nothing, marks=marks, names=names)


def _fees(columns: Sequence[ComparedProvider]) -> list[ComparedRow]:
    """One row for each fee that one of the providers has posted, in the order of the fixed choices."""
    posted = {(fee.fee, fee.product) for column in columns for fee in column.provider.fees}
    kinds = [(fee, product) for fee in FEES for product in (None, *PRODUCTS) if (fee, product) in posted]
    return [_fee(columns, kind) for kind in kinds]


def _fee(columns: Sequence[ComparedProvider], kind: FeeKind) -> ComparedRow:
    posted = [[fee for fee in column.provider.fees if (fee.fee, fee.product) == kind] or None for column in columns]
    ranges = [fees and _range(fees) for fees in posted]
    current = [ranged if fees and fees[0].is_current else None for fees, ranged in zip(posted, ranges, strict=True)]
    marks = best_estimate(current, [column.is_ranked for column in columns], highest=False)
    fee, product = kind
    label = gettext(FEES[fee]) + (f": {BRANDS[product]}" if product else "")
    return row("fees", label, posted, same_by=ranges, nothing=gettext("Not posted"), marks=marks)


def _range(fees: Sequence[PostedFee]) -> IntervalEstimate:
    """From the lowest to the highest dollar; by the lowest one they are compared."""
    low = float(min(fee.low_usd for fee in fees))
    return IntervalEstimate(low, low, float(max(fee.high_usd for fee in fees)))
