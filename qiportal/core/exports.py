"""CSV and XLSX files for people to open: no cell can act as a formula (SECURITY T9).

Text that a spreadsheet could take for a formula gets an apostrophe in front; numbers
stay numbers. The BI feed has its own writer and does not escape.
"""

import csv
import io
import math
import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from django.utils.http import content_disposition_header
from openpyxl import Workbook

from qiportal.core.dates import LONDON
from qiportal.core.formulas import guarded

XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
NOT_IN_A_CELL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
MAX_CELL = 32_767


def safe_text(text: str) -> str:
    """Text that stays text in a spreadsheet, without characters a cell cannot hold."""
    return guarded(NOT_IN_A_CELL.sub("", text))


def cell(value: Any) -> str | int | float | Decimal | date | datetime | None:
    """A value as it may stand in a file: numbers and days typed, all else safe text."""
    if value is None or isinstance(value, Decimal | float) and not math.isfinite(value):
        return None
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.astimezone(LONDON).replace(tzinfo=None, microsecond=0)
    if isinstance(value, int | float | Decimal | date):
        return value
    return safe_text(str(value))


def csv_text(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """A table as CSV text with CRLF line ends; None is an empty cell."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([safe_text(name) for name in header])
    writer.writerows([cell(value) for value in row] for row in rows)
    return out.getvalue()


def csv_response(
    file_name: str, header: Sequence[str], rows: Iterable[Sequence[Any]]
) -> HttpResponse:
    """A CSV download. It begins with a byte-order mark, so Excel reads it as UTF-8."""
    body = csv_text(header, rows).encode("utf-8-sig")
    return _attachment(file_name, body, "text/csv; charset=utf-8")


def xlsx_response(
    file_name: str,
    header: Sequence[str],
    rows: Iterable[Sequence[Any]],
    *,
    sheet: str = "Rows",
) -> HttpResponse:
    """An XLSX download with typed cells; over-long text is cut at a cell's limit."""
    book = Workbook(write_only=True)
    page = book.create_sheet(re.sub(r"[\[\]:*?/\\]", " ", sheet)[:31])
    page.freeze_panes = "A2"
    page.append([safe_text(name) for name in header])
    for row in rows:
        values = (cell(value) for value in row)
        page.append([v[:MAX_CELL] if isinstance(v, str) else v for v in values])
    out = io.BytesIO()
    book.save(out)
    return _attachment(file_name, out.getvalue(), XLSX_TYPE)


def _attachment(file_name: str, body: bytes, content_type: str) -> HttpResponse:
    response = HttpResponse(body, content_type=content_type)
    disposition = content_disposition_header(True, file_name)
    response["Content-Disposition"] = disposition
    response["Cache-Control"] = "no-store"
    return response
