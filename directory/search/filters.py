"""The filters of the search, each described once.

From `FILTERS` come the URL parameters, the form's fields, the options of `flask search`, the columns of the snapshot,
the choices with their counts, and the ways out of an empty result.

Pure: tables and columns are named, and `engine.py` finds them in the database.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import time
from typing import Any

from directory.credentials.rubric import NECK_TREATMENT
from directory.providers.offerings import (
    ALONGSIDE,
    ALONGSIDE_SPECIALTIES,
    GENDERS,
    LANGUAGES,
    PRODUCTS,
    SERVICES,
    TELEHEALTH,
    TREATING,
    TREATING_SPECIALTIES,
)
from directory.web.phrases import N_

YES = "1"
"""The value of a filter that is on or off, when it is on."""
NO = "0"
UNKNOWN = ""
"""Among the values that are asked for: providers that have none."""
ANY = "any"
"""The choice that takes a filter with a default out of force."""
EVENING = time(18)
"""A practice that closes no earlier than this has evening hours."""
INJECTS = "injects"
"""Among the specialties: a provider with neck injections in Medicare's files, whatever the specialty."""

ChosenFilters = Mapping[str, frozenset[str]]
"""The filters in force: by URL parameter the values that are asked for.

Within one filter any of its values will do; all the filters together must hold.
"""


@dataclass(frozen=True, slots=True)
class Case:
    """That a provider has a row in `table` for which `holds`: a condition on its columns, with Python's operators.

    The table has a column `npi` and `ranked = True`. Of a table of facts that change (`Confirmed`), only rows that were
    confirmed in the last 90 days count.
    """

    table: str
    holds: Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Group:
    """A choice that stands for several values; None: for whatever a provider has, so that nothing is filtered."""

    label: str
    values: frozenset[str] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """What both kinds have. Filters under one `heading` that follow each other make one group on the page."""

    parameter: str  # of the URL; the form's field and the snapshot's column have the same name
    removal: str  # what loosening this filter is called
    heading: str | None  # None: the filter stands among the fields above the groups
    hint: str = ""  # what the choices mean, where their names do not say it
    is_open: bool = False  # whether its group is unfolded at first
    option: str = ""  # of the command line, where it is not `--parameter`
    help: str  # of the option


@dataclass(frozen=True, slots=True, kw_only=True)
class ValuesFilter(Filter):
    """Offers many values; a provider may have several: those of `column`, and those whose `cases` apply.

    `names` are those that are offered one by one, None where the database holds them; `groups` are offered after them.
    `default` is the group that is in force when nothing is chosen; the filter then has a group `ANY` too.
    """

    column: str | None = None  # "table.column", text, in a table as that of a `Case`
    cases: Mapping[str, Case] = field(default_factory=dict)
    names: Mapping[str, str] | None
    groups: Mapping[str, Group] = field(default_factory=dict)
    default: str = ""
    metavar: str = "KEY"
    flags: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    """Options of the command line in place of `--parameter KEY`: by value, the option and its help."""

    def asked(self, chosen: frozenset[str]) -> frozenset[str] | None:
        """The values that these choices ask for; None when the filter is not in force."""
        if not chosen and self.default:
            chosen = frozenset({self.default})
        values = {value for value in chosen if value not in self.groups}
        for key in chosen & self.groups.keys():
            of_group = self.groups[key].values
            if of_group is None:
                return None
            values |= of_group
        return frozenset(values) or None


@dataclass(frozen=True, slots=True, kw_only=True)
class SwitchFilter(Filter):
    """On or off: on lets through the providers of whom the `case` is true."""

    case: Case
    label: str


FILTERS: tuple[ValuesFilter | SwitchFilter, ...] = (
    ValuesFilter(
        parameter="specialty",
        column="provider_specialty.specialty_code",
        cases={
            INJECTS: Case("procedure_volume", lambda row: (row.hcpcs_code == NECK_TREATMENT) & (row.services > 0)),
        },
        removal=N_("Any specialty"),
        heading=None,
        option="--taxonomy",
        help="NUCC code; `treating` (the default) for all who may inject, `alongside` for physical therapy, or `any`.",
        names=None,
        groups={
            TREATING: Group(N_("May give injections"), frozenset({*TREATING_SPECIALTIES, INJECTS})),
            ALONGSIDE: Group(N_("Physical therapy alongside"), frozenset(ALONGSIDE_SPECIALTIES)),
            ANY: Group(N_("Any specialty"), None),
        },
        default=TREATING,
        metavar="CODE",
    ),
    SwitchFilter(
        parameter="verified",
        case=Case("qualification_score", lambda row: row.license_verified),
        label=N_("License verified"),
        removal=N_("License verified or not"),
        heading=N_("Must have"),
        is_open=True,
        help="Only those whose license was verified.",
    ),
    ValuesFilter(
        parameter="accepting",
        cases={
            YES: Case("accepting_new_patients", lambda row: row.accepting),
            NO: Case("accepting_new_patients", lambda row: ~row.accepting),
        },
        removal=N_("Include those not accepting new patients"),
        heading=N_("Must have"),
        help="",
        names={YES: N_("Accepting new patients")},
        groups={
            "open": Group(N_("Leave out those not accepting new patients"), frozenset({YES, UNKNOWN})),
            ANY: Group(N_("Include those not accepting new patients"), None),
        },
        default="open",
        flags={
            YES: ("--accepting", "Only those who said in the last 90 days that they accept new patients."),
            ANY: ("--accepting-any", "Also those who said in the last 90 days that they accept no new patients."),
        },
    ),
    SwitchFilter(
        parameter="telehealth",
        case=Case("provider_service", lambda row: row.service == TELEHEALTH),
        label=N_("Telehealth consultation"),
        removal=N_("With or without a telehealth consultation"),
        heading=N_("Must have"),
        help="Offers a first consultation by phone or video.",
    ),
    SwitchFilter(
        parameter="step_free",
        case=Case("visit_details", lambda row: row.step_free),
        label=N_("Step-free access"),
        removal=N_("With or without step-free access"),
        heading=N_("Must have"),
        option="--step-free",
        help="Said in the last 90 days that no steps lead to the practice.",
    ),
    ValuesFilter(
        parameter="hours",
        cases={
            "evening": Case("office_hours", lambda row: (row.weekday < 5) & (row.closes_at >= EVENING)),
            "weekend": Case("office_hours", lambda row: row.weekday >= 5),
        },
        removal=N_("Any office hours"),
        heading=N_("Office hours"),
        hint=N_(
            "Evening: open until 6 pm or later on at least one weekday. Weekend: open Saturday or Sunday. Hours "
            "count for 90 days after the practice confirms them."
        ),
        help="Confirmed in the last 90 days: `evening` (until 6 pm or later on some weekday) or `weekend`.",
        names={"evening": N_("Evening hours"), "weekend": N_("Weekend hours")},
    ),
    ValuesFilter(
        parameter="wait",
        column="visit_summary.wait",
        removal=N_("Any wait for an appointment"),
        heading=N_("Wait for an appointment"),
        hint=N_(
            "At least half of the patients waited this long or less. Known for providers with five or more answers "
            "in reviews."
        ),
        help="Half of the patients waited at most this long, with five answers or more: week, month or three_months.",
        names={},
        groups={
            "week": Group(N_("At most a week’s wait"), frozenset({"week"})),
            "month": Group(N_("At most a month’s wait"), frozenset({"week", "month"})),
            "three_months": Group(N_("At most three months’ wait"), frozenset({"week", "month", "three_months"})),
        },
    ),
    ValuesFilter(
        parameter="product",
        column="provider_product.product",
        removal=N_("Any product"),
        heading=N_("Product"),
        is_open=True,
        help="Offers this product: botox, dysport, ...",
        names=PRODUCTS,
    ),
    ValuesFilter(
        parameter="service",
        column="provider_service.service",
        removal=N_("With or without these services"),
        heading=N_("Service"),
        help="Offers this service: emg_guidance, ...",
        names={key: name for key, name in SERVICES.items() if key != TELEHEALTH},
    ),
    ValuesFilter(
        parameter="language",
        column="provider_language.language",
        removal=N_("Any language"),
        heading=N_("Language"),
        help="Speaks this language: es, ko, ...",
        names=LANGUAGES,
        metavar="CODE",
    ),
    ValuesFilter(
        parameter="gender",
        column="provider.gender",
        removal=N_("Any gender"),
        heading=N_("Gender of the provider"),
        hint=N_("As listed in the national provider registry (NPPES)."),
        help="Of the provider, as NPPES has it: F, M or X.",
        names=GENDERS,
    ),
    ValuesFilter(
        parameter="insurance",
        column="provider_insurance.plan_key",
        removal=N_("Any insurance"),
        heading=N_("Insurance"),
        help="Said in the last 90 days that they accept this plan.",
        names=None,
    ),
)
"""In the order of the page."""

BY_PARAMETER: Mapping[str, ValuesFilter | SwitchFilter] = {each.parameter: each for each in FILTERS}
VALUES = {each.parameter: each for each in FILTERS if isinstance(each, ValuesFilter)}
SWITCHES = {each.parameter: each for each in FILTERS if isinstance(each, SwitchFilter)}
