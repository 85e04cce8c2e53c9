"""Addresses of practices to points, one by one and as CSV."""

import csv
import io

import pytest
from flask import Flask

from directory.places.gazetteer import zip_point


class TestLocateCommand:
    def run(self, app: Flask, text: str | bytes) -> tuple[int, list[dict[str, str]], str]:
        result = app.test_cli_runner().invoke(args=["locate"], input=text)
        return result.exit_code, list(csv.DictReader(io.StringIO(result.stdout))), result.stderr

    def test_it_appends_the_point_and_passes_the_other_columns_through_in_order(self, sqlite_app):
        result = sqlite_app.test_cli_runner().invoke(args=["locate"], input="id,address,phone\n7,90503,310\n")
        assert result.stdout == (
            "id,address,phone,latitude,longitude,precision,label\n"
            f'7,90503,310,{zip_point("90503")[0]!r},{zip_point("90503")[1]!r},zip,"Torrance, CA 90503"\n'
        )
        assert result.exit_code == 0

    @pytest.mark.parametrize(
        ("address", "precision", "label"),
        [
            ("3330 Lomita Blvd, Torrance, CA 90505", "zip", "Torrance, CA 90505"),
            ("3330 Lomita Blvd, Torrance, CA", "city", "Torrance, CA"),
            ("33.83, -118.34", "point", "33.83, -118.34 (near Torrance, CA)"),
            ("Springfield", "none", ""),
            ("Nowhereville", "none", ""),
            ("91, 0", "none", ""),
            ("", "none", ""),
            ("x" * 10_000, "none", ""),
        ],
    )
    def test_each_precision(self, sqlite_app, address, precision, label):
        code, (row,), _stderr = self.run(sqlite_app, f'address\n"{address}"\n' if address else "address,n\n,1\n")
        assert code == 0
        assert (row["precision"], row["label"]) == (precision, label)
        assert bool(row["latitude"]) is (precision != "none")

    def test_numbers_are_not_rounded(self, sqlite_app):
        _code, (row,), _stderr = self.run(sqlite_app, 'address\n"33.123456789012, -118.123456789012"\n')
        assert (float(row["latitude"]), float(row["longitude"])) == (33.123456789012, -118.123456789012)

    @pytest.mark.postgresql
    def test_it_reads_what_spreadsheets_write(self, app):
        text = '\ufeffaddress,note\r\n"3330 Lomita Blvd\r\nTorrance, CA 90505","he said ""hi"""\r\n\r\n'
        code, rows, _stderr = self.run(app, text.encode())
        assert code == 0
        assert [(row["precision"], row["note"]) for row in rows] == [("zip", 'he said "hi"')]
        assert rows[0]["address"].split() == ["3330", "Lomita", "Blvd", "Torrance,", "CA", "90505"]

    def test_points_that_are_there_already_are_replaced(self, sqlite_app):
        once = sqlite_app.test_cli_runner().invoke(args=["locate"], input="id,address,phone\n7,90503,310\n").stdout
        assert sqlite_app.test_cli_runner().invoke(args=["locate"], input=once).stdout == once

    def test_a_short_row_is_filled_and_a_long_one_is_cut_with_a_warning(self, sqlite_app):
        code, rows, stderr = self.run(sqlite_app, "address,a,b\n90503\n90505,1,2,3\n")
        assert code == 0
        assert [(row["a"], row["b"], row["precision"]) for row in rows] == [("", "", "zip"), ("1", "2", "zip")]
        assert "Line 3 has 4 fields" in stderr

    @pytest.mark.parametrize(
        ("text", "says"),
        [
            ("", "The input is empty"),
            ("\n\n", "The input is empty"),
            ("id,street\n1,x\n", "no column “address”"),
            (b"address\ncaf\xe9\n", "not UTF-8"),
            (b"\xff\xfea\x00", "not UTF-8"),
            ("address\n" + "x" * 200_000 + "\n", "field larger than field limit"),
        ],
    )
    def test_a_file_that_cannot_be_read_gets_a_sentence(self, sqlite_app, text, says):
        code, _rows, stderr = self.run(sqlite_app, text)
        assert code == 1
        assert says in stderr
        assert "Traceback" not in stderr

    def test_it_ends_with_how_many_there_are_of_each_precision(self, sqlite_app):
        _code, _rows, stderr = self.run(sqlite_app, "address\n90503\nTorrance\n90505\nNowhereville\n")
        assert stderr.endswith("Addresses by precision: zip 2, city 1, none 1.\n")

    def test_a_file_with_a_header_alone_gives_a_header(self, sqlite_app):
        result = sqlite_app.test_cli_runner().invoke(args=["locate"], input="address\n")
        assert (result.exit_code, result.stdout) == (0, "address,latitude,longitude,precision,label\n")
