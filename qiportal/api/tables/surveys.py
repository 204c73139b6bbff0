"""Tables of staff surveys: waves, questions, and what the published run says of them.

Results are read from the published figures alone, so they are hidden here
exactly as on every page.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from django.db.models import BooleanField, Case, F, Q, QuerySet, Value, When
from django.db.models.fields import CharField

from qiportal.api.columns import (
    COMPUTED,
    NULL_REASONS,
    date_,
    flag,
    key,
    num,
    text,
    whole,
)
from qiportal.api.tables.base import Row, Table, Viewer
from qiportal.api.tables.common import newest, newest_of
from qiportal.api.tables.projects import UNIT
from qiportal.api.tables.rows import OrmRows
from qiportal.dashboard.models import IndicatorSnapshot
from surveys.models import (
    Question,
    Survey,
    SurveyResult,
    Wave,
)

WAVE = "dim_survey_wave.wave_key"
QUESTION = "dim_question.question_key"
KINDS = tuple(Survey.Kind.values)
FEW = 30
BANDS = {0: "under_10_pct", 1: "over_90_pct"}


def wave_rows(viewer: Viewer) -> QuerySet:
    return Wave.objects.visible_to(viewer.user)


WAVE_STATUS = Case(
    When(published_at__isnull=False, then=Value("published")),
    default=Value("not_published"),
    output_field=CharField(),
)

DIM_SURVEY_WAVE = Table(
    name="dim_survey_wave",
    path="bi/dim_survey_wave/",
    meaning="One row per fielding of a survey. Never put two instruments on one line.",
    own=(
        key("wave_key", "The wave's number.", "pk"),
        text("survey", "The survey.", "survey__title"),
        text("instrument", "Kind of survey.", "survey__kind", choices=KINDS),
        text("label", "Its name."),
        date_("opens_on", "First day."),
        date_("closes_on", "Last day."),
        whole("release_year", "Year its figures were released.", null=True),
        text(
            "status",
            "Whether it is final.",
            WAVE_STATUS,
            choices=("published", "not_published"),
        ),
    ),
    source=OrmRows(wave_rows, F("updated_at")),
)


def question_rows(viewer: Viewer) -> QuerySet:
    return Question.objects.filter(survey__waves__in=wave_rows(viewer)).distinct()


DIM_QUESTION = Table(
    name="dim_question",
    path="bi/dim_question/",
    meaning="One row per question and year; wording_key joins the years.",
    own=(
        key("question_key", "The question's number.", "pk"),
        text("instrument", "Kind of survey.", "survey__kind", choices=KINDS),
        text("code", "Its number in that year's questionnaire."),
        text("wording_key", "The same for the same wording in every year."),
        text("label", "Short name."),
        text("scale", "How it is answered."),
        text("direction", "Which answer is better.", choices=("up", "down")),
        text("subscore", "Sub-score it is part of.", null=True),
        text("theme", "Theme it belongs to.", null=True),
        flag("is_local", "Whether the trust added it."),
    ),
    source=OrmRows(
        question_rows,
        newest(
            newest_of(Wave.objects.all(), "updated_at", survey="survey_id"),
            newest_of(SurveyResult.objects.all(), "batch__at", question="pk"),
        ),
    ),
)

Asked = tuple[str, date]


def waves_of(viewer: Viewer) -> dict[Asked, tuple[int, int]]:
    """(indicator, first day) -> (wave, question), read once per request."""
    if "waves" not in viewer.cache:
        columns = ("wave__survey__kind", "question__wording_key", "wave__opens_on")
        rows = SurveyResult.objects.order_by().values_list(
            *columns, "wave_id", "question_id"
        )
        viewer.cache["waves"] = {
            (f"survey.{kind}.{wording}", opens_on): (wave, question)
            for kind, wording, opens_on, wave, question in rows.distinct()
        }
    return viewer.cache["waves"]


def one_of(places: Iterable[Asked], endings: tuple[str, ...]) -> Q:
    """Figures of any of these indicators and first days."""
    by_day: dict[date, list[str]] = defaultdict(list)
    for code, first in places:
        by_day[first] += [code + ending for ending in endings]
    found = Q(pk__in=[])
    for first, codes in by_day.items():
        found |= Q(period_start=first, indicator__in=codes)
    return found


def asked_in(position: int) -> Callable[[Viewer, Any], Q]:
    """Rows of one wave (0) or question (1)."""

    def where(viewer: Viewer, wanted: Any) -> Q:
        pairs = waves_of(viewer).items()
        places = [place for place, keys in pairs if keys[position] == wanted]
        return one_of(places, ("", ".weighted"))

    return where


def result_rows(viewer: Viewer) -> QuerySet:
    """Results of known questions; the 0 to 10 score of a question is read beside."""
    rows = IndicatorSnapshot.objects.filter(
        run=viewer.run_id, indicator__startswith="survey."
    )
    return rows.filter(one_of(waves_of(viewer), ("", ".weighted")))


def is_weighted() -> Case:
    return Case(
        When(indicator__endswith=".weighted", then=Value(True)),
        default=Value(False),
        output_field=BooleanField(),
    )


def scores_of(rows: list[Row], viewer: Viewer) -> dict[tuple, float]:
    """(indicator, unit, subgroup, first day) -> score 0 to 10, where shown."""
    figures = IndicatorSnapshot.objects.filter(
        run=viewer.run_id,
        indicator__in={f"{row['_code']}.score" for row in rows},
        unit__in={row["unit_key"] for row in rows},
        denominator__gt=0,
    )
    columns = ("indicator", "unit_id", "subgroup", "period_start")
    found = figures.values_list(*columns, "numerator", "denominator")
    return {
        (code.removesuffix(".score"), *place): float(top) / float(whole)
        for code, *place, top, whole in found
    }


def with_results(rows: list[Row], viewer: Viewer) -> None:
    waves, scores = waves_of(viewer), scores_of(rows, viewer)
    for row in rows:
        code = row["_code"].removesuffix(".weighted")
        row["wave_key"], row["question_key"] = waves[code, row["_day"]]
        row.update(dict.fromkeys(("n_band", "positive_pct", "score", "null_reason")))
        row["suppressed"] = bool(row["_reason"])
        share = _share(row)
        if row["_reason"]:
            row["null_reason"] = row["_reason"]
        elif share is None:
            row["null_reason"] = "no_data"
        elif share in BANDS:
            row["n_band"], row["null_reason"] = BANDS[int(share)], "all_alike"
        else:
            place = (row["_code"], row["unit_key"], row["subgroup"], row["_day"])
            score = scores.get(place)
            row["positive_pct"] = round(share * 100, 0 if (row["n"] or 0) < FEW else 1)
            row["score"] = None if score is None else round(score, 2)


def _share(row: Row) -> float | None:
    if row["_value"] is not None:
        return row["_value"]
    if not row["_denominator"] or row["_numerator"] is None:
        return None
    return float(row["_numerator"]) / float(row["_denominator"])


FIGURE = {
    "_code": "indicator",
    "_day": "period_start",
    "_numerator": "numerator",
    "_denominator": "denominator",
    "_value": "value",
    "_reason": "suppressed_reason",
}

FACT_SURVEY_RESULT = Table(
    name="fact_survey_result",
    path="bi/fact_survey_result/",
    meaning="One row per wave, question, unit and subgroup, as published and hidden in "
    "the published run.",
    own=(
        key("wave_key", "The wave.", COMPUTED, references=WAVE, where=asked_in(0)),
        key(
            "question_key",
            "The question.",
            COMPUTED,
            references=QUESTION,
            where=asked_in(1),
        ),
        key("unit_key", "The unit, its parts included.", "unit_id", references=UNIT),
        key(
            "subgroup",
            'Staff group, at trust level only; "" for everybody.',
            type="text",
        ),
        key(
            "is_weighted",
            "Whether it is the published, weighted figure.",
            is_weighted,
            type="bool",
        ),
        whole("n", "Valid answers.", null=True, unit="answers"),
        text(
            "n_band",
            "Band of the share where nobody or everybody answered positively.",
            COMPUTED,
            null=True,
            choices=tuple(BANDS.values()),
        ),
        num(
            "positive_pct",
            "Positive answers in per cent; whole below 30 answers.",
            COMPUTED,
            null=True,
            unit="%",
        ),
        num("score", "Mean score 0 to 10, higher is better.", COMPUTED, null=True),
        text(
            "null_reason",
            "Why there is no figure.",
            COMPUTED,
            null=True,
            choices=NULL_REASONS,
        ),
        flag("suppressed", "Whether it is hidden to protect people.", COMPUTED),
    ),
    compute=with_results,
    reads=FIGURE,
    source=OrmRows(result_rows, unit_path="unit__path"),
)
