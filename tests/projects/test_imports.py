"""import_projects: good files, files read twice, and everything that can be wrong."""

import io
import json
from datetime import date

import pytest
import time_machine
from django.core.management import call_command
from openpyxl import Workbook

from projects.imports import import_projects
from projects.models import Aim, Project, ProjectMember, ProjectStatusChange
from projects.selectors import rollup_live_projects
from qiportal.accounts.models import AuditEvent, ImportBatch, Notification
from tests.factories import ProjectFactory, UserFactory
from tests.projects.scene import method

HEADER = "title,problem,unit_code,aim,lead_email"


@pytest.fixture(autouse=True)
def _clock():
    with time_machine.travel("2026-11-23 10:00:00+00:00"):
        yield


@pytest.fixture
def run(ward, lead, qi_team):
    """run("a,b\\n1,2", …): reads a file's text (or bytes) as the QI team."""
    ward.code, lead.email = "W7", "lena@example.nhs.uk"
    ward.save()
    lead.save()

    def read(content, dry_run=False, name="projects.csv"):
        data = content if isinstance(content, bytes) else content.encode()
        return import_projects(
            file_name=name, data=data, by=qi_team, dry_run=dry_run, options={}
        )

    return read


def line(**cells):
    """One row of HEADER, with extra columns at the end."""
    own = {
        "title": "Fewer falls",
        "problem": "Bells out of reach",
        "unit_code": "W7",
        "aim": "Halve falls",
        "lead_email": "lena@example.nhs.uk",
        **cells,
    }
    return own


def table(*rows):
    columns = list(dict.fromkeys(name for row in rows for name in row))
    body = [",".join(f'"{row.get(name, "")}"' for name in columns) for row in rows]
    return "\n".join([",".join(columns), *body])


def codes(report):
    return [(p.line, p.column, p.code) for p in report.problems]


# --- good files -----------------------------------------------------------------------


def test_a_plain_row_makes_an_idea(run, lead, ward):
    report = run(table(line()))
    assert report.ok, report.problems
    project = Project.objects.get()
    assert (project.reference, project.status) == ("QI-2026-0001", "idea")
    assert (project.unit, project.visibility) == (ward, "trust")
    assert project.registered_on == date(2026, 11, 23)
    assert Aim.objects.get().statement == "Halve falls"
    assert ProjectMember.objects.get().user == lead
    assert AuditEvent.objects.filter(type="project.registered").count() == 1
    assert not Notification.objects.exists()


def test_a_closed_project_keeps_its_history(run, qi_team):
    report = run(
        table(
            line(
                status="Completed",
                registered_on="2025-01-10",
                started_on="01/02/2025",
                closed_on="2025-06-30",
                learning="Clips work.",
                visibility="team",
                external_id="LQ-7",
            )
        )
    )
    assert report.ok, report.problems
    project = Project.objects.get()
    assert project.reference == "QI-2025-0001"
    assert (project.closed_on, project.closed_by) == (date(2025, 6, 30), qi_team)
    steps = ProjectStatusChange.objects.order_by("at")
    assert [(s.from_status, s.to_status, s.at.date().isoformat()) for s in steps] == [
        ("", "idea", "2025-01-10"),
        ("idea", "active", "2025-02-01"),
        ("active", "completed", "2025-06-29"),
    ]
    months = [date(2025, 1, 1), date(2025, 5, 1), date(2025, 6, 1)]
    assert [row.month.month for row in rollup_live_projects(months=months)] == [1, 5]


def test_references_run_on_within_each_year(run, ward):
    ProjectFactory(unit=ward, reference="QI-2026-0041", title="Older")
    run(
        table(
            line(title="B", registered_on="2026-02-01"),
            line(title="A", registered_on="2025-02-01"),
            line(title="C"),
        )
    )
    found = dict(Project.objects.values_list("title", "reference"))
    assert found["A"] == "QI-2025-0001"
    assert (found["B"], found["C"]) == ("QI-2026-0042", "QI-2026-0043")


def test_the_method_is_found_by_its_slug(run):
    method("Model for Improvement", is_house=True, slug="mfi")
    report = run(table(line(method_slug="mfi")))
    assert report.ok, report.problems
    assert Project.objects.get().method.slug == "mfi"


@pytest.mark.parametrize(
    "dress",
    [
        lambda text: text.encode("utf-8-sig"),
        lambda text: text.encode("utf-16"),
        lambda text: text.encode("cp1252"),
        lambda text: text.replace(",", ";").encode(),
        lambda text: text.replace(",", "\t").encode(),
        lambda text: text.replace("\n", "\r\n").encode(),
        lambda text: text.replace("title", " Title ").encode(),
        lambda text: (text + "\n\n\n").encode(),
    ],
)
def test_files_in_every_usual_dress(run, dress):
    text = table(line(title="Café menus – Zoë’s ward"))
    report = run(dress(text))
    assert report.ok, report.problems
    assert Project.objects.get().title == "Café menus – Zoë’s ward"


def test_an_xlsx_with_real_dates(run):
    book = Workbook()
    book.active.append([*HEADER.split(","), "started_on"])
    book.active.append([*line().values(), date(2026, 5, 4)])
    out = io.BytesIO()
    book.save(out)
    report = run(out.getvalue(), name="projects.xlsx")
    assert report.ok, report.problems
    assert Project.objects.get().started_on == date(2026, 5, 4)


def test_a_formula_is_text(run):
    run(table(line(title="=1+1")))
    assert Project.objects.get().title == "=1+1"


def test_a_lead_who_has_left_is_still_the_lead(run):
    UserFactory(email="gone@example.nhs.uk", is_active=False)
    assert run(table(line(lead_email="GONE@example.nhs.uk"))).ok


# --- the same again -------------------------------------------------------------------


def test_the_same_file_is_written_once(run):
    text = table(line())
    run(text)
    again = run(text)
    assert again.already_imported
    assert Project.objects.count() == 1


def test_the_same_rows_in_another_file_change_nothing(run):
    run(table(line()))
    report = run(table(line(), line(title="Another")))
    assert (report.written.created, report.written.unchanged) == (1, 1)
    assert Project.objects.count() == 2


def test_title_and_unit_alone_never_overwrite_peoples_work(run):
    run(table(line()))
    report = run(table(line(problem="Other words", status="active")))
    assert report.written.unchanged == 1
    assert Project.objects.get().problem == "Bells out of reach"


def test_an_external_number_updates_its_project(run):
    run(table(line(external_id="LQ-7")))
    report = run(
        table(
            line(external_id="LQ-7", title="New title", status="active", rationale="")
        )
    )
    assert report.written.changed == 1
    project = Project.objects.get()
    assert (project.title, project.status, project.version) == (
        "New title",
        "active",
        3,
    )
    again = run(table(line(external_id="LQ-7", title="New title", aim="Other")))
    assert (again.written.changed, again.written.unchanged) == (0, 1)
    assert Project.objects.get().status == "active"


def test_empty_cells_do_not_empty_fields(run):
    run(table(line(external_id="LQ-7", rationale="Known", visibility="team")))
    run(table(line(external_id="LQ-7", rationale="", visibility="", title="T")))
    project = Project.objects.get()
    assert (project.rationale, project.visibility) == ("Known", "team")


def test_a_deleted_project_is_made_anew(run, ward, qi_team):
    gone = ProjectFactory(unit=ward, title="Fewer falls")
    Project.objects.update(deleted_at=gone.created_at, deleted_by=qi_team)
    assert run(table(line())).written.created == 1


def test_an_import_can_be_taken_back(run, qi_team):
    report = run(table(line(), line(title="Another")))
    import_projects.undo(batch=report.batch, by=qi_team)
    assert Project.objects.alive().count() == 0
    assert Project.objects.filter(deleted_by=qi_team).count() == 2


# --- bad files ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cells", "column", "code"),
    [
        ({"title": ""}, "title", "missing"),
        ({"problem": ""}, "problem", "missing"),
        ({"aim": ""}, "aim", "missing"),
        ({"title": "x" * 151}, "title", "too_long"),
        ({"external_id": "x" * 81}, "external_id", "too_long"),
        ({"unit_code": "W99"}, "unit_code", "unknown_unit"),
        ({"unit_code": ""}, "unit_code", "unknown_unit"),
        ({"lead_email": "x@y.example"}, "lead_email", "unknown_person"),
        ({"status": "great"}, "status", "unknown_choice"),
        ({"visibility": "all"}, "visibility", "unknown_choice"),
        ({"started_on": "4 May"}, "started_on", "unreadable_date"),
        ({"started_on": "2026-02-30"}, "started_on", "unreadable_date"),
        ({"started_on": "2027-01-01"}, "started_on", "impossible_date"),
        ({"started_on": "1899-01-01"}, "started_on", "impossible_date"),
        (
            {"started_on": "2026-05-01", "target_end_on": "2026-04-01"},
            "target_end_on",
            "impossible_date",
        ),
        ({"status": "completed", "closed_on": "2026-05-01"}, "learning", "missing"),
        ({"status": "stopped", "learning": "Much"}, "closed_on", "missing"),
        ({"closed_on": "2026-05-01"}, "closed_on", "not_closed"),
        (
            {
                "status": "stopped",
                "learning": "Much",
                "started_on": "2026-06-01",
                "closed_on": "2026-05-01",
            },
            "closed_on",
            "impossible_date",
        ),
        ({"method_slug": "magic"}, "method_slug", "unknown_method"),
        ({"problem": "DOB 03/04/1950"}, "problem", "date_of_birth"),
        ({"learning": "NHS number 999 000 0018"}, "learning", "nhs_number"),
    ],
)
def test_a_bad_cell_refuses_the_file_and_names_its_place(run, cells, column, code):
    report = run(table(line(title="Good one"), line(**cells)))
    assert codes(report) == [(3, column, code)]
    assert not Project.objects.exists()
    assert report.batch.state == ImportBatch.State.REFUSED
    said = " ".join(problem.message for problem in report.problems)
    assert "1950" not in said
    assert "0018" not in said


def test_another_method_needs_its_reason(run):
    method("Model for Improvement", is_house=True, slug="mfi")
    method("Lean", slug="lean")
    report = run(table(line(method_slug="lean")))
    assert codes(report) == [(2, "reason_if_other", "missing")]
    assert run(table(line(method_slug="lean", reason_if_other="Waste"))).ok


def test_the_same_project_twice_in_a_file(run):
    report = run(table(line(), line(title="FEWER falls")))
    assert codes(report) == [(3, "title", "duplicate_row")]
    report = run(
        table(line(external_id="A"), line(external_id="A", title="Something else"))
    )
    assert codes(report) == [(3, "external_id", "duplicate_row")]


def test_doubtful_names_only_warn(run):
    report = run(table(line(problem="Mrs Jones waits")), dry_run=True)
    assert report.ok
    assert [(w.line, w.column, w.code) for w in report.warnings] == [
        (2, "problem", "person_name")
    ]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x00\x01\x02",
        b"title;problem\n1;2",
        b"PK\x03\x04 broken",
        b"\xff\xfe\x00",
        b'title,problem,unit_code,aim,lead_email\n"open',
    ],
)
def test_unreadable_files_are_refused_whole(run, content):
    report = run(content)
    assert [p.code for p in report.problems] == ["unreadable_file"]
    assert not Project.objects.exists()


def test_ragged_rows_are_named(run):
    report = run(f"{HEADER}\na,b,c\n")
    assert codes(report) == [(2, "", "ragged_row")]


def test_a_dry_run_writes_nothing(run):
    report = run(table(line()), dry_run=True)
    assert report.ok
    assert not Project.objects.exists()
    assert report.batch.dry_run


def test_many_rows_in_few_statements(run, django_assert_max_num_queries):
    rows = [line(title=f"Project {n}") for n in range(40)]
    text = table(*rows)
    run(text, dry_run=True)
    with django_assert_max_num_queries(40 + 40):
        run(text)
    assert Project.objects.count() == 40


# --- the command ----------------------------------------------------------------------


def test_the_command_prints_json(run, tmp_path, capsys):
    path = tmp_path / "projects.csv"
    path.write_text(table(line()), encoding="utf-8")
    call_command("import_projects", str(path), "--json")
    printed = json.loads(capsys.readouterr().out)
    assert (printed["state"], printed["rows_changed"]) == ("committed", 1)


def test_the_command_fails_on_a_bad_file_and_offers_its_rows(run, tmp_path, capsys):
    path, bad, good = (tmp_path / name for name in ("a.csv", "bad.csv", "good.csv"))
    path.write_text(table(line(), line(unit_code="W99")), encoding="utf-8")
    with pytest.raises(SystemExit):
        call_command(
            "import_projects",
            str(path),
            "--bad-rows",
            str(bad),
            "--good-rows",
            str(good),
        )
    assert "W99" in bad.read_text(encoding="utf-8")
    assert "W99" not in good.read_text(encoding="utf-8")
    call_command("import_projects", str(good))
    assert Project.objects.count() == 1
