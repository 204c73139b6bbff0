"""What one person did for improvement, read for themself alone."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q, QuerySet

from pdsa.models import Cycle, Prediction
from projects.models import Project, ProjectMember
from qiportal.accounts.models import AuditEvent, User
from qiportal.core.dates import local_midnight
from qiportal.library.models import MethodVersion
from training.models import Application, Attendance
from training.selectors import own_applications

CAME = (Attendance.Outcome.ATTENDED, Attendance.Outcome.PART)


@dataclass(frozen=True)
class Period:
    """From and to, both included; None is open."""

    first: date | None = None
    last: date | None = None

    def of_days(self, field: str) -> Q:
        """The rows whose day lies in the period."""
        asked = Q()
        if self.first:
            asked &= Q(**{f"{field}__gte": self.first})
        if self.last:
            asked &= Q(**{f"{field}__lte": self.last})
        return asked

    def of_moments(self, field: str) -> Q:
        """The rows whose moment lies on a London day of the period."""
        asked = Q()
        if self.first:
            asked &= Q(**{f"{field}__gte": local_midnight(self.first)})
        if self.last:
            after = local_midnight(self.last + timedelta(days=1))
            asked &= Q(**{f"{field}__lt": after})
        return asked


@dataclass(frozen=True)
class Portfolio:
    """`seen` are the ids of the projects the person may see today."""

    user: User
    roles: list[ProjectMember]
    planned: list[Cycle]
    expected: list[Prediction]
    decided: list[tuple[AuditEvent, Cycle]]
    attended: list[Application]
    written: list[MethodVersion]
    seen: frozenset[int]


def portfolio_read(user: User, period: Period) -> Portfolio:
    """One's own record in a period, in a fixed number of queries."""
    return Portfolio(
        user=user,
        roles=_roles(user, period),
        planned=list(_cycles(user, period.of_moments("plan_started_at"))),
        expected=_expected(user, period),
        decided=_decided(user, period),
        attended=_attended(user, period),
        written=_written(user, period),
        seen=frozenset(Project.objects.visible_to(user).values_list("pk", flat=True)),
    )


def _roles(user: User, period: Period) -> list[ProjectMember]:
    """Parts in projects that overlap the period, oldest first."""
    rows = ProjectMember.objects.filter(user=user, project__deleted_at=None)
    if period.first:
        rows = rows.filter(Q(left_on=None) | Q(left_on__gte=period.first))
    if period.last:
        rows = rows.filter(joined_on__lte=period.last)
    rows = rows.select_related("project__unit")
    return list(rows.order_by("joined_on", "id"))


def _living(user: User) -> QuerySet[Cycle]:
    """Tests in projects the person may see: a test's text is the project's."""
    rows = Cycle.objects.visible_to(user)
    return rows.select_related("ramp__project")


def _cycles(user: User, asked: Q) -> QuerySet[Cycle]:
    rows = _living(user).filter(asked, created_by=user)
    return rows.order_by("plan_started_at", "id")


def _expected(user: User, period: Period) -> list[Prediction]:
    rows = Prediction.objects.filter(
        period.of_moments("first_saved_at"), by=user, cycle__in=_living(user)
    )
    rows = rows.select_related("cycle__ramp__project")
    return list(rows.order_by("first_saved_at", "id"))


def _decided(user: User, period: Period) -> list[tuple[AuditEvent, Cycle]]:
    """Decisions as the audit has them, for tests that still stand decided."""
    events = AuditEvent.objects.filter(
        period.of_moments("at"), actor=user.email, type="cycle.decided"
    )
    newest = {int(event.target_id): event for event in events.order_by("id")}
    cycles = _living(user).filter(pk__in=newest).exclude(decision="")
    found = [(newest[cycle.pk], cycle) for cycle in cycles]
    return sorted(found, key=lambda pair: pair[0].pk)


def _attended(user: User, period: Period) -> list[Application]:
    rows = own_applications(user).filter(
        period.of_moments("session__starts_at"), attendance__outcome__in=CAME
    )
    return list(rows.order_by("session__starts_at", "id"))


def _written(user: User, period: Period) -> list[MethodVersion]:
    """Published versions of library entries the person wrote."""
    rows = MethodVersion.objects.published().filter(
        period.of_moments("published_at"), author=user
    )
    return list(rows.select_related("method").order_by("published_at", "id"))
