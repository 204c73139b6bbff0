"""Importing measures and numbers: good files, bad files, real files."""

import io
import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import IntegrityError, transaction
from openpyxl import Workbook

from pdsa.imports import import_measures, import_points
from pdsa.models import DataPoint, Measure, MeasureState
from pdsa.services.points import NewPoint, points_write
from projects.models import Project
from qiportal.accounts.models import ImportBatch
from tests.factories import DataPointFactory, MeasureFactory, ProjectFactory

pytestmark = pytest.mark.django_db

HEADER = (
    "project_reference,measure,kind,operational_definition,data_type,direction,"
    "frequency,unit,period,numerator,denominator,note"
)
FALLS = "QI-2026-0042,Falls,outcome,Falls per month,count,down,monthly,falls"


def file_of(*rows, header=HEADER):
    return "\n".join([header, *rows, ""]).encode()


def run(data, by, *, dry_run=False, name="measures.csv", **options):
    return import_measures(
        file_name=name, data=data, by=by, dry_run=dry_run, options=options
    )


def codes(report):
    return [(p.line, p.column, p.code) for p in report.problems]


def test_a_file_makes_measures_points_and_states(project, qi_team):
    data = file_of(
        f"{FALLS},2026-01,6,,",
        f"{FALLS},01/02/2026,4,,bank holiday",
        "QI-2026-0042,Bells,process,In reach,proportion,up,weekly,,2026-01-05,4,5,",
    )
    report = run(data, qi_team)
    assert report.ok
    assert (report.written.created, report.batch.rows_changed) == (3, 3)
    assert report.batch.rows_ok == 3
    falls = Measure.objects.get(name="Falls")
    assert (falls.data_type, falls.direction, falls.unit_of_measure) == (
        "count",
        "down",
        "falls",
    )
    assert falls.decimals == 0
    assert list(
        falls.points.values_list("period_start", "numerator", "note", "entered_via")
    ) == [
        (date(2026, 1, 1), 6, "", "import"),
        (date(2026, 2, 1), 4, "bank holiday", "import"),
    ]
    assert MeasureState.objects.get(measure=falls).n == 2
    bells = Measure.objects.get(name="Bells")
    assert bells.points.get().value == Decimal("0.8")


def test_the_same_file_is_written_once(project, qi_team):
    data = file_of(f"{FALLS},2026-01,6,,")
    run(data, qi_team)
    again = run(data, qi_team)
    assert again.already_imported
    assert DataPoint.objects.count() == 1


def test_a_corrected_file_changes_what_differs(project, qi_team):
    run(file_of(f"{FALLS},2026-01,6,,", f"{FALLS},2026-02,4,,"), qi_team)
    report = run(file_of(f"{FALLS},2026-01,6,,", f"{FALLS},2026-02,5,,"), qi_team)
    assert (report.written.created, report.written.changed) == (0, 1)
    assert report.written.unchanged == 1
    assert Measure.objects.count() == 1


def test_a_dry_run_writes_nothing(project, qi_team):
    report = run(file_of(f"{FALLS},2026-01,6,,"), qi_team, dry_run=True)
    assert report.ok
    assert not Measure.objects.exists()


def test_one_bad_row_refuses_the_file_and_names_each(project, qi_team):
    other = "QI-2026-0042,Bells,process,In reach,proportion,up,weekly,"
    report = run(
        file_of(
            f"{FALLS},2026-01,6,,",
            f"{FALLS.replace('0042', '9999')},2026-01,6,,",
            f"{FALLS.replace('count', 'number')},2026-02,6,,",
            f"{FALLS},someday,6,,",
            f"{FALLS},2026-03,=1+1,,",
            f"{FALLS},2026-04,1.5,,",
            f"{FALLS},2026-01,7,,",
            f"{FALLS.replace('down', 'up')},2026-05,6,,",
            f"{FALLS},2099-01,6,,",
            f"{other},2026-01-05,6,5,",
            f"{other},2026-01-12,6,,",
            f"{FALLS},2026-06,6,,seen with NHS number 999 000 0018",
            f"{FALLS},2026-07",
        ),
        qi_team,
    )
    assert codes(report) == [
        (3, "project_reference", "unknown_project"),
        (4, "data_type", "unknown_choice"),
        (5, "period", "day_unreadable"),
        (6, "numerator", "number_formula"),
        (7, "numerator", "impossible_number"),
        (8, "period", "duplicate_row"),
        (9, "direction", "contradiction"),
        (10, "period", "day_future"),
        (11, "numerator", "impossible_number"),
        (12, "denominator", "impossible_number"),
        (13, "note", "nhs_number"),
        (14, "", "ragged_row"),
    ]
    assert not Measure.objects.exists()
    good = report.rows_csv(bad=False).splitlines()
    assert len(good) == 2
    bad = report.rows_csv(bad=True)
    assert "The same measure has another value" in bad


def test_doubtful_notes_only_warn(project, qi_team):
    report = run(file_of(f"{FALLS},2026-01,6,,ring 01632 960 123"), qi_team)
    assert report.ok
    assert [w.code for w in report.warnings] == ["phone"]


def test_a_measure_that_is_there_keeps_its_definition(project, qi_team):
    MeasureFactory(project=project, name="falls", operational_definition="Ours")
    report = run(file_of(f"{FALLS},2026-01,6,,"), qi_team)
    assert report.ok
    measure = Measure.objects.get()
    assert measure.operational_definition == "Ours"
    assert measure.points.count() == 1


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "unreadable_file"),
        (b"a,b\n1,2\n", "unreadable_file"),
        (b"\x00\x01\x02", "unreadable_file"),
        (b"\xff\xfea", "unreadable_file"),
        (b'period,"numerator\n', "unreadable_file"),
        (b"PK\x03\x04nonsense", "unreadable_file"),
        (f"{HEADER},period\n".encode(), "unreadable_file"),
    ],
)
def test_files_that_are_no_tables(project, qi_team, data, code):
    assert [p.code for p in run(data, qi_team).problems] == [code]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_usual_encodings(project, qi_team, encoding):
    row = f"{FALLS.replace('Falls per month', 'Zählung – café')},2026-01,6,,"
    data = f"{HEADER}\n{row}\n".encode(encoding)
    assert run(data, qi_team).ok
    assert Measure.objects.get().operational_definition == "Zählung – café"


def test_semicolons_and_capital_headings(project, qi_team):
    data = file_of(f"{FALLS},2026-01,6,,", header=HEADER.upper())
    assert run(data.replace(b",", b";"), qi_team).ok


def test_a_workbook_with_real_dates_and_a_formula(project, qi_team):
    book = Workbook()
    book.active.append(HEADER.split(","))
    book.active.append([*FALLS.split(","), date(2026, 1, 1), 6, None, None])
    book.active.append([*FALLS.split(","), date(2026, 2, 1), "=1+1", None, None])
    out = io.BytesIO()
    book.save(out)
    report = run(out.getvalue(), qi_team, name="measures.xlsx")
    assert codes(report) == [(3, "numerator", "number_formula")]


def test_over_200_000_rows_are_refused(project, qi_team):
    data = file_of(*[f"{FALLS},2026-01,6,,"] * 200_001)
    report = run(data, qi_team)
    assert [p.message for p in report.problems] == [
        "The file has over 200,000 rows. Split it."
    ]


def test_an_unknown_profile(qi_team):
    with pytest.raises(ValidationError):
        run(b"", qi_team, profile="weather")


def test_points_of_one_measure(project, lead):
    measure = MeasureFactory(project=project)
    DataPointFactory(measure=measure, period_start=date(2026, 1, 1), numerator=9)
    report = import_points(
        file_name="falls.csv",
        data=b"period,numerator,note\nJan 2026,6,\nFeb 2026,4,snow\n",
        by=lead,
        dry_run=False,
        options={"measure": measure.pk},
    )
    assert (report.written.created, report.written.changed) == (1, 1)
    assert list(measure.points.values_list("numerator", flat=True)) == [6, 4]
    assert measure.state.n == 2


def test_bad_points_of_one_measure(project, lead):
    measure = MeasureFactory(project=project)
    report = import_points(
        file_name="falls.csv",
        data=b"period,numerator\nJan 2026,-6\n1 Jan 2026,4\n",
        by=lead,
        dry_run=False,
        options={"measure": measure.pk},
    )
    assert [p.code for p in report.problems] == ["impossible_number"]
    assert not measure.points.exists()


def test_a_second_point_of_a_period_is_refused_by_the_database(project, lead):
    measure = MeasureFactory(project=project)
    batch = ImportBatch.objects.create(
        kind="points", file_name="x", file_sha256="x", by=lead, state="committed"
    )
    twice = [NewPoint(measure.pk, date(2026, 1, 1), Decimal(n)) for n in (1, 2)]
    with pytest.raises(IntegrityError), transaction.atomic():
        points_write(twice, batch=batch, by=lead, entered_via="import")


AE = b"""period,org_code,type,attendances,breaches,admissions
2018-01-01,RJZ,1,1000,150,300
2018-02-01,RJZ,1,900,90,280
2018-01-01,RJZ,other,400,4,0
2018-01-01,RX1,1,2000,500,600
"""


def ae(data, by, **options):
    return run(data, by, name="ae.csv", profile="ae", **options)


def test_ae_makes_one_closed_project_per_organisation(trust, qi_team):
    report = ae(AE, qi_team)
    assert report.ok
    assert report.written.created == 4
    project = Project.objects.get(reference="AE-RJZ")
    assert (project.status, project.is_public_data, project.unit) == (
        "completed",
        True,
        trust,
    )
    assert project.closed_on == date(2018, 2, 1)
    assert project.learning.startswith("Public data, not an improvement project")
    assert project.status_changes.get().to_status == "completed"
    assert Project.objects.count() == 2
    measure = project.measures.get(name__contains="type 1")
    assert (measure.data_type, measure.direction, measure.chart_type) == (
        "proportion",
        "up",
        "xmr",
    )
    assert measure.targets.get().value == Decimal("0.95")
    point = measure.points.first()
    assert (point.numerator, point.denominator) == (850, 1000)
    assert measure.state.last_value == 0.9


def test_ae_again_with_one_more_month(trust, qi_team):
    ae(AE, qi_team)
    more = AE + b"2018-03-01,RJZ,1,800,80,200\n"
    report = ae(more, qi_team)
    assert (report.written.created, report.written.unchanged) == (1, 4)
    assert Project.objects.count() == 2
    assert Measure.objects.count() == 3


def test_ae_below_a_unit(trust, ward, qi_team):
    ae(AE, qi_team, unit=ward.code)
    assert set(Project.objects.values_list("unit", flat=True)) == {ward.pk}
    report = ae(AE, qi_team, unit="NOPE")
    assert [p.code for p in report.problems] == ["unknown_unit"]


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("2018-01-01,RJZ,1,0,0,0", "attendances"),
        ("2018-01-01,RJZ,1,10,11,0", "breaches"),
        ("2018-01-01,RJZ,1,10.5,1,0", "attendances"),
        ("2018-01-01,RJZ,3,10,1,0", "type"),
        ("2018-01-01,R/Z,1,10,1,0", "org_code"),
        ("soon,RJZ,1,10,1,0", "period"),
        ("2018-01-01,RJZ,1,=1,1,0", "attendances"),
    ],
)
def test_bad_ae_rows(trust, qi_team, row, column):
    data = AE.split(b"\n")[0] + b"\n" + row.encode()
    report = ae(data, qi_team)
    assert [p.column for p in report.problems] == [column]
    assert not Project.objects.exists()


def test_the_command_prints_its_report(trust, tmp_path, capsys):
    path = tmp_path / "ae.csv"
    path.write_bytes(AE)
    call_command("import_measures", str(path), "--profile", "ae", "--json")
    told = json.loads(capsys.readouterr().out)
    assert (told["rows_ok"], told["rows_changed"], told["state"]) == (4, 4, "committed")


def test_the_command_fails_on_a_bad_file(project, tmp_path, capsys):
    path = tmp_path / "measures.csv"
    path.write_bytes(file_of(f"{FALLS},someday,6,,"))
    with pytest.raises(SystemExit):
        call_command("import_measures", str(path))
    assert "Line 2, column period: This is not a date." in capsys.readouterr().out


@pytest.fixture
def sample(settings):
    folder = settings.SAMPLE_DATA_DIR
    if not folder or not Path(folder).exists():
        pytest.skip("SAMPLE_DATA_DIR is not set: no real sample data here")
    return Path(folder)


def test_the_real_ae_file_gives_the_published_charts(sample, trust, qi_team):
    data = (sample / "measures" / "ae_attendances.csv").read_bytes()
    report = ae(data, qi_team)
    assert report.ok
    assert report.written.created == 12_765
    assert (
        Project.objects.filter(is_public_data=True, status="completed").count() == 274
    )
    assert MeasureState.objects.filter(n__gte=12).exists()
    vectors = json.loads((sample / "spc" / "nhs.json").read_text())
    for org in ("RJZ", "RX1"):
        found = next(
            v for v in vectors if v["id"] == f"ae/{org}/pct4h/increase/target95"
        )
        states = MeasureState.objects.filter(measure__name__contains="type 1")
        state = states.get(measure__project__reference=f"AE-{org}")
        expected = found["expected"]
        assert state.n == 36
        assert state.variation == expected["variation_icon_beyond2sigma"]
        assert state.assurance == expected["assurance_icon"]
        assert state.mean * 100 == pytest.approx(expected["points"]["cl"][-1], rel=1e-3)
        assert state.lower * 100 == pytest.approx(
            expected["points"]["lcl"][-1], rel=1e-3
        )


def test_public_data_stays_out_of_the_log_of_this_trust(trust, qi_team):
    ae(AE, qi_team)
    ProjectFactory(unit=trust)
    assert Project.objects.filter(status="active").count() == 1
