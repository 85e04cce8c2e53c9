"""What email addresses say: which mailbox is behind one, and what was probably meant by a mistyped one. Pure.

The rules of the services are those that they document: Gmail's periods (support.google.com/mail/answer/7436150),
Fastmail's subdomains (fastmail.help, "Plus addressing and subdomain addressing"), Yahoo's disposable addresses, Apple's
three domains, Proton's and Yandex's spellings of one name. Tags after a plus are RFC 5233's.
"""

import re

from email_validator import validate_email

MAIL_SERVICES = (
    *("gmail.com", "yahoo.com", "hotmail.com", "outlook.com", "icloud.com", "aol.com", "comcast.net", "live.com"),
    *("msn.com", "att.net", "sbcglobal.net", "verizon.net", "cox.net", "me.com", "mac.com", "ymail.com", "mail.com"),
    *("proton.me", "protonmail.com", "pm.me", "charter.net", "spectrum.net", "earthlink.net", "bellsouth.net"),
    *("pacbell.net", "frontier.com", "optonline.net", "roadrunner.com", "rr.com", "netzero.net", "juno.com"),
    *("googlemail.com", "rocketmail.com", "hotmail.es", "yahoo.es", "outlook.es", "prodigy.net.mx", "gmx.com"),
    *("gmx.net", "fastmail.com", "hey.com", "zoho.com", "yandex.com", "tuta.com", "tutanota.com", "hushmail.com"),
    *("duck.com", "inbox.com", "email.com", "naver.com", "qq.com", "aim.com"),
)
"""Where any person can have an address; of two that are as near to a typed one the first is meant."""
FREE_MAIL = frozenset(MAIL_SERVICES)
"""A domain of these says nothing of who writes."""
WORLDWIDE = ("yahoo", "hotmail", "outlook", "live", "msn", "aol", "gmx", "yandex")
ENDINGS = (
    *("com.mx", "ca", "es", "co.uk", "fr", "de", "it", "nl", "be", "at", "ch", "dk", "se", "no", "fi", "pl", "pt"),
    *("ie", "gr", "ro", "ru", "in", "co.in", "co.jp", "jp", "co.kr", "co.nz", "co.th", "co.id", "cn", "com.ar", "cl"),
    *("com.au", "com.br", "com.cn", "com.co", "com.hk", "com.my", "com.pe", "com.ph", "com.sg", "com.tr", "com.tw"),
    *("com.ve", "com.vn"),
)
"""Under which the services of `WORLDWIDE` have addresses too."""
KNOWN_DOMAINS = dict.fromkeys((*MAIL_SERVICES, *(f"{name}.{ending}" for ending in ENDINGS for name in WORLDWIDE)))
SERVICE_NAMES = {
    **{name: f"{name}.com" for name in ("gmail", "googlemail", "icloud", "protonmail", "yahoo", "hotmail", "outlook")},
    **{name: f"{name}.net" for name in ("comcast", "sbcglobal", "bellsouth", "pacbell", "earthlink")},
}
"""Names that stand for one service whatever follows them: no mailbox is at "gmail.net" or "sbcglobal.com"."""

MISTYPED_ENDINGS = {
    **dict.fromkeys(("con", "cmo", "ocm", "comm", "coom", "vom", "xom", "cpm", "cim", "c0m"), "com"),
    **dict.fromkeys(("ogr", "rog", "orgg"), "org"),
    **dict.fromkeys(("ent", "nte", "ner", "nett"), "net"),
    **dict.fromkeys(("ed", "eud"), "edu"),
}
"""Under which no domain is."""

OTHER_NAMES = {
    "googlemail.com": "gmail.com",
    **dict.fromkeys(("me.com", "mac.com"), "icloud.com"),
    **dict.fromkeys(("protonmail.com", "protonmail.ch", "pm.me"), "proton.me"),
    **dict.fromkeys(("ya.ru", *(f"yandex.{ending}" for ending in ("ru", "by", "kz", "ua"))), "yandex.com"),
}
"""Domains of one service at which a name is the same mailbox."""
IGNORED_SIGNS = {"gmail.com": ".", "proton.me": ".-_", "yandex.com": ".-"}
"""What a service leaves out when it reads a name."""
DISPOSABLE = re.compile(r"(?:yahoo\.[a-z.]+|ymail\.com|rocketmail\.com)")
"""Services whose names have no hyphen, but for one before the word that makes an address disposable."""
SUBDOMAINS = ("fastmail.com", "fastmail.fm")
"""Services at which any address below "name.fastmail.com" is the mailbox of that name."""


def without_tag(address: str) -> str:
    """`address` in lower case, without a +tag, its domain in ASCII (IDNA). Raises `EmailNotValidError`."""
    parts = validate_email(address, check_deliverability=False)
    name = parts.local_part.partition("+")[0] or parts.local_part
    return f"{name}@{parts.ascii_domain or parts.domain}".lower()


def mailbox_of(address: str) -> str:
    """The mailbox behind `address`: one spelling for all that reach it. Raises `EmailNotValidError`.

    It serves to tell whether two addresses are of one person. Mail goes to the address as it was spelled.
    """
    name, _, host = without_tag(address).rpartition("@")
    for service in SUBDOMAINS:
        if host.endswith(f".{service}"):
            name, host = host.removesuffix(f".{service}").rpartition(".")[2], service
    host = OTHER_NAMES.get(host, host)
    if DISPOSABLE.fullmatch(host):
        name = name.partition("-")[0] or name
    plain = name.translate(dict.fromkeys(map(ord, IGNORED_SIGNS.get(host, ""))))
    return f"{plain or name}@{host}"


def domains_beside(domain: str) -> set[str]:
    """`domain` and the others of its service at which a name is the same mailbox."""
    first = OTHER_NAMES.get(domain, domain)
    return {domain, first, *(other for other, same in OTHER_NAMES.items() if same == first)}


def meant_domain(domain: str) -> str | None:
    """The domain that was probably meant by `domain`: a well-known one that it is near to, or the same with an ending
    that there is. None when it is a well-known one, or is near to none.

    One mistake in the name and one in the ending are seen, or two in a long name. Of a short name two letters may have
    changed places, and no more, since other short domains are near to it.
    """
    from rapidfuzz.distance import OSA

    typed = re.sub(r"[.,;:\s]+", ".", domain.lower()).strip(".").removeprefix("www.")
    if typed in KNOWN_DOMAINS:
        return None if typed == domain.lower() else typed
    name, _, ending = typed.partition(".")
    if not ending:
        return next((known for known in KNOWN_DOMAINS if typed == known.replace(".", "")), SERVICE_NAMES.get(typed))
    nearest, fewest = SERVICE_NAMES.get(name), 3
    for known in KNOWN_DOMAINS:
        known_name, _, known_ending = known.partition(".")
        allowed = 2 if len(known_name) > 6 else 1 if len(known_name) > 4 or sorted(name) == sorted(known_name) else 0
        in_name = OSA.distance(name, known_name, score_cutoff=allowed)
        in_ending = OSA.distance(ending, known_ending, score_cutoff=1)
        if in_name <= allowed and in_ending <= 1 and in_name + in_ending < fewest:
            nearest, fewest = known, in_name + in_ending
    beginning, _, last = typed.rpartition(".")
    return nearest or (f"{beginning}.{MISTYPED_ENDINGS[last]}" if last in MISTYPED_ENDINGS else None)
