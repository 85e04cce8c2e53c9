"""What the tests of reviews share."""

from collections.abc import Iterator

import pytest

from directory.extensions import limiter


@pytest.fixture(autouse=True)
def forget_what_was_counted(request: pytest.FixtureRequest) -> Iterator[None]:
    """All apps share one limiter: what an app of a test of its own counted would stand against the next test."""
    yield
    if request.node.get_closest_marker("own_app"):
        limiter.reset()
