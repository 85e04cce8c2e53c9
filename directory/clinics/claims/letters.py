"""The letters about a claim: short, plain, each link on a line of its own."""

from flask import current_app

from directory.clinics.models import Claim
from directory.mail.outbox import queue_mail

NOT_YOU = "You did not ask for this? Then do nothing: without the code nobody gets the page.\n"


def queue_private_link(claim: Claim, key: str) -> None:
    """Send the claimant the link to the claim's own page."""
    if claim.way == "email":
        next_step = f"We sent a code to {claim.sent_to}. It works for 72 hours. Enter it on your claim's page:"
    else:
        next_step = (
            f"We will call the practice at {claim.sent_to}, the number that is published, and tell whoever answers "
            "a code. Let the front desk know. Enter the code on your claim's page:"
        )
    queue_mail(
        claim.email,
        "Your claim of a page",
        f"Somebody, you we hope, asked to speak for {_name(claim)} in the Neck Spasm Directory.\n\n"
        f"{next_step}\n\n{_site()}{_path(key)}\n\nKeep this link to yourself.\n\n{NOT_YOU}",
    )


def queue_code(claim: Claim, code: str) -> None:
    """Send the code, in its two groups, to the address at the practice's domain."""
    queue_mail(
        claim.sent_to,
        "A code for your practice's page",
        f"{claim.name} ({claim.position}) asked to speak for {_name(claim)} in the Neck Spasm Directory, and to keep "
        "what its page says of the practice.\n\n"
        f"If that is right, this code is for them:\n\n{code}\n\n"
        "It works for 72 hours. If you do not know the person, give it to nobody.\n",
    )


def queue_not_reached(claim: Claim) -> None:
    queue_mail(
        claim.email,
        "We could not reach the practice",
        f"We called {claim.sent_to} about your claim of {_name(claim)} and reached nobody who could take the code. "
        "We will try again. You need not do anything but tell the front desk that we call.\n",
    )


def queue_refusal(claim: Claim) -> None:
    queue_mail(
        claim.email,
        "Your claim was refused",
        f"Your claim of {_name(claim)} was refused. The reason:\n\n{claim.call_note}\n\n"
        f"You can make another claim at\n\n{_site()}/claim/{claim.npi}\n",
    )


def queue_confirmed(claim: Claim, email: str) -> None:
    queue_mail(
        email,
        f"You speak for {_name(claim)}",
        f"Your claim is confirmed. Here you keep what the page says of the practice:\n\n"
        f"{_site()}/account/providers/{claim.npi}\n\n"
        "What you write there is shown as “says the clinic”, with its date.\n",
    )


def words_for_others(claim: Claim) -> tuple[str, str]:
    """Subject and text for the representatives who were there before."""
    return (
        "Somebody else speaks for your practice too",
        f"{claim.name} ({claim.position}) now speaks for {_name(claim)} beside you: a code that reached the practice "
        "was entered.\n\nIs that wrong? Answer this email, and staff will look into it.\n",
    )


def _name(claim: Claim) -> str:
    return " ".join(claim.provider.name.split())


def _site() -> str:
    return str(current_app.config["SITE_URL"])


def _path(key: str) -> str:
    return current_app.url_map.bind("").build(
        "claims.show_claim", {"key": key}
    )  # without the host of the request at hand
