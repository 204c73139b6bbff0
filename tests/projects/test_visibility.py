"""Who sees which project (SECURITY section 1)."""

import pytest

from projects.models import Project
from tests.factories import MemberFactory, ProjectFactory


@pytest.mark.parametrize(
    ("visibility", "expected"),
    [
        ("trust", {"frontline", "lead", "stranger", "qi_team", "board", "sysadmin"}),
        ("team", {"frontline", "lead", "qi_team"}),
        ("draft", {"lead", "qi_team"}),
    ],
)
def test_who_sees_a_project(
    visibility,
    expected,
    project,
    frontline,
    lead,
    stranger,
    qi_team,
    board_member,
    sysadmin,
):
    Project.objects.update(visibility=visibility)
    people = {
        "frontline": frontline,
        "lead": lead,
        "stranger": stranger,
        "qi_team": qi_team,
        "board": board_member,
        "sysadmin": sysadmin,
    }
    seen = {
        name
        for name, user in people.items()
        if Project.objects.visible_to(user).count()
    }
    assert seen == expected


def test_only_members_may_write(project, frontline, lead, qi_team):
    MemberFactory(project=project, user=frontline)
    writers = [
        user
        for user in (frontline, lead, qi_team)
        if Project.objects.editable_by(user).exists()
    ]
    assert writers == [frontline, lead]


def test_a_sponsor_sees_but_does_not_write(project, stranger):
    Project.objects.update(visibility="draft")
    MemberFactory(project=project, user=stranger, relation="sponsor")
    assert Project.objects.visible_to(stranger).count() == 1
    assert not Project.objects.editable_by(stranger).exists()


def test_deleted_projects_are_gone_for_everybody(project, qi_team):
    Project.objects.update(deleted_at=project.last_activity_at, deleted_by=qi_team)
    assert not Project.objects.visible_to(qi_team).exists()


def test_two_projects_of_two_wards(project, stranger, other_ward):
    ProjectFactory(unit=other_ward, visibility="team")
    assert Project.objects.visible_to(stranger).count() == 2
