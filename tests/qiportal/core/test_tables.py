"""Uploaded tables: every usual dress is read, every odd one refused with words."""

import csv
import io
import zipfile
from datetime import date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from qiportal.core import tables
from qiportal.core.tables import Row, TableProblem, read_table

TEXT = "code,name\nW7,Ward 7\nW8,Café — Süd\n"


def read(data, *, required=("code", "name"), **more):
    if isinstance(data, str):
        data = data.encode()
    return read_table("units.csv", data, required=required, **more)


def names(table):
    return [row.cells["name"] for row in table.rows]


def workbook(rows, **changes) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return repacked(out.getvalue(), **changes) if changes else out.getvalue()


def repacked(data: bytes, **parts: bytes) -> bytes:
    """The same workbook with the sheet (or another part) replaced."""
    paths = {"sheet": "xl/worksheets/sheet1.xml", "strings": "xl/sharedStrings.xml"}
    new = {paths[name]: body for name, body in parts.items()}
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for part in old.infolist():
            target.writestr(part, new.get(part.filename) or old.read(part))
    return out.getvalue()


def sheet_xml(body: str, head: str = "") -> bytes:
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return (
        f'<?xml version="1.0"?>{head}<worksheet xmlns="{space}">'
        f"<sheetData>{body}</sheetData></worksheet>"
    ).encode()


# --- text files -----------------------------------------------------------------


@pytest.mark.parametrize(
    "data",
    [
        TEXT.encode("utf-8"),
        TEXT.encode("utf-8-sig"),
        TEXT.encode("utf-16"),
        b"\xfe\xff" + TEXT.encode("utf-16-be"),
        TEXT.encode("cp1252"),
        TEXT.replace("\n", "\r\n").encode(),
        TEXT.replace("\n", "\r").encode(),
        TEXT.replace(",", ";").encode(),
        TEXT.replace(",", "\t").encode(),
        TEXT.replace(",", "|").encode(),
        ("\ufeff" + TEXT).encode("utf-8-sig"),
        b"\n\n".join(TEXT.encode().split(b"\n")),
        TEXT.replace("Ward 7", '"Ward 7"').encode(),
        TEXT.replace("code,name", " Code , NAME ").encode(),
        TEXT.replace("\n", ",,\n").encode(),
    ],
    ids=lambda data: data[:12],
)
def test_usual_dresses(data):
    table = read(data)
    assert names(table) == ["Ward 7", "Café — Süd"]
    assert table.problems == []


def test_lines_count_as_in_an_editor():
    table = read('code,name\nA,"two\nlines"\n\nB,x\n')
    assert [row.line for row in table.rows] == [2, 5]
    assert table.rows[0].cells["name"] == "two\nlines"


def test_ragged_rows_are_told_by_line_and_the_others_kept():
    table = read("code,name\nA\nB,b\nC,c,extra\nD,d,,\n")
    assert [(p.line, p.code) for p in table.problems] == [
        (2, "ragged_row"),
        (4, "ragged_row"),
    ]
    assert names(table) == ["b", "d"]
    assert table.ragged == {2: ["A"], 4: ["C", "c", "extra"]}


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ("", "empty"),
        ("\n\n", "empty"),
        (",,\n1,2,3\n", "empty"),
        ("code\nA\n", "no column name"),
        ("code,name,Code\nA,b,c\n", "Columns 1 and 3 have the same name"),
        ('code,name\nA,"open\n', "Line 2"),
        ('code,name\nA,"a"b"\n', "Line 2"),
        ("code,name\nA," + "x" * 140_000, "Line 2"),
        (b"code,name\nA,b\x00c\n", "not a text file"),
        (TEXT.encode("utf-16-le"), "not a text file"),
        (TEXT.encode("utf-32"), "not a text file"),
        (b"\xff\xfeabc", "UTF-16"),
        (b"code,name\nA,\x81\x8d\n", "letters cannot be read"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "not a text file"),
        (b"%PDF-1.7\n%...\n", "no column code, name"),
        ("\n".join([",".join(f"c{n}" for n in range(201))] * 2), "more than 200"),
    ],
)
def test_unusable_files_are_refused_with_words(data, words):
    csv.field_size_limit(10_000_000)  # as another reader of the process may have set it
    with pytest.raises(TableProblem, match=words):
        read(data)


def test_no_message_repeats_what_a_cell_held():
    secret = "Joan Bloggs 9990000018"
    for text in (
        f"{secret},{secret}\n1,2\n",
        f'code,name\nA,"{secret}\n',
        f"code,name\n{secret}\n",
    ):
        try:
            said = [problem.message for problem in read(text).problems]
        except TableProblem as problem:
            said = [str(problem)]
        assert said
        assert "Bloggs" not in " ".join(said)


def test_an_unknown_column_may_be_refused():
    with pytest.raises(TableProblem, match="Column 3 is none of: code, name, site"):
        read("code,name,x\n1,2,3\n", optional=("site",), extra_allowed=False)
    assert read("code,name,x\n1,2,3\n").rows == [
        Row(2, {"code": "1", "name": "2", "x": "3"})
    ]


def test_two_hundred_thousand_rows_pass_and_one_more_does_not(monkeypatch):
    monkeypatch.setattr(tables, "MAX_ROWS", 2000)
    row = "W7,Ward 7\n"
    assert len(read("code,name\n" + row * 2000).rows) == 2000
    with pytest.raises(TableProblem, match="200,000 rows"):
        read("code,name\n" + row * 2001)


def test_the_real_limits():
    assert tables.MAX_ROWS == 200_000
    with pytest.raises(TableProblem, match="50 MB"):
        read(b"x" * (50 * 1024 * 1024 + 1))


@pytest.mark.parametrize("cell", ["=1+1", "@SUM(A1)", "+44", "-5", "\uff1d1"])
def test_formulas_are_text_and_our_own_apostrophe_comes_off(cell):
    table = read(f"code,name\n1,{cell}\n2,'{cell}\n3,'quoted'\n")
    assert names(table) == [cell, cell, "'quoted'"]


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(data):
    try:
        table = read(data, required=())
    except TableProblem:
        return
    assert all(len(row.cells) <= len(table.header) for row in table.rows)


# --- workbooks --------------------------------------------------------------------


def test_a_workbook_reads_like_a_text_file():
    data = workbook([["Code", "Name"], ["W7", "Ward 7"], [], ["W8", None]])
    table = read(data)
    assert [(row.line, row.cells["name"]) for row in table.rows] == [
        (2, "Ward 7"),
        (4, ""),
    ]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (5, "5"),
        (5.0, "5"),
        (0.25, "0.25"),
        (True, "True"),
        (date(2026, 11, 23), "2026-11-23"),
        (datetime(2026, 11, 23), "2026-11-23"),
        (datetime(2026, 11, 23, 14, 30), "2026-11-23T14:30"),
        (time(9, 30), "09:30:00"),
        ("=1+1", "=1+1"),
        ("=CMD|'/C calc'!A0", "=CMD|'/C calc'!A0"),
        ("  padded  ", "padded"),
    ],
)
def test_cells_of_a_workbook(value, text):
    table = read(workbook([["code", "name"], ["1", value]]))
    assert names(table) == [text]


def test_only_the_first_sheet_counts():
    book = Workbook()
    book.active.append(["code", "name"])
    book.active.append(["1", "first"])
    book.create_sheet("Other").append(["9", "other"])
    out = io.BytesIO()
    book.save(out)
    assert names(read(out.getvalue())) == ["first"]


def test_entities_in_a_workbook_are_refused():
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
    row = '<row r="1"><c t="inlineStr"><is><t>&b;</t></is></c></row>'
    data = workbook([["code", "name"]], sheet=sheet_xml(row, bomb))
    with pytest.raises(TableProblem, match="cannot be read"):
        read(data)


def test_a_part_that_unpacks_to_a_bomb_is_refused_unread():
    spaces = b" " * (5 * 1024 * 1024)
    data = workbook([["code", "name"]], sheet=sheet_xml("") + spaces)
    assert len(data) < 50_000
    with pytest.raises(TableProblem, match="too large when unpacked"):
        read(data)


def test_large_shared_strings_are_refused(monkeypatch):
    monkeypatch.setattr(tables, "MAX_SHARED", 1000)
    data = workbook([["code", "name"], *[[str(n), f"Ward {n}"] for n in range(99)]])
    with pytest.raises(TableProblem, match="too large when unpacked"):
        read(data)


@pytest.mark.parametrize(
    ("column", "line"),
    [("A", "99999999999"), ("XFD", "2")],
)
def test_a_cell_far_away_does_not_fill_the_memory(column, line, monkeypatch):
    monkeypatch.setattr(tables, "MAX_SHEET_LINES", 1000)
    rows = "".join(
        f'<row r="{at[-1]}"><c r="{"".join(at)}" t="inlineStr"><is><t>code</t></is>'
        "</c></row>"
        for at in (("A", "1"), (column, line))
    )
    data = workbook([["code"]], sheet=sheet_xml(rows))
    with pytest.raises(TableProblem):
        read(data, required=("code",))


@pytest.mark.parametrize(
    "data",
    [
        b"PK\x03\x04",
        b"PK\x03\x04" + b"\x00" * 50,
        workbook([["code", "name"]])[:-400],
        workbook([["code", "name"]], sheet=b"<not closed"),
        workbook([["code", "name"]], sheet=b"\x00\x01"),
        workbook([["code", "name"]], sheet=b"<other/>"),
    ],
    ids=["four bytes", "zeros", "cut off", "broken", "binary", "another root"],
)
def test_broken_workbooks_are_refused_with_words(data):
    with pytest.raises(TableProblem, match=r"cannot be read|empty"):
        read(data)


def test_a_zip_that_is_no_workbook_is_refused():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("../../etc/passwd", "root")
    with pytest.raises(TableProblem, match="cannot be read"):
        read(out.getvalue())
