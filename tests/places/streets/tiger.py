"""Zips in the layouts of TIGER/Line: address ranges (ADDRFEAT), and the smallest of what the map is drawn of."""

import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import shapefile

Column = tuple[str, str, int]
ADDRFEAT: tuple[Column, ...] = (
    *(("TLID", "N", 10), ("TFIDL", "N", 10), ("TFIDR", "N", 10), ("ARIDL", "C", 22), ("ARIDR", "C", 22)),
    *(("LINEARID", "C", 22), ("FULLNAME", "C", 100)),
    *((name, "C", 12) for name in ("LFROMHN", "LTOHN", "RFROMHN", "RTOHN")),
    *(("ZIPL", "C", 5), ("ZIPR", "C", 5), ("EDGE_MTFCC", "C", 5), ("ROAD_MTFCC", "C", 5)),
    *(("PARITYL", "C", 1), ("PARITYR", "C", 1), ("PLUS4L", "C", 4), ("PLUS4R", "C", 4)),
    *((name, "C", 1) for name in ("LFROMTYP", "LTOTYP", "RFROMTYP", "RTOTYP", "OFFSETL", "OFFSETR")),
)
OTHERS: dict[str, tuple[Column, ...]] = {
    "areawater": (("HYDROID", "C", 22), ("FULLNAME", "C", 100), ("MTFCC", "C", 5)),
    "prisecroads": (("LINEARID", "C", 22), ("FULLNAME", "C", 100), ("RTTYP", "C", 1), ("MTFCC", "C", 5)),
    "place": (
        *(("PLACEFP", "C", 5), ("NAME", "C", 100), ("ALAND", "N", 14), ("INTPTLAT", "C", 11), ("INTPTLON", "C", 12)),
    ),
}
LAKE = [(-118.29, 33.78), (-118.29, 33.79), (-118.28, 33.79), (-118.28, 33.78), (-118.29, 33.78)]
OTHER_ROWS = {
    "areawater": {"HYDROID": "1", "FULLNAME": "Machado Lk", "MTFCC": "H2030"},
    "prisecroads": {"LINEARID": "1", "FULLNAME": "I- 405", "RTTYP": "I", "MTFCC": "S1100"},
    "place": {
        "PLACEFP": "80000",
        "NAME": "Torrance",
        "ALAND": 53_000_000,
        "INTPTLAT": "+33.8350",
        "INTPTLON": "-118.3414",
    },
}


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
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"tl_{edition}_{fips}_addrfeat.zip"
    path.write_bytes(addrfeat_zip(path.stem, rows, leave_out=leave_out))
    return path


def addrfeat_zip(stem: str, rows: Iterable[AddressRange], *, leave_out: str = "") -> bytes:
    """The same as it is sent, for the same rows the same."""
    layout = [column for column in ADDRFEAT if column[0] != leave_out]

    def write(writer: shapefile.Writer) -> None:
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

    return _zip_of(stem, shapefile.POLYLINE, layout, write)


def other_zip(stem: str) -> bytes:
    """The smallest zip of water, main roads or places; its name says which."""
    kind = stem.rpartition("_")[2]
    is_line = kind == "prisecroads"

    def write(writer: shapefile.Writer) -> None:
        draw = writer.line if is_line else writer.poly
        draw([LAKE])
        writer.record(*(OTHER_ROWS[kind][name] for name, *_ in OTHERS[kind]))

    return _zip_of(stem, shapefile.POLYLINE if is_line else shapefile.POLYGON, OTHERS[kind], write)


def _zip_of(stem: str, shape_type: int, layout: Sequence[Column], write: Callable[[shapefile.Writer], None]) -> bytes:
    parts = {ending: io.BytesIO() for ending in ("shp", "shx", "dbf")}
    with shapefile.Writer(**parts, shapeType=shape_type) as writer:
        for name, kind, width in layout:
            writer.field(name, kind, width)
        write(writer)
    into = io.BytesIO()
    published = (int(stem.split("_")[1]), 9, 12, 12, 0, 0)
    with ZipFile(into, "w", ZIP_DEFLATED) as archive:
        for ending, content in {**parts, "cpg": io.BytesIO(b"UTF-8")}.items():
            info = ZipInfo(f"{stem}.{ending}", published)
            info.compress_type = ZIP_DEFLATED
            archive.writestr(info, content.getvalue())
    return into.getvalue()
