"""What was deleted lately is found again, by whoever may bring it back."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from pdsa.services import comment_add
from qiportal.core.dates import now
from tests.factories import MemberFactory
from tests.pdsa.test_purge import deleted, of_each_kind

pytestmark = pytest.mark.django_db
KINDS = (
    *("Test", "Measure with its numbers", "Number", "Your comment", "Task"),
    *("Benefit", "File", "Change idea", "Driver"),
)


def page_of(client, project):
    url = reverse("recently_deleted", args=[project.reference])
    return client.get(url).content.decode()


def test_every_kind_is_listed_and_comes_back(project, lead, signed_in):
    rows, client = of_each_kind(project, lead), signed_in(lead)
    assert "Nothing to bring back" in page_of(client, project)
    home = client.get(project.get_absolute_url()).content.decode()
    assert reverse("recently_deleted", args=[project.reference]) in home
    for row in rows:
        deleted(row, lead, days=3)
    found = client.get(reverse("recently_deleted", args=[project.reference])).context[
        "rows"
    ]
    assert sorted(row["kind"] for row in found) == sorted(KINDS)
    for row in found:
        assert client.post(row["url"]).status_code == 302
    assert "Nothing to bring back" in page_of(client, project)
    for row in rows:
        row.refresh_from_db()
        assert row.deleted_at is None, row


def test_what_is_past_its_time_is_not_offered(project, lead, signed_in):
    for row in of_each_kind(project, lead):
        deleted(row, lead, days=30)
    assert "Nothing to bring back" in page_of(signed_in(lead), project)


def test_numbers_of_a_deleted_measure_come_back_with_it(project, lead, signed_in):
    rows = of_each_kind(project, lead)
    point = deleted(rows[2], lead, days=5)
    deleted(point.measure, lead, days=3)
    page = page_of(signed_in(lead), project)
    assert page.count('data-label="Kind"') == 1
    assert "Measure with its numbers" in page


def test_others_find_their_own_comments_only(
    project, lead, stranger, qi_team, signed_in
):
    for row in of_each_kind(project, lead):
        deleted(row, lead, days=3)
    mine = comment_add(project=project, body="My own words", by=stranger)
    deleted(mine, stranger, days=3)
    page = page_of(signed_in(stranger), project)
    assert "My own words" in page
    assert page.count('data-label="Kind"') == 1
    page = page_of(signed_in(qi_team), project)
    assert "My own words" not in page
    assert page.count('data-label="Kind"') == len(KINDS) - 1


def test_a_patient_partner_reads_no_names(project, lead, signed_in):
    partner = MemberFactory(project=project, relation="patient_partner").user
    for row in of_each_kind(project, lead):
        deleted(row, lead, days=3)
    page = page_of(signed_in(partner), project)
    assert "Print" in page
    assert "Lena Hart" not in page


def test_it_costs_the_same_for_2_and_20(project, lead, signed_in):
    client = signed_in(lead)
    url = reverse("recently_deleted", args=[project.reference])

    def asked():
        with CaptureQueriesContext(connection) as queries:
            client.get(url)
        return len(queries)

    def grow(times):
        for _ in range(times):
            for row in of_each_kind(project, lead):
                deleted(row, lead, days=1)

    grow(2)
    asked()
    few = asked()
    grow(18)
    assert asked() == few


def test_it_says_until_when(project, lead, signed_in, settings):
    settings.DELETED_KEPT_DAYS = 90
    task = of_each_kind(project, lead)[4]
    deleted(task, lead, days=10)
    page = signed_in(lead).get(reverse("recently_deleted", args=[project.reference]))
    (row,) = page.context["rows"]
    assert row["until"].date() == (now() + timedelta(days=80)).date()
    assert "in the last 90 days" in page.content.decode()
