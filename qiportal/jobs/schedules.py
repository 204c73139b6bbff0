"""When a recurring job is due, on London's clock. Pure: no database, no Django.

A schedule is a crontab in words: {"hour": 2, "minute": 0}. Fields: minute, hour,
day_of_week (0 = Sunday), day_of_month; each a number, "*", "*/5" or "1,15". A missing
field means "every".
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from celery.schedules import crontab

LONDON = ZoneInfo("Europe/London")
LONGEST_GAP_DAYS = 32

Field = int | str


def field_values(field: Field, size: int) -> frozenset[int]:
    """The values below `size` that a crontab field names."""
    found: set[int] = set()
    for part in str(field).split(","):
        base, _, step = part.partition("/")
        if base == "*":
            found.update(range(0, size, int(step or 1)))
        else:
            found.add(int(base))
    return frozenset(value for value in found if value < size)


def runs_on(schedule: Mapping[str, Field], day: date) -> bool:
    """Whether the schedule has moments on that day."""
    weekdays = field_values(schedule.get("day_of_week", "*"), 7)
    days = field_values(schedule.get("day_of_month", "*"), 32)
    return day.isoweekday() % 7 in weekdays and day.day in days


def moments_of(schedule: Mapping[str, Field], day: date) -> list[datetime]:
    """Every moment (UTC, ascending) the schedule names on a London day.

    A wall time that the spring night skips never comes; one that the autumn night
    repeats comes twice.
    """
    if not runs_on(schedule, day):
        return []
    found = set()
    for hour in field_values(schedule.get("hour", "*"), 24):
        for minute in field_values(schedule.get("minute", "*"), 60):
            found |= _utc(datetime.combine(day, time(hour, minute)))
    return sorted(found)


def _utc(wall: datetime) -> set[datetime]:
    both = [wall.replace(tzinfo=LONDON, fold=fold).astimezone(UTC) for fold in (0, 1)]
    return {m for m in both if m.astimezone(LONDON).replace(tzinfo=None) == wall}


def latest_moment(schedule: Mapping[str, Field], at: datetime) -> datetime | None:
    """The last moment the schedule named at or before `at`; None in a month's reach."""
    day = at.astimezone(LONDON).date()
    for back in range(LONGEST_GAP_DAYS):
        past = [m for m in moments_of(schedule, day - timedelta(days=back)) if m <= at]
        if past:
            return past[-1]
    return None


def is_daily(schedule: Mapping[str, Field]) -> bool:
    """At most once a day: such a run is named by its date alone."""
    hours = field_values(schedule.get("hour", "*"), 24)
    minutes = field_values(schedule.get("minute", "*"), 60)
    return len(hours) == 1 and len(minutes) == 1


def key_of(schedule: Mapping[str, Field], moment: datetime) -> str:
    """The name of the run due at `moment`: asking for it twice is one run."""
    if is_daily(schedule):
        return moment.astimezone(LONDON).date().isoformat()
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%MZ")


def beat_schedule(jobs: Mapping[str, Mapping]) -> dict[str, dict]:
    """Celery beat's timetable: at each schedule, look for whatever is due (id 0)."""
    return {
        kind: {
            "task": "jobs.run",
            "schedule": crontab(**job["schedule"]),
            "args": [0],
        }
        for kind, job in jobs.items()
        if "schedule" in job
    }
