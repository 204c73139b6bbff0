"""Cells of survey files: suppressed markers, percentages, counts, months."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal, InvalidOperation

SUPPRESSED = {"*", "-", "<10", "<11", "< 10", "< 11", "na", "n/a", ""}


class BadCell(Exception):
    """A cell that cannot be used: column, code and the remedy."""

    def __init__(self, column: str, code: str, message: str):
        super().__init__(message)
        self.column, self.code, self.message = column, code, message


def is_suppressed(cell: str) -> bool:
    """True for the markers by which publishers hide a small number."""
    return cell.strip().lower() in SUPPRESSED


def count(cell: str, column: str) -> int:
    """A whole number from 0. Raises BadCell."""
    text = cell.strip().replace(",", "")
    if text.endswith(".0"):
        text = text[:-2]
    if not text.isdecimal():
        raise BadCell(column, "bad_count", "Give a whole number, or * if hidden.")
    return int(text)


def number(cell: str, column: str) -> Decimal:
    """A finite decimal number; a per-cent sign is allowed. Raises BadCell."""
    try:
        value = Decimal(cell.strip().removesuffix("%").replace(",", ""))
    except InvalidOperation as error:
        message = "Give a number, or * if hidden."
        raise BadCell(column, "bad_number", message) from error
    if not value.is_finite():
        raise BadCell(column, "bad_number", "Give a number, or * if hidden.")
    return value


def percentage(cell: str, column: str) -> Decimal:
    """A percentage on the 0-100 scale. Raises BadCell."""
    value = number(cell, column)
    if not 0 <= value <= 100:
        message = "Give a percentage from 0 to 100."
        raise BadCell(column, "out_of_range", message)
    return value


def looks_like_fractions(values: Iterable[Decimal]) -> bool:
    """True when every share lies in 0..1: the file then holds fractions, not per cent.

    Raises BadCell when fractions and percentages are mixed: some lie strictly between
    0 and 1 while others exceed 1.5 and the small ones are the majority.
    """
    shares = [value for value in values if value not in (0, 1)]
    small = sum(value < 1 for value in shares)
    if shares and small == len(shares):
        return True
    if small > len(shares) / 2:
        raise BadCell(
            "",
            "mixed_scale",
            "Some shares look like fractions (0 to 1) and others like percentages "
            "(0 to 100). Use one scale in the whole file.",
        )
    return False


def month(text: str, column: str) -> date:
    """The first of a month written 2026-11 or 2026-11-23. Raises BadCell."""
    try:
        year, mon = text.strip().split("-")[:2]
        return date(int(year), int(mon), 1)
    except ValueError as error:
        raise BadCell(column, "bad_month", "Write the month as 2026-11.") from error
