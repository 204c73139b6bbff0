"""The trust and the people every test stands on, and how a module shares them.

Most tests get them one by one from the fixtures in conftest. A module that asks the
same of many addresses builds them once: `shared` undoes them at its end, and each
test's own transaction undoes what that test changed.
"""

from contextlib import contextmanager
from types import SimpleNamespace

from django.conf import settings
from django.db import transaction
from django.test import Client

from qiportal.demo.factories import (
    MemberFactory,
    ProjectFactory,
    RoleAssignmentFactory,
    TeamFactory,
    UnitFactory,
    UserFactory,
)


@contextmanager
def shared(blocker):
    """Rows made inside last as long as the block; pytest-django's blocker is given."""
    with blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)


def make_trust():
    return UnitFactory(kind="trust", name="Riverbourne", code="RVB")


def make_ward(trust, division, ward):
    parent = UnitFactory(kind="division", parent=trust, name=division)
    return TeamFactory(parent=parent, name=ward)


def make_project(ward, lead):
    row = ProjectFactory(unit=ward, created_by=lead, reference="QI-2026-0042")
    MemberFactory(project=row, user=lead, relation="lead")
    return row


def with_role(role, unit, name):
    user = UserFactory(full_name=name, home_unit=unit)
    RoleAssignmentFactory(user=user, role=role)
    return user


def make_cast():
    """All of conftest's people and their project, by the names of its fixtures."""
    trust = make_trust()
    ward = make_ward(trust, "Medicine", "Ward 7")
    other_ward = make_ward(trust, "Surgery", "Ward 12")
    lead = UserFactory(full_name="Lena Hart", home_unit=ward)
    return SimpleNamespace(
        ward=ward,
        frontline=UserFactory(full_name="Amina Yusuf", home_unit=ward),
        lead=lead,
        stranger=UserFactory(full_name="Sam Stranger", home_unit=other_ward),
        qi_team=with_role("qi_team", trust, "Ben Okafor"),
        board_member=with_role("board", trust, "Carol Lindqvist"),
        sysadmin=with_role("sysadmin", trust, "Sid Admin"),
        project=make_project(ward, lead),
    )


def session_of(user):
    """A session of this person, as a cookie's value."""
    client = Client()
    client.force_login(user)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def fresh(row):
    """The row as the database has it: no test meets what another cached."""
    return type(row).objects.get(pk=row.pk)
