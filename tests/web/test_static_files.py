"""Static files may be kept for a year, for their address changes with them."""

from flask import Flask, url_for


def test_the_address_of_a_file_carries_its_version(sqlite_app: Flask) -> None:
    with sqlite_app.test_request_context():
        address = url_for("static", filename="css/site.css")
    answer = sqlite_app.test_client().get(address)
    assert "immutable" in answer.headers["Cache-Control"]
    assert answer.status_code == 200


def test_another_version_is_not_kept(sqlite_app: Flask) -> None:
    for query in ("", "?v=", "?v=0"):
        answer = sqlite_app.test_client().get(f"/static/css/site.css{query}")
        assert answer.status_code == 200
        assert "immutable" not in answer.headers["Cache-Control"]


def test_a_file_that_is_not_there_is_not_found(sqlite_app: Flask) -> None:
    with sqlite_app.test_request_context():
        address = url_for("static", filename="css/nothing.css")
    assert sqlite_app.test_client().get(address).status_code == 404
