"""A scan gives every row once, with its true line, whatever the file is like; and refuses a file that is not whole."""

import csv
import io
import re
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from directory.imports.reading import scan as scanning
from directory.imports.reading.fields import Fields, FileKind
from directory.imports.reading.files import ImportFileError, PublishedFile
from directory.imports.reading.plain_blocks import CsvLayout, PlainBlock, RowFilter, plain_block
from directory.imports.reading.scan import BLOCK_BYTES, CsvScan

A_B_C = FileKind("", "a test file", ("a", "b", "c"))


class Everything:
    def __call__(self, block: PlainBlock) -> NDArray[np.bool_]:
        return np.ones(len(block), np.bool_)

    def takes(self, fields: Fields) -> bool:
        return True


class Marked:
    """Rows whose first column is "x"."""

    def __call__(self, block: PlainBlock) -> NDArray[np.bool_]:
        marked: NDArray[np.bool_] = block.texts(("a",), 2)[:, 0] == b"x"
        return marked

    def takes(self, fields: Fields) -> bool:
        return True


Result = tuple[list[tuple[int, list[str]]], list[tuple[int, str]], int] | str


def scanned(
    text: str | bytes,
    block_bytes: int = BLOCK_BYTES,
    choose: RowFilter | None = None,
    older_layouts: tuple[tuple[str, ...], ...] = (),
) -> Result:
    """Rows, rejects and the count of both; or why the file was refused."""
    content = text if isinstance(text, bytes) else text.encode(errors="surrogateescape")
    rejects: list[tuple[int, str]] = []
    try:
        file = PublishedFile("f.csv", len(content), io.BytesIO(content))
        with patch.object(scanning, "BLOCK_BYTES", block_bytes):
            scan = CsvScan(file, A_B_C._replace(older_layouts=older_layouts))
            rows = list(scan.rows(lambda line, fields, why: rejects.append((line, why)), choose))
    except ImportFileError as error:
        return str(error)
    return [(line, [fields.raw(name) for name in ("a", "b", "c")]) for line, fields in rows], rejects, scan.read


HEADER = '"a","b","c"\n'
OLDER = (("one", "two", "three"),)
plain_value = st.text(st.characters(codec="utf-8", exclude_characters='\0\r\n"'), max_size=8)
value = plain_value.map(lambda text: f'"{text}"') | st.sampled_from(
    ['""', '"two\nlines"', '"a ""quote"""', "bare", "é"]
)
whole_row = st.lists(value, min_size=3, max_size=3).map(",".join)
odd_row = st.sampled_from(
    [
        '"1"',
        '"1","2"',
        '"1","2","3","4"',
        "",
        '"open,"2","3"',
        '"1","2","open',
        'a"b,c,"d"',
        '"a"b,c,d',
        "\r",
        "1,\r,3",
        ",,",
        ",",
    ]
) | st.sampled_from(['"Jos\udce9","2","3"', '"\udc81","2","3"', '"1","Zo\udceb\nand é","3"'])


@given(
    st.lists(st.one_of(whole_row, whole_row, whole_row, odd_row), max_size=30),
    st.integers(1, 200),
    st.sampled_from(["\n", "\r\n"]),
    st.booleans(),
)
@settings(max_examples=200, deadline=None)
def test_the_size_of_blocks_does_not_matter(rows: list[str], block_bytes: int, ending: str, ends: bool) -> None:
    text = HEADER + ending.join(rows) + (ending if ends else "")
    assert scanned(text, block_bytes) == scanned(text, block_bytes, Everything()) == scanned(text)


@given(st.lists(st.one_of(whole_row, odd_row), max_size=30), st.integers(1, 200))
@settings(max_examples=100, deadline=None)
def test_the_size_of_blocks_does_not_matter_for_tabs_either(rows: list[str], block_bytes: int) -> None:
    content = "\n".join(["one\ttwo\tthree", *rows]).replace(",", "\t").encode(errors="surrogateescape")
    assert scanned(content, block_bytes, Everything(), OLDER) == scanned(content, older_layouts=OLDER)


@given(st.lists(whole_row, min_size=1, max_size=20), st.sampled_from(["\n", "\r\n"]), st.integers(1, 9))
@settings(max_examples=100, deadline=None)
def test_the_values_of_a_plain_block_are_those_of_the_csv_module(rows: list[str], ending: str, size: int) -> None:
    content = (ending.join(rows) + ending).encode()
    block = plain_block(content, CsvLayout({"a": 0, "b": 1, "c": 2}, 3, ","))
    if block is None:  # a value with a separator alone is like a blank line
        return
    read = list(csv.reader(io.StringIO(content.decode(), newline="\n")))
    found = block.texts(("a", "b", "c"), size)
    doubled = [[field.replace('"', '""') for field in row] for row in read]
    expected = [[field.encode()[:size] for field in row] for row in doubled]
    assert found.tolist() == expected
    assert block.texts(("a",), size)[:, 0].tolist() == [row[0] for row in expected]
    assert block.texts(("c", "a"), size, np.array([len(read) - 1])).tolist() == [[expected[-1][2], expected[-1][0]]]
    assert [row.fields for row in block.rows(range(len(block)), 2)] == read


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
@pytest.mark.parametrize("length", [1, 61, 62, 63, 64, 65, 128, 200])
def test_a_first_value_of_any_length_is_cut_to_its_size(length: int, ending: str) -> None:
    rows = [["x" * (length + number), "2", "3"] for number in range(3)]
    content = "".join(f'"{row[0]}",2,3{ending}{row[0]},"2",3{ending}' for row in rows).encode()
    block = plain_block(content, CsvLayout({"a": 0, "b": 1, "c": 2}, 3, ","))
    assert block is not None
    for size in (11, 61, 62, 63, 64, 250):
        assert block.texts(("a",), size)[:, 0].tolist() == [row[0][:size].encode() for row in rows for _ in range(2)]


@given(st.lists(whole_row, min_size=1, max_size=20), st.sampled_from(["\n", "\r\n"]))
@settings(max_examples=100, deadline=None)
def test_each_row_with_one_of_the_words_is_found(rows: list[str], ending: str) -> None:
    marked = '"x","AX","y"', "AX,x,y", 'x,"y",BZ', '"x","y","AX"', '"BZ","x,y",z'
    content = (ending.join(each for row in rows for each in (row, *marked)) + ending).encode()
    block = plain_block(content, CsvLayout({"a": 0, "b": 1, "c": 2}, 3, ","))
    if block is None:
        return
    has_word = [
        any(field in {"AX", "BZ"} for field in row) for row in csv.reader(io.StringIO(content.decode(), newline="\n"))
    ]
    found = block.holding(np.array([b"AX", b"BZ"]))
    assert not (np.array(has_word) & ~found).any()
    assert not block.holding(np.array([b"AY", b"XX"])).any()


@given(st.lists(whole_row, min_size=1, max_size=30), st.integers(1, 200))
@settings(max_examples=100, deadline=None)
def test_what_is_not_chosen_is_counted(rows: list[str], block_bytes: int) -> None:
    text = HEADER + "\n".join([*rows, '"x","y","z"']) + "\n"
    quick, close = scanned(text, block_bytes, Marked()), scanned(text)
    assert not isinstance(quick, str)
    assert not isinstance(close, str)
    assert [row for row in quick[0] if row[1][0] == "x"] == [row for row in close[0] if row[1][0] == "x"]
    assert quick[2] == close[2] == len(rows) + 1


@pytest.mark.parametrize("block_bytes", [40, BLOCK_BYTES])
def test_rows_of_another_width_are_rejected_with_their_line(block_bytes: int) -> None:
    text = HEADER + '"1","two\nlines","3"\n"1","2"\n"1","2","3","4"\n"5","6","7"\n'
    assert scanned(text, block_bytes) == (
        [(2, ["1", "two\nlines", "3"]), (6, ["5", "6", "7"])],
        [(4, "the row has 2 columns instead of 3"), (5, "the row has 4 columns instead of 3")],
        4,
    )


@pytest.mark.parametrize("block_bytes", [40, BLOCK_BYTES])
def test_an_open_quote_costs_only_its_own_row(block_bytes: int) -> None:
    text = HEADER + '"1","2","3"\n"4","open,5\n"6","7","8"\n"9","10","11"\n'
    result = scanned(text, block_bytes)
    assert not isinstance(result, str)
    assert [row[0] for row in result[0]] == [2, 4, 5]
    assert [line for line, _ in result[1]] == [3]
    assert "quote" in result[1][0][1]


@pytest.mark.parametrize("block_bytes", [40, BLOCK_BYTES])
@pytest.mark.parametrize(
    "end", ['"9"', '"9","1', '"9","10"\n', '"9",', '"9","10","1', '"9","é'.encode()[:-1].decode("latin-1")]
)
def test_a_broken_last_row_means_that_the_file_was_cut(end: str, block_bytes: int) -> None:
    text = (HEADER + '"1","2","3"\n' * 20).encode() + end.encode("latin-1")
    result = scanned(text, block_bytes)
    assert isinstance(result, str)
    assert "cut short: its last row, line 22, is not complete" in result


@pytest.mark.parametrize("choose", [None, Everything()])
@pytest.mark.parametrize("block_bytes", [20, BLOCK_BYTES])
def test_lines_of_separators_alone_are_blank(block_bytes: int, choose: RowFilter | None) -> None:
    text = HEADER + "1,2,3\r\n,,\r\n4,5,6\r\n,,\r\n,,\r\n"
    assert scanned(text, block_bytes, choose) == ([(2, ["1", "2", "3"]), (4, ["4", "5", "6"])], [], 2)


def test_a_last_row_may_lack_its_line_break() -> None:
    assert scanned(HEADER + '"1","2","3"') == ([(2, ["1", "2", "3"])], [], 1)


@pytest.mark.parametrize("block_bytes", [40, BLOCK_BYTES])
@pytest.mark.parametrize("choose", [None, Everything()])
def test_a_row_that_is_not_utf8_is_read_in_the_encoding_of_windows(block_bytes: int, choose: RowFilter | None) -> None:
    rows = '"1","2","3"\n' * 10
    text = (HEADER + rows).encode() + b'"1","Jos\xe9 \x93and \xc3\xa9\x94","3"\n' + rows.encode()
    result = scanned(text, block_bytes, choose)
    assert not isinstance(result, str)
    assert (len(result[0]), result[1], result[2]) == (21, [], 21)
    assert result[0][10] == (12, ["1", "José “and é”", "3"])


@pytest.mark.parametrize("block_bytes", [40, BLOCK_BYTES])
def test_a_row_in_neither_encoding_is_rejected_with_its_line(block_bytes: int) -> None:
    text = (HEADER + '"1","2","3"\n').encode() + b'"1","\x81","3"\n"4","\xef\xbf\xbd","6"\n'
    result = scanned(text, block_bytes)
    assert not isinstance(result, str)
    assert [row[0] for row in result[0]] == [2, 4]
    assert result[1] == [(3, "the row has bytes that are neither UTF-8 nor in Windows' encoding")]


def test_rows_that_are_not_utf8_are_counted() -> None:
    content = b'a,b,c\n1,\xe9,3\n"\xe9\n\xe9",2,3\n1,2,3\n1,\x81,3\n'
    scan = CsvScan(
        PublishedFile("f.csv", len(content), io.BytesIO(content)), FileKind("", "a test file", ("a", "b", "c"))
    )
    assert [line for line, _ in scan.rows(lambda line, fields, why: None)] == [2, 3, 5]
    assert (scan.windows_rows, scan.read) == (2, 4)


def test_a_value_too_long_for_a_row_is_rejected_by_either_way_of_reading() -> None:
    text = HEADER + '"1","2","3"\n"x","' + "y" * 131_073 + '","3"\n' + '"1","2","3"\n' * 20
    expected = [(3, "the row cannot be read: field larger than field limit (131072)")]
    for choose in (None, Everything(), Marked()):
        result = scanned(text, 200_000, choose)
        assert not isinstance(result, str)
        assert (result[1], result[2]) == (expected, 22)


def test_a_byte_order_mark_and_crlf_do_no_harm() -> None:
    text = b"\xef\xbb\xbf" + (HEADER + '"1","2","3"\n').replace("\n", "\r\n").encode()
    assert scanned(text) == ([(2, ["1", "2", "3"])], [], 1)


def test_columns_go_by_name_whatever_their_order_case_and_spaces() -> None:
    file = PublishedFile("f.csv", 9, io.BytesIO(b"Other,C,  the   b ,A\n4,3,2,1\n"))
    assert CsvScan(file, FileKind("", "a test file", ("a", "the b", "c"))).position == {"a": 3, "the b": 2, "c": 1}


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("a,b\n1,2\n", "f.csv is not a test file: it lacks the column “c”."),
        ("npi\n1\n", "it lacks the columns “a”, “b”, “c”."),
        ("a,b,c,A\n1,2,3,4\n", "has the column “a” more than once"),
        ("a,b,c\n", "has a header and no rows"),
        ("a,b,c", "has a header and no rows"),
        ('{"error": 404}', "it lacks the columns"),
        ("a,b,c\n1,2,3\n".encode("utf-16"), "is not UTF-8 (line 1, byte 1 of the file) but UTF-16"),
        ("a,b,c\n1,2,3\n".encode("utf-16-le"), "is not UTF-8 (line 1, byte 1 of the file) but UTF-16"),
        (b"x,y,z\xe9\n1,2,3\n", "is not UTF-8 (line 1, byte 6 of the file)"),
        ("a,b,c\r1,2,3\r", "ends its lines with CR only"),
        ('"a","b","c"\r"1","2","3"\r', "ends its lines with CR only"),
        ("x" * 131_073 + "\n1\n", "is not a test file: its first line is not a row of columns"),
        ("A list of 2026\na,b,c\n1,2,3\n", "f.csv has its columns in line 2: delete what is above them."),
        ("a\tb\tc\n1\t2\t3\n", "has its columns separated by tabs: save the file with commas between them."),
        ('"a";"b";"c"\r\n1;2;3\r\n', "has its columns separated by semicolons: save the file with commas"),
        (
            "sep=;\nA;B;c\n1;2;3\n",
            "has its columns in line 2 and separated by semicolons: delete what is above them and save the file",
        ),
    ],
)
def test_a_file_of_another_kind_is_refused(text: str | bytes, why: str) -> None:
    result = scanned(text)
    assert isinstance(result, str)
    assert why in result
    assert result.endswith("Nothing was changed.")


def test_a_zero_byte_rejects_its_row() -> None:
    result = scanned(HEADER + '"1","\0","3"\n"4","5","6"\n')
    assert result == ([(3, ["4", "5", "6"])], [(2, "the row holds a zero byte")], 2)


def test_a_file_without_line_breaks_is_refused() -> None:
    with patch.object(scanning, "MAX_ROW_BYTES", 1_000):
        result = scanned(HEADER + "x" * 20_000, block_bytes=40)
    assert isinstance(result, str)
    assert re.search("cut short|not a CSV", result)
