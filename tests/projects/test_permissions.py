"""Standing: one row per column of the matrix."""

import pytest

from projects.models import Project
from projects.permissions import can_lead, can_restore, can_write, may_join, standing_of
from qiportal.core.dates import now
from tests.factories import MemberFactory, UnitFactory, UserFactory


@pytest.fixture
def people(project, ward, lead, frontline, stranger, qi_team, board_member, sysadmin):
    def made(name, relation):
        user = UserFactory(full_name=name, home_unit=stranger.home_unit)
        MemberFactory(project=project, user=user, relation=relation)
        return user

    return {
        "other unit": stranger,
        "same team": frontline,
        "member": made("Mo", "member"),
        "lead": lead,
        "sponsor": made("Sue", "sponsor"),
        "coach": made("Cai", "coach"),
        "patient partner": made("Pat", "patient_partner"),
        "qi_team": qi_team,
        "board": board_member,
        "sysadmin": sysadmin,
    }


@pytest.mark.parametrize(
    ("right", "expected"),
    [
        ("can_write", {"member", "lead", "patient partner"}),
        ("can_lead", {"lead", "qi_team"}),
        ("may_join", {"same team"}),
        ("can_delete_rows", {"member", "lead", "patient partner", "qi_team"}),
        ("can_delete_project", {"qi_team"}),
        (
            "sees_history",
            {"member", "lead", "sponsor", "coach", "patient partner", "qi_team"},
        ),
        (
            "sees_people",
            {
                *("other unit", "same team", "member", "lead", "sponsor", "coach"),
                *("qi_team", "board", "sysadmin"),
            },
        ),
        (
            "sees_dropped_names",
            {"member", "lead", "sponsor", "coach", "patient partner"},
        ),
    ],
)
def test_rights_on_a_trust_visible_project(project, people, right, expected):
    holders = {
        name
        for name, user in people.items()
        if getattr(standing_of(user, project), right)
    }
    assert holders == expected


def test_the_short_questions_agree(project, people):
    for user in people.values():
        stands = standing_of(user, project)
        assert can_write(user, project) is stands.can_write
        assert can_lead(user, project) is stands.can_lead
        assert may_join(user, project) is stands.may_join


def test_the_lead_may_delete_a_draft(project, people):
    Project.objects.update(visibility="draft")
    project.refresh_from_db()
    deleters = {
        name
        for name, user in people.items()
        if standing_of(user, project).can_delete_project
    }
    assert deleters == {"lead", "qi_team"}
    assert not any(may_join(user, project) for user in people.values())


def test_rights_end_with_the_membership(project, frontline):
    row = MemberFactory(project=project, user=frontline)
    assert can_write(frontline, project)
    row.left_on = row.joined_on
    row.save()
    assert not can_write(frontline, project)


def test_the_team_is_the_unit_and_what_lies_beneath(project, ward, trust):
    bay = UnitFactory(kind="team", parent=ward.parent, name="Bay")
    inside = UserFactory(home_unit=ward)
    above = UserFactory(home_unit=trust)
    beside = UserFactory(home_unit=bay)
    nowhere = UserFactory(home_unit=None)
    assert [may_join(u, project) for u in (inside, above, beside, nowhere)] == [
        True,
        False,
        False,
        False,
    ]


def test_restoring_is_for_the_qi_team_and_the_lead_who_deleted(project, people):
    assert not can_restore(people["qi_team"], project)
    project.deleted_at, project.deleted_by = now(), people["lead"]
    project.save()
    restorers = {name for name, user in people.items() if can_restore(user, project)}
    assert restorers == {"lead", "qi_team"}
