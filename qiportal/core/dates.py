"""Local days and months. The database keeps UTC; people live in Europe/London."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from django.utils import timezone

LONDON = ZoneInfo("Europe/London")


def now() -> datetime:
    """The present moment in UTC."""
    return timezone.now()


def local_day(moment: datetime) -> date:
    """The London calendar day of an aware moment."""
    return moment.astimezone(LONDON).date()


def today() -> date:
    """Today's date in London."""
    return local_day(now())


def month_start(day: date) -> date:
    """The first day of a day's month."""
    return day.replace(day=1)


def add_months(day: date, months: int) -> date:
    """The first of the month that lies `months` after (or before) a day's month."""
    index = day.year * 12 + day.month - 1 + months
    return date(index // 12, index % 12 + 1, 1)


def local_midnight(day: date) -> datetime:
    """The moment a London day begins, in UTC."""
    return datetime(day.year, day.month, day.day, tzinfo=LONDON).astimezone(UTC)


def plain(day: date) -> str:
    """A date as people write it: 23 November 2026."""
    return f"{day.day} {day:%B %Y}"


def clock(moment: datetime) -> str:
    """The London time of an aware moment: 10:42."""
    return f"{moment.astimezone(LONDON):%H:%M}"
