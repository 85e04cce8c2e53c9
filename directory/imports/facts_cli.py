"""`flask import cms-services`, `cms-clinicians` and `licences`: public files of facts about providers."""

import click

from directory.imports.cli import as_json_option, explained, imports_cli, run_import
from directory.imports.cms import clinicians as cms_clinicians
from directory.imports.cms import services as cms_services
from directory.imports.licences.importing import import_licences
from directory.imports.licences.layout import read_layout
from directory.imports.progress import Progress


@imports_cli.command("cms-services")
@click.argument("file")
@click.option("--year", type=int, metavar="N", help="The year of the services, when the file's name does not tell it.")
@as_json_option
def import_cms_services(file: str, year: int | None, as_json: bool) -> None:
    """Read CMS's file of services by provider and service of one year, a CSV or a zip of it."""
    run_import(cms_services.SOURCE, as_json, lambda: cms_services.import_cms_services(file, year, Progress()))


@imports_cli.command("cms-clinicians")
@click.argument("file")
@as_json_option
def import_cms_clinicians(file: str, as_json: bool) -> None:
    """Read CMS's Doctors & Clinicians national file, a CSV or a zip of it."""
    run_import(cms_clinicians.SOURCE, as_json, lambda: cms_clinicians.import_cms_clinicians(file, Progress()))


@imports_cli.command("licences")
@click.argument("file")
@click.option("--layout", required=True, metavar="NAME|PATH.toml", help="How to read it: california, or your own map.")
@as_json_option
def import_licence_file(file: str, layout: str, as_json: bool) -> None:
    """Read a state board's file of licences: text with commas, tabs or the like, or a zip of it."""
    with explained():
        known = read_layout(layout)
    run_import(known.source_key, as_json, lambda: import_licences(file, known, Progress()))
