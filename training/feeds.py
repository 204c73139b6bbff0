"""iCalendar files."""

from datetime import UTC

from django.conf import settings
from icalendar import Calendar, Event

from qiportal.core.dates import now
from training.models import Session


def session_calendar(session: Session) -> bytes:
    """One session as an iCalendar file: title, place and times, no people."""
    event = Event()
    event.add("uid", f"training-session-{session.pk}@{settings.PUBLIC_URL}")
    event.add("dtstamp", now())
    event.add("dtstart", session.starts_at.astimezone(UTC))
    event.add("dtend", session.ends_at.astimezone(UTC))
    event.add("summary", session.course.title)
    event.add("location", session.venue)
    event.add("url", f"{settings.PUBLIC_URL}/training/sessions/{session.pk}/")
    calendar = Calendar()
    calendar.add("prodid", "-//QI Portal//training//EN")
    calendar.add("version", "2.0")
    calendar.add_component(event)
    return calendar.to_ical()
