"""Bookings from another system: one row, one application.

Columns: course, level, starts, ends, venue, places, email, unit_code, applied_on,
offered_on, status, outcome. A course or session that is not there yet is made; the
same person on the same session is updated, never doubled.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone

from qiportal.accounts.imports import Checked, ImportReport, Written, import_run
from qiportal.accounts.models import ImportBatch, User
from qiportal.core.dates import month_start, now
from qiportal.core.tables import Row, RowProblem, Table
from qiportal.organisation.models import Unit
from training.models import Application, Attendance, Course, Session

REQUIRED = ("course", "starts", "email", "applied_on", "status")
OPTIONAL = ("level", "ends", "venue", "places", "unit_code", "offered_on", "outcome")


@dataclass(frozen=True)
class Booking:
    course: str
    level: str
    starts_at: datetime
    ends_at: datetime
    venue: str
    places: int
    applicant: User
    unit: Unit
    applied_at: datetime
    offered_at: datetime | None
    status: str
    outcome: str


class BadCell(Exception):
    def __init__(self, column: str, code: str, message: str):
        self.problem = (column, code, message)


def import_training(
    *, file_name: str, data: bytes, by: User, dry_run: bool, options: dict[str, Any]
) -> ImportReport:
    """Reads, checks and writes a bookings file; nothing is written if a row is bad."""
    return import_run(
        kind="training",
        file_name=file_name,
        data=data,
        by=by,
        dry_run=dry_run,
        required=REQUIRED,
        optional=OPTIONAL,
        check=_check,
        write=_write,
    )


def _check(table: Table) -> Checked:
    people = {user.email: user for user in User.objects.select_related("home_unit")}
    units = {unit.code: unit for unit in Unit.objects.all()}
    ready: list[Booking] = []
    problems: list[RowProblem] = []
    seen: dict[tuple, int] = {}
    for row in table.rows:
        try:
            booking = _booking(row, people, units)
            _once(booking, row, seen)
        except BadCell as bad:
            problems.append(RowProblem(row.line, *bad.problem))
        else:
            ready.append(booking)
    return Checked(ready=ready, problems=problems)


def _once(booking: Booking, row: Row, seen: dict[tuple, int]) -> None:
    key = (booking.course.lower(), booking.starts_at, booking.applicant.pk)
    if key in seen:
        raise BadCell(
            "email",
            "duplicate_row",
            f"The same person and session stand on line {seen[key]} too. Keep one.",
        )
    seen[key] = row.line


def _booking(row: Row, people: dict[str, User], units: dict[str, Unit]) -> Booking:
    cells = {name: row.cells.get(name, "") for name in (*REQUIRED, *OPTIONAL)}
    applicant = people.get(cells["email"].lower())
    if applicant is None:
        raise BadCell("email", "unknown_person", "Nobody here has this address.")
    starts = _moment(cells["starts"], "starts")
    ends = _moment(cells["ends"], "ends") if cells["ends"] else starts
    applied = _day(cells["applied_on"], "applied_on")
    offered = _day(cells["offered_on"], "offered_on") if cells["offered_on"] else None
    if offered and offered < applied:
        raise BadCell(
            "offered_on", "offered_before_applied", "The offer lies before applied_on."
        )
    return Booking(
        course=_course(cells["course"]),
        level=_choice(cells["level"] or "foundation", "level", Course.Level),
        starts_at=starts,
        ends_at=ends if ends > starts else starts + timedelta(hours=3),
        venue=cells["venue"][:120] or "Not given",
        places=_places(cells["places"]),
        applicant=applicant,
        unit=_unit(cells["unit_code"], applicant, units),
        applied_at=_noon(applied),
        offered_at=_noon(offered) if offered else None,
        status=_choice(cells["status"], "status", Application.Status),
        outcome=_outcome(cells["outcome"], cells["status"]),
    )


def _course(title: str) -> str:
    if not title or len(title) > 120:
        raise BadCell("course", "bad_title", "Give a course title of 1 to 120 letters.")
    return title


def _unit(code: str, applicant: User, units: dict[str, Unit]) -> Unit:
    unit = units.get(code) if code else applicant.home_unit
    if unit is None:
        raise BadCell("unit_code", "unknown_unit", "No unit has this code.")
    return unit


def _places(cell: str) -> int:
    if not cell:
        return 20
    if not cell.isdecimal() or not 0 < int(cell) <= 2000:
        raise BadCell("places", "bad_number", "Give a whole number from 1 to 2000.")
    return int(cell)


def _choice(cell: str, column: str, choices: Any) -> str:
    value = cell.strip().lower().replace(" ", "_")
    if value not in choices.values:
        known = ", ".join(choices.values)
        raise BadCell(column, "unknown_code", f"Use one of: {known}.")
    return value


def _outcome(cell: str, status: str) -> str:
    if not cell:
        return ""
    if status.strip().lower() != "booked":
        raise BadCell(
            "outcome", "outcome_without_booking", "Only booked people have an outcome."
        )
    return _choice(cell, "outcome", Attendance.Outcome)


def _day(cell: str, column: str) -> date:
    for pattern in ("%Y-%m-%d", "%d/%m/%Y"):
        try:
            return datetime.strptime(cell, pattern).date()
        except ValueError:
            continue
    raise BadCell(column, "bad_date", "Write the date as 2026-11-23 or 23/11/2026.")


def _moment(cell: str, column: str) -> datetime:
    day, _, clock = cell.replace("T", " ").partition(" ")
    found = _day(day, column)
    try:
        at = time.fromisoformat(clock) if clock else time(9, 0)
    except ValueError as error:
        raise BadCell(column, "bad_time", "Write the time as 09:30.") from error
    return datetime.combine(found, at, tzinfo=timezone.get_default_timezone())


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(12), tzinfo=timezone.get_default_timezone())


def _write(rows: list[Booking], batch: ImportBatch) -> Written:
    """Courses and sessions first, then applications and attendance."""
    created = changed = unchanged = 0
    for row in rows:
        session = _session(row, batch.by)
        application = Application.objects.filter(
            session=session, applicant=row.applicant
        ).first()
        fresh = application is None
        application = application or Application(
            session=session, applicant=row.applicant, course=session.course
        )
        before = (application.status, application.offered_at, _mark_of(application))
        _fill(application, row, batch.by)
        if fresh:
            created += 1
        elif before == (application.status, application.offered_at, row.outcome):
            unchanged += 1
        else:
            changed += 1
    return Written(created=created, changed=changed, unchanged=unchanged)


def _mark_of(application: Application) -> str:
    mark = getattr(application, "attendance", None) if application.pk else None
    return mark.outcome if mark else ""


def _session(row: Booking, by: User) -> Session:
    course, _ = Course.objects.get_or_create(
        title=row.course, defaults={"level": row.level, "owner": by, "created_by": by}
    )
    begun = row.starts_at < now()
    session, _ = Session.objects.get_or_create(
        course=course,
        starts_at=row.starts_at,
        defaults={
            "ends_at": row.ends_at,
            "venue": row.venue,
            "places": row.places,
            "status": Session.Status.HELD if begun else Session.Status.PLANNED,
            "created_by": by,
        },
    )
    return session


def _fill(application: Application, row: Booking, by: User) -> None:
    application.unit = row.unit
    application.applied_at = row.applied_at
    application.month = month_start(timezone.localtime(row.applied_at).date())
    application.offered_at, application.status = row.offered_at, row.status
    if application.pk is None:
        application.created_by = by
    application.save()
    if row.outcome:
        Attendance.objects.update_or_create(
            application=application,
            defaults={
                "outcome": row.outcome,
                "completed": row.outcome == Attendance.Outcome.ATTENDED,
                "recorded_by": by,
                "recorded_at": now(),
            },
        )
