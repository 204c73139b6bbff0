"""From everything the API shows, no survey cell of 1 to 10 people can be worked out."""

import random

import pytest

from qiportal.dashboard.services import rollup
from tests.factories import (
    QuestionFactory,
    SurveyFactory,
    UnitFactory,
    WaveFactory,
)
from tests.qiportal.api.world import add_comments, add_results

pytestmark = pytest.mark.django_db
K = 11


def grown(trust, rng):
    """A random tree: divisions with wards of 0 to 25 answers."""
    wards = {}
    for _ in range(3):
        division = UnitFactory(kind="division", parent=trust)
        for _ in range(rng.randint(1, 4)):
            ward = UnitFactory(kind="team", parent=division)
            wards[ward] = rng.choice([0, 2, 5, 9, 10, 11, 12, 25])
    return wards


def answers(n, rng):
    options = [0, 0, 0, 0, 0]
    for _ in range(n):
        options[rng.randrange(5)] += 1
    return options


def residuals(shown, parents):
    """n of each shown unit less its nearest shown units below."""
    left = dict(shown)
    for unit in shown:
        above = parents[unit]
        while above is not None and above not in shown:
            above = parents[above]
        if above is not None:
            left[above] -= shown[unit]
    return left


@pytest.mark.parametrize("seed", range(6))
def test_no_difference_of_shown_figures_is_a_small_number(api, trust, seed):
    rng = random.Random(seed)
    wards = grown(trust, rng)
    survey = SurveyFactory(kind="local")
    wave, question = WaveFactory(survey=survey), QuestionFactory(survey=survey)
    counted = {ward: answers(n, rng) for ward, n in wards.items() if n}
    add_results(wave, question, counted)
    for ward, n in wards.items():
        add_comments(wave, ward, n)
    rollup()
    parents = {r["unit_key"]: r["parent_unit_key"] for r in api.rows("bi/dim_unit/")}
    seen = 0
    for rows in (
        api.rows("bi/fact_survey_result/"),
        [row for row in api.rows("bi/fact_indicator/") if "survey." in row["row_key"]],
    ):
        by_code = {}
        for row in rows:
            code = row.get("indicator_code", row.get("question_key"))
            by_code.setdefault(code, {})[row["unit_key"]] = row["n"]
        for counts in by_code.values():
            shown = {unit: n for unit, n in counts.items() if n}
            assert all(n >= K for n in shown.values())
            left = residuals(shown, parents)
            assert all(n == 0 or n >= K for n in left.values()), left
            seen += len(shown)
    by_theme = {}
    for row in api.rows("bi/fact_survey_sentiment/"):
        if row["comments"]:
            by_theme.setdefault(row["theme"], {})[row["unit_key"]] = row["comments"]
    for shown in by_theme.values():
        assert all(n == 0 or n >= K for n in residuals(shown, parents).values())
    assert seen


def test_hidden_rows_hold_nothing_and_look_alike(api, world):
    hidden = [row for row in api.rows("bi/fact_indicator/") if row["suppressed"]]
    assert hidden
    for row in hidden:
        numbers = [row[name] for name in ("numerator", "denominator", "n", "value")]
        assert numbers == [None] * 4
        assert row["null_reason"] == "small_number"


def test_every_door_serves_the_same_hidden_cells(api, world):
    """Page, CSV and NDJSON of results and figures hide the same units."""

    def hidden(rows):
        truths = (True, "true")
        return {str(row["unit_key"]) for row in rows if row["suppressed"] in truths}

    code = "survey.national.make-improvements-happen"
    doors = [
        hidden(api.rows("bi/fact_survey_result/")),
        hidden(api.csv("bi/fact_survey_result.csv")),
        hidden(api.ndjson("bi/fact_survey_result.ndjson")),
        hidden(api.rows(f"indicators/{code}/values/")),
        hidden(api.rows(f"indicators/{code}.score/values/")),
        hidden(api.csv("bi/fact_indicator.csv", indicator_code=code)),
    ]
    assert doors[0] == {str(world[1].pk), str(world[2].pk)}
    assert all(door == doors[0] for door in doors)


def test_filters_uncover_nothing(api, caller, world):
    """A narrowed request, or a token of one unit, reads the same cells."""
    whole = {row["row_key"]: row for row in api.rows("bi/fact_survey_result/")}
    for ward in world:
        limited = caller(["bi:read"], unit=ward, name=ward.code)
        for rows in (
            api.rows("bi/fact_survey_result/", unit=ward.code),
            api.rows("bi/fact_survey_result/", unit_key=ward.pk),
            limited.rows("bi/fact_survey_result/"),
        ):
            assert rows == [whole[row["row_key"]] for row in rows]
            assert len(rows) == 1
