"""What can be uploaded: each command of `flask import` with its files and options, as a form."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from werkzeug.datastructures import MultiDict

from directory.imports.reading.files import day_in_name
from directory.places.resolve import resolve
from directory.providers.offerings import ALONGSIDE, TREATING
from directory.web.fields import AnswerField, DayField, LineField, TickField, TypedField
from directory.web.forms import FaultyForm

LAYOUTS = Path(__file__).parent / "licenses" / "layouts"
MAX_RADIUS_MILES = 500

Paths = Mapping[str, Sequence[str]]


class NumberField(TypedField):
    """A whole number between `least` and `most`."""

    def __init__(self, label: str, least: int, most: int, sentence: str, **options: Any) -> None:
        super().__init__(label, sentence, **options)
        self.least, self.most = least, most

    def read(self, text: str) -> int:
        number = int(text) if text.isascii() and text.isdigit() and len(text) < 9 else -1
        if not self.least <= number <= self.most:
            raise ValueError(str(self.sentence))
        return number


class QuarterField(TypedField):
    """2026Q2."""

    sentence = "Type the year and the quarter, such as 2026Q2."

    def read(self, text: str) -> str:
        if not re.fullmatch(r"20\d\dQ[1-4]", text.upper()):
            raise ValueError(str(self.sentence))
        return text.upper()


class WebAddressField(LineField):
    """An address that a browser opens."""

    def read(self, text: str) -> str:
        if not re.fullmatch(r"https?://[^\s/]+\.[^\s/]+\S*", text):
            raise ValueError("Type the whole address, such as https://reviews.example.com.")
        return text


class UploadForm(FaultyForm):
    """The options of one source. A source adds its own as fields."""

    day = DayField("Day of the file")

    @property
    def options(self) -> list[Any]:
        """The fields that belong to the source alone."""
        return [field for field in self if field.name != "day"]

    @property
    def typed(self) -> dict[str, Any]:
        """What was typed, as it is kept with the upload."""
        return {field.name: field.shown for field in self.options if field.shown}


class AreaForm(UploadForm):
    near = LineField("Add only providers near this ZIP or city", 100, default="Torrance, CA")
    radius = NumberField(
        "Miles around it", 1, MAX_RADIUS_MILES, f"Type the miles, from 1 to {MAX_RADIUS_MILES}.", default=40
    )
    treating = TickField("Add only specialties that treat neck spasms, and physical therapists", default="yes")

    with_demonstration = TickField("Add real providers alongside the invented ones of the demonstration")

    def validate(self, extra_validators: Any = None) -> bool:
        valid: bool = super().validate(extra_validators)
        if self.radius.data and not self.near.data:
            self.take({"near": "Type the ZIP code or city that the miles are around, or leave the miles blank."})
            return False
        if self.near.data and (wrong := _why_no_area(self.near.data)):
            self.take({"near": wrong})
            return False
        return valid


class ShrunkForm(UploadForm):
    accept_shrunk = TickField("Accept a list that is much shorter or older than the one before")


class ExclusionsForm(ShrunkForm):
    kind = AnswerField(
        "What the file is",
        {"": "What its name says (UPDATED: the full list)", "full": "The full list", "supplement": "A supplement"},
        "Choose one from the list.",
    )


class LicensesForm(ShrunkForm):
    layout = AnswerField("Layout of the file", {}, "Choose the layout.", required=True)

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        names = sorted(path.stem for path in LAYOUTS.glob("*.toml"))
        self.layout.offer({"": "Choose the layout"} | {name: name.replace("_", " ").capitalize() for name in names})


class QuarterForm(UploadForm):
    quarter = QuarterField("Quarter, if the file doesn’t say it")


class YearForm(UploadForm):
    year = NumberField("Year of the services, if the name doesn’t say it", 2012, 2100, "Type the year, such as 2023.")


class ReviewsForm(UploadForm):
    source = LineField("Where the reviews come from", 100, sentence="Type the name of the source.", required=True)
    url = WebAddressField("The source’s own page", 500)
    show_text = TickField("The source allows to keep and show the texts")
    max_characters = NumberField("Most characters of a text that it allows", 2, 100_000, "Type a number above 1.")
    link_required = TickField("The source asks for a link with each review")

    def validate(self, extra_validators: Any = None) -> bool:
        valid: bool = super().validate(extra_validators)
        if self.max_characters.data and not self.show_text.data:
            self.take({"max_characters": "Check that the text can be shown, or leave this blank."})
            return False
        return valid


@dataclass(frozen=True, slots=True)
class FilePart:
    """One file that a source takes, or several of one kind."""

    name: str
    label: str
    is_required: bool = True
    takes_many: bool = False


@dataclass(frozen=True, slots=True)
class UploadSource:
    """One command of `flask import`: `arguments` gives its arguments from what was typed and where the files lie."""

    title: str
    published: str  # which file, and how often there is a new one
    form: type[UploadForm]
    arguments: Callable[[Mapping[str, Any], Paths], dict[str, Any]]
    files: tuple[FilePart, ...] = (FilePart("file", "The file: a CSV, or a zip of it"),)


def _one(paths: Paths, name: str) -> str | None:
    return paths[name][0] if paths.get(name) else None


def _file(_typed: Mapping[str, Any], paths: Paths) -> dict[str, Any]:
    return {"file": _one(paths, "file")}


def _providers(typed: Mapping[str, Any], paths: Paths) -> dict[str, Any]:
    return {
        "file": _one(paths, "file"),
        "more_codes": (),
        "locations": _one(paths, "locations"),
        "other_names": _one(paths, "other_names"),
        "near": typed.get("near"),
        "radius": float(typed["radius"]) if typed.get("radius") else None,
        "codes": (TREATING, ALONGSIDE) if typed.get("treating") else (),
        "with_demonstration": bool(typed.get("with_demonstration")),
    }


def _exclusions(typed: Mapping[str, Any], paths: Paths) -> dict[str, Any]:
    is_full = {"full": True, "supplement": False}.get(typed.get("kind", ""))
    return _file(typed, paths) | {"is_full": is_full, "accept_shrunk": bool(typed.get("accept_shrunk"))}


def _suspended(typed: Mapping[str, Any], paths: Paths) -> dict[str, Any]:
    return _file(typed, paths) | {"accept_shrunk": bool(typed.get("accept_shrunk"))}


def _licenses(typed: Mapping[str, Any], paths: Paths) -> dict[str, Any]:
    return {
        "files": tuple(paths["file"]),
        "layout": typed["layout"],
        "accept_shrunk": bool(typed.get("accept_shrunk")),
    }


def _services(typed: Mapping[str, Any], paths: Paths) -> dict[str, Any]:
    return _file(typed, paths) | {"year": int(typed["year"]) if typed.get("year") else None}


def _prices(typed: Mapping[str, Any], paths: Paths) -> dict[str, Any]:
    return _file(typed, paths) | {"quarter": typed.get("quarter")}


def _reviews(typed: Mapping[str, Any], paths: Paths) -> dict[str, Any]:
    return _file(typed, paths) | {
        "source": typed["source"],
        "url": typed.get("url"),
        "show_text": bool(typed.get("show_text")),
        "max_characters": int(typed["max_characters"]) if typed.get("max_characters") else None,
        "link_required": bool(typed.get("link_required")),
    }


SOURCES: dict[str, UploadSource] = {
    "nucc": UploadSource("Specialties (NUCC taxonomy)", "nucc_taxonomy_….csv, twice a year", UploadForm, _file),
    "nppes": UploadSource(
        "Providers (NPPES)",
        "NPPES_Data_Dissemination_….zip, each month or week; one zip holds all three files: choose it in each field",
        AreaForm,
        _providers,
        (
            FilePart("file", "The file of providers (npidata_pfile), or the zip"),
            FilePart("locations", "Further practice locations (pl_pfile), or the zip", is_required=False),
            FilePart("other_names", "Other names (othername_pfile), or the zip", is_required=False),
        ),
    ),
    "leie": UploadSource(
        "Exclusions (OIG LEIE)", "UPDATED.csv, or a supplement, each month", ExclusionsForm, _exclusions
    ),
    "medi-cal-suspended": UploadSource(
        "Suspended and ineligible providers (Medi-Cal)", "the whole list, each month", ShrunkForm, _suspended
    ),
    "licenses": UploadSource(
        "Licenses of a state board",
        "a list in several parts is one list: choose all parts together",
        LicensesForm,
        _licenses,
        (FilePart("file", "The files: text with commas or tabs, or a zip of it", takes_many=True),),
    ),
    "cms-services": UploadSource("Services billed to Medicare (CMS)", "once a year", YearForm, _services),
    "cms-clinicians": UploadSource("Doctors & Clinicians (CMS)", "each month", UploadForm, _file),
    "asp": UploadSource("Payment limits of medicines (CMS ASP)", "each quarter", QuarterForm, _prices),
    "reviews": UploadSource(
        "Reviews from another site",
        "as that site exports them",
        ReviewsForm,
        _reviews,
        (FilePart("file", "The file: CSV, JSON Lines, JSON-LD or a saved page"),),
    ),
}
"""By the name of the command. A test holds them and the commands together."""

ON_THE_PAGE = {
    r"add --with-demonstration": "check “Add real providers alongside the invented ones of the demonstration”",
    r"add --accept-shrunk": "check “Accept a list that is much shorter or older than the one before”",
    r"add --quarter with the year and the quarter": "fill in the year and the quarter",
    r"add --year": "fill in the year",
    r"add --full if it is the whole list": "choose “The full list” if it is the whole list",
    r"take --layout (\S+?)(?=[.,;)]|\s|$)": r"choose the layout “\1”",
    r" Which rows were rejected and why: \S+": "",
}


def in_words_of_the_page(sentence: str) -> str:
    """A sentence that names options of the command line, with the fields of the form instead."""
    for option, words in ON_THE_PAGE.items():
        sentence = re.sub(option, words, sentence)
    return sentence


def lacks_day(names: Sequence[str]) -> bool:
    """Whether a file that is no zip has no day in its name, so that a person has to say of which day it is."""
    return any(not name.lower().endswith(".zip") and day_in_name(name) is None for name in names)


def form_of(source: UploadSource, typed: Mapping[str, Any] | None = None) -> UploadForm:
    form = source.form()
    form.process(MultiDict(typed) if typed is not None else None)
    return form


def _why_no_area(near: str) -> str | None:
    found = resolve(near)
    if found.place is not None:
        return None
    several = " or ".join(f"“{choice}”" for choice in (found.choices or found.suggestions)[:5])
    asked = f"“{near}” could be several places." if found.choices else f"We couldn’t find “{near}”."
    return f"{asked} Try {several}." if several else f"{asked} Type a ZIP, or a city with its state."
