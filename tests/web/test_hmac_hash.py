"""An address or a network is recognized again without being kept."""

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from directory.web.hmac_hash import keyed_hash, network_of


def test_the_same_text_gives_the_same_hash_and_another_gives_another(sqlite_app: Flask) -> None:
    assert keyed_hash("writer", "a@example.org") == keyed_hash("writer", "a@example.org")
    assert keyed_hash("writer", "a@example.org") != keyed_hash("writer", "b@example.org")


def test_hashes_of_two_purposes_cannot_be_compared(sqlite_app: Flask) -> None:
    assert keyed_hash("writer", "a@example.org") != keyed_hash("network", "a@example.org")
    assert keyed_hash("writer", "xa") != keyed_hash("writerx", "a")


def test_a_hash_cannot_be_made_without_the_sites_secret(sqlite_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    ours = keyed_hash("writer", "a@example.org")
    monkeypatch.setitem(sqlite_app.config, "SECRET_KEY", "another secret of thirty-two letters")
    assert keyed_hash("writer", "a@example.org") != ours


def test_a_hash_shows_nothing_of_its_text(sqlite_app: Flask) -> None:
    found = keyed_hash("writer", "zoë@example.org")
    assert len(found) == 64
    assert set(found) <= set("0123456789abcdef")


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.77", "192.0.2.0/24"),
        ("::ffff:192.0.2.77", "192.0.2.0/24"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1::/48"),
        ("fe80::1%eth0", "fe80::/48"),
        ("", "unknown"),
        (None, "unknown"),
        ("not an address", "unknown"),
        ("192.0.2.77, 198.51.100.1", "unknown"),
    ],
)
def test_the_network_of_an_address(address: str | None, network: str) -> None:
    assert network_of(address) == network


@given(st.ip_addresses())
def test_every_address_has_a_network_that_belongs_to_itself(address: object) -> None:
    network = network_of(str(address))
    assert network != "unknown"
    assert network_of(network.partition("/")[0]) == network


@given(st.text())
def test_no_text_breaks_it(text: str) -> None:
    assert network_of(text)
