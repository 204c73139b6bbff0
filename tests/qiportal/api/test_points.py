"""Sending numbers: row by row, repeatable, never over a person's head."""

import json
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pdsa.models import DataPoint, MeasureState
from pdsa.services import data_point_delete, data_point_record
from qiportal.accounts.models import ApiToken, AuditEvent, ImportBatch
from qiportal.core.dates import today
from tests.factories import MeasureFactory, ProjectFactory
from tests.qiportal.api.clients import API

pytestmark = pytest.mark.django_db
OCTOBER = "2026-10-01"


@pytest.fixture
def feed(caller):
    return caller(["measures:write"], name="Feed")


@pytest.fixture
def share(project):
    """A monthly percentage."""
    return MeasureFactory(project=project, data_type="proportion", direction="up")


@pytest.fixture
def count(project):
    return MeasureFactory(project=project, data_type="count")


def body(*rows, **more):
    return {"source": "datix-nightly", "rows": list(rows), **more}


def row(measure, numerator=7, denominator=None, day=OCTOBER, **more):
    found = {"measure": measure.pk, "period_start": day, "numerator": numerator}
    if denominator is not None:
        found["denominator"] = denominator
    return {**found, **more}


def send(feed, *rows, status=200, headers=None, **more):
    response = feed.post("data-points/", body(*rows, **more), **(headers or {}))
    assert response.status_code == status, response.content
    return response.json()


def codes(answer):
    return [[error["code"] for error in found["errors"]] for found in answer["rows"]]


def test_a_new_number_is_saved_with_its_lineage(feed, share):
    answer = send(feed, row(share, 7, 412, source_ref="Q-2026-10", note="checked"))
    point = DataPoint.objects.get()
    counts = {
        name: answer[name] for name in ("created", "updated", "unchanged", "failed")
    }
    assert counts == {"created": 1, "updated": 0, "unchanged": 0, "failed": 0}
    assert answer["rows"] == [
        {"index": 0, "status": "created", "point": point.pk, "errors": []}
    ]
    assert (point.numerator, point.denominator) == (7, 412)
    assert (point.entered_via, point.source) == ("api", "datix-nightly")
    assert (point.source_ref, point.note) == ("Q-2026-10", "checked")
    assert point.token == ApiToken.objects.get()
    assert point.batch.file_sha256 == answer["batch"]
    assert point.created_by.kind == "service"
    assert MeasureState.objects.get(measure=share).n == 1


def test_sending_again_changes_nothing_and_audits_nothing(feed, share):
    send(feed, row(share, 7, 412))
    before = list(DataPoint.objects.values())
    events, batches = AuditEvent.objects.count(), ImportBatch.objects.count()
    answer = send(feed, row(share, 7, 412))
    assert (answer["unchanged"], answer["batch"]) == (1, None)
    assert answer["rows"][0]["point"] == before[0]["id"]
    assert list(DataPoint.objects.values()) == before
    assert AuditEvent.objects.count() == events
    assert ImportBatch.objects.count() == batches


def test_another_number_updates_and_audits_old_and_new(feed, share):
    send(feed, row(share, 7, 412))
    answer = send(feed, row(share, 9, 412))
    assert answer["updated"] == 1
    event = AuditEvent.objects.filter(type="data_points.fed").latest("pk")
    assert event.old == {OCTOBER: ["7.000000", "412.000000"]}
    assert event.new == {OCTOBER: ["9.000000", "412.000000"]}
    assert event.effective_role == "service"
    assert event.unit_path == share.project.unit.path
    point = DataPoint.objects.get()
    assert (point.numerator, point.version) == (9, 2)
    assert MeasureState.objects.get().last_value == pytest.approx(9 / 412)


def test_a_new_reference_alone_is_a_change_too(feed, count):
    send(feed, row(count))
    assert send(feed, row(count, source_ref="A-2"))["updated"] == 1
    assert DataPoint.objects.get().source_ref == "A-2"


def test_a_note_left_out_stays(feed, count):
    send(feed, row(count, note="Bank holiday"))
    send(feed, row(count, 8))
    assert DataPoint.objects.get().note == "Bank holiday"
    assert send(feed, row(count, 8, note=""))["updated"] == 1
    assert DataPoint.objects.get().note == ""


def test_a_person_s_number_is_theirs(feed, count, lead):
    data_point_record(
        measure=count, period_start=date(2026, 10, 1), numerator=Decimal(5), by=lead
    )
    answer = send(feed, row(count, 7), status=422)
    assert codes(answer) == [["held_by_person"]]
    assert DataPoint.objects.get().numerator == 5
    assert send(feed, row(count, 5))["unchanged"] == 1
    assert DataPoint.objects.get().entered_via == "typed"
    assert send(feed, row(count, 7), overwrite=True)["updated"] == 1
    event = AuditEvent.objects.filter(type="data_points.fed").get()
    assert (event.old, event.new) == (
        {OCTOBER: ["5.000000", None]},
        {OCTOBER: ["7.000000", None]},
    )
    assert DataPoint.objects.get().entered_via == "api"


def test_an_excluded_point_stays_excluded(feed, count):
    send(feed, row(count, 7))
    DataPoint.objects.update(is_excluded=True, exclusion_reason="Ward closed")
    send(feed, row(count, 8))
    point = DataPoint.objects.get()
    assert (point.numerator, point.is_excluded) == (8, True)
    assert point.exclusion_reason == "Ward closed"


def test_a_deleted_number_is_sent_anew(feed, count, lead):
    send(feed, row(count))
    data_point_delete(point=DataPoint.objects.get(), by=lead)
    assert send(feed, row(count))["created"] == 1
    assert DataPoint.objects.filter(deleted_at=None).count() == 1


def test_partial_keeps_the_good_rows_and_points_at_the_bad(feed, share, count):
    answer = send(
        feed,
        row(count, 3),
        row(share, 9),
        row(share, 9, 0, day="2026-09-01"),
        row(share, 9, 8, day="2026-08-01"),
        row(count, 1.5, day="2026-07-01"),
        row(count, -1, day="2026-06-01"),
        row(count, 1, 2, day="2026-05-01"),
        row(count, "seven", day="2026-04-01"),
        row(count, True, day="2026-03-01"),
        row(count, 10**13, day="2026-02-01"),
    )
    assert codes(answer) == [
        [],
        ["missing_denominator"],
        ["denominator_not_positive"],
        ["numerator_over_denominator"],
        ["bad_number"],
        ["bad_number"],
        ["bad_number"],
        ["bad_number"],
        ["bad_number"],
        ["bad_number"],
    ]
    assert (answer["created"], answer["failed"]) == (1, 9)
    error = answer["rows"][1]["errors"][0]
    assert error["pointer"] == "/rows/1/denominator"
    assert answer["rows"][6]["errors"][0]["pointer"] == "/rows/6/denominator"
    assert error["detail"] == "Say out of how many."
    assert DataPoint.objects.count() == 1


def test_all_writes_nothing_when_one_fails(feed, count):
    answer = send(
        feed, row(count, 3), row(count, "x", day="2026-09-01"), mode="all", status=422
    )
    assert [found["status"] for found in answer["rows"]] == ["unchanged", "failed"]
    assert (answer["created"], answer["failed"], answer["batch"]) == (0, 1, None)
    assert not DataPoint.objects.exists()
    assert not ImportBatch.objects.exists()
    assert send(feed, row(count, 3), mode="all")["created"] == 1


@pytest.mark.parametrize(
    "day",
    [
        *("2026-10-15", "2026-13-01", "1989-01-01", "01/10/2026", "", None, 20261001),
        (today() + timedelta(days=40)).replace(day=1).isoformat(),
    ],
)
def test_periods_that_do_not_fit(feed, count, day):
    answer = send(feed, row(count, day=day), status=422)
    assert codes(answer) == [["bad_period"]]


def test_weekly_and_daily_measures_take_any_day(feed, project):
    for frequency in ("weekly", "daily", "event", "fortnightly"):
        measure = MeasureFactory(project=project, frequency=frequency)
        assert send(feed, row(measure, day="2026-10-14"))["created"] == 1


def test_a_quarter_begins_in_its_first_month(feed, project):
    measure = MeasureFactory(project=project, frequency="quarterly")
    assert send(feed, row(measure, day="2026-10-01"))["created"] == 1
    bad = send(feed, row(measure, day="2026-08-01"), status=422)
    assert codes(bad) == [["bad_period"]]


def test_measures_that_cannot_be_fed(feed, caller, count, other_ward, lead):
    for number in (count.pk + 1, 0, -1, 2**70, 1.5, "1", None, True):
        answer = send(feed, {**row(count), "measure": number}, status=422)
        assert codes(answer) == [["unknown_measure"]], number
    limited = caller(["measures:write"], unit=other_ward, name="Ward 12")
    assert codes(send(limited, row(count), status=422)) == [["unknown_measure"]]
    count.deleted_at, count.deleted_by = count.created_at, lead
    count.save()
    assert codes(send(feed, row(count), status=422)) == [["unknown_measure"]]


def test_a_closed_project_takes_no_numbers(feed, ward, lead):
    closed = ProjectFactory(
        unit=ward,
        status="completed",
        closed_on=date(2026, 1, 1),
        closed_by=lead,
        learning="It works.",
    )
    answer = send(feed, row(MeasureFactory(project=closed)), status=422)
    assert codes(answer) == [["measure_closed"]]


@pytest.mark.parametrize("visibility", ["team", "draft"])
def test_a_measure_is_found_whatever_its_project_s_visibility(feed, ward, visibility):
    hidden = MeasureFactory(project=ProjectFactory(unit=ward, visibility=visibility))
    answer = send(feed, row(hidden))
    assert answer["created"] == 1
    assert set(answer["rows"][0]) == {"index", "status", "point", "errors"}


def test_the_same_period_twice_fails_both(feed, count):
    answer = send(feed, row(count, 1), row(count, 2), row(count, 3, day="2026-09-01"))
    assert codes(answer) == [["duplicate_in_request"]] * 2 + [[]]
    assert DataPoint.objects.get().numerator == 3


def test_identifiers_are_refused_and_not_repeated(feed, count):
    answer = send(
        feed,
        row(count, note="NHS number 999 000 0018 fell"),
        row(count, source_ref="999 000 0018", day="2026-09-01"),
        row(count, note="call 01632 960 983", day="2026-08-01"),
        status=422,
    )
    assert codes(answer) == [["identifier_found"]] * 3
    assert "999" not in json.dumps(answer)
    assert answer["rows"][1]["errors"][0]["pointer"] == "/rows/1/source_ref"


def test_numbers_are_kept_to_six_decimals(feed, project):
    measure = MeasureFactory(project=project, data_type="value")
    for text in ("0.1", "2.50", "1e3", "-0.0000004", "123456.1234565"):
        raw = json.dumps(body(row(measure, 0))).replace(
            '"numerator": 0', f'"numerator": {text}'
        )
        response = feed.client.post(
            f"{API}data-points/",
            raw,
            content_type="application/json",
            headers={"Authorization": f"Bearer {feed.secret}"},
        )
        assert response.status_code == 200, response.content
    assert DataPoint.objects.get().numerator == Decimal("123456.123456")


# --- the envelope --------------------------------------------------------------------


def raw_post(feed, raw, content_type="application/json", **headers):
    return feed.client.post(
        f"{API}data-points/",
        raw,
        content_type=content_type,
        headers={"Authorization": f"Bearer {feed.secret}", **headers},
    )


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"source": ""}, "/source"),
        ({"source": " "}, "/source"),
        ({"source": None}, "/source"),
        ({"source": "x" * 81}, "/source"),
        ({"source": "NHS number 999 000 0018"}, "/source"),
        ({"mode": "some"}, "/mode"),
        ({"overwrite": "yes"}, "/overwrite"),
        ({"rows": []}, "/rows"),
        ({"rows": {}}, "/rows"),
        ({"rows": ["x"]}, "/rows/0"),
        ({"rows": [{"measure": 1, "colour": "red"}]}, "/rows/0/colour"),
        ({"rows": [{"measure": 1, "note": 5}]}, "/rows/0/note"),
        ({"rows": [{"measure": 1, "note": "x" * 301}]}, "/rows/0/note"),
        ({"rows": [{"measure": 1, "source_ref": "\x00"}]}, "/rows/0/source_ref"),
        ({"dry_run": True}, "/dry_run"),
        ({"batch": "x"}, "/batch"),
    ],
)
def test_an_envelope_of_another_form_is_refused_whole(feed, count, change, pointer):
    response = feed.post("data-points/", {**body(row(count)), **change})
    assert response.status_code == 422
    assert response["Content-Type"] == "application/problem+json"
    assert response.json()["errors"][0]["pointer"] == pointer
    assert not DataPoint.objects.exists()


@pytest.mark.parametrize(
    "raw",
    [
        *(b"{", b"[]", b"7", b'"x"', b"\xff\xfe", b"null"),
        b'{"source": "x", "rows": [{"measure": 1, "numerator": NaN}]}',
        b'{"source": "x", "rows": [{"measure": 1, "numerator": Infinity}]}',
        b"[" * 100000,
    ],
)
def test_what_is_not_json_is_refused(feed, raw):
    response = raw_post(feed, raw)
    assert response.status_code == 422
    assert response.json()["type"] == "/api/v1/problems/invalid/"


def test_huge_numbers_do_no_harm(feed, count):
    for number in ("1e999999999", "9" * 5000, "-1e-999999999"):
        raw = json.dumps(body(row(count, 0))).replace(
            '"numerator": 0', f'"numerator": {number}'
        )
        response = raw_post(feed, raw)
        assert response.status_code in (200, 422)
        raw = json.dumps(body(row(count))).replace(
            f'"measure": {count.pk}', f'"measure": {number}'
        )
        assert raw_post(feed, raw).status_code == 422


def test_other_media_types_and_sizes(feed, count):
    assert (
        raw_post(feed, b"a=1", "application/x-www-form-urlencoded").status_code == 415
    )
    assert raw_post(feed, b"{}", "text/plain").status_code == 415
    big = body(*[row(count)] * 1001)
    assert feed.post("data-points/", big).status_code == 413
    assert raw_post(feed, b" " * (2 * 1024 * 1024 + 1)).status_code == 413
    assert feed.get("data-points/").status_code == 403
    assert feed.post("data-points/?x=1", body(row(count))).status_code == 400


def test_scopes_for_sending(caller, count):
    for scopes in (["bi:read"], ["projects:read"]):
        response = caller(scopes).post("data-points/", body(row(count)))
        assert response.status_code == 403
    assert not DataPoint.objects.exists()


def test_only_the_numbers_take_posts(feed, count):
    for path in ("projects/", "measures/", f"measures/{count.pk}/data-points/"):
        assert feed.post(path, body(row(count))).status_code in (403, 405)


def test_a_thousand_rows_in_one_go(feed, project):
    measure = MeasureFactory(project=project, frequency="daily")
    days = [date(2023, 1, 1) + timedelta(days=n) for n in range(1000)]
    rows = [row(measure, n, day=day.isoformat()) for n, day in enumerate(days)]
    assert send(feed, *rows)["created"] == 1000
    assert send(feed, *rows)["unchanged"] == 1000
    assert AuditEvent.objects.filter(type="data_points.fed").count() == 1


def test_a_feed_costs_the_same_for_two_and_twenty_rows(feed, project):
    measure = MeasureFactory(project=project, frequency="daily")

    def cost(first, count):
        days = [date(2023, first, 1) + timedelta(days=n) for n in range(count)]
        rows = [row(measure, 5, day=day.isoformat()) for day in days]
        with CaptureQueriesContext(connection) as queries:
            assert send(feed, *rows)["created"] == count
        return len(queries)

    cost(1, 1)
    assert cost(2, 2) == cost(3, 20)


# --- Idempotency-Key -----------------------------------------------------------------


def keyed(feed, key, *rows, **more):
    return feed.post("data-points/", body(*rows, **more), **{"Idempotency-Key": key})


def test_a_repeated_key_gives_the_stored_answer(feed, count):
    first = keyed(feed, "night-1", row(count, 7))
    assert "Idempotency-Replayed" not in first
    again = keyed(feed, "night-1", row(count, 7))
    assert again["Idempotency-Replayed"] == "true"
    assert again.content == first.content
    assert again.json()["created"] == 1
    assert DataPoint.objects.count() == 1


def test_a_refused_answer_is_stored_too(feed, count):
    first = keyed(feed, "night-1", row(count, "x"))
    again = keyed(feed, "night-1", row(count, "x"))
    assert (first.status_code, again.status_code) == (422, 422)
    assert again["Idempotency-Replayed"] == "true"
    assert again.content == first.content


def test_the_same_key_with_another_body_is_refused(feed, count):
    keyed(feed, "night-1", row(count, 7))
    other = keyed(feed, "night-1", row(count, 8))
    assert other.status_code == 422
    assert other.json()["errors"][0]["code"] == "key_reused"
    assert DataPoint.objects.get().numerator == 7


def test_a_key_is_free_again_after_a_day(feed, count):
    keyed(feed, "night-1", row(count, 7))
    ImportBatch.objects.update(at=ImportBatch.objects.get().at - timedelta(hours=25))
    later = keyed(feed, "night-1", row(count, 8))
    assert later.json()["updated"] == 1
    assert "Idempotency-Replayed" not in later


def test_keys_of_two_accounts_do_not_meet(feed, caller, count):
    keyed(feed, "night-1", row(count, 7))
    other = caller(["measures:write"], name="Other feed")
    assert keyed(other, "night-1", row(count, 8)).json()["updated"] == 1


@pytest.mark.parametrize("key", ["", "x" * 256, "a\tb"])
def test_strange_keys_are_refused(feed, count, key):
    assert keyed(feed, key, row(count)).status_code == 422
    assert not DataPoint.objects.exists()
