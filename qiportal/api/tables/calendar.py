"""dim_date: every day a fact may point at, from 1990 to ten years ahead."""

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

from qiportal.api.columns import date_, flag, key, text, whole
from qiportal.api.tables.base import Table, Viewer
from qiportal.api.tables.lists import Made, MadeRows
from qiportal.core.dates import local_day, local_midnight

FIRST_YEAR = 1990
YEARS_AHEAD = 10
MADE_AT = datetime(2026, 1, 1, tzinfo=UTC)
APRIL = 4


def day_row(day: date) -> dict:
    iso_year, iso_week, weekday = day.isocalendar()
    starts = day.year if day.month >= APRIL else day.year - 1
    month = (day.month - APRIL) % 12 + 1
    return {
        "date_key": day.year * 10000 + day.month * 100 + day.day,
        "date": day,
        "year": day.year,
        "quarter": (day.month - 1) // 3 + 1,
        "month": day.month,
        "month_start": day.replace(day=1),
        "week_start": day - timedelta(days=weekday - 1),
        "iso_year": iso_year,
        "iso_week": iso_week,
        "day_of_week": weekday,
        "is_weekend": weekday > 5,
        "financial_year": f"{starts}/{(starts + 1) % 100:02d}",
        "financial_quarter": (month - 1) // 3 + 1,
        "financial_month": month,
    }


def calendar(viewer: Viewer) -> list[Made]:
    """All days; each new year adds the one that lies ten years ahead."""
    return calendar_of(local_day(viewer.moment).year)


@lru_cache(2)
def calendar_of(this_year: int) -> list[Made]:
    """The days as they stand all through one year; not to be changed."""
    found = []
    for year in range(FIRST_YEAR, this_year + YEARS_AHEAD + 1):
        at = max(MADE_AT, local_midnight(date(year - YEARS_AHEAD, 1, 1)))
        day = date(year, 1, 1)
        while day.year == year:
            found.append(Made(at, day_row(day)))
            day += timedelta(days=1)
    return found


DIM_DATE = Table(
    name="dim_date",
    path="bi/dim_date/",
    meaning="One row per day, with the financial year that begins on 1 April.",
    own=(
        key("date_key", "The day as a number: 20261123."),
        date_("date", "The day."),
        whole("year", "Calendar year."),
        whole("quarter", "Calendar quarter, 1 to 4."),
        whole("month", "Month, 1 to 12."),
        date_("month_start", "First day of the month."),
        date_("week_start", "Monday of the week."),
        whole("iso_year", "Year that the ISO week belongs to."),
        whole("iso_week", "ISO week, 1 to 53."),
        whole("day_of_week", "1 for Monday to 7 for Sunday."),
        flag("is_weekend", "Saturday or Sunday."),
        text("financial_year", "Financial year like 2026/27."),
        whole(
            "financial_quarter", "Quarter of the financial year; 1 is April to June."
        ),
        whole("financial_month", "Month of the financial year; 1 is April."),
    ),
    source=MadeRows(calendar),
)
