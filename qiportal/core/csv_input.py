"""Reading CSV files that people hand to a command."""

import csv
import io
from collections.abc import Iterator, Sequence
from pathlib import Path

_DELIMITERS = ",;\t|"
_MAX_CELL = 10_000_000


class CsvProblem(ValueError):
    """The file cannot be used; the message is fit to show, without cell text."""


def _decoded(raw: bytes) -> str:
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace")


def _delimiter(header: str) -> str:
    return max(_DELIMITERS, key=header.count)


def csv_rows(path: str | Path, columns: Sequence[str]) -> Iterator[dict[str, str]]:
    """Data rows of a CSV file in order, as dicts; a missing cell reads ''.

    UTF-8 with or without a mark, else cp1252; comma, semicolon, tab or bar. Raises
    CsvProblem when the file cannot be read or lacks one of `columns`.
    """
    try:
        text = _decoded(Path(path).read_bytes())
    except OSError as error:
        raise CsvProblem(f"Cannot read the file: {error.strerror}.") from error
    csv.field_size_limit(_MAX_CELL)
    header = text.partition("\n")[0]
    lines = io.StringIO(text, newline="")
    reader = csv.DictReader(lines, delimiter=_delimiter(header), restval="")
    missing = [c for c in columns if c not in (reader.fieldnames or [])]
    if missing:
        raise CsvProblem(f"The file has no column {', '.join(missing)}.")
    try:
        yield from reader
    except csv.Error as error:
        raise CsvProblem(
            f"Line {reader.line_num + 1} cannot be read: {error}."
        ) from error
