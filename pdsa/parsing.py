"""Days and numbers as people type and paste them. The message says how to mend it."""

import re
from datetime import date, timedelta
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation

from qiportal.core.dates import plain, today

EARLIEST = date(1990, 1, 1)
LARGEST = Decimal("999999999999")
STEP = Decimal("0.000001")
EXCEL_FIRST = date(1899, 12, 30)

MONTHS = {
    name: number
    for number, names in enumerate(
        [
            ("jan", "january"),
            ("feb", "february"),
            ("mar", "march"),
            ("apr", "april"),
            ("may",),
            ("jun", "june"),
            ("jul", "july"),
            ("aug", "august"),
            ("sep", "sept", "september"),
            ("oct", "october"),
            ("nov", "november"),
            ("dec", "december"),
        ],
        start=1,
    )
    for name in names
}
ISO = re.compile(r"(\d{4})[-/.](\d{1,2})(?:[-/.](\d{1,2}))?(?:[T ][0-9:.]+Z?)?")
UK = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}|\d{2})(?: [0-9:]{4,8})?")
MONTH_YEAR = re.compile(r"(\d{1,2})[-/.](\d{4})")
WORDS = re.compile(
    r"(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*,? +)?"
    r"(?:(\d{1,2})(?:st|nd|rd|th)?[ \-/]+)?([a-z]{3,9})[ \-/,']+(\d{4}|\d{2})",
    re.IGNORECASE,
)
SERIAL = re.compile(r"\d{5}")
DAY_HELP = "Type the date like 23/11/2026, or Nov 2026 for a month."


class Unreadable(ValueError):
    """A cell that cannot be understood. `code` is for reports, the text for people."""

    def __init__(self, code: str, message: str):
        super().__init__(message)
        self.code = code


def parse_day(text: str) -> date:
    """The day a cell means; a month alone is its first day. Day before month.

    Raises Unreadable: day_missing, day_unreadable, day_future, day_too_early.
    """
    text = text.strip()
    if not text:
        raise Unreadable("day_missing", f"The date is missing. {DAY_HELP}")
    day = read_day(text)
    if day > today():
        raise Unreadable("day_future", f"{plain(day)} lies in the future.")
    if day < EARLIEST:
        raise Unreadable("day_too_early", "The date lies before 1990. Check the year.")
    return day


def read_day(text: str) -> date:
    """The day a text means, whenever it is. Raises Unreadable: day_unreadable."""
    text = text.strip()
    if match := ISO.fullmatch(text):
        year, month, day = match.groups()
        return _day(int(year), int(month), int(day or 1))
    if match := UK.fullmatch(text):
        return _day(_year(match[3]), int(match[2]), int(match[1]))
    if match := MONTH_YEAR.fullmatch(text):
        return _day(int(match[2]), int(match[1]), 1)
    if match := WORDS.fullmatch(text):
        month = MONTHS.get(match[2].lower(), 0)
        return _day(_year(match[3]), month, int(match[1] or 1))
    if SERIAL.fullmatch(text):
        return EXCEL_FIRST + timedelta(days=int(text))
    raise Unreadable("day_unreadable", f"This is not a date. {DAY_HELP}")


def _year(text: str) -> int:
    return int(text) + 2000 if len(text) == 2 else int(text)


def _day(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError as error:
        swapped = month > 12 and day <= 12
        hint = "The day comes first, then the month. " if swapped else ""
        raise Unreadable(
            "day_unreadable", f"There is no such day. {hint}{DAY_HELP}"
        ) from error


def period_start(day: date, frequency: str) -> date:
    """The day that stands for a period: the first of the month or quarter."""
    if frequency == "monthly":
        return day.replace(day=1)
    if frequency == "quarterly":
        return date(day.year, (day.month - 1) // 3 * 3 + 1, 1)
    return day


def parse_number(text: str, *, name: str = "number") -> Decimal:
    """The number a cell means, to six decimals; "1,204", "94.5 %" and "£3" are fine.

    Raises Unreadable: number_missing, number_formula, number_unreadable,
    number_too_large.
    """
    bare = text.strip()
    if not bare:
        raise Unreadable("number_missing", f"The {name} is missing.")
    if bare.startswith("="):
        raise Unreadable("number_formula", "This is a formula. Paste its value.")
    bare = bare.removeprefix("£").removesuffix("%").replace("\u2212", "-")
    bare = re.sub(r"(?<=\d)[, \u00a0\u2009](?=\d{3}\b)", "", bare.strip())
    if not re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,2})?", bare):
        raise Unreadable("number_unreadable", f"The {name} is not a number.")
    try:
        number = Decimal(bare)
    except InvalidOperation as error:
        raise Unreadable("number_unreadable", f"The {name} is not a number.") from error
    if abs(number) > LARGEST:
        raise Unreadable("number_too_large", f"The {name} is too large.")
    return number.quantize(STEP, ROUND_HALF_EVEN)
