"""Downloads for people: no cell is a formula, numbers stay numbers (SECURITY T9)."""

import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from openpyxl import load_workbook

from qiportal.core.exports import cell, csv_response, csv_text, xlsx_response
from qiportal.core.tables import read_table

STARTS = ["=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20"]
TAILS = ["1+1", "cmd|'/C calc'!A0", 'HYPERLINK("http://evil.example")', "SUM(A1:A9)"]
PAYLOADS = [start + tail for start in STARTS for tail in TAILS]
PAYLOADS += [" =1+1", "\t=1+1", "\u00a0=1+1", "\x00=1+1"]


@pytest.mark.parametrize("payload", PAYLOADS)
def test_text_that_could_be_a_formula_gets_an_apostrophe(payload):
    assert cell(payload).startswith("'")


@pytest.mark.parametrize("text", ["", "Ward 7", "5-6", "a=b", "7 @ noon", "'quoted'"])
def test_harmless_text_is_left_alone(text):
    assert cell(text) == text


@pytest.mark.parametrize("value", [-5, 0, 3.5, Decimal("-0.25"), date(2026, 11, 23)])
def test_numbers_and_days_are_left_alone(value):
    assert cell(value) == value


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, None),
        (float("nan"), None),
        (Decimal("Infinity"), None),
        (True, "yes"),
        (False, "no"),
        (datetime(2026, 7, 1, 12, tzinfo=UTC), datetime(2026, 7, 1, 13)),
        ("a\x00b\x1fc\ud800", "abc"),
    ],
)
def test_other_values(value, shown):
    assert cell(value) == shown


def test_csv_is_read_by_excel_and_by_our_own_importer():
    rows = [["=1+1", -5], ['say "hi", twice', None]]
    answer = csv_response("units – list.csv", ["name", "n"], rows)
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Content-Disposition"].startswith("attachment; filename")
    assert answer["Cache-Control"] == "no-store"
    assert answer.content.startswith(b"\xef\xbb\xbfname,n\r\n'=1+1,-5\r\n")
    table = read_table("units.csv", answer.content, required=("name", "n"))
    assert [row.cells["name"] for row in table.rows] == ["=1+1", 'say "hi", twice']


def test_csv_quotes_what_needs_quotes():
    text = csv_text(["=head"], [["a\nb"], ['"']])
    assert list(csv.reader(io.StringIO(text, newline=""))) == [
        ["'=head"],
        ["a\nb"],
        ['"'],
    ]


def test_no_cell_of_a_workbook_is_a_formula():
    answer = xlsx_response("list.xlsx", ["name"], [[p] for p in PAYLOADS])
    sheet = load_workbook(io.BytesIO(answer.content)).active
    cells = [row[0] for row in sheet.iter_rows(min_row=2)]
    assert len(cells) == len(PAYLOADS)
    assert {c.data_type for c in cells} == {"s"}


def test_cells_of_a_workbook_are_typed():
    moment = datetime(2026, 7, 1, 12, tzinfo=UTC)
    values = ["Ward 7", -5, Decimal("0.5"), date(2026, 11, 23), moment, "x" * 40_000]
    answer = xlsx_response("list.xlsx", list("abcdef"), [values], sheet="A/B: list?")
    sheet = load_workbook(io.BytesIO(answer.content)).active
    assert sheet.title == "A B  list "
    assert [c.data_type for c in sheet[2]] == ["s", "n", "n", "d", "d", "s"]
    assert sheet["E2"].value == datetime(2026, 7, 1, 13)
    assert len(sheet["F2"].value) == 32_767
