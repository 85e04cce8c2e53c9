"""The page of results, for the tests of a search by place and of one by name."""

import html
import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from directory.extensions import db

Get = Callable[..., str]


def npis(text: str) -> list[str]:
    """Of the cards on a page, in their order."""
    return re.findall(r'id="provider-(\d{10})"', text)


@pytest.fixture
def page(client: FlaskClient) -> Get:
    """The text of the results page for some parameters, committed data seen; fails unless the status is as said."""

    def get(status: int = 200, headers: dict[str, str] | None = None, **parameters: object) -> str:
        db.session.commit()
        answer = client.get("/search", query_string=parameters, headers=headers)
        assert answer.status_code == status
        return html.unescape(answer.text)

    return get
