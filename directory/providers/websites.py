"""Addresses of practices' websites, and the domains at which their mail is."""

import ipaddress
import re
from urllib.parse import urlsplit

from directory.providers.names import words
from directory.web.mail_addresses import FREE_MAIL
from directory.web.plain_text import without_invisible

MAX_URL_LENGTH = 300
_LABEL = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)")
SENTENCE = "Type the address of the site, such as https://www.example.org."
SHARED_SITES = words(
    "facebook.com github.io google.com healthgrades.com instagram.com linkedin.com linktr.ee medium.com "
    "sites.google.com squarespace.com vitals.com webmd.com wix.com wordpress.com x.com yelp.com youtube.com "
    "zocdoc.com"
)
"""Where many practices have a page of a site that is not theirs."""


def checked_website(text: str) -> str:
    """The address of a website as it is kept: "example.org" becomes "https://example.org".

    Raises `ValueError` with a sentence for anything but an http or https address of a named host.
    """
    typed = without_invisible(text)
    if not re.match(r"[a-z][a-z0-9+.-]*:", typed, re.IGNORECASE) or re.match(r"[\w.-]+:\d", typed):
        typed = f"https://{typed}"
    if len(typed) > MAX_URL_LENGTH:
        raise ValueError(f"That is too long: use at most {MAX_URL_LENGTH} characters.")
    if re.search(r"[\s\x00-\x1f\x7f<>\"\\^`{|}]", typed):
        raise ValueError(f"That doesn’t look like a website address. {SENTENCE}")
    try:
        parts = urlsplit(typed)
        named = host_of(typed) is not None and parts.port is None
    except ValueError:
        named = False
    if not named or parts.scheme.lower() not in {"http", "https"} or "@" in parts.netloc:
        raise ValueError(f"That doesn’t look like a website address. {SENTENCE}")
    return f"{parts.scheme.lower()}://{typed.partition('://')[2]}"


def host_of(url: str) -> str | None:
    """The host of `url` in ASCII and small letters, without "www."; None for a number or a name without a dot."""
    host = domain_in_ascii(urlsplit(url).hostname or "")
    if host is None or "." not in host:
        return None
    try:
        ipaddress.ip_address(host)
    except ValueError:
        host = host.removeprefix("www.")
        return host if "." in host else None
    return None


def domain_in_ascii(domain: str) -> str | None:
    """ "Müller.Example" -> "xn--mller-kva.example"; None for what is no domain."""
    try:
        plain = domain.rstrip(".").encode("idna").decode("ascii").lower()
    except UnicodeError:
        return None
    return plain if plain and all(_LABEL.fullmatch(label) for label in plain.split(".")) else None


def practice_domain(url: str) -> str | None:
    """The domain whose mail is the practice's own, by its website `url`; None when the site is shared by many."""
    host = host_of(url)
    return None if host is None or host in FREE_MAIL | SHARED_SITES else host


def is_at(address: str, domain: str) -> bool:
    """Whether the mailbox `address` is at `domain` itself; one at a name below it is not."""
    return domain_in_ascii(address.rpartition("@")[2]) == domain
