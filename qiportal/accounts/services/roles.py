"""Giving and ending roles (SECURITY section 1, T16)."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet

from qiportal.accounts.audit import audit_record
from qiportal.accounts.models import Role, RoleAssignment, User
from qiportal.core.dates import today

APART = {
    Role.SYSADMIN: {Role.QI_TEAM, Role.BOARD},
    Role.QI_TEAM: {Role.SYSADMIN},
    Role.BOARD: {Role.SYSADMIN},
}


@transaction.atomic
def role_grant(
    *,
    user: User,
    role: str,
    by: User,
    starts_on: date | None = None,
    ends_on: date | None = None,
) -> RoleAssignment:
    """Gives a role from a day (today) until, but not on, another (open).

    Raises ValidationError for oneself, for an account that cannot sign in, for a role
    held already, and for sysadmin beside qi_team or board, now or at any later time.
    """
    user = User.objects.select_for_update().get(pk=user.pk)
    _check_person(user, by)
    _check_apart(user, Role(role))
    assignment = RoleAssignment(
        user=user,
        role=role,
        granted_by=by,
        starts_on=starts_on or today(),
        ends_on=ends_on,
    )
    assignment.full_clean()
    assignment.save()
    new = {"user": user.email, "role": role, "from": assignment.starts_on}
    audit_record(type="role.granted", target=assignment, by=by, new=new)
    return assignment


def _check_person(user: User, by: User) -> None:
    if user.pk == by.pk:
        raise ValidationError("Nobody may give a role to themselves.")
    if user.is_service or not user.is_active:
        raise ValidationError("Only a person who can sign in may have a role.")


def _check_apart(user: User, role: Role) -> None:
    held = set(_not_over(user).values_list("role", flat=True))
    if role in held:
        raise ValidationError({"role": "This person already has this role."})
    if held & APART[role]:
        raise ValidationError(
            {
                "role": "A system administrator may not also be on the QI team or the "
                "board. Use a second account for one of them."
            }
        )


def _not_over(user: User) -> QuerySet[RoleAssignment]:
    """Roles held today or from a later day."""
    rows = RoleAssignment.objects.filter(user=user)
    return rows.filter(Q(ends_on=None) | Q(ends_on__gt=today()))


@transaction.atomic
def role_end(*, assignment: RoleAssignment, by: User) -> RoleAssignment:
    """Ends a role at once: the person's next request is without it.

    Raises ValidationError for one's own role. Ending it again changes nothing.
    """
    assignment = RoleAssignment.objects.select_for_update().get(pk=assignment.pk)
    if assignment.user_id == by.pk:
        raise ValidationError("Nobody may change their own roles.")
    if not _not_over(assignment.user).filter(pk=assignment.pk).exists():
        return assignment
    _end(assignment)
    old = {"user": assignment.user.email, "role": assignment.role}
    audit_record(type="role.ended", target=assignment, by=by, old=old)
    return assignment


def roles_end_all(*, user: User) -> list[str]:
    """Ends all roles of a leaver, inside the caller's transaction; which they were."""
    rows = list(_not_over(user).select_for_update())
    for assignment in rows:
        _end(assignment)
    return [assignment.role for assignment in rows]


def _end(assignment: RoleAssignment) -> None:
    """One that had not begun ends on its first day, so it is never held."""
    assignment.ends_on = max(today(), assignment.starts_on)
    assignment.save(update_fields=["ends_on"])
