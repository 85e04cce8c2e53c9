"""One mailbox has one spelling, and a mistyped domain leads to the one that was meant."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.web.mail_addresses import KNOWN_DOMAINS, MISTYPED_ENDINGS, mailbox_of, meant_domain


@pytest.mark.parametrize(
    ("addresses", "mailbox"),
    [
        (
            "pat.example@gmail.com patexample@gmail.com p.atexample@googlemail.com PatExample+neck@GMAIL.com",
            "patexample@gmail.com",
        ),
        ("pat.j@icloud.com Pat.J@me.com pat.j+x@mac.com", "pat.j@icloud.com"),
        ("patj@proton.me pat.j@protonmail.com p-a_tj+x@pm.me", "patj@proton.me"),
        ("pat@yahoo.com pat-shop@yahoo.com pat-news@yahoo.com", "pat@yahoo.com"),
        ("pat@fastmail.com pat+x@fastmail.com shop@pat.fastmail.com", "pat@fastmail.com"),
        ("pat.j@yandex.com pat-j@ya.ru patj@yandex.ru", "patj@yandex.com"),
        ("pat@outlook.com pat+neck@outlook.com", "pat@outlook.com"),
        ("Jo.Writer+neck@example.org jo.writer@Example.ORG", "jo.writer@example.org"),
        ("+neck@example.org", "+neck@example.org"),
        (
            "jo@bücher.example.org JO+x@xn--bcher-kva.example.org jo@ｂücher.example。org",
            "jo@xn--bcher-kva.example.org",
        ),
    ],
)
def test_all_spellings_of_a_mailbox_are_one(addresses: str, mailbox: str) -> None:
    assert {mailbox_of(address) for address in addresses.split()} == {mailbox}


@pytest.mark.parametrize(
    "addresses",
    [
        "pat.example@outlook.com patexample@outlook.com",  # periods tell there
        "pat-shop@gmail.com pat@gmail.com",
        "pat@hotmail.com pat@outlook.com pat@live.com",
        "pat@gmx.com pat@gmx.net",
        "pat.j@example.org patj@example.org",
        "pat@mail.example.org pat@example.org",
    ],
)
def test_mailboxes_of_different_people_stay_apart(addresses: str) -> None:
    all_of_them = addresses.split()
    assert len({mailbox_of(address) for address in all_of_them}) == len(all_of_them)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        *((f"gmail.{ending}", "gmail.com") for ending in ("con", "co", "cm", "om", "cmo", "comm", "vom", "net", "es")),
        *((name, "gmail.com") for name in ("gmial.com", "gmai.com", "gamil.com", "gnail.com", "gmail", "gmailcom")),
        *((name, "gmail.com") for name in ("gmail,com", "gmail..com", "gmail.com.", "www.gmail.com", "gmial.con")),
        *((name, "hotmail.com") for name in ("hotmial.com", "hotmai.com", "homtail.con", "hotmail.co")),
        *((name, "yahoo.com") for name in ("yaho.com", "yhaoo.com", "yahoo.cmo", "YAHOOO.com")),
        *((name, "outlook.com") for name in ("outlook.cmo", "outlok.com", "oulook.con", "outloook.com")),
        *((name, "icloud.com") for name in ("icloud.co", "iclould.com", "icoud.com", "icloud.con")),
        ("aol.con", "aol.com"),
        ("alo.com", "aol.com"),
        ("sbcglobal.ent", "sbcglobal.net"),
        ("comcast.com", "comcast.net"),
        ("yaho.com.mx", "yahoo.com.mx"),
        ("hotmial.es", "hotmail.es"),
        ("torranceneuro.con", "torranceneuro.com"),
        ("mednet.ucla.ed", "mednet.ucla.edu"),
        ("kp.ogr", "kp.org"),
    ],
)
def test_a_mistyped_domain_leads_to_the_one_that_was_meant(typed: str, meant: str) -> None:
    assert meant_domain(typed) == meant


@pytest.mark.parametrize(
    "domain",
    [
        *("gmail.com", "GMail.com", "yahoo.com.mx", "hotmail.fr", "live.ca", "ymail.com", "mail.com", "email.com"),
        *("example.org", "torranceneuro.com", "ucla.edu", "att.com", "verizon.com", "cox.com", "gmx.de", "mail.ru"),
        *("small.com", "hotel.com", "zoho.eu", "bücher.example.org", "", "x"),
    ],
)
def test_no_other_domain_is_asked_about(domain: str) -> None:
    assert meant_domain(domain) is None


@given(st.text(), st.sampled_from(sorted(KNOWN_DOMAINS)))
def test_what_was_meant_is_a_known_domain_or_has_an_ending_that_there_is(typed: str, known: str) -> None:
    meant = meant_domain(typed)
    assert meant in {None, *KNOWN_DOMAINS} or str(meant).rpartition(".")[2] in MISTYPED_ENDINGS.values()
    assert meant_domain(known) is None
