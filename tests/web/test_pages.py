"""Pages of plain text say what is so."""

from flask import Flask


def test_the_pages_reach_each_other(sqlite_app: Flask) -> None:
    client = sqlite_app.test_client()
    for path in ("/how-we-rank", "/how-we-verify", "/privacy", "/accessibility"):
        assert f'href="{path}"' in client.get("/").text


def test_every_page_says_when_to_call_911(sqlite_app: Flask) -> None:
    client = sqlite_app.test_client()
    for path in ("/", "/search", "/privacy", "/nowhere"):
        assert 'href="tel:911"' in client.get(path).text


def test_privacy_tells_of_a_map_server_only_where_there_is_one(sqlite_app: Flask) -> None:
    client = sqlite_app.test_client()
    assert "talks to this site alone" in client.get("/privacy").text
    sqlite_app.config["MAP_TILES_URL"] = "https://tiles.example.org/{z}/{x}/{y}.png"
    page = client.get("/privacy").text
    assert "map server that the operator" in page
    assert "talks to this site alone" not in page


def test_privacy_tells_of_an_address_service_only_where_there_is_one(sqlite_app: Flask) -> None:
    client = sqlite_app.test_client()
    assert "goes to this site alone" in client.get("/privacy").text
    sqlite_app.config["PLACE_GEOCODER"] = "nominatim"
    page = client.get("/privacy").text
    assert "address service" in page
    assert "goes to this site alone" not in page
