"""A representative who is signed in, and whose provider it is."""

import pytest
from flask import Flask

from directory.extensions import db
from tests import factories
from tests.signing_in import SignedInClient, signed_in


@pytest.fixture
def npi(app: Flask) -> str:
    number: str = factories.provider().npi
    db.session.commit()
    return number


@pytest.fixture
def clinic(app: Flask, npi: str) -> SignedInClient:
    return signed_in(app, "clinic", npi=npi)
