"""How old the published figures are, in words."""

from datetime import datetime, time, timedelta

from qiportal.core.dates import LONDON, now

LATE = timedelta(hours=26)
STALE = timedelta(hours=50)
REFRESH = time(2, 0)


def freshness(published_at: datetime) -> str:
    """ "fresh", "late" after 26 hours, "stale" after 50."""
    age = now() - published_at
    return "stale" if age > STALE else "late" if age > LATE else "fresh"


def next_refresh(published_at: datetime) -> datetime:
    """The next 02:00 in London after the figures were published."""
    local = published_at.astimezone(LONDON)
    night = datetime.combine(local.date(), REFRESH, tzinfo=LONDON)
    if night <= local:
        night = datetime.combine(local.date() + timedelta(days=1), REFRESH, LONDON)
    return night


WARNINGS = {
    "late": "These figures are late: last night's calculation has not finished. They "
    "are right for the time given.",
    "stale": "These figures are stale: no calculation has finished for two nights. Do "
    "not read them as today's. The people who run the portal have been warned.",
}


def warning(published_at: datetime) -> str:
    """What the page says of old figures; nothing while they are fresh."""
    return WARNINGS.get(freshness(published_at), "")
