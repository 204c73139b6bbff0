"""The three formats: JSON pages, and CSV and NDJSON streams of whole tables.

CSV has a header row, no byte-order mark, CRLF, quotes only where needed, an empty cell
for null, and true or false. Nothing is escaped against spreadsheets: this is for
programs.
"""

import csv
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from typing import Any

from rest_framework.request import Request

from qiportal.api.problems import ApiProblem
from qiportal.core.json import json_dumps

JSON, CSV, NDJSON = "application/json", "text/csv", "application/x-ndjson"
SUFFIXES = {"csv": CSV, "ndjson": NDJSON}
BLOCK = 500
Lines = Generator[str, None, None]


def wanted_format(
    request: Request, offered: Sequence[str] = (JSON, CSV, NDJSON)
) -> str:
    """The best offered format of the Accept header; the first for "anything".

    Raises ApiProblem not-acceptable.
    """
    accept = request.headers.get("Accept", "*/*")
    choices = sorted(_choices(accept), key=lambda choice: -choice[1])
    for pattern, quality in choices:
        for media_type in offered:
            if quality > 0 and _fits(pattern, media_type):
                return media_type
    raise ApiProblem("not-acceptable", f"Offered here: {', '.join(offered)}.")


def _choices(accept: str) -> Iterator[tuple[str, float]]:
    for part in accept.split(","):
        pattern, *details = (piece.strip().lower() for piece in part.split(";"))
        quality = 1.0
        for detail in details:
            if detail.startswith("q="):
                quality = _quality(detail[2:])
        yield pattern, quality


def _quality(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0


def _fits(pattern: str, media_type: str) -> bool:
    kind = media_type.split("/")[0]
    return pattern in ("*/*", "*", f"{kind}/*", media_type)


class _Echo:
    """A file that hands back what is written to it."""

    def write(self, text: str) -> str:
        return text


def csv_lines(names: Sequence[str], rows: Iterable[dict[str, Any]]) -> Lines:
    write = csv.writer(_Echo()).writerow
    yield write(names)
    for row in rows:
        values = [row[name] for name in names]
        yield write(
            ["true" if v is True else "false" if v is False else v for v in values]
        )


def ndjson_lines(names: Sequence[str], rows: Iterable[dict[str, Any]]) -> Lines:
    for row in rows:
        yield json_dumps({name: row[name] for name in names}) + "\n"


LINES: dict[str, Callable[..., Lines]] = {CSV: csv_lines, NDJSON: ndjson_lines}


def blocks(lines: Iterable[str]) -> Generator[bytes, None, None]:
    """Lines in blocks worth sending."""
    block: list[str] = []
    for line in lines:
        block.append(line)
        if len(block) >= BLOCK:
            yield "".join(block).encode()
            block = []
    if block:
        yield "".join(block).encode()
