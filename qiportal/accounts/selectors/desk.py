"""Reads of the audit log, the job list and the unit tree."""

from datetime import date, timedelta

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from qiportal.accounts.models import AuditEvent, User
from qiportal.accounts.permissions import Perm, has_permission
from qiportal.core.dates import local_midnight
from qiportal.jobs.models import JobRun
from qiportal.organisation.models import Unit, UnitPlacement


def events_for(
    actor: User,
    *,
    actor_part: str = "",
    action: str = "",
    target: str = "",
    since: date | None = None,
    until: date | None = None,
) -> QuerySet[AuditEvent]:
    """Audit events, newest first; none for whoever may not read them.

    `until` is included. Old and new values are left in the database.
    """
    if not has_permission(actor, Perm.AUDIT_READ):
        return AuditEvent.objects.none()
    events = AuditEvent.objects.defer("old", "new").order_by("-id")
    if actor_part:
        events = events.filter(actor__icontains=actor_part)
    if action:
        events = events.filter(type__startswith=action)
    if target:
        events = events.filter(target_id=target)
    if since:
        events = events.filter(at__gte=local_midnight(since))
    if until:
        events = events.filter(at__lt=local_midnight(until + timedelta(days=1)))
    return events


def jobs_for(actor: User, *, state: str = "", kind: str = "") -> QuerySet[JobRun]:
    """Background work, newest first; none for whoever may not start it."""
    if not has_permission(actor, Perm.JOBS_RUN):
        return JobRun.objects.none()
    jobs = JobRun.objects.order_by("-scheduled_for", "-pk")
    if state:
        jobs = jobs.filter(state=state)
    return jobs.filter(kind__icontains=kind.replace(" ", "_")) if kind else jobs


def tree(actor: User, *, with_closed: bool = False) -> QuerySet[Unit]:
    """The unit tree in structure order."""
    units = Unit.objects.visible_to(actor).in_structure_order()
    return units if with_closed else units.filter(closed_on=None)


def unit_or_404(actor: User, unit_id: int) -> Unit:
    units = Unit.objects.visible_to(actor).select_related("parent", "merged_into")
    return get_object_or_404(units, pk=unit_id)


def spells_of(unit: Unit) -> QuerySet[UnitPlacement]:
    """Where a unit stood in the tree, the newest first."""
    return unit.placements.select_related("parent").order_by("-valid_from")


def people_in(unit: Unit) -> int:
    """How many active people have this unit as their team."""
    return User.objects.filter(home_unit=unit, is_active=True).count()
