"""Writes of training: courses, sessions, applications, the waiting list, attendance."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction

from qiportal.accounts.audit import audit_record
from qiportal.accounts.models import Notification, User
from qiportal.core.dates import local_day, month_start, now
from qiportal.core.versions import versioned_save
from training.models import Application, Attendance, Course, Session

Status = Application.Status
IN_TIME = timedelta(days=7)


@transaction.atomic
def course_create(
    *, by: User, submission_id: UUID | None = None, **fields: Any
) -> Course:
    """Creates a course; the same submission gives the course it made before."""
    if submission_id and (
        made := Course.objects.filter(submission_id=submission_id).first()
    ):
        return made
    methods = fields.pop("methods", ())
    course = Course(owner=by, created_by=by, submission_id=submission_id, **fields)
    course.full_clean()
    course.save()
    course.methods.set(methods)
    audit_record(type="course.created", target=course, by=by, new=_course_words(course))
    return course


def _course_words(course: Course) -> dict:
    return {"title": course.title, "level": course.level, "active": course.is_active}


@transaction.atomic
def course_edit(*, course: Course, version: int, by: User, **fields: Any) -> Course:
    """Changes a course. Raises Conflict when somebody else changed it meanwhile."""
    old = _course_words(course)
    methods = fields.pop("methods", None)
    for name, value in fields.items():
        setattr(course, name, value)
    course.full_clean()
    versioned_save(course, expected=version)
    if methods is not None:
        course.methods.set(methods)
    audit_record(
        type="course.edited", target=course, by=by, old=old, new=_course_words(course)
    )
    return course


def _session_words(session: Session) -> dict:
    return {
        "starts_at": session.starts_at,
        "ends_at": session.ends_at,
        "venue": session.venue,
        "places": session.places,
        "status": session.status,
    }


@transaction.atomic
def session_create(
    *,
    course: Course,
    starts_at: datetime,
    ends_at: datetime,
    venue: str,
    places: int,
    by: User,
    submission_id: UUID | None = None,
) -> Session:
    """Plans a run of a course and gives its places to whoever waits for the course."""
    if submission_id and (
        made := Session.objects.filter(submission_id=submission_id).first()
    ):
        return made
    session = Session(
        course=course,
        starts_at=starts_at,
        ends_at=ends_at,
        venue=venue,
        places=places,
        created_by=by,
        submission_id=submission_id,
    )
    session.full_clean()
    session.save()
    _bring_waiters(session)
    waiting_promote(session=session, by=by)
    audit_record(
        type="session.created", target=session, by=by, new=_session_words(session)
    )
    return session


def _bring_waiters(session: Session) -> None:
    """Those who wait for the course, with or without a full session, move here."""
    waiting = Application.objects.filter(
        course=session.course, status__in=[Status.APPLIED, Status.WAITLISTED]
    ).order_by("applied_at", "pk")
    seen: set[int] = set()
    for application in waiting[: session.places]:
        if application.applicant_id not in seen:
            seen.add(application.applicant_id)
            application.session, application.status = session, Status.WAITLISTED
            application.save()


@transaction.atomic
def session_edit(*, session: Session, version: int, by: User, **fields: Any) -> Session:
    """Changes time, venue or places; more places go to the waiting list at once."""
    row = _lock(session)
    old = _session_words(row)
    for name, value in fields.items():
        setattr(row, name, value)
    row.full_clean()
    taken = _taken(row)
    if row.places < taken:
        raise ValidationError({"places": f"{taken} people are booked already."})
    versioned_save(row, expected=version)
    waiting_promote(session=row, by=by)
    audit_record(
        type="session.edited", target=row, by=by, old=old, new=_session_words(row)
    )
    return row


def _lock(session: Session) -> Session:
    """The session row, held until the transaction ends: one place moves once."""
    return Session.objects.select_for_update().get(pk=session.pk)


def _taken(session: Session) -> int:
    return session.applications.filter(
        status__in=[Status.BOOKED, Status.OFFERED]
    ).count()


@transaction.atomic
def application_make(
    *, session: Session, applicant: User, by: User, submission_id: UUID | None = None
) -> Application:
    """Books a place, or joins the waiting list when the session is full.

    Raises ValidationError when it has begun, is cancelled, or the person has no unit.
    """
    row = _lock(session)
    if submission_id and (
        made := Application.objects.filter(submission_id=submission_id).first()
    ):
        return made
    _check_open(row, applicant)
    application = Application(
        applicant=applicant,
        course=row.course,
        session=row,
        unit=applicant.home_unit,
        month=month_start(local_day(now())),
        status=Status.WAITLISTED,
        applied_at=now(),
        created_by=by,
        submission_id=submission_id,
    )
    application.full_clean()
    application.save()
    audit_record(type="application.made", target=application, by=by)
    waiting_promote(session=row, by=by)
    application.refresh_from_db()
    return application


def _check_open(session: Session, applicant: User) -> None:
    if session.status != Session.Status.PLANNED:
        raise ValidationError("This session is not open for applications.")
    if session.starts_at <= now():
        raise ValidationError("This session has already begun.")
    if applicant.home_unit is None:
        raise ValidationError("Choose your ward or team first, on your account page.")


@transaction.atomic
def interest_note(*, course: Course, applicant: User, by: User) -> Application:
    """Notes that somebody wants the course when no session suits; counts as demand."""
    open_rows = course.applications.filter(
        applicant=applicant, status__in=Application.OPEN, session=None
    )
    if made := open_rows.first():
        return made
    if applicant.home_unit is None:
        raise ValidationError("Choose your ward or team first, on your account page.")
    application = Application(
        applicant=applicant,
        course=course,
        unit=applicant.home_unit,
        month=month_start(local_day(now())),
        applied_at=now(),
        created_by=by,
    )
    application.full_clean()
    application.save()
    audit_record(type="application.interest", target=application, by=by)
    return application


@transaction.atomic
def waiting_promote(*, session: Session, by: User) -> list[Application]:
    """Gives free places to those who wait longest. Two callers move one place once."""
    row = _lock(session)
    free = row.places - _taken(row)
    if row.status != Session.Status.PLANNED or free <= 0 or row.starts_at <= now():
        return []
    waiting = row.applications.filter(status=Status.WAITLISTED)
    promoted = list(waiting.order_by("applied_at", "pk")[:free])
    for application in promoted:
        application.status = Status.BOOKED
        application.offered_at = application.offered_at or now()
        application.save()
        audit_record(type="application.booked", target=application, by=by)
        _tell(application, "training.booked", f"You have a place: {row.course.title}")
    return promoted


def _tell(application: Application, kind: str, title: str) -> None:
    Notification.objects.get_or_create(
        user=application.applicant,
        kind=kind,
        key=f"{application.pk}:{application.session_id}",
        defaults={
            "reference": f"/training/sessions/{application.session_id}/",
            "title": title[:200],
        },
    )


@transaction.atomic
def application_cancel(*, application: Application, by: User) -> Application:
    """Gives the place back; within 7 days of the session it counts as a late cancel."""
    session = _lock(application.session) if application.session else None
    application.refresh_from_db()
    if application.status not in Application.OPEN:
        return application
    if session and session.starts_at <= now():
        raise ValidationError("This session has begun; the register tells who came.")
    old = application.status
    late = session and old == Status.BOOKED and session.starts_at - now() < IN_TIME
    application.status = Status.CANCELLED_LATE if late else Status.CANCELLED_IN_TIME
    application.version += 1
    application.save()
    audit_record(
        type="application.cancelled",
        target=application,
        by=by,
        old={"status": old},
        new={"status": application.status},
    )
    if session:
        waiting_promote(session=session, by=by)
    return application


@transaction.atomic
def session_cancel(*, session: Session, by: User) -> Session:
    """Cancels a session. Nobody becomes a non-attender; all wait for the next run."""
    row = _lock(session)
    if row.status == Session.Status.CANCELLED:
        return row
    row.status = Session.Status.CANCELLED
    row.version += 1
    row.save()
    for application in row.applications.filter(status__in=Application.OPEN):
        _wait_on(application, by)
    audit_record(type="session.cancelled", target=row, by=by)
    return row


def _wait_on(application: Application, by: User) -> None:
    """The old row is closed as transferred; a new one waits with the same start."""
    application.status = Status.TRANSFERRED
    application.save()
    Application.objects.create(
        applicant=application.applicant,
        course=application.course,
        unit=application.unit,
        month=application.month,
        status=Status.APPLIED,
        applied_at=application.applied_at,
        created_by=by,
    )
    _tell(application, "training.cancelled", f"Cancelled: {application.course.title}")


@transaction.atomic
def attendance_record(
    *, session: Session, marks: dict[int, tuple[str, bool]], by: User
) -> int:
    """Saves the register: application id -> (outcome, completed). Returns rows saved.

    Raises ValidationError before the session begins, for a cancelled session, and for
    anybody who was not booked.
    """
    row = _lock(session)
    if row.status == Session.Status.CANCELLED:
        raise ValidationError("A cancelled session has no register.")
    if row.starts_at > now():
        raise ValidationError("The register opens when the session begins.")
    booked = {a.pk: a for a in row.applications.filter(status=Status.BOOKED)}
    if strangers := set(marks) - set(booked):
        raise ValidationError(f"{len(strangers)} of these people were not booked.")
    for pk, (outcome, completed) in marks.items():
        _mark(booked[pk], outcome, completed, by)
    if row.status == Session.Status.PLANNED:
        row.status = Session.Status.HELD
        row.save()
    audit_record(
        type="attendance.recorded", target=row, by=by, new={"people": len(marks)}
    )
    return len(marks)


def _mark(application: Application, outcome: str, completed: bool, by: User) -> None:
    mark = Attendance.objects.filter(application=application).first()
    mark = mark or Attendance(application=application)
    mark.outcome, mark.completed = outcome, completed
    mark.recorded_by, mark.recorded_at = by, now()
    mark.full_clean()
    mark.save()
