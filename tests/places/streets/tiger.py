"""Zips in the layout of TIGER/Line's address ranges (ADDRFEAT)."""

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import shapefile

LAYOUT = (
    *(("TLID", "N", 10), ("TFIDL", "N", 10), ("TFIDR", "N", 10), ("ARIDL", "C", 22), ("ARIDR", "C", 22)),
    *(("LINEARID", "C", 22), ("FULLNAME", "C", 100)),
    *((name, "C", 12) for name in ("LFROMHN", "LTOHN", "RFROMHN", "RTOHN")),
    *(("ZIPL", "C", 5), ("ZIPR", "C", 5), ("EDGE_MTFCC", "C", 5), ("ROAD_MTFCC", "C", 5)),
    *(("PARITYL", "C", 1), ("PARITYR", "C", 1), ("PLUS4L", "C", 4), ("PLUS4R", "C", 4)),
    *((name, "C", 1) for name in ("LFROMTYP", "LTOTYP", "RFROMTYP", "RTOTYP", "OFFSETL", "OFFSETR")),
)


@dataclass(frozen=True, slots=True)
class AddressRange:
    """One row: a line of longitudes and latitudes, and the first and last house number on its left and right."""

    name: str
    line: Sequence[tuple[float, float]]
    left: tuple[str, str] = ("", "")
    right: tuple[str, str] = ("", "")
    zip_left: str = ""
    zip_right: str = ""
    parity_left: str = ""
    parity_right: str = ""
    tlid: int = 0


def write_addrfeat(
    folder: Path, rows: Iterable[AddressRange], fips: str = "06037", edition: int = 2025, *, leave_out: str = ""
) -> Path:
    """The zip of one county; without the column that is to be left out."""
    layout = [column for column in LAYOUT if column[0] != leave_out]
    parts = {ending: io.BytesIO() for ending in ("shp", "shx", "dbf")}
    with shapefile.Writer(**parts, shapeType=shapefile.POLYLINE) as writer:
        for name, kind, width in layout:
            writer.field(name, kind, width)
        for number, row in enumerate(rows, 1):
            values = {
                "TLID": row.tlid or number,
                "FULLNAME": row.name,
                **dict(zip(("LFROMHN", "LTOHN", "RFROMHN", "RTOHN"), (*row.left, *row.right), strict=True)),
                **{"ZIPL": row.zip_left, "ZIPR": row.zip_right, "EDGE_MTFCC": "S1400", "ROAD_MTFCC": "S1400"},
                **{"PARITYL": row.parity_left, "PARITYR": row.parity_right, "OFFSETL": "N", "OFFSETR": "N"},
            }
            writer.line([list(row.line)])
            writer.record(*(values.get(name, "" if kind == "C" else None) for name, kind, _width in layout))
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"tl_{edition}_{fips}_addrfeat.zip"
    with ZipFile(path, "w", ZIP_DEFLATED) as archive:
        for ending, content in {**parts, "cpg": io.BytesIO(b"UTF-8")}.items():
            archive.writestr(f"{path.stem}.{ending}", content.getvalue())
    return path
