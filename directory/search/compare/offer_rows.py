"""What the practices say that they offer, and the fees that they have posted."""

from collections.abc import Callable, Iterable, Mapping, Sequence

from flask_babel import gettext

from directory.providers.models import PostedFee, Provider
from directory.providers.offerings import FEES, LANGUAGES, PRODUCTS, SERVICES
from directory.search.compare.differences import IntervalEstimate, best_estimate, only_ones
from directory.search.compare.queries import ComparedProvider
from directory.search.compare.rows import ComparedRow, RowGroup, row

FeeKey = tuple[str, str | None]  # what for, and of which product


def offer_rows(columns: Sequence[ComparedProvider]) -> RowGroup:
    plans = {each.plan_key: each.plan.name for column in columns for each in column.provider.insurances}
    return RowGroup(
        "offers",
        gettext("What they offer"),
        (
            _accepting(columns),
            _offered(columns, "products", gettext("Products"), lambda one: [x.product for x in one.products], PRODUCTS),
            _offered(columns, "services", gettext("Services"), lambda one: [x.service for x in one.services], SERVICES),
            _offered(
                columns, "languages", gettext("Languages"), lambda one: [x.language for x in one.languages], LANGUAGES
            ),
            _offered(
                columns, "insurance", gettext("Insurance"), lambda one: [x.plan_key for x in one.insurances], plans
            ),
        ),
        caution=gettext("The practice says so; it was not verified."),
    )


def fee_rows(columns: Sequence[ComparedProvider]) -> RowGroup:
    """One row for each fee that one of the providers has posted, in the order of the fixed choices."""
    keys = dict.fromkeys((fee.fee, fee.product) for column in columns for fee in column.provider.fees)
    return RowGroup(
        "fees",
        gettext("Posted fees"),
        tuple(_fee(columns, key) for key in sorted(keys, key=_place_of)),
        caution=gettext("What you pay depends on the number of injections and on your plan. Ask before the visit."),
    )


def _accepting(columns: Sequence[ComparedProvider]) -> ComparedRow:
    facts = [column.provider.accepting for column in columns]
    sets = [None if fact is None else frozenset({"accepting"} if fact.accepting else ()) for fact in facts]
    marks = only_ones(sets, [column.is_ranked for column in columns])
    label = gettext("New patients")
    return row("accepting", label, "accepting", facts, same_by=sets, nothing=_nothing(), marks=marks)


def _offered(
    columns: Sequence[ComparedProvider],
    key: str,
    label: str,
    of: Callable[[Provider], Iterable[str]],
    names: Mapping[str, str],
) -> ComparedRow:
    sets = [frozenset(of(column.provider)) or None for column in columns]
    marks = only_ones(sets, [column.is_ranked for column in columns])
    providers = [column.provider if values else None for column, values in zip(columns, sets, strict=True)]
    return row(key, label, key, providers, same_by=sets, nothing=_nothing(), marks=marks, names=names)


def _fee(columns: Sequence[ComparedProvider], key: FeeKey) -> ComparedRow:
    posted = [[fee for fee in column.provider.fees if (fee.fee, fee.product) == key] for column in columns]
    ranges = [_range(fees) for fees in posted]
    marks = best_estimate(ranges, [column.is_ranked for column in columns], highest=False)
    fee, product = key
    label = gettext(FEES.get(fee, fee))
    if product:
        label = f"{label}: {gettext(PRODUCTS.get(product, product))}"
    shown = [fees or None for fees in posted]
    nothing = gettext("Not posted")
    return row(f"fee:{fee}:{product or ''}", label, "fees", shown, same_by=ranges, nothing=nothing, marks=marks)


def _nothing() -> str:
    return gettext("Nobody has said.")


def _range(fees: Sequence[PostedFee]) -> IntervalEstimate | None:
    """From the lowest to the highest dollar; by the lowest one they are compared."""
    if not fees:
        return None
    low = min(fee.low_usd for fee in fees)
    return IntervalEstimate(float(low), float(low), float(max(fee.high_usd for fee in fees)))


def _place_of(key: FeeKey) -> tuple[int, int]:
    fees, products = list(FEES), [None, *PRODUCTS]
    fee, product = key
    return (
        fees.index(fee) if fee in fees else len(fees),
        products.index(product) if product in products else len(products),
    )
