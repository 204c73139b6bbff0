"""Reads about people for the pages of a sysadmin."""

from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404

from qiportal.accounts.models import RoleAssignment, User
from qiportal.core.dates import today
from qiportal.organisation.models import Unit


def people_for(
    actor: User,
    *,
    q: str = "",
    role: str = "",
    unit: Unit | None = None,
    state: str = "",
) -> QuerySet[User]:
    """Accounts by name, narrowed by the filters of the list page."""
    users = User.objects.accounts_for(actor).select_related("home_unit")
    users = _in_state(users, state)
    for word in q.split():
        users = users.filter(Q(full_name__icontains=word) | Q(email__icontains=word))
    if unit:
        users = users.filter(home_unit__path__startswith=unit.path)
    return _with_role(users, role).order_by("full_name", "email")


def _in_state(users: QuerySet[User], state: str) -> QuerySet[User]:
    person, service = Q(kind=User.Kind.PERSON), Q(kind=User.Kind.SERVICE)
    wanted = {
        "": person & Q(is_active=True),
        "left": person & Q(is_active=False),
        "service": service,
        "all": Q(),
    }
    return users.filter(wanted[state])


def _with_role(users: QuerySet[User], role: str) -> QuerySet[User]:
    if not role:
        return users
    held = RoleAssignment.objects.held_on(today())
    if role == "staff":
        return users.exclude(pk__in=held.values("user"))
    return users.filter(pk__in=held.filter(role=role).values("user"))


def roles_by_user(users: list[User]) -> dict[int, list[str]]:
    """user id -> names of the roles held today; one query for a whole page."""
    held = RoleAssignment.objects.held_on(today()).filter(user__in=users)
    found: dict[int, list[str]] = {}
    for assignment in held.order_by("role"):
        found.setdefault(assignment.user_id, []).append(assignment.get_role_display())
    return found


def account_or_404(actor: User, user_id: int) -> User:
    """Any account, for a sysadmin; Http404 for everybody else."""
    users = User.objects.accounts_for(actor)
    return get_object_or_404(
        users.select_related("home_unit", "site", "responsible"), pk=user_id
    )


def assignments_of(user: User) -> QuerySet[RoleAssignment]:
    """Every role the account has held or will hold, the newest first."""
    return user.role_assignments.select_related("granted_by").order_by("-pk")


def assignment_or_404(actor: User, user_id: int, assignment_id: int) -> RoleAssignment:
    user = account_or_404(actor, user_id)
    return get_object_or_404(assignments_of(user), pk=assignment_id)
