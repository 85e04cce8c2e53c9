"""The letters about a report: to its sender in the language of the form, to the practice in English."""

from collections.abc import Iterable, Sequence

from flask import current_app
from flask_babel.speaklater import LazyString

from directory.clinics.models import InformationReport
from directory.clinics.reported.kinds import ABOUT, REFUSALS
from directory.clinics.reported.queries import ShownFact
from directory.mail.outbox import queue_mail
from directory.web.languages import in_language, whole_address
from directory.web.messages import gettext
from directory.web.messages import lazy_gettext as _l

Message = str | LazyString


def tell_of_correction(report: InformationReport) -> None:
    _answer(report, _l("We corrected it"), _l("We checked it and corrected the page. Thank you."))


def tell_of_question(report: InformationReport, days: int) -> None:
    """Say that the practice was asked. The address is kept for `days` at most."""
    outcome = _l(
        "We couldn’t confirm it ourselves, so we asked the practice. We will email you again "
        "when we know. After %(days)s days, we delete your email address in any case.",
        days=days,
    )
    _answer(report, _l("We asked the practice"), outcome, is_last=False)


def tell_answer(report: InformationReport, words: str) -> None:
    _answer(report, _l("An answer to your report"), _l("A note from our staff:"), words)


def tell_of_refusal(report: InformationReport, reason: str, words: str | None) -> None:
    """Say which key of `REFUSALS` is the reason."""
    note = _l("A note from our staff:") if words else ""
    _answer(report, _l("About your report"), REFUSALS[reason], note, words or "")


def ask_practice_about(
    report: InformationReport, facts: Iterable[ShownFact], question: str, addresses: Sequence[str], *, is_claimed: bool
) -> None:
    """Ask the practice to confirm or correct what the page says."""
    says = "\n".join(f"  {fact.words}" for fact in facts)
    itself, page = ("sign in", "/account/providers") if is_claimed else ("claim it", "/claim")
    for address in addresses:
        queue_mail(
            address,
            f"Please check your page: {_name(report)}",
            f"A reader of the Neck Spasm Directory told us that something on the page of {_name(report)} may be "
            f"wrong:\n\n{_site()}/providers/{report.npi}\n\n"
            f"{ABOUT[report.about]}. The page says now:\n\n{says}\n\n{question}\n\n"
            "Please answer this email: write that it is right, or what is right instead, and we correct the page.\n\n"
            f"You can also manage the page yourself, at no cost. To do that, "
            f"{itself}:\n\n{_site()}{page}/{report.npi}\n",
        )


def _answer(report: InformationReport, subject: Message, *outcome: Message, is_last: bool = True) -> None:
    """Write in the language of the form, to a reader who gave an address."""
    if not report.email:
        return
    with in_language(report.form_language):
        about = gettext(
            "You told us that something on the page of %(provider)s is wrong: %(about)s.",
            provider=_name(report),
            about=ABOUT[report.about],
        )
        end = gettext("We have deleted your email address, so this is our last email about it.") if is_last else ""
        page = whole_address(f"/providers/{report.npi}")
        text = "\n\n".join(filter(None, (about, *map(str, outcome), page, end)))
        queue_mail(report.email, str(subject), f"{text}\n")


def _name(report: InformationReport) -> str:
    return " ".join(report.provider.name.split())


def _site() -> str:
    return str(current_app.config["SITE_URL"])
