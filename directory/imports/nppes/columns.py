"""The columns of the NPPES files that the directory reads, by name."""

from typing import NamedTuple

from directory.imports.reading.fields import Layout

NPI = "NPI"
DEACTIVATED = "NPI Deactivation Date"
REACTIVATED = "NPI Reactivation Date"
_TAXONOMIES = range(1, 16)
TAXONOMY_CODES = tuple(f"Healthcare Provider Taxonomy Code_{number}" for number in _TAXONOMIES)
TAXONOMY_GROUPS = tuple(
    (
        f"Healthcare Provider Taxonomy Code_{number}",
        f"Healthcare Provider Primary Taxonomy Switch_{number}",
        f"Provider License Number_{number}",
        f"Provider License Number State Code_{number}",
    )
    for number in _TAXONOMIES
)


class AddressColumns(NamedTuple):
    line_1: str
    line_2: str
    city: str
    state: str
    postal_code: str
    country: str
    phone: str
    extension: str | None


_PRACTICE = "Provider Business Practice Location Address"
PRACTICE = AddressColumns(
    "Provider First Line Business Practice Location Address",
    "Provider Second Line Business Practice Location Address",
    f"{_PRACTICE} City Name",
    f"{_PRACTICE} State Name",
    f"{_PRACTICE} Postal Code",
    f"{_PRACTICE} Country Code (If outside U.S.)",
    f"{_PRACTICE} Telephone Number",
    None,
)
_SECONDARY = "Provider Secondary Practice Location Address"
SECONDARY = AddressColumns(
    f"{_SECONDARY}- Address Line 1",
    f"{_SECONDARY}-  Address Line 2",  # published with two spaces; spaces do not count
    f"{_SECONDARY} - City Name",
    f"{_SECONDARY} - State Name",
    f"{_SECONDARY} - Postal Code",
    f"{_SECONDARY} - Country Code (If outside U.S.)",
    f"{_SECONDARY} - Telephone Number",
    f"{_SECONDARY} - Telephone Extension",
)

_PROVIDER_COLUMNS = (
    NPI,
    "Entity Type Code",
    "Provider Organization Name (Legal Business Name)",
    "Provider Last Name (Legal Name)",
    "Provider First Name",
    "Provider Middle Name",
    "Provider Name Suffix Text",
    "Provider Credential Text",
    *(column for column in PRACTICE if column is not None),
    "Provider Enumeration Date",
    "Last Update Date",
    DEACTIVATED,
    REACTIVATED,
    *(name for group in TAXONOMY_GROUPS for name in group),
)
OTHER_NAME = "Provider Other Organization Name"
OTHER_NAME_KIND = "Provider Other Organization Name Type Code"

PROVIDERS = Layout("npidata_pfile", "an NPPES provider file", _PROVIDER_COLUMNS)
LOCATIONS = Layout(
    "pl_pfile", "an NPPES practice location file", (NPI, *(column for column in SECONDARY if column is not None))
)
OTHER_NAMES = Layout("othername_pfile", "an NPPES other name file", (NPI, OTHER_NAME, OTHER_NAME_KIND))
