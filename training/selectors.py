"""Reads of training: lists, the figures of one session, and leaf rows of the rollup."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.shortcuts import get_object_or_404
from django.utils.timezone import localtime

from qiportal.accounts.models import User
from qiportal.core.dates import now
from training.models import Application, Attendance, Course, Session

Status = Application.Status
CAME = (Attendance.Outcome.ATTENDED, Attendance.Outcome.PART)
REAL = ~Q(status=Status.TRANSFERRED)
LEAF = dict[str, Any]


def _applied(*statuses: str) -> Count:
    return Count(
        "applications", filter=Q(applications__status__in=statuses), distinct=True
    )


def sessions_with_counts(actor: User) -> QuerySet[Session]:
    """Sessions with booked and waiting counts, in one query, soonest first."""
    return (
        Session.objects.visible_to(actor)
        .select_related("course")
        .annotate(
            booked=_applied(Status.BOOKED, Status.OFFERED),
            waiting=_applied(Status.WAITLISTED),
        )
        .order_by("starts_at", "pk")
    )


def upcoming_sessions(actor: User) -> QuerySet[Session]:
    """Planned sessions that have not begun."""
    return sessions_with_counts(actor).filter(
        starts_at__gt=now(), status=Session.Status.PLANNED
    )


def session_or_404(actor: User, session_id: int) -> Session:
    """The session with its counts. Raises Http404 when the actor may not see it."""
    return get_object_or_404(sessions_with_counts(actor), pk=session_id)


def course_or_404(actor: User, course_id: int) -> Course:
    return get_object_or_404(Course.objects.visible_to(actor), pk=course_id)


def open_application(actor: User, session: Session) -> Application | None:
    """The actor's own open application for a session."""
    return session.applications.filter(
        applicant=actor, status__in=Application.OPEN
    ).first()


def own_applications(actor: User) -> QuerySet[Application]:
    """Everything the actor applied for, newest first."""
    return (
        Application.objects.visible_to(actor)
        .filter(applicant=actor)
        .select_related("course", "session", "attendance")
        .order_by("-applied_at")
    )


def own_application_or_404(actor: User, application_id: int) -> Application:
    """An application the actor may cancel: one's own, or any for those who run it."""
    return get_object_or_404(Application.objects.editable_by(actor), pk=application_id)


def register_rows(session: Session) -> QuerySet[Application]:
    """People booked on a session with their attendance, by name."""
    return (
        session.applications.filter(status=Status.BOOKED)
        .select_related("applicant__home_unit", "attendance")
        .order_by("applicant__full_name", "pk")
    )


def waiting_list(session: Session) -> QuerySet[Application]:
    """Who waits for a place, longest first."""
    return (
        session.applications.filter(status=Status.WAITLISTED)
        .select_related("applicant", "unit")
        .order_by("applied_at", "pk")
    )


def filter_sessions(sessions: QuerySet, *, q: str = "", level: str = "") -> QuerySet:
    """Narrows a session list by words of the course title and by level."""
    for word in q.split():
        sessions = sessions.filter(course__title__icontains=word)
    return sessions.filter(course__level=level) if level else sessions


def past_sessions(actor: User) -> QuerySet[Session]:
    """Sessions that have begun or were cancelled, newest first."""
    rows = sessions_with_counts(actor)
    gone = Q(starts_at__lte=now()) | Q(status=Session.Status.CANCELLED)
    return rows.filter(gone).order_by("-starts_at")


def own_open_by_session(actor: User) -> dict[int, Application]:
    """session id -> the actor's open application."""
    rows = Application.objects.filter(
        applicant=actor, status__in=Application.OPEN, session__isnull=False
    )
    return {row.session_id: row for row in rows if row.session_id}


def courses_without_session(actor: User) -> QuerySet[Course]:
    """Active courses with no session to come: people can still say they want them."""
    planned = Session.objects.filter(
        starts_at__gt=now(), status=Session.Status.PLANNED
    ).values("course")
    mine = Application.objects.filter(
        applicant=actor, course=OuterRef("pk"), status__in=Application.OPEN
    )
    return (
        Course.objects.visible_to(actor)
        .filter(is_active=True)
        .exclude(pk__in=planned)
        .annotate(asked=Exists(mine))
        .order_by("title")
    )


def courses_with_demand(actor: User) -> QuerySet[Course]:
    """All courses with people waiting and applications of the last year."""
    waiting = [Status.APPLIED, Status.WAITLISTED]
    year = Q(applications__applied_at__gt=now() - timedelta(days=365))
    return (
        Course.objects.visible_to(actor)
        .annotate(waiting=_applied(*waiting))
        .annotate(applied=Count("applications", filter=year, distinct=True))
        .annotate(runs=Count("sessions", distinct=True))
        .order_by("title")
    )


def course_initial(course: Course) -> dict[str, Any]:
    """Start values of the course form."""
    names = ("title", "level", "hours", "summary", "is_active", "version")
    values = {name: getattr(course, name) for name in names}
    return {**values, "methods": course.methods.all()}


def session_initial(session: Session) -> dict[str, Any]:
    """Start values of the session form, in London time."""
    start, end = localtime(session.starts_at), localtime(session.ends_at)
    return {
        "day": start.date(),
        "begins": start.time(),
        "ends": end.time(),
        "venue": session.venue,
        "places": session.places,
        "version": session.version,
    }


def register_table(session: Session) -> tuple[list[str], list[list[str]]]:
    """Header and rows of the register as a file."""
    rows = [
        [
            row.applicant.full_name,
            row.applicant.email,
            row.applicant.home_unit.name if row.applicant.home_unit else "",
            row.attendance.get_outcome_display() if _marked(row) else "",
        ]
        for row in register_rows(session)
    ]
    return ["name", "email", "unit", "attendance"], rows


def _marked(row: Application) -> bool:
    return hasattr(row, "attendance")


@dataclass(frozen=True)
class SessionFigures:
    """Counts of one session and the ratios of DOMAIN 3.10; None means no data."""

    places: int
    applications: int
    booked: int
    waiting: int
    cancelled_in_time: int
    cancelled_late: int
    attended: int
    did_not_attend: int
    completed: int

    @property
    def demand_ratio(self) -> float | None:
        return _share(self.applications, self.places)

    @property
    def fill_rate(self) -> float | None:
        return _share(self.booked, self.places)

    @property
    def attendance(self) -> float | None:
        return _share(self.attended, self.attended + self.did_not_attend)

    @property
    def utilisation(self) -> float | None:
        return _share(self.attended, self.places)


def _share(part: int, whole: int) -> float | None:
    """A ratio, or None: a zero denominator is no data, not 0 %."""
    return part / whole if whole else None


def session_figures(session: Session) -> SessionFigures:
    """The counts of a session in one query. A person counts once per session."""
    came = Q(attendance__outcome__in=CAME)
    missed = Q(attendance__outcome=Attendance.Outcome.DID_NOT_ATTEND)
    held = session.status != Session.Status.CANCELLED
    counts = session.applications.filter(REAL).aggregate(
        applications=Count("applicant", distinct=True),
        booked=Count("pk", filter=Q(status__in=[Status.BOOKED, Status.OFFERED])),
        waiting=Count("pk", filter=Q(status=Status.WAITLISTED)),
        cancelled_in_time=Count("pk", filter=Q(status=Status.CANCELLED_IN_TIME)),
        cancelled_late=Count("pk", filter=Q(status=Status.CANCELLED_LATE)),
        attended=Count("pk", filter=came),
        did_not_attend=Count("pk", filter=missed),
        completed=Count("pk", filter=Q(attendance__completed=True)),
    )
    if not held:
        counts["did_not_attend"] = 0
    return SessionFigures(places=session.places, **counts)
