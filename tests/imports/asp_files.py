"""CMS's file of payment limits as it is published: notes above the columns, commas in them, workbooks beside it."""

import csv
import io

from tests.imports.published import Row

HEADER = (
    "HCPCS Code",
    "Short Description",
    "HCPCS Code Dosage",
    "Payment Limit",
    "Co-insurance Percentage",
    "Vaccine AWP%",
    "Vaccine Limit",
    "Blood AWP%",
    "Blood limit",
    "Clotting Factor",
    "Notes",
)
NOTES = (
    "Note 1:  Payment allowance limits subject to the ASP methodology are based on 4Q25 ASP data.",
    "Note 2:  A code or a price here, or the lack of one, does not say that Medicare covers the medicine, "
    'nor that it is “reasonable", necessary, or paid; see the contractor’s pages.',
    "Note 3:  Rebates are effective April 1, 2023 under section 11101.",
)
LINES_ABOVE = 2 + len(NOTES) + 1
FIRST_LINE = LINES_ABOVE + 2
"""Of the first row."""
NAME = "section 508 version of April 2026 ASP Pricing File 032326.csv"


def limit(code: str = "J0585", price: str = "6.512", dosage: str = "1 UNIT", **values: str) -> Row:
    cells = (code, "Injection,onabotulinumtoxina", dosage, price, "20.000")
    return {**dict(zip(HEADER, cells, strict=False)), **values}


def five() -> list[Row]:
    """The rows of the five products, in the second quarter of 2026."""
    return [
        limit(),
        limit("J0586", "8.903", "5 UNITS"),
        limit("J0587", "13.283", "100 UNITS"),
        limit("J0588", "5.289"),
        limit("J0589", "3.093"),
    ]


def other() -> Row:
    """A code that the directory does not keep."""
    return limit("90371", "138.873", "1 ML", **{"Short Description": 'Hep b ig, "im"'})


def asp_csv(*rows: Row, effective: str = "Effective April 1, 2026 through June 30, 2026") -> str:
    """Every line of one width, quoted only where it must be, with the line ends of Windows."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    for line in ("Payment Allowance Limits for Medicare Part B Drugs", effective, *NOTES, ""):
        writer.writerow([line, *[""] * (len(HEADER) - 1)])
    writer.writerow(HEADER)
    writer.writerows([row.get(name, "") for name in HEADER] for row in rows)
    return text.getvalue()
