"""Ben finds projects, and brings in files: units, measures, a survey."""

import pytest

from pdsa.models import DataPoint, Measure
from qiportal.organisation.models import Unit
from surveys.models import SurveyResult
from tests.browser import settled
from tests.journeys.scene import falls_project
from tests.journeys.walk import begin, look
from tests.projects.scene import crowd, full_project

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

UNITS = "code,name,kind,parent_code\n"
GOOD_UNITS = f"{UNITS}MED,Care of older people,directorate,{{parent}}\n"
BAD_UNITS = f"{GOOD_UNITS}W99,Ward 99,team,NOWHERE\nW98,,ward,MED\n"

MEASURES = (
    "project_reference,measure,kind,operational_definition,data_type,direction,"
    "frequency,unit,period,numerator\n"
)
ROW = "{},Falls,outcome,Falls reported in the month,count,down,monthly,falls,{},{}\n"


def offer(hand, kind, path):
    """Chooses a file of that kind and has it checked."""
    hand.visitor.open(f"/account/imports/{kind}/new/")
    hand.page.set_input_files("input[type=file]", path)
    hand.button("Check the file")


def csv_file(folder, name, text):
    path = folder / name
    path.write_text(text)
    return path


def test_the_portfolio_is_searched_and_filtered(visit, ward, lead, qi_team):
    full_project(lead, ward)
    crowd(ward, lead, 12)
    hand = begin(visit, "keyboard", qi_team)
    hand.visitor.open("/projects/")
    look(hand, "portfolio")
    hand.sees("13 projects")
    hand.write("Search for", "discharge")
    hand.button("Search")
    hand.sees("6 projects")
    hand.pick("Status", "Closed")
    hand.page.wait_for_url("**status=closed**")
    settled(hand.page)
    look(hand, "portfolio-filtered")
    shown = hand.page.locator("#results tbody tr")
    told = hand.page.locator("#results").inner_text()
    assert f"{shown.count()} project" in told
    assert 0 < shown.count() < 6
    assert "q=discharge" in hand.page.url


def test_units_a_bad_file_first_then_a_good_one(visit, ward, qi_team, tmp_path):
    parent = ward.parent.code
    hand = begin(visit, "keyboard", qi_team)
    bad = csv_file(tmp_path, "bad.csv", BAD_UNITS.format(parent=parent))
    offer(hand, "units", bad)
    hand.sees("The file needs mending")
    look(hand, "import-units-bad")
    assert not Unit.objects.filter(code="MED").exists()
    with hand.page.expect_download() as found:
        hand.press(hand.page.get_by_role("link", name="Download the good rows"))
    assert "Care of older people" in found.value.path().read_text()

    good = csv_file(tmp_path, "good.csv", GOOD_UNITS.format(parent=parent))
    offer(hand, "units", good)
    hand.sees("The file reads well")
    look(hand, "import-units-checked")
    assert not Unit.objects.filter(code="MED").exists()
    hand.button("Import now")
    hand.sees("The file was imported")
    look(hand, "import-units-done")
    assert Unit.objects.get(code="MED").parent == ward.parent


def test_measures_a_bad_file_first_then_a_good_one(visit, lead, qi_team, tmp_path):
    project = falls_project(lead)
    reference = project.reference
    rows = [ROW.format(reference, f"2026-0{n}-01", n + 2) for n in range(1, 10)]
    hand = begin(visit, "keyboard", qi_team)
    wrong = MEASURES + "".join(rows) + ROW.format("QI-1999-0001", "soon", "many")
    offer(hand, "measures", csv_file(tmp_path, "bad.csv", wrong))
    hand.sees("The file needs mending")
    look(hand, "import-measures-bad")
    assert DataPoint.objects.count() == 0

    right = csv_file(tmp_path, "good.csv", MEASURES + "".join(rows))
    offer(hand, "measures", right)
    hand.sees("The file reads well")
    hand.button("Import now")
    hand.sees("The file was imported")
    look(hand, "import-measures-done")
    assert Measure.objects.get(project=project).points.count() == 9
    measure = Measure.objects.get()
    hand.visitor.open(f"/pdsa/{reference}/measures/{measure.pk}/")
    hand.sees("Falls: 9 monthly points")
    look(hand, "import-measure-chart")


def test_survey_results_come_in(visit, ward, qi_team, tmp_path):
    heading = "unit_code,question,n,positive_pct\n"
    hand = begin(visit, "keyboard", qi_team)
    hand.visitor.open("/surveys/import/")
    look(hand, "survey-import")
    for name, row, button in (
        ("bad.csv", "NOPE,q3f,20,60\n", "Check only"),
        ("good.csv", f"{ward.code},q3f,20,60\n", "Import"),
    ):
        hand.choose("Results of our own units")
        hand.put("Wave", "autumn-2026")
        hand.put("Month", "2026-10")
        path = csv_file(tmp_path, name, heading + row)
        hand.page.set_input_files("input[type=file]", path)
        hand.button(button)
        hand.page.locator("#report-title").wait_for()
        look(hand, f"survey-import-{name[:-4]}")
        assert SurveyResult.objects.exists() == (name == "good.csv")
    hand.visitor.open("/surveys/autumn-2026/")
    look(hand, "survey-wave")
