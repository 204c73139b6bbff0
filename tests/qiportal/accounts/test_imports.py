"""The ground all imports stand on: all or nothing, the same file once."""

import csv
import io

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from qiportal.accounts.imports import Checked, Written, import_run
from qiportal.accounts.models import AuditEvent, ImportBatch, User
from qiportal.accounts.models import ImportError as ImportErrorRow
from qiportal.core.tables import RowProblem

pytestmark = pytest.mark.django_db
FILE = "name\nAda\nbad\n=1+1\n"


def check(table):
    problems = [
        RowProblem(row.line, "name", "bad_name", "Give another name.")
        for row in table.rows
        if row.cells["name"] == "bad"
    ]
    ready = [row.cells["name"] for row in table.rows if row.cells["name"] != "bad"]
    return Checked(ready, problems, unchanged=1)


def write(rows, batch):
    for name in rows:
        User.objects.create_user(email=f"{name.lower()}@x.nhs.uk", full_name=name)
    return Written(created=len(rows))


def run(by, text=FILE, **changes):
    wanted = {
        "kind": "people",
        "file_name": "people.csv",
        "data": text.encode(),
        "by": by,
        "dry_run": False,
        "required": ["name"],
        "check": check,
        "write": write,
    }
    return import_run(**{**wanted, **changes})


def people():
    return set(
        User.objects.filter(email__endswith="@x.nhs.uk").values_list("full_name")
    )


def test_a_good_file_is_written_counted_and_audited(qi_team):
    report = run(qi_team, "name\nAda\nBo\n")
    assert report.ok
    assert people() == {("Ada",), ("Bo",)}
    batch = ImportBatch.objects.get()
    assert (batch.state, batch.rows_ok, batch.rows_changed) == ("committed", 2, 2)
    assert (batch.rows_skipped, batch.rows_failed) == (1, 0)
    assert AuditEvent.objects.get(type="import.people").target_id == str(batch.pk)


def test_one_bad_row_refuses_the_file(qi_team):
    report = run(qi_team)
    assert not report.ok
    assert people() == set()
    batch = ImportBatch.objects.get()
    assert (batch.state, batch.rows_ok, batch.rows_failed) == ("refused", 2, 1)
    [row] = ImportErrorRow.objects.all()
    assert (row.line, row.column, row.code) == (3, "name", "bad_name")
    assert not AuditEvent.objects.filter(type="import.people").exists()


def test_a_dry_run_writes_nothing(qi_team):
    report = run(qi_team, "name\nAda\n", dry_run=True)
    assert report.ok
    assert people() == set()
    assert (report.batch.state, report.batch.rows_ok) == ("checked", 1)


def test_the_same_file_is_written_once(qi_team, sysadmin):
    first = run(qi_team, "name\nAda\n")
    again = run(sysadmin, "name\nAda\n", file_name="other name.csv")
    assert again.already_imported
    assert again.batch == first.batch
    assert ImportBatch.objects.count() == 1


def test_other_options_make_it_another_import(qi_team):
    run(qi_team, "name\nAda\n", options={"wave": "a"})
    report = run(
        qi_team,
        "name\nAda\n",
        options={"wave": "b"},
        write=lambda rows, batch: Written(),
    )
    assert not report.already_imported


def test_an_undone_import_may_be_repeated(qi_team):
    run(qi_team, "name\nAda\n")
    ImportBatch.objects.update(state="undone")
    User.objects.filter(full_name="Ada").delete()
    assert run(qi_team, "name\nAda\n").ok
    assert people() == {("Ada",)}


def test_a_rule_broken_while_writing_refuses_all(qi_team):
    def half(rows, batch):
        write(rows[:1], batch)
        raise ValidationError("The ward closed a minute ago.")

    report = run(qi_team, "name\nAda\nBo\n", write=half)
    assert [p.message for p in report.problems] == ["The ward closed a minute ago."]
    assert people() == set()
    assert ImportBatch.objects.get().state == "refused"


def test_a_race_with_the_same_file_ends_as_already_imported(qi_team):
    def meanwhile(table):
        with transaction.atomic():
            run(qi_team, "name\nAda\n")
        return check(table)

    report = run(qi_team, "name\nAda\n", check=meanwhile)
    assert report.already_imported
    assert people() == {("Ada",)}
    assert ImportBatch.objects.filter(state="committed").count() == 1


def test_another_broken_constraint_is_not_hidden(qi_team):
    def twice(rows, batch):
        write(rows, batch)
        return write(rows, batch)

    with pytest.raises(IntegrityError):
        run(qi_team, "name\nAda\n", write=twice)
    assert people() == set()


def test_an_unreadable_file_is_a_report_not_an_error(qi_team):
    report = run(qi_team, "nothing\nAda\n")
    assert [(p.line, p.code) for p in report.problems] == [(1, "unreadable_file")]
    assert report.rows_csv(bad=True) == ""


def test_good_and_bad_rows_as_files(qi_team):
    report = run(qi_team, FILE + "x,y\n")
    good = list(csv.reader(io.StringIO(report.rows_csv(bad=False))))
    bad = list(csv.reader(io.StringIO(report.rows_csv(bad=True))))
    assert good == [["name"], ["Ada"], ["'=1+1"]]
    assert bad == [
        ["what_is_wrong", "name"],
        ["name: Give another name.", "bad"],
        ["This row has 2 cells; the header has 1.", "x", "y"],
    ]


def test_the_good_rows_can_be_uploaded_again(qi_team):
    report = run(qi_team, FILE)
    again = run(qi_team, report.rows_csv(bad=False))
    assert again.ok
    assert people() == {("Ada",), ("=1+1",)}


def test_only_a_thousand_problems_are_kept(qi_team):
    run(qi_team, "name\n" + "bad\n" * 1200)
    assert ImportErrorRow.objects.count() == 1000
    assert ImportBatch.objects.get().rows_failed == 1200


def test_the_report_as_json_names_no_cell(qi_team):
    printed = str(run(qi_team).as_dict())
    assert "'rows_failed': 1" in printed
    assert "Ada" not in printed
