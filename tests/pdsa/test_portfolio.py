"""One's own portfolio: only one's own, dated, of a period."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from qiportal.core.dates import now, today
from tests.factories import (
    ApplicationFactory,
    CycleFactory,
    MemberFactory,
    MethodFactory,
    MethodVersionFactory,
    PredictionFactory,
    ProjectFactory,
    RampFactory,
    SessionFactory,
)
from tests.pdsa.test_writeup import dropped
from training.models import Attendance

pytestmark = pytest.mark.django_db

PAGE = "/account/portfolio/"


def attended(person, title="QI foundation", day=None, outcome="attended"):
    starts = day or now() - timedelta(days=30)
    session = SessionFactory(
        course__title=title, starts_at=starts, ends_at=starts + timedelta(hours=3)
    )
    row = ApplicationFactory(applicant=person, session=session, status="booked")
    Attendance.objects.create(
        application=row, outcome=outcome, recorded_by=person, recorded_at=now()
    )


def wrote(person, title="Run chart"):
    method = MethodFactory(title=title, owner=person)
    MethodVersionFactory(
        method=method,
        state="published",
        published_at=now(),
        published_by=person,
        review_due_on=today() + timedelta(days=300),
    )


@pytest.fixture
def full(project, lead):
    """Lena led, planned, decided, trained and wrote."""
    ramp = RampFactory(project=project, title="Bell clip")
    dropped(CycleFactory(ramp=ramp, number=1, created_by=lead), lead)
    attended(lead)
    wrote(lead)
    return project


def rows(client, title, query=""):
    page = client.get(f"{PAGE}{query}")
    tables = {table["title"]: table["rows"] for table in page.context["tables"]}
    return tables[title]


TITLES = [
    *("Projects", "Tests planned", "Expectations written", "Tests decided"),
    *("Training attended", "Library entries written"),
]


def test_everything_of_mine_with_its_day(full, lead, signed_in):
    client = signed_in(lead)
    assert {title: len(rows(client, title)) for title in TITLES} == dict.fromkeys(
        TITLES, 1
    )
    page = client.get(PAGE).content.decode()
    for words in ("Fewer falls", "Bell clip, test 1", "Dropped", "QI foundation"):
        assert words in page
    assert "Run chart" in page
    assert f"{today().day} {today():%B %Y}" in page
    assert "style=" not in page


def test_nothing_of_mine_is_in_anybody_elses(full, stranger, qi_team, signed_in):
    for person in (stranger, qi_team):
        client = signed_in(person)
        assert [len(rows(client, title)) for title in TITLES] == [0] * 6
    assert b"Fewer falls" not in signed_in(stranger).get(PAGE).content


def test_no_address_leads_to_anybody_else(full, lead, qi_team, client):
    """The address holds no person, and asking for one changes nothing."""
    assert reverse("portfolio") == PAGE
    assert client.get(PAGE).status_code == 302
    client.force_login(qi_team)
    for query in (f"?user={lead.pk}", f"?person={lead.email}"):
        page = client.get(f"{PAGE}{query}")
        assert page.context["person"] == qi_team
        assert page.context["is_empty"]
    assert client.get(f"{PAGE}{lead.pk}/").status_code == 404
    assert client.post(PAGE).status_code == 405


def test_the_period_leaves_out_what_lies_outside(full, lead, signed_in):
    client = signed_in(lead)
    attended(lead, "Old course", datetime(2020, 3, 1, 9, tzinfo=UTC))
    assert len(rows(client, "Training attended")) == 2
    found = rows(client, "Training attended", "?since=2020-03-01&until=2020-03-01")
    assert [row[0] for row in found] == ["Old course"]
    assert rows(client, "Tests planned", "?until=2020-12-31") == []
    page = client.get(f"{PAGE}?since=2020-01-01&until=2020-12-31").content.decode()
    assert "1 January 2020 to 31 December 2020" in page


def test_a_part_counts_while_it_lasts(project, lead, signed_in):
    MemberFactory(
        project=ProjectFactory(title="Long gone"),
        user=lead,
        relation="member",
        joined_on=date(2021, 1, 1),
        left_on=date(2021, 6, 30),
    )
    client = signed_in(lead)
    inside, after = "?since=2021-06-30&until=2021-12-31", "?since=2021-07-01"
    assert [r[0]["text"][:9] for r in rows(client, "Projects", inside)] == ["Long gone"]
    assert "Long gone" not in str(rows(client, "Projects", after))


def test_a_period_the_wrong_way_round_says_so(full, lead, signed_in):
    page = signed_in(lead).get(f"{PAGE}?since=2026-02-01&until=2026-01-01")
    assert "The end must not lie before the beginning." in page.content.decode()
    assert "Everything up to" in page.content.decode()


def test_a_project_closed_to_me_keeps_its_title(lead, other_ward, signed_in):
    secret = ProjectFactory(
        title="Secret plan", unit=other_ward, visibility="draft", reference="QI-2026-77"
    )
    ramp = RampFactory(project=secret, title="Secret ramp")
    PredictionFactory(cycle=CycleFactory(ramp=ramp, number=1, created_by=lead))
    MemberFactory(
        project=secret,
        user=lead,
        relation="member",
        joined_on=date(2026, 1, 1),
        left_on=date(2026, 2, 1),
    )
    client = signed_in(lead)
    page = client.get(PAGE).content.decode()
    assert "Secret" not in page
    assert "QI-2026-77" not in page
    assert rows(client, "Projects")[0][0] == "A project that is not open to you now"
    assert rows(client, "Tests planned") == []


def test_who_did_not_come_has_no_training(lead, signed_in):
    attended(lead, outcome="did_not_attend")
    assert rows(signed_in(lead), "Training attended") == []


def test_a_decision_taken_back_is_not_counted(full, lead, signed_in):
    cycle = full.ramps.get().cycles.get()
    cycle.decision, cycle.act_decided_at = "", None
    cycle.save()
    assert rows(signed_in(lead), "Tests decided") == []


def test_it_costs_the_same_at_2_and_20(project, lead, signed_in):
    client = signed_in(lead)

    def more(times, start):
        for n in range(start, start + times):
            ramp = RampFactory(project=project)
            dropped(CycleFactory(ramp=ramp, number=1, created_by=lead), lead)
            attended(lead, f"Course {n}")
            wrote(lead, f"Entry {n}")
            MemberFactory(project=ProjectFactory(), user=lead, relation="member")

    more(2, 0)
    client.get(PAGE)
    with CaptureQueriesContext(connection) as few:
        client.get(PAGE)
    more(18, 2)
    with CaptureQueriesContext(connection) as many:
        client.get(PAGE)
    assert len(many) == len(few)
    assert len(few) <= 16
    assert len(rows(client, "Tests decided")) == 20


def test_my_account_and_my_work_lead_there(project, lead, signed_in):
    client = signed_in(lead)
    for page in ("/account/", "/"):
        assert f'href="{PAGE}"' in client.get(page).content.decode()
