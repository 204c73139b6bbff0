"""The audit log, the job list and the token pages."""

import csv
import io
import re
from datetime import UTC, datetime

import pytest
import time_machine

from qiportal.accounts.audit import audit_record
from qiportal.accounts.models import ApiToken, AuditEvent
from qiportal.accounts.tokens import token_authenticate, token_issue
from qiportal.jobs.models import JobRun

pytestmark = pytest.mark.django_db
LOG = "/account/audit/"


def record(by, type="user.edited", day=20, **new):
    with time_machine.travel(datetime(2026, 11, day, 12, tzinfo=UTC), tick=False):
        return audit_record(type=type, target=by, by=by, new=new)


# --- audit log ----------------------------------------------------------------------


def test_the_log_says_who_when_what_and_hides_the_values(signed_in, sysadmin, lead):
    record(lead, "aim.changed", statement="a very secret aim")
    page = signed_in(sysadmin).get(LOG)
    assert page.context["table"]["rows"][0] == [
        "20 November 2026, 12:00",
        lead.email,
        "staff",
        "aim: changed",
        "user",
        str(lead.pk),
    ]
    assert "a very secret aim" not in page.content.decode()


def test_opening_the_log_is_noted(signed_in, sysadmin):
    signed_in(sysadmin).get(f"{LOG}?action=role")
    event = AuditEvent.objects.get()
    assert (event.type, event.actor) == ("audit_log.read", sysadmin.email)
    assert event.new == {"action": "role"}


@pytest.mark.parametrize(
    ("query", "days"),
    [
        ("actor=LENA", []),
        ("actor=person", [22, 21, 20]),
        ("action=role", [21]),
        ("since=2026-11-21", [22, 21]),
        ("until=2026-11-21", [21, 20]),
        ("since=2026-11-21&until=2026-11-21", [21]),
        ("since=nonsense", [22, 21, 20]),
    ],
)
def test_filters(signed_in, sysadmin, lead, query, days):
    record(lead, day=20)
    record(lead, "role.granted", day=21)
    record(lead, day=22)
    rows = signed_in(sysadmin).get(f"{LOG}?{query}").context["table"]["rows"]
    assert [int(row[0].split()[0]) for row in rows] == days


def test_finding_one_object(signed_in, sysadmin, lead, frontline):
    record(lead)
    record(frontline)
    rows = signed_in(sysadmin).get(f"{LOG}?target={lead.pk}").context["table"]["rows"]
    assert [row[1] for row in rows] == [lead.email]


def test_the_log_as_a_file(signed_in, sysadmin, lead):
    record(lead, "=cmd.run", secret="hidden")
    answer = signed_in(sysadmin).get(f"{LOG}audit-log.csv?actor=person")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[0] == ["When", "Who", "As", "Action", "Object", "Number"]
    assert rows[1][3] == "'=cmd: run"
    assert "hidden" not in answer.content.decode()
    event = AuditEvent.objects.get(type="audit_log.exported")
    assert event.new == {"rows": 1}


def test_the_log_costs_the_same_for_2_and_20(
    signed_in, sysadmin, lead, django_assert_num_queries
):
    client = signed_in(sysadmin)
    client.get(LOG)
    for total in (2, 20):
        for _ in range(total - AuditEvent.objects.count()):
            record(lead)
        with django_assert_num_queries(6):
            client.get(LOG)


# --- jobs -----------------------------------------------------------------------------


def test_the_list_says_what_became_of_each_job(signed_in, sysadmin):
    moment = datetime(2026, 11, 23, 2, tzinfo=UTC)
    JobRun.objects.create(
        kind="rollup",
        key="2026-11-23",
        scheduled_for=moment,
        state="done",
        finished_at=moment,
        stats={"rows": 77, "timings": {"x": 1}},
    )
    JobRun.objects.create(
        kind="desk_tidy",
        key="2026-11-22",
        scheduled_for=datetime(2026, 11, 22, 3, tzinfo=UTC),
        state="dead",
        error="The disk is full.",
    )
    client = signed_in(sysadmin)
    rows = client.get("/account/jobs/").context["table"]["rows"]
    assert rows[0] == [
        "rollup",
        "2026-11-23",
        {"text": "Done", "tone": "strong"},
        "system",
        "23 November 2026, 02:00",
        "23 November 2026, 02:00",
        "rows 77",
    ]
    assert rows[1][-1] == "The disk is full."
    for query, kinds in (
        ("state=dead", ["desk tidy"]),
        ("kind=roll", ["rollup"]),
        ("kind=desk tidy", ["desk tidy"]),
    ):
        rows = client.get(f"/account/jobs/?{query}").context["table"]["rows"]
        assert [row[0] for row in rows] == kinds


def test_asking_for_the_figures_twice_in_a_minute_is_one_job(signed_in, qi_team):
    with time_machine.travel(datetime(2026, 11, 23, 9, 30, tzinfo=UTC), tick=False):
        client = signed_in(qi_team)
        for _ in range(2):
            assert client.post("/account/jobs/rollup/").url == "/account/jobs/"
    job = JobRun.objects.get(kind="rollup")
    assert job.key == "2026-11-23 asked at 09:30"
    assert job.requested_by == qi_team.email
    assert AuditEvent.objects.filter(type="job.asked").exists()


def test_jobs_cost_the_same_for_2_and_20(signed_in, qi_team, django_assert_num_queries):
    client = signed_in(qi_team)
    client.get("/account/jobs/")
    for total in (2, 20):
        JobRun.objects.bulk_create(
            JobRun(kind="x", key=str(n), scheduled_for=datetime(2026, 1, 1, tzinfo=UTC))
            for n in range(JobRun.objects.count(), total)
        )
        with django_assert_num_queries(5):
            client.get("/account/jobs/")


# --- tokens -----------------------------------------------------------------


def issue(client, **changes):
    data = {
        "responsible": "dev@example.nhs.uk",
        "name": "Power BI",
        "scopes": ["bi:read"],
        "days": "30",
        "submission_id": "8f14e45f-ceea-4d0a-9c39-0d2f3f4c5a11",
    }
    return client.post("/account/api-tokens/new/", {**data, **changes})


@pytest.fixture
def dev(frontline):
    frontline.email = "dev@example.nhs.uk"
    frontline.save()
    return frontline


def shown(answer) -> str:
    return re.search(r"qip_[a-z0-9]+_[\w-]{43}", answer.content.decode())[0]


def test_a_token_is_issued_and_shown_once(client, sysadmin, dev, ward):
    client.force_login(sysadmin)
    answer = issue(client, unit=ward.pk)
    raw = shown(answer)
    assert "no-store" in answer["Cache-Control"]
    token = token_authenticate(raw, "10.0.0.1")
    assert (token.unit, token.user.responsible) == (ward, dev)
    assert raw not in client.get("/account/api-tokens/").content.decode()


def test_sending_the_form_twice_issues_one_token(client, sysadmin, dev):
    client.force_login(sysadmin)
    issue(client)
    assert "issued already" in issue(client).content.decode()
    assert ApiToken.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"responsible": "nobody@example.nhs.uk"}, "Nobody who can sign in"),
        ({"scopes": []}, "Choose at least one."),
        ({"scopes": ["everything"]}, "not one of the available choices"),
        ({"days": "366"}, "less than or equal to 365"),
        ({"name": ""}, "Error:"),
    ],
)
def test_what_cannot_be_issued_is_said(client, sysadmin, dev, changes, words):
    client.force_login(sysadmin)
    assert words in issue(client, **changes).content.decode()
    assert not ApiToken.objects.exists()


def test_the_owner_renews_and_ends(client, sysadmin, dev):
    old = token_issue(
        responsible=dev, name="feed", scopes=["bi:read"], days=30, by=sysadmin
    )
    client.force_login(dev)
    page = client.get("/account/api-tokens/").content.decode()
    assert "feed" in page
    assert "Issue a token" not in page
    renew = f"/account/api-tokens/{old.token.prefix}/renew/"
    assert "24 hours more" in client.get(renew).content.decode()
    raw = shown(client.post(renew))
    assert token_authenticate(raw, "10.0.0.1")
    assert client.post(renew).url == "/account/api-tokens/"
    new = ApiToken.objects.get(replaced_by=None)
    client.post(f"/account/api-tokens/{new.prefix}/end/")
    assert token_authenticate(raw, "10.0.0.1") is None


def test_snippets_carry_this_portals_address_and_no_secret(client, dev, settings):
    settings.PUBLIC_URL = "https://qi.example.nhs.uk"
    client.force_login(dev)
    page = client.get("/account/api-tokens/").content.decode()
    assert "https://qi.example.nhs.uk/api/v1/bi/fact_indicator.csv" in page
    assert "qip_" not in page


def test_tokens_cost_the_same_for_2_and_20(
    client, sysadmin, dev, django_assert_num_queries
):
    client.force_login(sysadmin)
    client.get("/account/api-tokens/")
    for total in (2, 20):
        for number in range(ApiToken.objects.count(), total):
            token_issue(
                responsible=dev,
                name=f"feed {number}",
                scopes=["bi:read"],
                days=1,
                by=sysadmin,
            )
        with django_assert_num_queries(5):
            client.get("/account/api-tokens/")
