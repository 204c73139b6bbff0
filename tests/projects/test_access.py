"""Every address of the register against everybody: 404 hidden, 403 forbidden."""

import pytest
from django.conf import settings
from django.urls import reverse

from projects import urls
from projects.models import Driver, MethodUse, Project, ProjectMember
from projects.services import (
    barrier_raise,
    driver_add,
    idea_add,
    method_attach,
    project_delete,
)
from tests.factories import (
    MemberFactory,
    MethodFactory,
    ProjectFactory,
    UserFactory,
)
from tests.world import fresh, make_cast, session_of, shared

PEOPLE = (
    *("other unit", "same team", "member", "lead", "sponsor", "coach"),
    *("patient partner", "qi_team", "board", "sysadmin"),
)
TEAM = {"member", "lead", "patient partner"}
LEADS = {"lead", "qi_team"}
EVERYBODY = set(PEOPLE)
PARTS = {"member", "lead", "sponsor", "coach", "patient partner"}

# name: (method that matters, who may on a trust-visible project)
RIGHTS = {
    "project_details": ("get", EVERYBODY),
    "project_edit": ("get", LEADS),
    "project_status": ("get", LEADS),
    "project_delete": ("get", {"qi_team"}),
    "project_history": ("get", PARTS | {"qi_team"}),
    "project_people": ("get", EVERYBODY),
    "project_coproduction": ("get", EVERYBODY),
    "coproduction_rate": ("get", TEAM),
    "member_add": ("get", LEADS),
    "member_remove": ("get", LEADS),
    "project_leave": ("get", PARTS),
    "project_join": ("post", {"same team"} | TEAM),
    "handover": ("get", LEADS),
    "handover_withdraw": ("post", LEADS),
    "project_aim": ("get", LEADS),
    "aim_preview": ("post", LEADS),
    "driver_diagram": ("get", EVERYBODY),
    "driver_picture": ("get", EVERYBODY),
    "driver_new": ("get", TEAM),
    "driver_edit": ("get", TEAM),
    "driver_delete": ("post", TEAM | {"qi_team"}),
    "driver_move": ("post", TEAM),
    "driver_place": ("get", TEAM),
    "project_ideas": ("get", EVERYBODY),
    "idea_new": ("get", TEAM),
    "idea_edit": ("get", TEAM),
    "idea_outcome": ("get", TEAM),
    "idea_delete": ("post", TEAM | {"qi_team"}),
    "idea_move": ("post", TEAM),
    "idea_place": ("get", TEAM),
    "project_methods": ("get", EVERYBODY),
    "method_attach": ("get", TEAM),
    "method_detach": ("post", TEAM),
    "project_barriers": ("get", EVERYBODY),
    "barrier_raise": ("get", TEAM),
    "barrier_take": ("post", {"qi_team", "board"}),
    "barrier_resolve": ("get", {"qi_team", "board"}),
}
ELSEWHERE = {"driver_restore", "idea_restore", "project_restore", "handover_answer"}
ROUTED_ABOVE = {"driver_diagram", "driver_picture"}
OWN_404 = {"project_leave"}  # who has no part has nothing to leave


def ids_of(project, lead, people):
    """What the addresses of a project that has one of everything are filled with."""
    driver = driver_add(project=project, text="Bells", by=lead)
    idea = idea_add(project=project, title="Clip", by=lead)
    use = method_attach(project=project, method=MethodFactory(), by=lead)
    barrier = barrier_raise(
        project=project, type="time", text="x", level="unit", by=lead
    )
    sponsor = ProjectMember.objects.get(project=project, relation="sponsor")
    return {
        "coproduction_rate": {"stage": "test"},
        "member_remove": {"member_id": sponsor.pk},
        "driver_move": {"driver_id": driver.pk, "way": "down"},
        "driver_place": {"driver_id": driver.pk},
        "idea_move": {"idea_id": idea.pk, "way": "down"},
        "idea_place": {"idea_id": idea.pk},
        "method_detach": {"use_id": use.pk},
        **dict.fromkeys(["driver_edit", "driver_delete"], {"driver_id": driver.pk}),
        **dict.fromkeys(
            ["idea_edit", "idea_outcome", "idea_delete"], {"idea_id": idea.pk}
        ),
        **dict.fromkeys(
            ["barrier_take", "barrier_resolve"], {"barrier_id": barrier.pk}
        ),
    }


def people_of(cast):
    def made(relation):
        user = UserFactory(home_unit=cast.stranger.home_unit)
        MemberFactory(project=cast.project, user=user, relation=relation)
        return user

    return {
        "other unit": cast.stranger,
        "same team": cast.frontline,
        "member": made("member"),
        "lead": cast.lead,
        "sponsor": made("sponsor"),
        "coach": made("coach"),
        "patient partner": made("patient_partner"),
        "qi_team": cast.qi_team,
        "board": cast.board_member,
        "sysadmin": cast.sysadmin,
    }


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    """One project and everybody's relation to it, for all tests of this module."""
    with shared(django_db_blocker):
        cast = make_cast()
        cast.people = people_of(cast)
        cast.ids = ids_of(cast.project, cast.lead, cast.people)
        cast.sessions = {user.pk: session_of(user) for user in cast.people.values()}
        yield cast


@pytest.fixture
def people(world, db):
    return {who: fresh(user) for who, user in world.people.items()}


@pytest.fixture
def project(world, db):
    return fresh(world.project)


@pytest.fixture
def signed_in(world, client):
    def sign_in(user):
        client.cookies[settings.SESSION_COOKIE_NAME] = world.sessions[user.pk]
        return client

    return sign_in


@pytest.fixture
def address(world):
    """address("driver_edit") of a project that has one of everything."""

    def of(name):
        keys = {"reference": world.project.reference, **world.ids.get(name, {})}
        return reverse(name, kwargs=keys)

    return of


def test_every_address_of_a_project_is_in_this_table():
    names = {pattern.name for pattern in urls.urlpatterns}
    without_project = {
        *("project_list", "project_new", "project_lookalikes", "ideas_dropped"),
        *("projects_deleted", "project_export", "filter_save", "filter_delete"),
    }
    assert names == (set(RIGHTS) - ROUTED_ABOVE) | ELSEWHERE | without_project


@pytest.mark.parametrize("name", RIGHTS)
def test_who_may_on_a_trust_visible_project(name, address, people, signed_in):
    method, allowed = RIGHTS[name]
    forbidden = 404 if name in OWN_404 else 403
    for who in PEOPLE:
        if who in allowed:
            continue
        answer = getattr(signed_in(people[who]), method)(address(name))
        assert answer.status_code == forbidden, (who, name)
    if method == "get":
        for who in allowed:
            answer = signed_in(people[who]).get(address(name))
            assert answer.status_code == 200, (who, name)
    else:
        who = sorted(allowed)[0]
        answer = signed_in(people[who]).post(address(name))
        assert answer.status_code in (200, 302), (who, name)


@pytest.mark.parametrize("name", RIGHTS)
def test_a_draft_is_hidden_from_all_but_its_people(name, address, people, signed_in):
    Project.objects.update(visibility="draft")
    method, _ = RIGHTS[name]
    for who in ("other unit", "same team", "board", "sysadmin"):
        answer = getattr(signed_in(people[who]), method)(address(name))
        assert answer.status_code == 404, (who, name)


@pytest.mark.parametrize("name", RIGHTS)
def test_a_deleted_project_is_gone(name, address, people, project, signed_in):
    project_delete(project=project, by=people["qi_team"])
    method, _ = RIGHTS[name]
    for who in ("lead", "qi_team"):
        answer = getattr(signed_in(people[who]), method)(address(name))
        assert answer.status_code == 404, (who, name)


@pytest.mark.parametrize(
    "name", [*RIGHTS, "project_list", "project_new", "ideas_dropped"]
)
def test_nobody_signed_in_is_sent_to_sign_in(name, address, client, db):
    url = address(name) if name in RIGHTS else reverse(name)
    for method in ("get", "post"):
        answer = getattr(client, method)(url)
        assert answer.status_code == 302
        assert answer.url.startswith("/accounts/login/")


@pytest.mark.parametrize("name", [n for n, (m, _) in RIGHTS.items() if m == "post"])
def test_what_changes_something_is_posted(name, address, people, signed_in):
    _, allowed = RIGHTS[name]
    who = sorted(allowed)[0]
    assert signed_in(people[who]).get(address(name)).status_code == 405


def test_refusals_change_nothing(address, people, signed_in, project):
    before = (
        Project.objects.values().get(),
        list(Driver.objects.values()),
        list(ProjectMember.objects.values()),
        list(MethodUse.objects.values()),
    )
    for name, (_, allowed) in RIGHTS.items():
        for who in ("other unit", "sysadmin"):
            if who not in allowed:
                signed_in(people[who]).post(address(name), {"title": "Mine", "to": "x"})
    after = (
        Project.objects.values().get(),
        list(Driver.objects.values()),
        list(ProjectMember.objects.values()),
        list(MethodUse.objects.values()),
    )
    assert before == after


@pytest.mark.parametrize(
    "name",
    ["driver_edit", "driver_place", "idea_edit", "idea_outcome", "idea_place"],
)
def test_rows_of_another_project_are_not_reached_through_ones_own(
    name, address, people, project, signed_in
):
    own = ProjectFactory(unit=project.unit)
    MemberFactory(project=own, user=people["lead"], relation="lead")
    url = address(name).replace("QI-2026-0042", own.reference)
    assert signed_in(people["lead"]).get(url).status_code == 404


def test_restoring_is_for_the_qi_team_and_the_lead_who_deleted(
    project, people, signed_in
):
    url = reverse("project_restore", args=[project.reference])
    assert signed_in(people["qi_team"]).post(url).status_code == 404
    project_delete(project=project, by=people["qi_team"])
    for who in PEOPLE:
        if who != "qi_team":
            assert signed_in(people[who]).post(url).status_code == 404, who
    assert signed_in(people["qi_team"]).post(url).status_code == 302
    assert Project.objects.get().deleted_at is None
