"""What the public interfaces answer about the invented world, in the forms that they have."""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from tests.imports.cms_files import SERVICE_HEADER
from tests.imports.sources.world import SPECIALTIES, Address, Billed, InventedProvider, World

REGISTRY, CATALOG = "/api/", "/v1-1-data.json"
SERVICES_TITLE = "Medicare Physician & Other Practitioners - by Provider and Service"
LATEST_ID = "92396110-0000-4000-8000-0000000latest"
CLINICIANS = "mj5m-pzi6"
METASTORE = f"/provider-data/api/1/metastore/schemas/dataset/items/{CLINICIANS}"
DATASTORE = f"/provider-data/api/1/datastore/query/{CLINICIANS}/0"
CLINICIANS_FILE = "/provider-data/sites/default/files/resources/0000_1764000000/DAC_NationalDownloadableFile.csv"
MOST_A_PAGE, MOST_SKIPPED = 200, 1000
MOST_SERVICES_A_PAGE, MOST_CLINICIANS_A_PAGE = 5000, 1500
CLINICIAN_COLUMNS = [
    "npi",
    "ind_pac_id",
    "ind_enrl_id",
    "provider_last_name",
    "provider_first_name",
    "provider_middle_name",
    "suff",
    "gndr",
    "cred",
    "med_sch",
    "grd_yr",
    "pri_spec",
    "sec_spec_1",
    "sec_spec_2",
    "sec_spec_3",
    "sec_spec_4",
    "sec_spec_all",
    "telehlth",
    "facility_name",
    "org_pac_id",
    "num_org_mem",
    "adr_ln_1",
    "adr_ln_2",
    "ln_2_sprs",
    "citytown",
    "state",
    "zip_code",
    "telephone_number",
    "ind_assgn",
    "grp_assgn",
    "adrs_id",
]


def answer_to(world: World, path: str, query: str, base: str) -> Any:
    """The JSON that the interface at the path answers; None where there is none. `base` is where the server is."""
    pairs = parse_qsl(query, keep_blank_values=True)
    asked = dict(pairs)
    if path == REGISTRY:
        return registry_answer(world, asked)
    if path == CATALOG:
        return catalog(world, base)
    if path.startswith("/data-api/v1/dataset/"):
        dataset, _, rest = path.removeprefix("/data-api/v1/dataset/").partition("/")
        return _services_answer(world, dataset, rest, asked)
    if path == METASTORE:
        return metastore(world, base)
    if path == DATASTORE:
        return clinicians_answer(world, asked)
    return None


def registry_answer(world: World, asked: Mapping[str, str]) -> dict[str, Any]:
    """NPPES's answer to a question by number, or by ZIP and specialty."""
    if wrong := _why_refused(world, asked):
        return {"Errors": [wrong]}
    limit, skip = int(asked.get("limit", "10")), int(asked.get("skip", "0"))
    found = [each for each in world.providers.values() if each.is_active and _is_asked_for(each, asked)]
    page = [registry_result(each) for each in found[skip : skip + limit]]
    return {"result_count": len(page), "results": page}


def _why_refused(world: World, asked: Mapping[str, str]) -> dict[str, str] | None:
    zips = asked.get("postal_code", "")
    numbers = (asked.get("limit", "10"), asked.get("skip", "0"))
    if asked.get("version") != "2.1":
        return {"description": "Unsupported Version", "field": "version", "number": "01"}
    if not any(number.isdigit() for number in numbers) or int(numbers[0]) > MOST_A_PAGE:
        return {"description": "Limit must be a number from 1 to 200", "field": "limit", "number": "05"}
    if int(numbers[1]) > MOST_SKIPPED:
        return {"description": "Skip must be a number from 0 to 1000", "field": "skip", "number": "05"}
    number = asked.get("number", "")
    if number in world.providers and not world.providers[number].is_active:
        says = f"CMS deactivated NPI {number}. The provider can no longer use this NPI."
        return {"description": says, "field": "number", "number": "15"}
    if "number" in asked and not (asked["number"].isdigit() and len(asked["number"]) == 10):
        return {"description": "NPI must be 10 digits", "field": "number", "number": "06"}
    if zips.endswith("*") and len(zips) < 3:
        return {
            "description": "Wildcards require at least two leading characters",
            "field": "postal_code",
            "number": "08",
        }
    if not any(asked.get(name) for name in ("number", "postal_code", "taxonomy_description", "city")):
        return {"description": "No valid search criteria was provided", "field": "", "number": "04"}
    return None


def _is_asked_for(each: InventedProvider, asked: Mapping[str, str]) -> bool:
    if number := asked.get("number"):
        return each.npi == number
    if asked.get("enumeration_type") not in (None, "", _kind(each)):
        return False
    words = asked.get("taxonomy_description", "").lower()
    if not any(words in SPECIALTIES[code].lower() for code in each.specialties):
        return False
    zips = asked.get("postal_code", "").replace("-", "")
    found_at = each.addresses if asked.get("address_purpose") == "LOCATION" else [*each.addresses, _mailing(each)]
    return any(address.postal_code.startswith(zips.removesuffix("*")) for address in found_at)


def _kind(each: InventedProvider) -> str:
    return "NPI-1" if each.is_person else "NPI-2"


def _mailing(each: InventedProvider) -> Address:
    """Where letters go: the last address, which no one but the post office visits."""
    return each.addresses[-1]._replace(number=100, suite="")


def registry_result(each: InventedProvider) -> dict[str, Any]:
    """One provider as the registry's API tells of it. What is empty is left out or `--`, as there."""
    basic: dict[str, Any] = {
        "enumeration_date": "2006-05-23",
        "last_updated": each.updated_on.isoformat(),
        "status": "A",
    }
    if each.is_person:
        basic |= {"first_name": each.first, "last_name": each.last, "credential": each.credential, "sex": each.sex}
        basic |= {"name_prefix": "--", "name_suffix": "--", "sole_proprietor": "NO"}
        basic |= {"middle_name": each.middle} if each.middle else {}
    else:
        basic |= {"organization_name": each.organization, "organizational_subpart": "NO"}
        basic |= {"authorized_official_first_name": "ADA", "authorized_official_last_name": "EXAMPLE"}
    other = (
        [{"organization_name": each.other_name, "type": "Doing Business As", "code": "3"}] if each.other_name else []
    )
    return {
        "created_epoch": "1148342400000",
        "enumeration_type": _kind(each),
        "last_updated_epoch": "1148342400000",
        "number": each.npi,
        "addresses": [_address(_mailing(each), "MAILING"), _address(each.addresses[0], "LOCATION")],
        "practiceLocations": [_address(address, "LOCATION") for address in each.addresses[1:]],
        "basic": basic,
        "taxonomies": [_taxonomy(each, index, code) for index, code in enumerate(each.specialties)],
        "identifiers": [],
        "endpoints": [],
        "other_names": other,
    }


def _address(address: Address, purpose: str) -> dict[str, str]:
    written = {
        "country_code": "US",
        "country_name": "United States",
        "address_purpose": purpose,
        "address_type": "DOM",
        "address_1": address.line_1,
        "city": address.street.city,
        "state": address.street.state,
        "postal_code": address.postal_code,
        "telephone_number": "310-555-0100",
        "fax_number": "310-555-0199",
    }
    return written | ({"address_2": address.suite} if address.suite else {})


def _taxonomy(each: InventedProvider, index: int, code: str) -> dict[str, Any]:
    licensed = each.licensed
    return {
        "code": code,
        "taxonomy_group": "",
        "desc": SPECIALTIES[code],
        "state": "CA" if licensed else None,
        "license": licensed.number if licensed else None,
        "primary": index == 0,
    }


def catalog(world: World, base: str) -> dict[str, Any]:
    """CMS's catalog: the wanted entry among others, one of which has a name that begins alike."""
    newest = world.years[-1]
    distributions = [
        _distribution(base, LATEST_ID, newest, "latest"),
        *(
            {**_distribution(base, _yearly_id(year), year, ""), "temporal": f"{year}-01-01/{year}-12-31"}
            for year in reversed(world.years)
        ),
        {"@type": "dcat:Distribution", "mediaType": "text/csv", "title": f"{SERVICES_TITLE} : {newest}-12-01"},
    ]
    others = [
        {"@type": "dcat:Dataset", "title": f"{SERVICES_TITLE.partition(' and')[0]}", "distribution": []},
        {"@type": "dcat:Dataset", "title": f"{SERVICES_TITLE}: a reading guide", "distribution": []},
    ]
    wanted = {
        "@type": "dcat:Dataset",
        "title": SERVICES_TITLE,
        "identifier": f"{base}/data-api/v1/dataset/{LATEST_ID}/data-viewer",
        "modified": f"{newest + 2}-05-15",
        "temporal": f"{newest}-01-01/{newest}-12-31",
        "distribution": distributions,
    }
    return {
        "@type": "dcat:Catalog",
        "conformsTo": "https://project-open-data.cio.gov/v1.1/schema",
        "dataset": [*others, wanted],
    }


def _distribution(base: str, identifier: str, year: int, description: str) -> dict[str, str]:
    written = {
        "@type": "dcat:Distribution",
        "accessURL": f"{base}/data-api/v1/dataset/{identifier}/data",
        "format": "API",
        "title": f"{SERVICES_TITLE} : {year}-12-01",
    }
    return written | ({"description": description} if description else {})


def _yearly_id(year: int) -> str:
    return f"92396110-0000-4000-8000-00000000{year}"


def _services_answer(world: World, dataset: str, rest: str, asked: Mapping[str, str]) -> Any:
    ids = {LATEST_ID: world.years[-1]} | {_yearly_id(year): year for year in world.years}
    if dataset not in ids:
        return None
    filters = {name[7:-1]: value for name, value in asked.items() if name.startswith("filter[")}
    rows = [
        row
        for each in world.providers.values()
        for row in service_rows(each, ids[dataset])
        if all(row[name] == value for name, value in filters.items())
    ]
    if rest == "data/stats":
        return {"found_rows": len(rows), "total_rows": 9_755_427}
    if rest != "data":
        return None
    size, offset = int(asked.get("size", "1000")), int(asked.get("offset", "0"))
    return rows[offset : offset + min(size, MOST_SERVICES_A_PAGE)]


def service_rows(each: InventedProvider, year: int) -> list[dict[str, str]]:
    """The rows of CMS's file of a year about one provider."""
    return [_service_row(each, billed) for billed in each.billed if billed.year == year]


def _service_row(each: InventedProvider, billed: Billed) -> dict[str, str]:
    street = each.addresses[0].street
    values = {
        "Rndrng_NPI": each.npi,
        "Rndrng_Prvdr_Last_Org_Name": each.last.title(),
        "Rndrng_Prvdr_First_Name": each.first.title(),
        "Rndrng_Prvdr_Ent_Cd": "I",
        "Rndrng_Prvdr_St1": each.addresses[0].line_1,
        "Rndrng_Prvdr_City": street.city.title(),
        "Rndrng_Prvdr_State_Abrvtn": street.state,
        "Rndrng_Prvdr_Zip5": street.zip,
        "Rndrng_Prvdr_Cntry": "US",
        "HCPCS_Cd": billed.code,
        "HCPCS_Desc": f"Invented words about {billed.code}, with a comma",
        "Place_Of_Srvc": billed.place,
        "Tot_Benes": str(billed.patients),
        "Tot_Srvcs": str(billed.services),
        "Tot_Bene_Day_Srvcs": str(billed.patients),
    }
    return {name: values.get(name, "") for name in SERVICE_HEADER}


def metastore(world: World, base: str) -> dict[str, Any]:
    return {
        "@type": "dcat:Dataset",
        "identifier": CLINICIANS,
        "title": "National Downloadable File",
        "modified": world.today.replace(day=1).isoformat(),
        "distribution": [
            {"@type": "dcat:Distribution", "downloadURL": f"{base}{CLINICIANS_FILE}", "mediaType": "text/csv"}
        ],
    }


def clinicians_answer(world: World, asked: Mapping[str, str]) -> dict[str, Any]:
    """A page of rows for which the one condition holds."""
    name, value = asked.get("conditions[0][property]", ""), asked.get("conditions[0][value]", "")
    rows = [row for each in world.providers.values() for row in clinician_rows(each) if not name or row[name] == value]
    limit, offset = min(int(asked.get("limit", "500")), MOST_CLINICIANS_A_PAGE), int(asked.get("offset", "0"))
    return {"results": rows[offset : offset + limit], "count": len(rows), "schema": {}, "query": {"limit": limit}}


def clinician_rows(each: InventedProvider) -> list[dict[str, str]]:
    """One row an address of a provider whom the file has."""
    if not each.school:
        return []
    rows = []
    for address in each.addresses:
        values = {
            "npi": each.npi,
            "ind_pac_id": each.npi[-10:],
            "ind_enrl_id": f"I{each.npi}",
            "provider_last_name": each.last,
            "provider_first_name": each.first,
            "provider_middle_name": each.middle,
            "gndr": each.sex,
            "med_sch": each.school,
            "grd_yr": str(each.graduated),
            "telehlth": "Y" if each.graduated % 3 == 0 else "",
            "facility_name": each.group,
            "org_pac_id": f"4{sum(map(ord, each.group)):09d}" if each.group else "",
            "num_org_mem": "12" if each.group else "",
            "adr_ln_1": address.line_1,
            "citytown": address.street.city,
            "state": address.street.state,
            "zip_code": address.postal_code,
            "ind_assgn": "Y",
            "grp_assgn": "Y",
        }
        rows.append({name: values.get(name, "") for name in CLINICIAN_COLUMNS})
    return rows


def as_json(answer: Any) -> bytes:
    return json.dumps(answer, separators=(",", ":")).encode()
