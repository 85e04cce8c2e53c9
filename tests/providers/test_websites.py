"""Which mail is a practice's own, and which addresses are those of websites."""

import pytest

from directory.providers.websites import checked_website, is_at, practice_domain


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("example.org", "https://example.org"),
        ("  HTTP://www.Example.org/neck ", "http://www.Example.org/neck"),
        ("müller.example", "https://müller.example"),
        ("https://example.org\u200b", "https://example.org"),
    ],
)
def test_websites_are_kept_with_their_scheme(typed: str, kept: str) -> None:
    assert checked_website(typed) == kept


def test_what_is_no_website_is_refused(subtests: pytest.Subtests) -> None:
    for typed in [
        "",
        "javascript:alert(1)",
        "data:text/html,x",
        "ftp://example.org",
        "https://",
        "localhost",
        "http://192.0.2.7",
        "http://[::1]/",
        "https://example.org:8080/",
        "https://me:pw@example.org",
        "https://exa mple.org",
        'https://example.org/"onclick=',
        "https://-a.example",
        "www.example",
        "https://example.org/" + "x" * 300,
    ]:
        with subtests.test(typed=typed), pytest.raises(ValueError, match=r"That (doesn’t look like|is too long)"):
            checked_website(typed)


@pytest.mark.parametrize(
    ("url", "domain"),
    [
        ("https://www.torrance-neck.example/", "torrance-neck.example"),
        ("https://Torrance-Neck.example", "torrance-neck.example"),
        ("https://clinic.torrance.example", "clinic.torrance.example"),
        ("https://müller.example", "xn--mller-kva.example"),
        ("https://gmail.com", None),
        ("https://www.yahoo.com/x", None),
        ("https://www.facebook.com/torrance-neck", None),
    ],
)
def test_the_domain_is_the_host_without_www_and_never_one_that_many_share(url: str, domain: str | None) -> None:
    assert practice_domain(url) == domain


def test_an_address_is_at_the_domain_itself_or_is_not(subtests: pytest.Subtests) -> None:
    for address, fits in [
        ("desk@torrance-neck.example", True),
        ("desk@Torrance-Neck.EXAMPLE", True),
        ("desk@mail.torrance-neck.example", False),
        ("desk@www.torrance-neck.example", False),
        ("desk@eviltorrance-neck.example", False),
        ("desk@torrance-neck.example.org", False),
        ("torrance-neck.example@gmail.com", False),
        ("desk@torrance‑neck.example", False),
        ("desk@", False),
    ]:
        with subtests.test(address=address):
            assert is_at(address, "torrance-neck.example") is fits


def test_an_international_domain_is_the_same_in_both_spellings() -> None:
    assert is_at("desk@müller.example", "xn--mller-kva.example")
    assert is_at("desk@xn--mller-kva.example", "xn--mller-kva.example")
