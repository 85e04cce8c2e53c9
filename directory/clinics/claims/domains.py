"""Whether an email address is at a practice's own domain."""

from directory.providers.casing import words
from directory.providers.websites import domain_in_ascii, host_of

FREE_MAIL = words(
    "aim.com aol.com att.net bellsouth.net charter.net comcast.net cox.net duck.com earthlink.net fastmail.com "
    "frontier.com gmail.com gmx.com gmx.net googlemail.com hey.com hotmail.com hushmail.com icloud.com inbox.com "
    "juno.com live.com mac.com mail.com me.com msn.com naver.com netzero.net optonline.net outlook.com "
    "pacbell.net pm.me proton.me protonmail.com qq.com roadrunner.com rocketmail.com rr.com sbcglobal.net "
    "spectrum.net tutanota.com verizon.net yahoo.com yandex.com ymail.com zoho.com"
)
"""Where anybody can have a mailbox."""
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
