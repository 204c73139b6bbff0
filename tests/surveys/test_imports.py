"""Survey files: results, comments and other organisations' results."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError

from qiportal.core.dates import now
from surveys.counts import item_score, positive_answers
from surveys.imports import import_survey
from surveys.models import (
    Benchmark,
    Comment,
    CommentScore,
    Question,
    SurveyResult,
    Wave,
)
from surveys.scoring import score_comments_job
from surveys.selectors import group_years

pytestmark = pytest.mark.django_db

COUNTS = "unit_code,question,strongly_disagree,disagree,neither,agree,strongly_agree\n"
WIDE = "ods_code,year,organisation_name,benchmarking_group,region,respondents,"
WIDE += "q3f_base,q3f_agree_pct\n"


def run(text, by, *, dry_run=False, name="f.csv", **options):
    data = text if isinstance(text, bytes) else text.encode()
    base = {"profile": "results", "wave": "nss-2025", "month": "2025-10"}
    return import_survey(
        file_name=name, data=data, by=by, dry_run=dry_run, options={**base, **options}
    )


def codes(report):
    return [(p.line, p.column, p.code) for p in report.problems]


def test_the_worked_example_of_a_question():
    counts = [4, 8, 10, 30, 12]
    assert positive_answers(counts, "agree5") == 42
    assert round(item_score(counts, "up"), 2) == 6.48
    assert round(item_score(counts, "down"), 2) == 3.52


def test_counts_are_stored_per_unit_and_question(ward, qi_team):
    report = run(COUNTS + f"{ward.code},q3f,4,8,10,30,12\n", qi_team)
    assert report.ok
    result = SurveyResult.objects.get()
    assert (result.n, result.option_counts) == (64, [4, 8, 10, 30, 12])
    assert result.question.wording_key == "make-improvements-happen"


@pytest.mark.parametrize("mark", ["*", "-", "<10", "<11", "NA", ""])
def test_a_hidden_cell_is_null_and_never_zero(mark, ward, qi_team):
    text = "unit_code,question,n,positive_pct\n"
    report = run(text + f"{ward.code},q3f,{mark},{mark}\n", qi_team)
    assert report.ok
    result = SurveyResult.objects.get()
    assert result.suppressed
    assert (result.n, result.published_score) == (None, None)


def test_fractions_become_percentages(ward, qi_team):
    text = "unit_code,question,n,positive_pct\n"
    run(text + f"{ward.code},q3f,64,0.656\n", qi_team)
    assert SurveyResult.objects.get().published_score == Decimal("65.6")


def test_mixed_scales_are_refused(ward, qi_team):
    rows = [f"{ward.code},q3f,64,0.656", f"{ward.code},q3d,64,0.7"]
    rows.append(f"{ward.code},q3e,64,55.1")
    text = "unit_code,question,n,positive_pct\n" + "\n".join(rows) + "\n"
    assert codes(run(text, qi_team)) == [(1, "", "mixed_scale")]
    assert not SurveyResult.objects.exists()


def test_an_unknown_question_is_a_warning_not_a_guess(ward, qi_team):
    report = run(COUNTS + f"{ward.code},q99z,1,2,3,4,5\n", qi_team)
    assert report.ok
    assert report.warnings[0].code == "unknown_question"
    assert Question.objects.get().wording_key == "unknown-q99z"


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ("NOPE,q3f,1,2,3,4,5", (2, "unit_code", "unknown_unit")),
        ("{ward},q3f,1,2,x,4,5", (2, "neither", "bad_count")),
        ("{ward},,1,2,3,4,5", (2, "question", "missing")),
        ("{ward},q3f,1,2,3", (2, "", "ragged_row")),
        ("{ward},q3f,1,2,=1+1,4,5", (2, "neither", "bad_count")),
    ],
)
def test_one_bad_row_refuses_the_file(row, problem, ward, qi_team):
    text = COUNTS + row.format(ward=ward.code) + f"\n{ward.code},q3d,1,2,3,4,5\n"
    assert codes(run(text, qi_team)) == [problem]
    assert not SurveyResult.objects.exists()
    assert not Wave.objects.exists()


def test_staff_groups_below_the_trust_are_refused(ward, trust, qi_team):
    text = "unit_code,question,subgroup,n,positive_pct\n"
    bad = run(text + f"{ward.code},q3f,nursing,40,60\n", qi_team)
    assert codes(bad) == [(2, "subgroup", "subgroup_below_trust")]
    assert run(text + f"{trust.code},q3f,nursing,40,60\n", qi_team).ok


def test_the_same_rows_in_a_new_file_change_nothing(ward, qi_team):
    row = f"{ward.code},q3f,4,8,10,30,12\n"
    run(COUNTS + row, qi_team)
    report = run(COUNTS + row + "\n", qi_team)
    assert (report.written.created, report.written.unchanged) == (0, 1)


def test_a_corrected_file_updates_by_its_key(ward, qi_team):
    run(COUNTS + f"{ward.code},q3f,4,8,10,30,12\n", qi_team)
    report = run(COUNTS + f"{ward.code},q3f,4,8,10,30,13\n", qi_team)
    assert report.written.changed == 1
    assert SurveyResult.objects.get().n == 65


def test_a_published_wave_takes_no_more(ward, qi_team):
    run(COUNTS + f"{ward.code},q3f,4,8,10,30,12\n", qi_team)
    Wave.objects.update(published_at=now())
    with pytest.raises(ValidationError, match="frozen"):
        run(COUNTS + f"{ward.code},q3d,4,8,10,30,12\n", qi_team)


def test_a_dry_run_opens_no_wave(ward, qi_team):
    report = run(COUNTS + f"{ward.code},q3f,4,8,10,30,12\n", qi_team, dry_run=True)
    assert report.batch.rows_ok == 1
    assert not Wave.objects.exists()


def test_a_new_wave_needs_a_month(qi_team):
    with pytest.raises(ValidationError, match="month"):
        run(COUNTS, qi_team, month="")


# --- other organisations ------------------------------------------------------------


def test_joint_codes_commas_and_hidden_cells_of_benchmarks(qi_team):
    row = '01T/01V,2024,"NHS South, and North",CCGs,-,100,24,83.33\n'
    hidden = "R1F1,2024,Island,Community Trusts,South,100,*,*\n"
    report = run(WIDE + row + hidden, qi_team, profile="benchmark")
    assert report.ok
    joint = Benchmark.objects.get(organisation_code="01T/01V")
    assert (joint.name, joint.region) == ("NHS South, and North", "-")
    assert Benchmark.objects.get(organisation_code="R1F1").value is None


def test_a_base_above_the_respondents_warns_by_line(qi_team):
    row = "R1F,2024,Isle,Community Trusts,South,100,140,60\n"
    report = run(WIDE + row, qi_team, profile="benchmark")
    assert report.ok
    assert (report.warnings[0].line, report.warnings[0].code) == (
        2,
        "base_above_respondents",
    )


def test_benchmarks_come_twice_without_doubling(qi_team):
    row = "R1F,2024,Isle,Community Trusts,South,100,90,60\n"
    run(WIDE + row, qi_team, profile="benchmark")
    again = run(WIDE + row + "\n", qi_team, profile="benchmark")
    assert (again.written.created, again.written.unchanged) == (0, 1)
    fixed = run(WIDE + row.replace(",60", ",61"), qi_team, profile="benchmark")
    assert fixed.written.changed == 1


def test_years_that_cannot_be_compared_are_left_out(qi_team):
    rows = "A,2021,One,G,-,100,90,40\nA,2024,One,G,-,100,90,60\n"
    run(WIDE + rows + "B,2024,Two,G,-,100,90,50\n", qi_team, profile="benchmark")
    Benchmark.objects.filter(organisation_code="A").update(not_comparable_before=2023)
    years = group_years(group="G", question="q3f")
    assert [(y.year, y.organisations, y.middle) for y in years] == [(2024, 2, 55.0)]


# --- comments -----------------------------------------------------------------------

TALK = "id,qtype,text\n1,improve,Ring Dr Ferreira-Quill on 0191 555 0123 about beds\n"


def import_talk(text, ward, by):
    return run(
        text, by, profile="comments", unit=ward.code, wave="local-1", month="2026-10"
    )


def test_raw_identifiers_are_stored_nowhere(ward, qi_team, caplog):
    assert import_talk(TALK, ward, qi_team).ok
    comment = Comment.objects.get()
    assert "0191" not in comment.redacted_text
    assert "Ferreira" not in comment.redacted_text
    assert "555" not in caplog.text
    assert comment.month == date(2026, 10, 1)


def test_the_same_comments_again_add_nothing(ward, qi_team):
    import_talk(TALK, ward, qi_team)
    report = import_talk(TALK + "\n", ward, qi_team)
    assert (report.written.created, report.written.unchanged) == (0, 1)


def test_two_people_who_say_the_same_both_count(ward, qi_team):
    text = "text\nMore staff\nMore staff\n"
    assert import_talk(text, ward, qi_team).written.created == 2
    assert import_talk(text + "\n", ward, qi_team).written.created == 0


def test_a_bad_comment_row_is_told_without_its_words(ward, qi_team):
    report = import_talk("qtype,text\nsecret,Canary words here\n", ward, qi_team)
    assert codes(report) == [(2, "prompt_type", "unknown_code")]
    assert "Canary" not in str(report.as_dict())
    assert not Comment.objects.exists()


def test_scoring_reads_each_comment_once(ward, qi_team):
    text = "qtype,text\ngood,Brilliant team\nimprove,the noise\nopen,nothing\n"
    import_talk(text, ward, qi_team)
    score_comments_job(None)
    assert score_comments_job(None)["scored"] == 0
    labels = dict(
        CommentScore.objects.values_list("comment__prompt__prompt_type", "label")
    )
    assert labels == {"good": "positive", "improve": "negative", "open": "nil"}


# --- real data -----------------------------------------------------------------------

SAMPLE = Path(settings.SAMPLE_DATA_DIR or "nowhere")
needs_sample = pytest.mark.skipif(
    not (SAMPLE / "survey").is_dir(), reason="SAMPLE_DATA_DIR holds no survey data"
)


@needs_sample
def test_the_published_staff_survey_extract(qi_team):
    data = (SAMPLE / "survey/nss_org_results_2021_2024_extract.csv").read_bytes()
    report = run(data, qi_team, profile="benchmark")
    assert report.ok, report.problems[:3]
    assert report.written.created == 4300
    years = group_years(group="Acute and Acute & Community Trusts", question="q3f")
    middles = {row.year: round(row.middle, 1) for row in years}
    assert {y: middles[y] for y in (2021, 2023, 2024)} == {
        2021: 53.3,
        2023: 56.3,
        2024: 55.7,
    }


@needs_sample
def test_the_labelled_comments_as_a_local_wave(ward, qi_team):
    data = (SAMPLE / "comments/visible.csv").read_bytes()
    report = import_talk(data, ward, qi_team)
    assert report.ok, report.problems[:3]
    assert report.written.created == 3567
    score_comments_job(None)
    assert CommentScore.objects.count() == 3567
