"""What can be uploaded: each command of `flask import` with its files and options, as a form."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import Form
from wtforms.validators import ValidationError

from directory.imports.reading.files import day_in_name
from directory.places.resolve import place_named
from directory.providers.offerings import ALONGSIDE, TREATING
from directory.web.fields import AnswerField, DayField, LineField, NumberField, TickField, TypedField
from directory.web.forms import FaultyForm

LAYOUTS = Path(__file__).parent / "licenses" / "layouts"
MAX_RADIUS_MILES = 500


class QuarterField(TypedField):
    """2026Q2."""

    sentence = "Type the year and the quarter, such as 2026Q2."

    def read(self, text: str) -> str:
        if not re.fullmatch(r"20\d\dQ[1-4]", text.upper()):
            raise ValueError(str(self.sentence))
        return text.upper()


class WebAddressField(LineField):
    """An address that a browser opens."""

    def pre_validate(self, form: Form) -> None:
        super().pre_validate(form)
        if self.data and not re.fullmatch(r"https?://[^\s/]+\.[^\s/]+\S*", self.data):
            raise ValidationError("Type the whole address, such as https://reviews.example.com.")


class PlaceField(LineField):
    """A place that is known, and no other of that name."""

    def pre_validate(self, form: Form) -> None:
        super().pre_validate(form)
        if not self.data:
            return
        try:
            place_named(self.data)
        except ValueError as error:
            raise ValidationError(str(error)) from error


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

    @property
    def arguments(self) -> dict[str, Any]:
        """The options as the command takes them, under the same names."""
        return {field.name: bool(field.data) if isinstance(field, TickField) else field.data for field in self.options}


class AreaForm(UploadForm):
    near = PlaceField("Add only providers near this ZIP or city", 100, default="Torrance, CA")
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
        return valid

    @property
    def arguments(self) -> dict[str, Any]:
        options = super().arguments
        codes = (TREATING, ALONGSIDE) if options.pop("treating") else ()
        return {**options, "codes": codes, "more_codes": ()}


class ShrunkForm(UploadForm):
    accept_shrunk = TickField("Accept a list that is much shorter or older than the one before")


class ExclusionsForm(ShrunkForm):
    is_full = AnswerField(
        "What the file is",
        {"": "What its name says (UPDATED: the full list)", True: "The full list", False: "A supplement"},
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
    """One command of `flask import`."""

    title: str
    published: str  # which file, and how often there is a new one
    form: type[UploadForm] = UploadForm
    files: tuple[FilePart, ...] = (FilePart("file", "The file: a CSV, or a zip of it"),)

    def arguments(self, typed: Mapping[str, Any], paths: Mapping[str, Sequence[str]]) -> dict[str, Any]:
        """The arguments of the command, from what was typed and where the files of each part lie."""
        files = {
            part.name: tuple(paths[part.name]) if part.takes_many else next(iter(paths.get(part.name, ())), None)
            for part in self.files
        }
        return files | form_of(self, typed).arguments


SOURCES: dict[str, UploadSource] = {
    "nucc": UploadSource("Specialties (NUCC taxonomy)", "nucc_taxonomy_….csv, twice a year"),
    "nppes": UploadSource(
        "Providers (NPPES)",
        "NPPES_Data_Dissemination_….zip, each month or week; one zip holds all three files: choose it in each field",
        AreaForm,
        (
            FilePart("file", "The file of providers (npidata_pfile), or the zip"),
            FilePart("locations", "Further practice locations (pl_pfile), or the zip", is_required=False),
            FilePart("other_names", "Other names (othername_pfile), or the zip", is_required=False),
        ),
    ),
    "leie": UploadSource("Exclusions (OIG LEIE)", "UPDATED.csv, or a supplement, each month", ExclusionsForm),
    "medi-cal-suspended": UploadSource(
        "Suspended and ineligible providers (Medi-Cal)", "the whole list, each month", ShrunkForm
    ),
    "licenses": UploadSource(
        "Licenses of a state board",
        "a list in several parts is one list: choose all parts together",
        LicensesForm,
        (FilePart("files", "The files: text with commas or tabs, or a zip of it", takes_many=True),),
    ),
    "cms-services": UploadSource("Services billed to Medicare (CMS)", "once a year", YearForm),
    "cms-clinicians": UploadSource("Doctors & Clinicians (CMS)", "each month"),
    "streets": UploadSource(
        "Streets (Census Bureau, TIGER/Line)",
        "tl_2025_06037_addrfeat.zip and the like, one a county, each year",
        files=(
            FilePart(
                "files",
                "The zips: ADDRFEAT of each county; for the map AREAWATER, PRISECROADS and PLACE too",
                takes_many=True,
            ),
        ),
    ),
    "asp": UploadSource("Payment limits of medicines (CMS ASP)", "each quarter", QuarterForm),
    "reviews": UploadSource(
        "Reviews from another site",
        "as that site exports them",
        ReviewsForm,
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


def lacks_day(names: Iterable[str]) -> bool:
    """Whether a file that is no zip has no day in its name, so that a person has to say of which day it is."""
    return any(not name.lower().endswith(".zip") and day_in_name(name) is None for name in names)


def form_of(source: UploadSource, typed: Mapping[str, Any] | None = None) -> UploadForm:
    form = source.form()
    form.process(MultiDict(typed) if typed is not None else None)
    return form
