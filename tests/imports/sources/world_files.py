"""The invented world as the files that are published whole, and where each lies on a server."""

import csv
import io
import zipfile
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from tests.imports.asp_files import asp_csv, five
from tests.imports.asp_files import other as other_code
from tests.imports.cms_files import LICENSE_HEADER, SERVICE_HEADER
from tests.imports.leie_files import business, entry, leie_csv
from tests.imports.published import (
    Row,
    as_csv,
    deactivated,
    location,
    locations_csv,
    nucc_csv,
    other_name,
    other_names_csv,
    person,
    providers_csv,
    specialty,
)
from tests.imports.sources.world import SPECIALTIES, Address, InventedProvider, License, World
from tests.imports.sources.world_answers import (
    CLINICIAN_COLUMNS,
    CLINICIANS_FILE,
    answer_to,
    as_json,
    clinician_rows,
    service_rows,
)
from tests.imports.sources.world_streets import tiger_file

NPPES_FOLDER = "/nppes/"
NPPES_INDEX, ASP_INDEX = f"{NPPES_FOLDER}NPI_Files.html", "/medicare/payment/part-b-drugs/asp-pricing-files"
NUCC_FILE, LEIE_FILE = "/images/stories/CSV/nucc_taxonomy_261.csv", "/exclusions/downloadables/UPDATED.csv"
MEDI_CAL_FILE = "/dataset/suspended-ineligible-provider-list.csv"
ASP_ZIP = "/files/zip/asp-pricing-file.zip"
CLINICIAN_HEADER = (
    "NPI",
    "Ind_PAC_ID",
    "Ind_enrl_ID",
    "Provider Last Name",
    "Provider First Name",
    "Provider Middle Name",
    *("suff", "gndr", "Cred", "Med_sch", "Grd_yr", "pri_spec", "sec_spec_1", "sec_spec_2", "sec_spec_3", "sec_spec_4"),
    *("sec_spec_all", "Telehlth", "Facility Name", "org_pac_id", "num_org_mem", "adr_ln_1", "adr_ln_2", "ln_2_sprs"),
    *("City/Town", "State", "ZIP Code", "Telephone Number", "ind_assgn", "grp_assgn", "adrs_id"),
)
"""Of the file, in the order of `CLINICIAN_COLUMNS`, the interface's names."""
BOARDS = {
    "Physician": (
        "Medical Board of California",
        {"A": "Physician and Surgeon A", "C": "Physician and Surgeon C", "G": "Physician and Surgeon G"},
    ),
    "Osteopathic": ("Osteopathic Medical Board of California", {"20A": "Osteopathic Physician and Surgeon"}),
    "PhysicalTherapy": ("Physical Therapy Board of California", {"PT": "Physical Therapist"}),
}
"""By how the name of a board's list begins: the board, and its types of license by the letters before a number."""
_LINES_A_PART = 1500


def content_at(world: World, path: str, query: str, base: str) -> bytes | None:
    """What a server at `base` sends for the path and query: an answer in JSON, a file or a page; None for nothing."""
    answer = answer_to(world, path, query, base)
    return file_at(world, path) if answer is None else as_json(answer)


def file_at(world: World, path: str) -> bytes | None:
    """The file or index page at the path of a server; None where there is none."""
    made = {
        NPPES_INDEX: nppes_index,
        _monthly(world): nppes_zip,
        _weekly(world): weekly_zip,
        _deactivated(world): deactivated_zip,
        NUCC_FILE: nucc_file,
        LEIE_FILE: leie_file,
        MEDI_CAL_FILE: medi_cal_file,
        ASP_INDEX: asp_index,
        ASP_ZIP: asp_zip,
        CLINICIANS_FILE: clinicians_file,
    }.get(path)
    return made(world) if made else tiger_file(world, path)


def nppes_index(world: World) -> bytes:
    """The page of links: the newest monthly file is not the first one."""
    last = world.today.replace(day=1) - timedelta(days=1)
    names = (
        "NPPES_Data_Dissemination_Readme_v.2.pdf",
        f"NPPES_Data_Dissemination_{last:%B}_{last.year}.zip",
        f"NPPES_Data_Dissemination_{last:%B}_{last.year}_V2.zip",
        *(path.removeprefix(NPPES_FOLDER) for path in (_monthly(world), _deactivated(world), _weekly(world))),
    )
    links = "".join(f"<li><a href='./{name}'>{name}</a></li>" for name in names)
    return f"<!DOCTYPE html><html><body><h1>NPI Files</h1><ul>{links}</ul></body></html>".encode()


def _monthly(world: World) -> str:
    return f"{NPPES_FOLDER}NPPES_Data_Dissemination_{world.today:%B}_{world.today.year}_V2.zip"


def _weekly(world: World) -> str:
    end = _week_end(world)
    return f"{NPPES_FOLDER}NPPES_Data_Dissemination_{end - timedelta(days=6):%m%d%y}_{end:%m%d%y}_Weekly_V2.zip"


def _deactivated(world: World) -> str:
    return f"{NPPES_FOLDER}NPPES_Deactivated_NPI_Report_{_week_end(world):%m%d%y}_V2.zip"


def _week_end(world: World) -> date:
    return world.today - timedelta(days=world.today.weekday() + 1)


def nppes_zip(world: World) -> bytes:
    """The monthly file: providers, further locations and other names, with what lies beside them."""
    return _nppes_zip([*world.providers.values()], date(2005, 5, 23), world.today.replace(day=1))


def weekly_zip(world: World) -> bytes:
    """The weekly file: those of whom something changed, in the layout of the monthly one."""
    newest = sorted(world.providers.values(), key=lambda each: each.updated_on)[-20:]
    return _nppes_zip(newest, _week_end(world) - timedelta(days=6), _week_end(world))


def _nppes_zip(every: Sequence[InventedProvider], start: date, end: date) -> bytes:
    days = f"{start:%Y%m%d}-{end:%Y%m%d}"
    providers = providers_csv(*map(_provider_row, every))
    locations = locations_csv(*(_location_row(each, address) for each in every for address in each.addresses[1:]))
    others = other_names_csv(*(_other_name_row(each) for each in every if each.other_name))
    members = {f"npidata_pfile_{days}": providers, f"pl_pfile_{days}": locations, f"othername_pfile_{days}": others}
    written = {f"{name}.csv": text for name, text in members.items()}
    written |= {f"{name}_fileheader.csv": text.partition("\n")[0] + "\n" for name, text in members.items()}
    return _zipped({**written, "NPPES_Data_Dissemination_Readme.pdf": "%PDF-1.4 invented"}, end)


def deactivated_zip(world: World) -> bytes:
    """The report of numbers out of use, of which no one reads the workbook."""
    return _zipped({"NPPES Deactivated NPI Report.xlsx": "invented"}, _week_end(world))


def _provider_row(each: InventedProvider) -> Row:
    if not each.is_active:
        return {**deactivated(), "NPI": each.npi}
    main, licensed = each.addresses[0], each.licensed
    taxonomies: dict[str, str] = {}
    for index, code in enumerate(each.specialties, 1):
        taxonomies |= {f"taxonomy_{index}": code, f"primary_{index}": "Y" if index == 1 else "N"}
        taxonomies |= {f"license_{index}": licensed.number if licensed else ""}
        taxonomies |= {f"license_state_{index}": "CA" if licensed else ""}
    return person(
        npi=each.npi,
        entity="1" if each.is_person else "2",
        organization=each.organization,
        first=each.first,
        middle=each.middle,
        last=each.last,
        gender=each.sex,
        credential=each.credential,
        line_1=main.line_1,
        line_2=main.suite,
        city=main.street.city,
        state=main.street.state,
        zip=main.postal_code,
        updated=f"{each.updated_on:%m/%d/%Y}",
        **taxonomies,
    )


def _location_row(each: InventedProvider, address: Address) -> Row:
    street = address.street
    at = {"city": street.city, "state": street.state, "zip": address.postal_code}
    return location(npi=each.npi, line_1=address.line_1, line_2=address.suite, **at, country="US", phone="3105550100")


def _other_name_row(each: InventedProvider) -> Row:
    return {**other_name(name=each.other_name), "NPI": each.npi}


def nucc_file(_world: World) -> bytes:
    """In Windows' encoding, as some versions are."""
    rows = []
    for code, described in SPECIALTIES.items():
        classification, _, specialization = described.partition(", ")
        values = {"Grouping": "Invented grouping", "Classification": classification, "Specialization": specialization}
        shown = f"{specialization or classification} Physician"
        rows.append(specialty(code, **values, **{"Definition": "Who knows – invented", "Display Name": shown}))
    return nucc_csv(*rows).encode("cp1252")


def leie_file(world: World) -> bytes:
    """The full list: those of this world, by NPI or by name alone, among people whom no one here is called like."""
    rows = [
        entry(
            lastname=each.last,
            firstname=each.first,
            midname=each.middle,
            **({"npi": each.npi} if each.excluded_by_npi else {}),
            city=each.addresses[0].street.city,
            zip=each.addresses[0].street.zip,
            excldate=f"{each.excluded_on:%Y%m%d}",
        )
        for each in world.providers.values()
        if each.excluded_on
    ]
    rows += [entry(lastname=f"NOTHERE{number}", excldate="20190520", state="NV") for number in range(300)]
    return leie_csv(*rows, business(busname="NOT HERE EITHER, INC")).encode()


def medi_cal_file(_world: World) -> bytes:
    header = (
        *("Last Name", "First Name", "Middle Name", "A/K/A-Also Known As\nD/B/A-Doing Business as", "Address(es)"),
        *("Provider Type", "License Number", "Provider Number", "Date of Suspension", "Active Period", ""),
    )
    row = (
        "Nothere",
        "Ada",
        "N/A",
        "N/A",
        "9 Example St, Fresno, CA",
        "Physician",
        "A1",
        "N/A",
        "7/8/2016",
        "Indefinitely effective",
        "",
    )
    return _lines([header, row], delimiter=",").encode("utf-8-sig")


def asp_index(world: World) -> bytes:
    quarter = f"{_quarter_start(world):%B} {world.today.year}"
    return (
        f"<html><body><ul><li><a href='{ASP_ZIP}'>{quarter} ASP Pricing File (ZIP)</a></li></ul></body></html>".encode()
    )


def asp_zip(world: World) -> bytes:
    """A quarter's zip: the file of limits in Windows' encoding, among others."""
    start = _quarter_start(world)
    end = (start + timedelta(days=95)).replace(day=1) - timedelta(days=1)
    words = f"Effective {start:%B} {start.day}, {start.year} through {end:%B} {end.day}, {end.year}"
    name = f"section 508 version of {start:%B} {start.year} ASP Pricing File.csv"
    limits = asp_csv(*five(), other_code(), effective=words).encode("cp1252")
    return _zipped({name: limits, name.replace("ASP Pricing", "NOC Pricing"): "HCPCS Code\n"}, start)


def _quarter_start(world: World) -> date:
    return world.today.replace(month=3 * ((world.today.month - 1) // 3) + 1, day=1)


def clinicians_file(world: World) -> bytes:
    """The national file."""
    names = dict(zip(CLINICIAN_COLUMNS, CLINICIAN_HEADER, strict=True))
    rows = [row for each in world.providers.values() for row in clinician_rows(each)]
    return as_csv(({names[name]: value for name, value in row.items()} for row in rows), CLINICIAN_HEADER).encode()


def services_file(world: World, year: int) -> bytes:
    """CMS's file of services of one year."""
    rows = (row for each in world.providers.values() for row in service_rows(each, year))
    return as_csv(rows, SERVICE_HEADER).encode()


def license_lists(world: World) -> dict[str, bytes]:
    """The boards' lists by the names of their files; a large board's comes in parts."""
    lists: dict[str, bytes] = {}
    for begins, (board, types) in BOARDS.items():
        rows = []
        for each in world.providers.values():
            licensed = each.licensed
            if licensed and licensed.status and (prefix := _prefix(licensed)) in types:
                rows.append(_licensee(each, licensed, board, types[prefix], prefix))
        for part, start in enumerate(range(0, len(rows), _LINES_A_PART)):
            lines = [
                LICENSE_HEADER,
                *(tuple(row[name] for name in LICENSE_HEADER) for row in rows[start : start + _LINES_A_PART]),
            ]
            lists[f"{begins}_Data{part:02d}.xls"] = _lines(lines, delimiter="\t").encode("cp1252")
    return lists


def _prefix(licensed: License) -> str:
    return licensed.number[:-5]


def _licensee(each: InventedProvider, licensed: License, board: str, kind: str, prefix: str) -> Row:
    street = each.addresses[0].street
    values = {
        "Agency Name": board,
        "License Type": kind,
        "License Number": licensed.number.removeprefix(prefix),
        "Indiv/Org": "I",
        "Org/Last Name": licensed.last_name,
        "First Name": each.first,
        "Middle Name": each.middle,
        "City": street.city,
        "County": "LOS ANGELES",
        "State": street.state,
        "Original Issue Date": "01-15-2015",
        "Expiration Date": f"{licensed.expires_on:%m-%d-%Y}",
        "License Status": licensed.status,
    }
    return {name: values.get(name, "") for name in LICENSE_HEADER}


def _lines(rows: Iterable[Sequence[str]], delimiter: str) -> str:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator="\r\n").writerows(rows)
    return text.getvalue()


def _zipped(members: dict[str, str | bytes], day: date) -> bytes:
    """The same bytes for the same day."""
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name, (day.year, day.month, day.day, 12, 0, 0)), content)
    return into.getvalue()
