"""`flask providers`: what staff do to providers by command."""

import click
from flask.cli import AppGroup

from directory.audit.log import command_actor, record
from directory.providers.actions import correct_provider, set_website
from directory.providers.corrections import CorrectionError, DoubtfulCorrectionError
from directory.providers.models import StaffCorrection
from directory.providers.placing import place_locations
from directory.web.commands import database_errors_explained
from directory.web.transaction import transaction

providers_cli = AppGroup("providers", help="Look after what the directory says of providers.")


@providers_cli.command("correct", context_settings={"ignore_unknown_options": True})  # a longitude begins with a minus
@click.argument("npi")
@click.argument("field")
@click.argument("value")
@click.option("--reason", required=True, help="Why; it is kept with the correction.")
@click.option("--address", "address_key", default="", metavar="KEY", help="Which practice location, when several.")
@click.option("--yes", is_flag=True, help="Take a value that looks odd without asking.")
@database_errors_explained()
def correct(npi: str, field: str, value: str, reason: str, address_key: str, yes: bool) -> None:
    """Set FIELD of the provider with that NPI to VALUE. Later imports don’t overwrite it."""

    def set_field(*, confirmed: bool) -> StaffCorrection:
        with transaction():
            return correct_provider(command_actor(), npi, field, value, reason, address_key, confirmed=confirmed)

    try:
        try:
            correction = set_field(confirmed=yes)
        except DoubtfulCorrectionError as doubt:
            click.confirm(f"{doubt} Is that right? (--yes takes it unasked)", abort=True)
            correction = set_field(confirmed=True)
    except CorrectionError as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{npi}: {field} is now “{correction.value}”. Imports don’t overwrite it from now on.")


@providers_cli.command("website")
@click.argument("npi")
@click.argument("url")
@database_errors_explained()
def website(npi: str, url: str) -> None:
    """Set the website of the practice. Mail at its domain then counts as the practice's, so look it up yourself."""
    try:
        with transaction():
            kept = set_website(command_actor(), npi, url)
    except CorrectionError as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{npi}: the website is now {kept.url}.")


@providers_cli.command("locate")
@database_errors_explained()
def locate() -> None:
    """Give each practice location whose point is no better than the middle of its ZIP the point of its address.

    Asks the index of streets, and the outside geocoder if it takes many addresses at once. Points set by staff stay.
    """
    placing = place_locations(say=click.echo)
    with transaction():
        after = {"placed": placing.placed.total(), "unplaced": placing.unplaced.total()}
        record(command_actor(), "place_locations", "practice locations", after=after)
    for sentence in placing.sentences():
        click.echo(sentence)
