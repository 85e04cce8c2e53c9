"""The letters about a claim, in the language of its form: short, plain, each link on a line of its own."""

from flask import current_app

from directory.clinics.models import Claim
from directory.mail.outbox import queue_mail
from directory.web.languages import in_language, whole_address
from directory.web.messages import gettext


def queue_private_link(claim: Claim, key: str) -> None:
    """Send the claimant the link to the claim's own page."""
    with in_language(claim.form_language):
        if claim.way == "email":
            next_step = gettext(
                "We sent a code to %(address)s. It works for 72 hours. Enter it on your claim’s page:",
                address=claim.sent_to,
            )
        else:
            next_step = gettext(
                "We will call the practice at %(phone)s, the published number, and give a code to the person who "
                "answers. Let the front desk know. Enter the code on your claim’s page:",
                phone=claim.sent_to,
            )
        _queue(
            claim.email,
            gettext("Your claim"),
            gettext(
                "Someone, we hope you, asked to manage the page for %(provider)s in the Neck Spasm Directory.",
                provider=_name(claim),
            ),
            next_step,
            whole_address(_path(key)),
            gettext("Keep this link private."),
            gettext(
                "Didn’t ask for this? You don’t need to do anything: without the code, no one can take over the page."
            ),
        )


def queue_code(claim: Claim, code: str) -> None:
    """Send the code, in its two groups, to the address at the practice's domain."""
    with in_language(claim.form_language):
        _queue(
            claim.sent_to,
            gettext("A code for your practice’s page"),
            gettext(
                "%(name)s (%(position)s) asked to manage the page for %(provider)s in the Neck Spasm Directory.",
                name=claim.name,
                position=claim.position,
                provider=_name(claim),
            ),
            gettext("If that is right, this code is for them:"),
            code,
            gettext("It works for 72 hours. If you don’t know this person, don’t give them the code."),
        )


def queue_not_reached(claim: Claim) -> None:
    with in_language(claim.form_language):
        _queue(
            claim.email,
            gettext("We couldn’t reach the practice"),
            gettext(
                "We called %(phone)s about your claim for %(provider)s’s page, but no one there could "
                "take the code. We will try again. Please let the front desk know that we will call.",
                phone=claim.sent_to,
                provider=_name(claim),
            ),
        )


def queue_refusal(claim: Claim) -> None:
    with in_language(claim.form_language):
        _queue(
            claim.email,
            gettext("Your claim was refused"),
            gettext("Your claim for the page of %(provider)s was refused. The reason:", provider=_name(claim)),
            claim.call_note or "",
            gettext("You can make another claim here:"),
            whole_address(f"/claim/{claim.npi}"),
        )


def queue_confirmed(claim: Claim, email: str) -> None:
    with in_language(claim.form_language):
        _queue(
            email,
            gettext("You now manage the page of %(provider)s", provider=_name(claim)),
            gettext("Your claim is confirmed. You can update the page here:"),
            f"{current_app.config['SITE_URL']}/account/providers/{claim.npi}",
            gettext("What you enter is shown as “reported by the practice”, with the date."),
        )


def words_for_others(claim: Claim) -> tuple[str, str]:
    """Subject and text for the representatives who were there before, in English."""
    return (
        "Another person now manages your practice’s page too",
        f"{claim.name} ({claim.position}) now manages the page of {_name(claim)} beside you: a code that reached the "
        "practice was entered.\n\nIs that wrong? Answer this email, and staff will look into it.\n",
    )


def _queue(address: str, subject: str, *paragraphs: str) -> None:
    queue_mail(address, subject, "\n\n".join(paragraphs) + "\n")


def _name(claim: Claim) -> str:
    return " ".join(claim.provider.name.split())


def _path(key: str) -> str:
    return current_app.url_map.bind("").build(
        "claims.show_claim", {"key": key}
    )  # without the host of the request at hand
