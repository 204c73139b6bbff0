"""Bookings from a file: all or nothing, the same file once."""

import pytest

from qiportal.accounts.models import ImportBatch
from tests.factories import UserFactory
from training.imports import import_training
from training.models import Application, Attendance, Course, Session

pytestmark = pytest.mark.django_db

HEADER = "course,level,starts,places,email,applied_on,offered_on,status,outcome\n"
GOOD = "QI day,foundation,2026-03-02 09:30,12,a@x.nhs.uk,01/02/2026,2026-02-03,booked,"


@pytest.fixture
def people(ward):
    for name in ("a", "b"):
        UserFactory(email=f"{name}@x.nhs.uk", home_unit=ward)


def run(text, by, *, dry_run=False, encoding="utf-8"):
    data = text if isinstance(text, bytes) else text.encode(encoding)
    return import_training(
        file_name="bookings.csv", data=data, by=by, dry_run=dry_run, options={}
    )


def test_a_good_file_makes_course_session_and_bookings(people, qi_team):
    text = HEADER + GOOD + "attended\n" + GOOD.replace("a@", "b@") + "did_not_attend\n"
    report = run(text, qi_team)
    assert report.ok
    assert report.batch.rows_changed == 2
    assert Session.objects.get().places == 12
    assert Attendance.objects.filter(outcome="attended", completed=True).count() == 1


def test_a_dry_run_writes_nothing_but_its_report(people, qi_team):
    report = run(HEADER + GOOD + "\n", qi_team, dry_run=True)
    assert report.batch.rows_ok == 1
    assert not Course.objects.exists()
    assert ImportBatch.objects.get().state == "checked"


def test_the_same_file_twice_adds_nothing(people, qi_team):
    text = HEADER + GOOD + "attended\n"
    run(text, qi_team)
    again = run(text, qi_team)
    assert again.already_imported
    assert Application.objects.count() == 1


def test_a_corrected_file_updates_the_row(people, qi_team):
    run(HEADER + GOOD + "attended\n", qi_team)
    report = run(HEADER + GOOD + "part\n", qi_team)
    assert report.written.changed == 1
    assert Attendance.objects.get().outcome == "part"


@pytest.mark.parametrize(
    ("row", "column", "code"),
    [
        (GOOD.replace("a@", "nobody@"), "email", "unknown_person"),
        (GOOD.replace("foundation", "wizard"), "level", "unknown_code"),
        (GOOD.replace("01/02/2026", "31/02/2026"), "applied_on", "bad_date"),
        (
            GOOD.replace("2026-02-03", "2026-01-03"),
            "offered_on",
            "offered_before_applied",
        ),
        (GOOD.replace(",12,", ",many,"), "places", "bad_number"),
        (GOOD.replace("09:30", "9 o'clock"), "starts", "bad_time"),
        (
            GOOD.replace("booked", "waitlisted") + "attended",
            "outcome",
            "outcome_without_booking",
        ),
    ],
)
def test_one_bad_row_refuses_the_file(row, column, code, people, qi_team):
    report = run(HEADER + GOOD.replace("a@", "b@") + "\n" + row + "\n", qi_team)
    problem = report.problems[0]
    assert (problem.line, problem.column, problem.code) == (3, column, code)
    assert not Application.objects.exists()
    assert "b@x.nhs.uk" in report.rows_csv(bad=False)
    assert "b@x.nhs.uk" not in report.rows_csv(bad=True)


def test_the_same_person_twice_in_one_file(people, qi_team):
    report = run(HEADER + GOOD + "\n" + GOOD + "\n", qi_team)
    assert report.problems[0].code == "duplicate_row"
    assert "line 2" in report.problems[0].message


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_the_usual_encodings_are_read(encoding, people, qi_team):
    text = HEADER + GOOD.replace("QI day", "Café QI") + "\n"
    assert run(text, qi_team, encoding=encoding).ok
    assert Course.objects.get().title == "Café QI"


def test_ragged_rows_are_named(people, qi_team):
    report = run(HEADER + GOOD + ",one,too,many\n", qi_team)
    assert (report.problems[0].line, report.problems[0].code) == (2, "ragged_row")
