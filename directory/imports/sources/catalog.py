"""The public sources that can be fetched: where each is published, how often, and how it is read into the directory."""

import re
from dataclasses import dataclass

from flask import current_app

_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f]+")


class FetchError(Exception):
    """What could not be fetched, or is not what it should be. The message says what to do; what was kept stays.

    A publisher's own words in it cannot steer a terminal.
    """

    def __init__(self, message: str) -> None:
        super().__init__(_CONTROLS.sub("\N{REPLACEMENT CHARACTER}", message))


@dataclass(frozen=True, slots=True)
class PublicSource:
    """One source. `key` is that of `KNOWN_SOURCES`, where it gives facts.

    `finder` is "module:function", which names the files to get whole; `asker` the one that asks about an area and
    keeps the answers. Empty where there is none: a source without either is fetched by hand.
    """

    key: str
    what: str
    setting: str
    every_days: int  # how often the publisher is asked for something newer
    import_command: str  # the `flask import` that reads it
    finder: str = ""
    asker: str = ""
    needs_area: bool = False  # nothing of it can be fetched without a place

    @property
    def address(self) -> str:
        """Where it is published; empty when no address is known."""
        return str(current_app.config[self.setting])

    @property
    def is_fetched(self) -> bool:
        """Whether the program can fetch it, so that no person has to."""
        return bool(self.address and (self.finder or self.asker))


_FINDERS = "directory.imports.sources.whole_files"
_CMS_API = "directory.imports.sources.cms_api"
SOURCES = {
    source.key: source
    for source in (
        PublicSource("nucc", "the NUCC taxonomy", "SOURCE_NUCC_URL", 31, "nucc", f"{_FINDERS}:find_nucc"),
        PublicSource(
            "cms_services",
            "services billed to Medicare",
            "SOURCE_CMS_SERVICES_URL",
            31,
            "cms-services",
            asker=f"{_CMS_API}:ask_services",
            needs_area=True,
        ),
        PublicSource(
            "nppes",
            "NPPES",
            "SOURCE_NPPES_URL",
            7,
            "nppes",
            f"{_FINDERS}:find_nppes",
            "directory.imports.sources.nppes_api:ask_nppes",
        ),
        PublicSource("leie", "the OIG's list of exclusions", "SOURCE_LEIE_URL", 7, "leie", f"{_FINDERS}:find_file"),
        PublicSource(
            "medi_cal_suspended",
            "Medi-Cal's list of suspended providers",
            "SOURCE_MEDI_CAL_SUSPENDED_URL",
            7,
            "medi-cal-suspended",
            f"{_FINDERS}:find_file",
        ),
        PublicSource(
            "cms_clinicians",
            "CMS's Doctors & Clinicians",
            "SOURCE_CMS_CLINICIANS_URL",
            31,
            "cms-clinicians",
            f"{_FINDERS}:find_clinicians",
            f"{_CMS_API}:ask_clinicians",
        ),
        PublicSource("cms_asp", "Medicare's payment limits", "SOURCE_CMS_ASP_URL", 31, "asp", f"{_FINDERS}:find_asp"),
        PublicSource(
            "tiger",
            "streets, water, main roads and places of the Census Bureau",
            "SOURCE_TIGER_URL",
            92,
            "streets",
            f"{_FINDERS}:find_tiger",
            needs_area=True,
        ),
    )
}
"""In the order in which they are fetched: NPPES is asked about those who billed neck injections to Medicare."""


def source_named(name: str) -> PublicSource:
    """The source that a person typed, with dashes or underscores. Raises `FetchError`, naming those there are."""
    source = SOURCES.get(name.strip().lower().replace("-", "_"))
    if source is None:
        raise FetchError(f"“{name[:40]}” is no source: use {', '.join(SOURCES)}.")
    return source
