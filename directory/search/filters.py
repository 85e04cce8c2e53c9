"""The filters of the search, each described once.

From `FILTERS` come the URL parameters, the form's fields, the options of `flask search`, the columns of the snapshot,
the choices with their counts, and the ways out of an empty result.

Pure: columns are named, and `engine.py` finds them in the tables.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from directory.providers.offerings import LANGUAGES, PRODUCTS, SERVICES
from directory.web.phrases import N_

YES = "1"
"""The value of a filter that is on or off, when it is on."""

ChosenFilters = Mapping[str, frozenset[str]]
"""The filters in force: by URL parameter the values that are asked for.

Within one filter any of its values will do; all the filters together must hold.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """What both kinds have. Filters under one `heading` that follow each other make one group on the page.

    A column of a table of facts that change (`Confirmed`) is read for facts that were confirmed in the last 90 days.
    """

    parameter: str  # of the URL; the form's field and the snapshot's column have the same name
    column: str  # "table.column", in a table with a column `npi` and `ranked = True`; text, or of a switch a boolean
    removal: str  # what loosening this filter is called
    heading: str | None  # None: the filter stands among the fields above the groups
    is_open: bool = False  # whether its group is unfolded at first
    option: str = ""  # of the command line, where it is not `--parameter`
    help: str  # of the option


@dataclass(frozen=True, slots=True, kw_only=True)
class ValuesFilter(Filter):
    """Offers many values; a provider may have several. `names` is None where the database holds them."""

    unknown: str  # what to say of values that are no choices, `named`
    names: Mapping[str, str] | None
    metavar: str = "KEY"


@dataclass(frozen=True, slots=True, kw_only=True)
class SwitchFilter(Filter):
    """On or off. Its column is true or false, in a table with at most one row a provider; no row means false."""

    label: str


FILTERS: tuple[ValuesFilter | SwitchFilter, ...] = (
    ValuesFilter(
        parameter="specialty",
        column="provider_specialty.specialty_code",
        removal=N_("Any specialty"),
        heading=None,
        option="--taxonomy",
        help="NUCC code, or `treating` for all who treat neck spasms.",
        unknown=N_("We know no specialty %(named)s. Choose from the list, or leave it out."),
        names=None,
        metavar="CODE",
    ),
    SwitchFilter(
        parameter="verified",
        column="qualification_score.license_verified",
        label=N_("License verified"),
        removal=N_("License verified or not"),
        heading=N_("Must have"),
        is_open=True,
        help="Only those whose license was verified.",
    ),
    SwitchFilter(
        parameter="accepting",
        column="accepting_new_patients.accepting",
        label=N_("Accepting new patients"),
        removal=N_("Whether or not they said that they accept new patients"),
        heading=N_("Must have"),
        help="Only those who said in the last 90 days that they accept new patients.",
    ),
    ValuesFilter(
        parameter="product",
        column="provider_product.product",
        removal=N_("Any product"),
        heading=N_("Product"),
        is_open=True,
        help="Offers this product: botox, dysport, ...",
        unknown=N_("We know no product %(named)s. Choose from the list, or leave it out."),
        names=PRODUCTS,
    ),
    ValuesFilter(
        parameter="service",
        column="provider_service.service",
        removal=N_("With or without these services"),
        heading=N_("Service"),
        help="Offers this service: emg_guidance, ...",
        unknown=N_("We know no service %(named)s. Choose from the list, or leave it out."),
        names=SERVICES,
    ),
    ValuesFilter(
        parameter="language",
        column="provider_language.language",
        removal=N_("Any language"),
        heading=N_("Language"),
        help="Speaks this language: es, ko, ...",
        unknown=N_("We know no language %(named)s. Choose from the list, or leave it out."),
        names=LANGUAGES,
        metavar="CODE",
    ),
    ValuesFilter(
        parameter="insurance",
        column="provider_insurance.plan_key",
        removal=N_("Any insurance"),
        heading=N_("Insurance"),
        help="Said in the last 90 days that they accept this plan.",
        unknown=N_("We know no insurance %(named)s. Choose from the list, or leave it out."),
        names=None,
    ),
)
"""In the order of the page."""

BY_PARAMETER = {each.parameter: each for each in FILTERS}
VALUES = tuple(each.parameter for each in FILTERS if isinstance(each, ValuesFilter))
SWITCHES = tuple(each.parameter for each in FILTERS if isinstance(each, SwitchFilter))
