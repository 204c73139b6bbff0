"""Roles and what each may do. Relations to a project live in projects.permissions."""

from enum import StrEnum
from functools import wraps

from django.core.exceptions import PermissionDenied

from qiportal.accounts.models.people import Role, User


class Perm(StrEnum):
    """What a role may do beyond what every member of staff may."""

    LIBRARY_EDIT = "library.edit"
    TRAINING_RUN = "training.run"
    SURVEYS_RUN = "surveys.run"
    COMMENTS_READ = "comments.read"
    IMPORT_DATA = "import.data"
    PROJECTS_CURATE = "projects.curate"
    BOARD_UNITS = "board.units"
    BOARD_ACT = "board.act"
    PEOPLE_MANAGE = "people.manage"
    UNITS_MANAGE = "units.manage"
    JOBS_RUN = "jobs.run"
    AUDIT_READ = "audit.read"
    TOKENS_ISSUE = "tokens.issue"


ROLE_PERMISSIONS: dict[str, frozenset[Perm]] = {
    Role.QI_TEAM: frozenset(
        {
            Perm.LIBRARY_EDIT,
            Perm.TRAINING_RUN,
            Perm.SURVEYS_RUN,
            Perm.COMMENTS_READ,
            Perm.IMPORT_DATA,
            Perm.PROJECTS_CURATE,
            Perm.BOARD_UNITS,
            Perm.BOARD_ACT,
            Perm.UNITS_MANAGE,
            Perm.JOBS_RUN,
        }
    ),
    Role.BOARD: frozenset({Perm.BOARD_UNITS, Perm.BOARD_ACT}),
    Role.SYSADMIN: frozenset(
        {
            Perm.PEOPLE_MANAGE,
            Perm.UNITS_MANAGE,
            Perm.JOBS_RUN,
            Perm.AUDIT_READ,
            Perm.TOKENS_ISSUE,
        }
    ),
}


def roles_of(user: User) -> frozenset[str]:
    """The roles a user holds today, none for nobody and for a deactivated user."""
    if not getattr(user, "is_authenticated", False):
        return frozenset()
    return user.current_roles()


def has_role(user: User, role: str) -> bool:
    """True when the user holds the role today."""
    return role in roles_of(user)


def has_permission(user: User, permission: Perm) -> bool:
    """True when one of the user's roles gives the permission."""
    return any(permission in ROLE_PERMISSIONS[role] for role in roles_of(user))


def require(user: User, permission: Perm) -> None:
    """Raises PermissionDenied (403) unless the user has the permission."""
    if not has_permission(user, permission):
        raise PermissionDenied(f"You need the permission {permission} for this.")


def requires(permission: Perm):
    """Decorator of a view: 403 without the permission, before any 405 or 404.

    Put it outermost, above `require_POST` and its like: who may do nothing here is
    not told what could be done.
    """

    def decorate(view):
        @wraps(view)
        def guarded(request, *args, **kwargs):
            require(request.user, permission)
            return view(request, *args, **kwargs)

        return guarded

    return decorate


def is_privileged(user: User) -> bool:
    """Roles that need a second factor and shorter sessions."""
    return bool(roles_of(user))


def effective_role(user: User) -> str:
    """The role an action is written under in the audit."""
    for role in (Role.SYSADMIN, Role.QI_TEAM, Role.BOARD):
        if has_role(user, role):
            return str(role)
    return "service" if user.is_service else "staff"
