"""Reading the tables people upload: CSV in any usual dress, or XLSX.

A file is read whole or refused; what is wrong is told by line and column, never by
repeating a cell's text.
"""

import csv
import io
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from qiportal.core.formulas import unguarded

MAX_BYTES = 50 * 1024 * 1024
MAX_ROWS = 200_000
MAX_CELL = 131_072  # characters; the csv module's own limit belongs to the process
MAX_COLUMNS = 200
MAX_SHEET_LINES = 1_048_576
MAX_UNZIPPED = 150 * 1024 * 1024
MAX_SHARED = 30 * 1024 * 1024
MAX_RATIO = 100
SMALL_PART = 1024 * 1024
DELIMITERS = ",;\t|"
UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    InvalidFileException,
    DefusedXmlException,
    ParseError,
    EOFError,
    KeyError,
    IndexError,
    TypeError,
    ValueError,
    AttributeError,
    OverflowError,
    RuntimeError,  # a workbook with a password; NotImplementedError is one, too
)


class TableProblem(ValueError):
    """The file as a whole cannot be used. The message says why and what to do."""


@dataclass(frozen=True)
class RowProblem:
    """What is wrong with one cell or row. `line` counts as the person's editor does."""

    line: int
    column: str
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Row:
    """One data row: its line in the file and its cells by column name, trimmed."""

    line: int
    cells: dict[str, str]


@dataclass(frozen=True)
class Table:
    """`ragged` keeps the cells of rows that do not fit the header, by line."""

    header: list[str]
    rows: list[Row]
    problems: list[RowProblem]
    ragged: dict[int, list[str]] = field(default_factory=dict)


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
    if not extra_allowed:
        _refuse_strange(header, known)
    return _table(header, lines)


def _refuse_strange(header: list[str], known: list[str]) -> None:
    strange = [
        str(place)
        for place, name in enumerate(header, start=1)
        if name and name not in known
    ]
    if strange:
        raise TableProblem(
            f"Column {', '.join(strange)} is none of: {', '.join(known)}. "
            "Remove or rename it."
        )


def _header(cells: Sequence[str]) -> list[str]:
    names = [_column_name(cell) for cell in cells]
    while names and not names[-1]:
        names.pop()
    if not names:
        raise TableProblem("The file is empty: its first line must name the columns.")
    if len(names) > MAX_COLUMNS:
        raise TableProblem(f"The file has more than {MAX_COLUMNS} columns.")
    twice = [
        f"{names.index(name) + 1} and {place + 1}"
        for place, name in enumerate(names)
        if name and names.index(name) < place
    ]
    if twice:
        raise TableProblem(f"Columns {', '.join(twice)} have the same name.")
    return names


def _column_name(cell: str) -> str:
    return cell.strip("\ufeff \t\r\n").lower().replace(" ", "_")


def _table(header: list[str], lines: Iterator[tuple[int, list[str]]]) -> Table:
    table = Table(header=header, rows=[], problems=[])
    for line, cells in lines:
        if not any(cell.strip() for cell in cells):
            continue
        if len(table.rows) + len(table.problems) >= MAX_ROWS:
            raise TableProblem("The file has over 200,000 rows. Split it.")
        if _fits(header, cells):
            pairs = zip(header, cells, strict=False)
            values = {name: unguarded(cell.strip()) for name, cell in pairs}
            table.rows.append(Row(line, values))
        else:
            table.problems.append(_ragged(header, line, cells))
            table.ragged[line] = cells
    return table


def _fits(header: list[str], cells: list[str]) -> bool:
    """As many cells as the header has; blank ones past its end do no harm."""
    width = len(header)
    return len(cells) >= width and not any(cell.strip() for cell in cells[width:])


def _ragged(header: list[str], line: int, cells: list[str]) -> RowProblem:
    message = f"This row has {len(cells)} cells; the header has {len(header)}."
    return RowProblem(line, "", "ragged_row", message)


def decode(data: bytes) -> str:
    """UTF-8 with or without mark, UTF-16 with mark, else Windows' cp1252."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        text = _decoded(data, "utf-16")
        if text is None:
            raise TableProblem("The file claims UTF-16 but is not. Save as CSV UTF-8.")
    else:
        text = _decoded(data, "utf-8-sig") or _decoded(data, "cp1252")
    if text is None:
        raise TableProblem("The file's letters cannot be read. Save it as CSV UTF-8.")
    if "\x00" in text:
        raise TableProblem("This is not a text file. Save it as CSV UTF-8 or XLSX.")
    return text


def _decoded(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


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
            if max(map(len, cells), default=0) > MAX_CELL:
                raise csv.Error("field larger than field limit")
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
        _check_parts(data)
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=False)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()  # what the file claims about its size is not believed
        yield from _sheet_lines(sheet)
    except TableProblem:
        raise
    except UNREADABLE as error:
        raise TableProblem(
            "The workbook cannot be read. Open it, save it as XLSX and try again."
        ) from error


def _check_parts(data: bytes) -> None:
    """Refuses a workbook that would fill the memory, before it is unpacked.

    A part never unpacks to more than its declared size: the zip reader stops there.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        parts = packed.infolist()
    too_large = sum(part.file_size for part in parts) > MAX_UNZIPPED
    for part in parts:
        is_sheet = part.filename.startswith("xl/worksheets/")
        too_large |= not is_sheet and part.file_size > MAX_SHARED
        is_bomb = part.file_size > MAX_RATIO * max(part.compress_size, 1)
        too_large |= is_bomb and part.file_size > SMALL_PART
    if too_large:
        raise TableProblem("The workbook is too large when unpacked. Use CSV.")


def _sheet_lines(sheet) -> Iterator[tuple[int, list[str]]]:
    width = 0
    for line, cells in enumerate(sheet.iter_rows(values_only=True), start=1):
        values = [_cell(value) for value in _trim(cells)]
        if len(values) > MAX_COLUMNS:
            raise TableProblem(f"Line {line} has more than {MAX_COLUMNS} columns.")
        if line > MAX_SHEET_LINES:
            raise TableProblem("The sheet is longer than a sheet can be.")
        width = width or len(values)
        yield line, values + [""] * (width - len(values))


def _trim(cells: tuple) -> list:
    """XLSX rows carry empty cells at their end; the header decides the width."""
    values = list(cells)
    while values and values[-1] is None:
        values.pop()
    return values


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        is_day = value.time() == time(0)
        return f"{value:%Y-%m-%d}" if is_day else value.isoformat(timespec="minutes")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    text = getattr(value, "text", value)  # an array formula carries its text
    return str(text).replace("\x00", "")
