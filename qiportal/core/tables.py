"""Reading the tables people upload: CSV in any usual dress, or XLSX.

A file is read whole or refused; what is wrong is told by line and column, never by
repeating a cell's text.
"""

import csv
import io
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from defusedxml import DefusedXmlException
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

MAX_BYTES = 50 * 1024 * 1024
MAX_ROWS = 200_000
MAX_UNZIPPED = 400 * 1024 * 1024
DELIMITERS = ",;\t|"


class TableProblem(ValueError):
    """The file as a whole cannot be used. The message says why and what to do."""


@dataclass(frozen=True)
class RowProblem:
    """What is wrong with one cell or row. `line` counts as the person's editor does."""

    line: int
    column: str
    code: str
    message: str


@dataclass(frozen=True)
class Row:
    """One data row: its line in the file and its cells by column name, trimmed."""

    line: int
    cells: dict[str, str]


@dataclass(frozen=True)
class Table:
    header: list[str]
    rows: list[Row]
    problems: list[RowProblem]


def read_table(
    file_name: str,
    data: bytes,
    *,
    required: Sequence[str],
    optional: Sequence[str] = (),
    extra_allowed: bool = True,
) -> Table:
    """Header, rows and ragged-row problems of an uploaded CSV or XLSX file.

    Raises TableProblem when the file is too large, not text, has no header, or lacks
    a required column. Column names are matched without case and outer spaces.
    """
    if len(data) > MAX_BYTES:
        raise TableProblem("The file is larger than 50 MB. Split it and try again.")
    lines = _xlsx(data) if data[:4] == b"PK\x03\x04" else _csv(data)
    header = _header(next(lines, (1, []))[1])
    known = [*required, *optional]
    missing = [name for name in required if name not in header]
    if missing:
        raise TableProblem(
            f"The file has no column {', '.join(missing)}. "
            f"It needs: {', '.join(required)}."
        )
    strange = [name for name in header if name and name not in known]
    if strange and not extra_allowed:
        raise TableProblem(f"Unknown column {', '.join(strange)}. Remove or rename it.")
    rows, problems = _rows(header, lines)
    return Table(header=header, rows=rows, problems=problems)


def _header(cells: Sequence[str]) -> list[str]:
    names = [cell.strip().lower().replace(" ", "_") for cell in cells]
    if not any(names):
        raise TableProblem("The file is empty: its first line must name the columns.")
    doubles = {name for name in names if name and names.count(name) > 1}
    if doubles:
        raise TableProblem(f"The column {', '.join(sorted(doubles))} stands twice.")
    return names


def _rows(header, lines) -> tuple[list[Row], list[RowProblem]]:
    rows: list[Row] = []
    problems: list[RowProblem] = []
    width = len(header)
    for line, cells in lines:
        if not any(cell.strip() for cell in cells):
            continue
        if len(rows) + len(problems) >= MAX_ROWS:
            raise TableProblem("The file has over 200,000 rows. Split it.")
        if len(cells) != width:
            message = f"This row has {len(cells)} cells; the header has {width}."
            problems.append(RowProblem(line, "", "ragged_row", message))
            continue
        values = {name: cell.strip() for name, cell in zip(header, cells, strict=True)}
        rows.append(Row(line, values))
    return rows, problems


def decode(data: bytes) -> str:
    """UTF-8 with or without mark, UTF-16 with mark, else Windows' cp1252."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        try:
            return data.decode("utf-16")
        except UnicodeDecodeError as error:
            raise TableProblem(
                "The file claims UTF-16 but is not. Save as CSV UTF-8."
            ) from error
    if b"\x00" in data:
        raise TableProblem("This is not a text file. Save it as CSV UTF-8 or XLSX.")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            return data.decode("cp1252")
        except UnicodeDecodeError as error:
            raise TableProblem(
                "The file's letters cannot be read. Save it as CSV UTF-8."
            ) from error


def sniff_delimiter(text: str) -> str:
    """The delimiter that occurs most in the first line; a comma if none does."""
    first = text.split("\n", 1)[0]
    return max(DELIMITERS, key=first.count)


def _csv(data: bytes) -> Iterator[tuple[int, list[str]]]:
    text = decode(data)
    reader = csv.reader(
        io.StringIO(text, newline=""), delimiter=sniff_delimiter(text), strict=True
    )
    line = 1
    try:
        for cells in reader:
            yield line, cells
            line = reader.line_num + 1
    except csv.Error as error:
        raise TableProblem(
            f"Line {line} cannot be read: a quotation mark is open or a cell is too "
            "long."
        ) from error


def _xlsx(data: bytes) -> Iterator[tuple[int, list[str]]]:
    """The first sheet. Formula cells give their text, never a computed value."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            if sum(part.file_size for part in packed.infolist()) > MAX_UNZIPPED:
                raise TableProblem("The workbook is too large when unpacked. Use CSV.")
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=False)
        sheet = book.worksheets[0]
        width = 0
        for line, cells in enumerate(sheet.iter_rows(values_only=True), start=1):
            values = [_cell(value) for value in _trim(cells)]
            width = width or len(values)
            yield line, values + [""] * (width - len(values))
    except (
        zipfile.BadZipFile,
        InvalidFileException,
        DefusedXmlException,
        KeyError,
        IndexError,
    ) as error:
        raise TableProblem(
            "The workbook cannot be read. Open it, save it as XLSX and try again."
        ) from error


def _trim(cells: tuple) -> list:
    """XLSX rows carry empty cells at their end; the header decides the width."""
    values = list(cells)
    while values and values[-1] is None:
        values.pop()
    return values


def _cell(value: object) -> str:
    if value is None:
        return ""
    if hasattr(value, "isoformat"):
        return value.isoformat()[:10]
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
