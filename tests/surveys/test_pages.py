"""Pages of surveys in a real browser."""

import pytest

from surveys.imports import import_survey
from tests.browser import BOTH
from tests.factories import QuestionFactory, WaveFactory
from tests.surveys.test_views import write

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WIDE = (
    "ods_code,year,organisation_name,benchmarking_group,region,respondents,"
    "q3f_base,q3f_agree_pct\n"
)


def clean(visitor, path):
    visitor.open(path)
    visitor.assert_clean("surveys" + path.replace("/", "-").replace("?", "-"))


def benchmarks(by):
    rows = [
        f"ORG{code},{year},Hospital {code},Acute Trusts,-,900,800,{50 + code + step}\n"
        for code in range(5)
        for step, year in enumerate((2021, 2022, 2023, 2024))
    ]
    import_survey(
        file_name="b.csv",
        data=(WIDE + "".join(rows)).encode(),
        by=by,
        dry_run=False,
        options={"profile": "benchmark"},
    )


def test_survey_pages_empty_and_filled(visit, qi_team, ward):
    visitor = visit(qi_team, widths=BOTH)
    clean(visitor, "/surveys/")
    clean(visitor, "/surveys/benchmarks/")
    wave = WaveFactory(slug="autumn")
    question = QuestionFactory(survey=wave.survey)
    wave.results.create(
        unit=ward, question=question, n=64, option_counts=[4, 8, 10, 30, 12]
    )
    write(wave, ward, 14)
    benchmarks(qi_team)
    clean(visitor, "/surveys/")
    clean(visitor, "/surveys/autumn/")
    clean(visitor, "/surveys/benchmarks/?organisation=ORG2")
    clean(visitor, f"/surveys/autumn/comments/?unit={ward.pk}")
    clean(visitor, "/surveys/autumn/publish/")
    clean(visitor, "/surveys/import/")


def test_a_refused_file_says_what_to_mend(visit, qi_team, tmp_path):
    bad = tmp_path / "bad.csv"
    bad.write_text("unit_code,question,n,positive_pct\nNOPE,q3f,20,60\n")
    visitor = visit(qi_team, width=390)
    visitor.open("/surveys/import/")
    page = visitor.page
    page.get_by_label("Results of our own units").check()
    page.get_by_label("Wave", exact=False).first.fill("autumn-2026")
    page.get_by_label("Month", exact=False).fill("2026-10")
    page.set_input_files("input[type=file]", bad)
    page.get_by_role("button", name="Check only").click()
    page.wait_for_selector("#report-title")
    visitor.picture("surveys-refused")
    assert "No unit has this code" in page.content()
    assert visitor.axe() == []
