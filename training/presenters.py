"""Words and rows for the pages of training."""

from django.utils import timezone

from training.models import Application, Session

Status = Application.Status


def when(session: Session) -> str:
    """Mon 14 December 2026, 09:30 to 12:30, in London time."""
    start = timezone.localtime(session.starts_at)
    end = timezone.localtime(session.ends_at)
    return f"{start:%a} {start.day} {start:%B %Y}, {start:%H:%M} to {end:%H:%M}"


def places_words(session: Session) -> str:
    """How many places are left, in words. Needs the counts of the selector."""
    if session.status == Session.Status.CANCELLED:
        return "Cancelled"
    left = session.places - session.booked
    if session.starts_at <= timezone.now():
        return f"{session.booked} of {session.places} places were booked"
    if left > 0:
        return f"{left} of {session.places} places left"
    waiting = f", {session.waiting} waiting" if session.waiting else ""
    return f"Full{waiting}"


def own_words(application: Application | None) -> str:
    """What an application means for the person who made it."""
    if application is None:
        return ""
    return {
        Status.BOOKED: "You have a place",
        Status.OFFERED: "You have been offered a place",
        Status.WAITLISTED: "You are on the waiting list",
        Status.APPLIED: "You asked for this course; we will tell you about a date",
    }.get(application.status, application.get_status_display())


def session_cards(sessions, mine: dict[int, Application]) -> list[dict]:
    """One card per session for the list page."""
    return [
        {
            "session": session,
            "url": f"/training/sessions/{session.pk}/",
            "when": when(session),
            "places": places_words(session),
            "own": own_words(mine.get(session.pk)),
        }
        for session in sessions
    ]


def figure_rows(figures) -> list[dict]:
    """Counts and ratios of a session with their meaning; no data is said in words."""
    rows = [
        ("Places", figures.places, ""),
        ("Applications", figures.applications, ""),
        ("Demand", _times(figures.demand_ratio), "applications for each place"),
        ("Booked", figures.booked, ""),
        ("On the waiting list", figures.waiting, ""),
        ("Cancelled in time", figures.cancelled_in_time, ""),
        ("Cancelled late", figures.cancelled_late, "(within 7 days of the session)"),
        ("Attended", figures.attended, ""),
        ("Did not attend", figures.did_not_attend, ""),
        ("Attendance", _percent(figures.attendance), "(attended, of all marked)"),
        ("Places used", _percent(figures.utilisation), "(attended, of all places)"),
        ("Completed", figures.completed, ""),
    ]
    return [
        {"key": key, "value": f"{value} {note}".strip()} for key, value, note in rows
    ]


def _percent(share: float | None) -> str:
    return "No data yet" if share is None else f"{share:.1%}"


def _times(ratio: float | None) -> str:
    return "No data yet" if ratio is None else f"{ratio:.2f}"
