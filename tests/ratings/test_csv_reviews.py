"""Estimates from a CSV, without a database: what is read, what is refused, and what is printed."""

import csv
import io
from datetime import date
from typing import Any

import pytest
from click.testing import Result
from flask import Flask

from directory.ratings.csv_reviews import COLUMNS

HEADER = ",".join(COLUMNS)


def row(**values: Any) -> str:
    defaults = {"provider_npi": "9000000017", "source": "site", "rating": 5, "verified": 0, "created_at": "2025-01-01"}
    line = io.StringIO()
    csv.writer(line, lineterminator="\n").writerow([({**defaults, **values}).get(name, "") for name in COLUMNS])
    return line.getvalue().removesuffix("\n")


def estimate(app: Flask, *rows: str, header: str = HEADER, arguments: tuple[str, ...] = ()) -> Result:
    typed = "\n".join((header, *rows)) + "\n"
    return app.test_cli_runner().invoke(args=["ratings", "estimate", *arguments], input=typed.encode())


def printed(result: Result) -> list[dict[str, str]]:
    assert result.exit_code == 0, result.output
    return list(csv.DictReader(io.StringIO(result.stdout)))


def test_each_provider_has_one_line_in_the_order_of_numbers(sqlite_app: Flask) -> None:
    result = estimate(sqlite_app, row(provider_npi="9000000025"), row(), row(rating=4, source_review_id="2"))
    lines = printed(result)
    assert result.stdout.splitlines()[0] == "provider_npi,rating,low,high,reviews_counted,reviews_discounted"
    assert [(line["provider_npi"], line["reviews_counted"]) for line in lines] == [
        ("9000000017", "2"),
        ("9000000025", "1"),
    ]
    assert all(1 <= float(line["low"]) <= float(line["rating"]) <= float(line["high"]) <= 5 for line in lines)
    assert result.stderr == ""


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"rating": 11}, "the rating 11 is not from 1 to 5"),
        ({"rating": 0}, "the rating 0 is not from 1 to 5"),
        ({"rating": "nan"}, "the rating 'nan' is not a number from 1 to 5"),
        ({"rating": "good"}, "the rating 'good' is not a number from 1 to 5"),
        ({"rating": ""}, "the rating is empty"),
        ({"created_at": "2025-02-31"}, "the date of the review, '2025-02-31', is not a day: write it as 2026-01-31"),
        ({"created_at": ""}, "the date of the review (created_at) is empty"),
        ({"visited_on": "May"}, "the date of the visit, 'May', is not a day: write it as 2026-01-31"),
        ({"verified": "yes"}, "verified is 'yes': it must be 0, 1 or empty"),
        ({"provider_npi": " "}, "the provider_npi is empty"),
    ],
)
def test_a_bad_row_is_listed_and_the_others_count(sqlite_app: Flask, values: dict[str, Any], sentence: str) -> None:
    result = estimate(sqlite_app, row(), row(**values), row(rating=3))
    assert [line["reviews_counted"] for line in printed(result)] == ["2"]
    assert result.stderr == f"line 3: {sentence}\n"


def test_a_short_row_is_listed_and_an_empty_one_passed_over(sqlite_app: Flask) -> None:
    result = estimate(sqlite_app, row(), "", "9000000017,site")
    assert [line["reviews_counted"] for line in printed(result)] == ["1"]
    assert result.stderr == "line 4: the row has 2 columns; it needs 9\n"


def test_a_text_over_several_lines_keeps_the_count_of_lines(sqlite_app: Flask) -> None:
    result = estimate(sqlite_app, row(text="one\ntwo\nthree"), row(rating=11))
    assert result.stderr == "line 5: the rating 11 is not from 1 to 5\n"


def test_columns_go_by_name(sqlite_app: Flask) -> None:
    shuffled = "text,created_at,more,verified,rating,source_review_id,source,provider_npi,visited_on"
    result = estimate(sqlite_app, ",2025-01-01T10:00:00Z,x,1,4.5,a,site,9000000017,2024-12-01", header=shuffled)
    assert printed(result)[0]["reviews_counted"] == "1"


def test_the_visit_may_be_a_month(sqlite_app: Flask) -> None:
    result = estimate(sqlite_app, row(visited_on="2024-12"), row(visited_on="2024-12-01"))
    assert [line["reviews_counted"] for line in printed(result)] == ["2"]


def test_missing_columns_are_named(sqlite_app: Flask) -> None:
    result = estimate(sqlite_app, header="provider_npi,source,source_review_id,verified,visited_on,created_at,author")
    assert result.exit_code == 1
    assert "lacks the columns rating, text: it has to name provider_npi, source," in result.stderr


def test_an_empty_file_says_what_is_missing(sqlite_app: Flask) -> None:
    result = sqlite_app.test_cli_runner().invoke(args=["ratings", "estimate"], input=b"")
    assert result.exit_code == 1
    assert "The first line lacks the columns" in result.stderr


def test_a_header_alone_gives_a_header(sqlite_app: Flask) -> None:
    assert printed(estimate(sqlite_app)) == []


def test_of_a_review_that_stands_twice_the_later_one_is_taken(sqlite_app: Flask) -> None:
    twice = (row(source_review_id="7", rating=1), row(source_review_id="7", rating=5))
    result = estimate(sqlite_app, *twice)
    alone = estimate(sqlite_app, twice[1])
    assert result.stdout == alone.stdout
    assert result.stderr == "line 2: the review 7 of site is repeated in line 3, which was taken\n"


def test_a_burst_of_copies_is_discounted(sqlite_app: Flask) -> None:
    text = "The injections helped within ten days and everyone at the office was kind to me and my family."
    rows = [row(source_review_id=str(number), created_at=f"2025-03-0{number}", text=text) for number in range(1, 7)]
    assert printed(estimate(sqlite_app, *rows))[0]["reviews_discounted"] == "6"


def test_the_answer_hangs_on_the_newest_review_or_the_day_given_and_not_on_the_clock(sqlite_app: Flask) -> None:
    rows = (row(rating=1, created_at="2015-01-01"), row(rating=1, created_at="2015-03-01"))
    own = printed(estimate(sqlite_app, *rows))[0]
    same = printed(estimate(sqlite_app, *rows, arguments=("--as-of", "2015-03-01")))[0]
    later = printed(estimate(sqlite_app, *rows, arguments=("--as-of", str(date(2022, 3, 1)))))[0]
    assert own == same
    assert float(later["rating"]) > float(own["rating"])


def test_bytes_that_are_no_text_and_a_mark_at_the_start_do_no_harm(sqlite_app: Flask) -> None:
    typed = b"\xef\xbb\xbf" + HEADER.encode() + b"\n" + row(text="x").encode().replace(b"x", b"\xff\xfe") + b"\n"
    result = sqlite_app.test_cli_runner().invoke(args=["ratings", "estimate"], input=typed)
    assert printed(result)[0]["reviews_counted"] == "1"
