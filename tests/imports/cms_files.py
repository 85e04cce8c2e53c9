"""Small invented files in the layouts of CMS's services and clinicians, and of a board's licenses."""

import csv
import io

from tests.imports.published import Row, as_csv, real_npi

SERVICE_HEADER = (
    "Rndrng_NPI",
    "Rndrng_Prvdr_Last_Org_Name",
    "Rndrng_Prvdr_First_Name",
    "Rndrng_Prvdr_MI",
    "Rndrng_Prvdr_Crdntls",
    "Rndrng_Prvdr_Ent_Cd",
    "Rndrng_Prvdr_St1",
    "Rndrng_Prvdr_St2",
    "Rndrng_Prvdr_City",
    "Rndrng_Prvdr_State_Abrvtn",
    "Rndrng_Prvdr_State_FIPS",
    "Rndrng_Prvdr_Zip5",
    "Rndrng_Prvdr_RUCA",
    "Rndrng_Prvdr_RUCA_Desc",
    "Rndrng_Prvdr_Cntry",
    "Rndrng_Prvdr_Type",
    "Rndrng_Prvdr_Mdcr_Prtcptg_Ind",
    "HCPCS_Cd",
    "HCPCS_Desc",
    "HCPCS_Drug_Ind",
    "Place_Of_Srvc",
    "Tot_Benes",
    "Tot_Srvcs",
    "Tot_Bene_Day_Srvcs",
    "Avg_Sbmtd_Chrg",
    "Avg_Mdcr_Alowd_Amt",
    "Avg_Mdcr_Pymt_Amt",
    "Avg_Mdcr_Stdzd_Amt",
)
CLINICIAN_HEADER = (
    "NPI",
    "Ind_PAC_ID",
    "Provider Last Name",
    "Provider First Name",
    "Med_sch",
    "Grd_yr",
    "pri_spec",
    "Telehlth",
    "Facility Name",
    "org_pac_id",
    "num_org_mem",
    "City/Town",
    "ind_assgn",
    "grp_assgn",
)
LICENSE_HEADER = (
    "Agency Name",
    "License Type",
    "Speciality Code",
    "License Number",
    "Indiv/Org",
    "Org/Last Name",
    "First Name",
    "Middle Name",
    "Suffix",
    "City",
    "County",
    "State",
    "Original Issue Date",
    "Expiration Date",
    "License Status",
)


def billed(number: int = 1, code: str = "64616", place: str = "O", services: str = "40", patients: str = "15") -> Row:
    """One row of services: one code of one provider at one place."""
    return {
        "Rndrng_NPI": real_npi(number),
        "Rndrng_Prvdr_Last_Org_Name": "De La Cruz, Jr.",
        "HCPCS_Cd": code,
        "HCPCS_Desc": "Injection of muscles of neck\nfor spasms" if code == "64616" else "Visit",
        "Place_Of_Srvc": place,
        "Tot_Benes": patients,
        "Tot_Srvcs": services,
    }


def clinician(number: int = 1, **values: str) -> Row:
    return {
        "NPI": real_npi(number),
        "Provider Last Name": "DE LA CRUZ",
        "Med_sch": "UNIVERSITY OF CALIFORNIA, LOS ANGELES (UCLA)",
        "Grd_yr": "2001",
        "Telehlth": "Y",
        "Facility Name": "SOUTH BAY NEUROLOGY, LLC",
        "org_pac_id": "1234567890",
        "num_org_mem": "12",
        "ind_assgn": "Y",
        **values,
    }


def licensee(**values: str) -> Row:
    """A row of California's list: the license A 12345 of Ana de la Cruz."""
    return {
        "Agency Name": "Medical Board of California",
        "License Type": "Physician and Surgeon A",
        "License Number": "12345",
        "Indiv/Org": "I",
        "Org/Last Name": "DE LA CRUZ",
        "First Name": "ANA",
        "Middle Name": "MARÍA",
        "City": "TORRANCE",
        "County": "LOS ANGELES",
        "State": "CA",
        "Original Issue Date": "01-15-2005",
        "Expiration Date": "12-31-2090",
        "License Status": "Current",
        **values,
    }


def services_csv(*rows: Row) -> str:
    return as_csv(rows, SERVICE_HEADER)


def clinicians_csv(*rows: Row) -> str:
    return as_csv(rows, CLINICIAN_HEADER)


def licensees(*rows: Row) -> bytes:
    """Text with tabs in Windows' encoding, as California's lists are."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter="\t", quoting=csv.QUOTE_NONE, lineterminator="\r\n", escapechar="\\")
    writer.writerow(LICENSE_HEADER)
    writer.writerows([row.get(name, "") for name in LICENSE_HEADER] for row in rows)
    return text.getvalue().encode("cp1252")
