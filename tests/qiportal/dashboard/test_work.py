"""My work: what is mine to do next, a newcomer's first steps, and search."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from pdsa.models import MeasureState, Task
from qiportal.accounts.models import Notification
from qiportal.dashboard.presenters.work import next_due
from tests.factories import (
    ApplicationFactory,
    CycleFactory,
    MeasureFactory,
    MemberFactory,
    MethodFactory,
    MethodVersionFactory,
    ProjectFactory,
    RampFactory,
    SessionFactory,
    UserFactory,
)
from tests.qiportal.dashboard.test_board import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _noon(time_machine):
    time_machine.move_to("2026-11-23T12:00:00Z", tick=False)


def open_page(client, user, path="/"):
    client.force_login(user)
    return client.get(path)


def labels(page):
    return [row["label"] for row in page.context["todo"]]


def cycle(project, **stamps):
    plan = timezone.now() - timedelta(days=5)
    days = iter(range(4, 0, -1))
    stamps = {name: timezone.now() - timedelta(days=next(days)) for name in stamps}
    ramp = RampFactory(project=project, title="Bell check")
    return CycleFactory(ramp=ramp, number=1, plan_started_at=plan, **stamps)


def test_a_newcomer_sees_three_ways_to_begin(client, frontline, project):
    page = open_page(client, frontline)
    actions = {row["label"]: row["url"] for row in page.context["actions"]}
    assert list(actions) == [
        "Start something",
        "See what your team is doing",
        "Learn how",
    ]
    assert actions["Start something"] == "/projects/new/"
    assert actions["See what your team is doing"].startswith("/pdsa/team/")
    assert [row["title"] for row in page.context["joinable"]] == [project.title]
    assert "Nothing yet." in text_of(page)


def test_somebody_without_a_team_is_asked_for_it_first(client):
    page = open_page(client, UserFactory(home_unit=None))
    assert "Which ward or team do you work in?" in text_of(page)
    assert page.context["actions"][1]["url"] == "/account/unit/"


def test_each_stage_says_what_to_do(client, lead, project):
    stamps = ("do_started_at", "do_finished_at", "study_started_at")
    expected = [
        ("Plan and start the test: Bell check, test 1", "not started"),
        ("Say what happened: Bell check, test 1", "test under way"),
        ("Study what came of it: Bell check, test 1", "waiting for study"),
        ("Study what came of it: Bell check, test 1", "waiting for study"),
    ]
    forms = ("", "do/", "study/", "study/")
    for done, wanted in enumerate(expected):
        row = cycle(project, **dict.fromkeys(stamps[:done]))
        todo = open_page(client, lead).context["todo"][0]
        assert (todo["label"], todo["status"]) == wanted
        assert todo["url"] == f"/pdsa/QI-2026-0042/cycles/{row.pk}/{forms[done]}"
        row.ramp.delete()


def test_a_decided_test_is_off_the_list(client, lead, project):
    stamps = (
        *("do_started_at", "do_finished_at", "study_started_at", "study_finished_at"),
    )
    row = cycle(project, **dict.fromkeys(stamps))
    assert labels(open_page(client, lead)) == [
        "Decide: adopt, adapt or drop: Bell check, test 1"
    ]
    type(row).objects.filter(pk=row.pk).update(
        act_decided_at=timezone.now(), decision="adopt"
    )
    assert labels(open_page(client, lead)) == []
    assert "Nothing is due." in text_of(open_page(client, lead))


@pytest.mark.parametrize(
    ("frequency", "last", "due"),
    [
        ("daily", date(2026, 11, 22), date(2026, 11, 23)),
        ("weekly", date(2026, 11, 15), date(2026, 11, 29)),
        ("fortnightly", date(2026, 11, 15), date(2026, 12, 13)),
        ("monthly", date(2026, 10, 1), date(2026, 12, 1)),
        ("quarterly", date(2026, 7, 1), date(2027, 1, 1)),
        ("event", date(2026, 10, 1), None),
        ("monthly", None, date(2026, 11, 23)),
    ],
)
def test_when_the_next_number_is_due(frequency, last, due, project):
    measure = MeasureFactory(project=project, frequency=frequency)
    measure.state = MeasureState(measure=measure, last_at=last)
    assert next_due(measure) == due


def test_numbers_due_are_two_taps_away_the_oldest_first(client, lead, project):
    for name, last in (("Falls", date(2026, 9, 1)), ("Sepsis", date(2026, 11, 1))):
        measure = MeasureFactory(project=project, name=name, frequency="monthly")
        MeasureState.objects.create(measure=measure, n=3, last_at=last)
    first = MeasureFactory(project=project, name="New one", frequency="weekly")
    todo = open_page(client, lead).context["todo"]
    assert [(row["label"], row["status"]) for row in todo] == [
        ("Add a number: Falls", "late by 22 days"),
        ("Add a number: New one", "first number"),
    ]
    assert todo[1]["url"] == f"/pdsa/QI-2026-0042/measures/{first.pk}/points/add/"


def test_tasks_are_mine_alone_and_late_ones_say_so(client, lead, frontline, project):
    for who, what, due in (
        (lead, "Print the chart", date(2026, 11, 21)),
        (lead, "Ask Ward 9", date(2026, 12, 1)),
        (lead, "Any time", None),
        (frontline, "Not mine", None),
    ):
        Task.objects.create(
            project=project, what=what, who=who, due_on=due, created_by=lead
        )
    todo = open_page(client, lead).context["todo"]
    assert [(row["label"], row["status"]) for row in todo] == [
        ("Print the chart", "late by 2 days"),
        ("Ask Ward 9", "by 1 December 2026"),
        ("Any time", "to do"),
    ]


def test_the_big_buttons_go_straight_to_the_only_one_there_is(client, lead, project):
    measure = MeasureFactory(project=project)
    row = cycle(project)
    page = open_page(client, lead)
    assert [action["url"] for action in page.context["actions"]] == [
        f"/pdsa/QI-2026-0042/measures/{measure.pk}/points/add/",
        f"/pdsa/QI-2026-0042/cycles/{row.pk}/do/",
        "/projects/QI-2026-0042/barriers/new/",
    ]
    assert client.get(page.context["actions"][2]["url"]).status_code == 200


def test_with_several_the_buttons_go_to_where_one_chooses(client, lead, project):
    other = ProjectFactory(unit=project.unit)
    MemberFactory(project=other, user=lead)
    MeasureFactory.create_batch(2, project=project)
    cycle(project)
    cycle(other)
    urls = [action["url"] for action in open_page(client, lead).context["actions"]]
    assert urls[0] == f"/pdsa/team/{lead.home_unit.code}/"
    assert urls[1] == f"/pdsa/team/{lead.home_unit.code}/#tests"
    assert urls[2] == "/projects/?mine=on"


def test_bookings_and_news_are_there(client, frontline):
    session = SessionFactory()
    ApplicationFactory(session=session, applicant=frontline, status="booked")
    ApplicationFactory(applicant=frontline, status="declined")
    Notification.objects.create(
        user=frontline, kind="k", key="1", reference="/projects/", title="Lena joined"
    )
    Notification.objects.create(
        user=UserFactory(), kind="k", key="1", reference="/", title="Not for you"
    )
    page = open_page(client, frontline)
    assert [row["label"] for row in page.context["bookings"]] == [str(session.course)]
    assert "Lena joined" in text_of(page)
    assert "Not for you" not in text_of(page)


def test_at_most_six_things_are_named_the_rest_counted(client, lead, project):
    for n in range(6):
        Task.objects.create(
            project=project, what=f"Task {n}", who=lead, created_by=lead
        )
    cycle(project)
    page = open_page(client, lead)
    assert len(page.context["todo"]) == 6
    assert "And 1 more, in your projects." in text_of(page)


def test_a_project_one_may_only_see_gives_no_work(client, stranger, project):
    cycle(project)
    assert labels(open_page(client, stranger)) == []


@pytest.mark.parametrize("rows", [2, 20])
def test_the_page_asks_the_same_however_much_there_is(
    rows, client, lead, project, django_assert_num_queries
):
    for _ in range(rows):
        mine = ProjectFactory(unit=project.unit)
        MemberFactory(project=mine, user=lead)
        cycle(mine)
        MeasureFactory(project=mine)
        Task.objects.create(project=mine, what="Do it", who=lead, created_by=lead)
        ApplicationFactory(applicant=lead, status="booked")
    client.force_login(lead)
    client.get("/")
    with django_assert_num_queries(10):
        client.get("/")


def test_search_asks_projects_and_the_library(client, frontline, project):
    ProjectFactory(title="Zebra crossing", visibility="draft")
    method = MethodFactory(title="Ward walk")
    version = MethodVersionFactory(
        method=method,
        state="published",
        published_at=timezone.now(),
        published_by=method.owner,
        review_due_on=date(2027, 1, 1),
    )
    type(method).objects.filter(pk=method.pk).update(current_version=version)
    page = open_page(client, frontline, "/search/?q=ward")
    assert [row.reference for row in page.context["projects"]] == ["QI-2026-0042"]
    assert [row.title for row in page.context["methods"]] == ["Ward walk"]
    nothing = open_page(client, frontline, "/search/?q=zebra")
    assert "No project holds all of these words." in text_of(nothing)
    assert "No library page holds all of these words." in text_of(nothing)
    empty = open_page(client, frontline, "/search/")
    assert "No project" not in text_of(empty)


def test_more_than_ten_projects_lead_to_the_list(client, frontline, ward):
    ProjectFactory.create_batch(11, unit=ward, title="Fewer falls")
    page = open_page(client, frontline, "/search/?q=falls")
    assert len(page.context["projects"]) == 10
    assert "/projects/?q=falls" in text_of(page)


def test_both_pages_ask_a_stranger_to_sign_in(client, db):
    assert client.get("/").status_code == 302
    assert client.get("/search/?q=a").status_code == 302
