"""import_units: makes, renames, moves and closes; repeatable; all or nothing."""

import io
import json
from datetime import date

import pytest
import time_machine
from django.core.management import call_command
from openpyxl import Workbook

from qiportal.accounts.models import AuditEvent, ImportBatch
from qiportal.accounts.unit_imports import import_units
from qiportal.organisation.models import Unit, UnitPlacement

pytestmark = pytest.mark.django_db
HEAD = "code,name,kind,parent_code,opened_on,closed_on,ods_code,moved_on\n"
TREE = HEAD + (
    "W7,Ward 7,team,MED,2015-04-01,,,\n"
    "RVB,Riverbourne,trust,,2015-04-01,,RVB,\n"
    "MED,Medicine,division,RVB,2015-04-01,,,\n"
    "SUR,Surgery,division,RVB,2015-04-01,,,\n"
)


@pytest.fixture(autouse=True)
def day():
    with time_machine.travel(date(2026, 11, 23), tick=False):
        yield


def run(by, text, dry_run=False):
    data = text.encode() if isinstance(text, str) else text
    return import_units(
        file_name="units.csv", data=data, by=by, dry_run=dry_run, options={}
    )


def codes(report):
    return [(p.line, p.column, p.code) for p in report.problems]


def test_a_tree_in_any_order(qi_team):
    Unit.objects.filter(pk=qi_team.home_unit_id).update(code="OLD")
    report = run(qi_team, TREE)
    assert report.ok
    assert report.batch.rows_changed == 4
    ward = Unit.objects.get(code="W7")
    assert ward.parent.code == "MED"
    assert ward.path.count("/") == 3
    assert ward.opened_on == date(2015, 4, 1)
    assert AuditEvent.objects.filter(type="unit.created").count() == 4


@pytest.fixture
def tree(qi_team):
    Unit.objects.filter(pk=qi_team.home_unit_id).update(code="OLD")
    run(qi_team, TREE)
    return qi_team


def test_the_same_rows_again_change_nothing(tree):
    before = list(Unit.objects.values())
    report = run(tree, TREE + "\n")
    assert (report.batch.rows_changed, report.batch.rows_skipped) == (0, 4)
    assert list(Unit.objects.values()) == before


def test_a_rename_and_a_new_ods_code(tree):
    run(tree, HEAD + "W7,Ward Seven,team,MED,,,RVB01,\n")
    ward = Unit.objects.get(code="W7")
    assert (ward.name, ward.ods_code) == ("Ward Seven", "RVB01")
    assert ward.opened_on == date(2015, 4, 1)


def test_a_file_without_ods_codes_leaves_them_alone(tree):
    run(tree, "code,name,kind,parent_code\nRVB,Riverbourne FT,trust,\n")
    trust = Unit.objects.get(code="RVB")
    assert (trust.name, trust.ods_code) == ("Riverbourne FT", "RVB")


def test_a_new_parent_is_a_move_that_leaves_history(tree):
    run(tree, HEAD + "W7,Ward 7,team,SUR,,,,2026-10-01\n")
    ward = Unit.objects.get(code="W7")
    assert ward.parent.code == "SUR"
    spells = UnitPlacement.objects.filter(unit=ward).order_by("valid_from")
    assert [(s.parent.code, s.valid_from, s.valid_to) for s in spells] == [
        ("MED", date(2015, 4, 1), date(2026, 10, 1)),
        ("SUR", date(2026, 10, 1), None),
    ]


def test_a_move_without_a_day_is_today(tree):
    run(tree, "code,name,kind,parent_code\nW7,Ward 7,team,SUR\n")
    spell = UnitPlacement.objects.get(unit__code="W7", valid_to=None)
    assert spell.valid_from == date(2026, 11, 23)


def test_closing_takes_the_lowest_first(tree):
    run(
        tree,
        HEAD
        + "MED,Medicine,division,RVB,,2026-10-31,,\nW7,Ward 7,team,MED,,2026-10-31,,\n",
    )
    assert Unit.objects.get(code="MED").closed_on == date(2026, 10, 31)
    assert Unit.objects.get(code="W7").closed_on == date(2026, 10, 31)


def test_moving_a_parent_and_renaming_what_stands_beneath(tree):
    extra = (
        "DIR,Acute,directorate,MED,2015-04-01,,,\nW8,Ward 8,team,DIR,2015-04-01,,,\n"
    )
    run(tree, HEAD + extra)
    report = run(
        tree,
        HEAD + "DIR,Acute care,directorate,SUR,,,,\nW8,Ward Eight,team,DIR,,,,\n",
    )
    assert report.ok
    ward = Unit.objects.get(code="W8")
    assert ward.name == "Ward Eight"
    assert Unit.objects.get(code="SUR").contains(ward)


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        (",x,team,MED,,,,", ("code", "missing_value")),
        ("W9,,team,MED,,,,", ("name", "missing_value")),
        ("W9,x,wing,MED,,,,", ("kind", "bad_kind")),
        ("W9,x,team,,,,,", ("parent_code", "bad_parent")),
        ("T2,x,trust,RVB,,,,", ("parent_code", "bad_parent")),
        ("W9,x,team,MED,1 May 2026,,,", ("opened_on", "bad_date")),
        ("W9,x,team,NONE,,,,", ("parent_code", "not_possible")),
        ("W9,x,division,W7,,,,", ("parent_code", "not_possible")),
        ("W7,x,service,MED,,,,", ("kind", "not_possible")),
        ("W7,Ward 7,team,SUR,,,,2027-01-01", ("moved_on", "not_possible")),
        ("W7,Ward 7,team,SUR,,,,2015-03-01", ("moved_on", "not_possible")),
        ("MED,Medicine,division,RVB,,2026-10-31,,", ("", "not_possible")),
        ("W7,Ward 7,team,MED,,2027-10-31,,", ("moved_on", "not_possible")),
        (f"W9,{'x' * 121},team,MED,,,,", ("name", "not_possible")),
    ],
)
def test_bad_rows_are_told_by_line_and_column_even_in_a_dry_run(tree, row, problem):
    before = list(Unit.objects.values())
    for dry_run in (True, False):
        report = run(tree, HEAD + "RVB,Renamed,trust,,,,,\n" + row + "\n", dry_run)
        assert codes(report) == [(3, *problem)]
    assert list(Unit.objects.values()) == before


def test_a_code_twice_is_refused(tree):
    report = run(tree, HEAD + "W9,a,team,MED,,,,\nW9,b,team,MED,,,,\n")
    assert codes(report) == [(3, "code", "duplicate_row")]


def test_a_dry_run_says_what_would_change_and_changes_nothing(tree):
    before = list(Unit.objects.values())
    text = TREE.replace("Ward 7", "Ward Seven") + "W9,Ward 9,team,SUR,,,,\n"
    report = run(tree, text, dry_run=True)
    assert (report.batch.rows_ok, report.batch.rows_skipped) == (2, 3)
    assert list(Unit.objects.values()) == before
    assert not AuditEvent.objects.filter(type="unit.renamed").exists()


def test_a_workbook_works_too(tree):
    book = Workbook()
    book.active.append(["code", "name", "kind", "parent_code", "opened_on"])
    book.active.append(["W9", "Ward 9", "team", "SUR", date(2026, 1, 5)])
    out = io.BytesIO()
    book.save(out)
    assert run(tree, out.getvalue()).ok
    assert Unit.objects.get(code="W9").opened_on == date(2026, 1, 5)


def test_the_command(tree, tmp_path, capsys):
    path = tmp_path / "units.csv"
    path.write_text(HEAD + "W9,Ward 9,team,SUR,,,,\nW8,x,team,NONE,,,,\n")
    bad = tmp_path / "bad.csv"
    with pytest.raises(SystemExit):
        call_command("import_units", path, "--json", "--bad-rows", bad)
    printed = json.loads(capsys.readouterr().out)
    assert (printed["state"], printed["rows_failed"]) == ("refused", 1)
    assert "No unit has this code" in bad.read_text()
    path.write_text(HEAD + "W9,Ward 9,team,SUR,,,,\n")
    call_command("import_units", path, "--dry-run")
    assert not Unit.objects.filter(code="W9").exists()
    call_command("import_units", path, "--by", tree.email)
    assert ImportBatch.objects.filter(state="committed", by=tree).count() == 2
    call_command("import_units", path)
    assert "already imported" in capsys.readouterr().out


def test_a_bad_row_is_neither_good_nor_up_to_date(tree, qi_team):
    report = run(qi_team, HEAD + "W8,Ward 8,team,MED,,,,\nW9,x,team,NOWHERE,,,,\n")
    assert codes(report) == [(3, "parent_code", "not_possible")]
    batch = report.batch
    assert (batch.rows_ok, batch.rows_failed, batch.rows_skipped) == (1, 1, 0)
