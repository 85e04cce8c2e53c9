"""Whether an email address is at a practice's own domain."""

from directory.providers.casing import words
from directory.providers.websites import FREE_MAIL, domain_in_ascii, host_of

SHARED_SITES = words(
    "facebook.com github.io google.com healthgrades.com instagram.com linkedin.com linktr.ee medium.com "
    "sites.google.com squarespace.com vitals.com webmd.com wix.com wordpress.com x.com yelp.com youtube.com "
    "zocdoc.com"
)
"""Where many practices have a page of a site that is not theirs."""


def practice_domain(url: str) -> str | None:
    """The domain whose mail is the practice's own, by its website `url`; None when the site is shared by many."""
    host = host_of(url)
    return None if host is None or host in FREE_MAIL | SHARED_SITES else host


def is_at(address: str, domain: str) -> bool:
    """Whether the mailbox `address` is at `domain` itself; one at a name below it is not."""
    return domain_in_ascii(address.rpartition("@")[2]) == domain
