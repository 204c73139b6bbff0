"""fact_survey_sentiment: how comments read to a machine, from the published run."""

from collections import defaultdict
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from qiportal.api.columns import (
    COMPUTED,
    NULL_REASONS,
    day,
    flag,
    key,
    num,
    text,
    whole,
)
from qiportal.api.tables.base import Row, Table, Viewer
from qiportal.api.tables.projects import UNIT
from qiportal.api.tables.rows import OrmRows
from qiportal.api.tables.surveys import FIGURE, WAVE
from qiportal.dashboard.models import IndicatorSnapshot
from qiportal.dashboard.presenters.numbers import net_interval
from surveys.models import Comment, PromptType, ScorerVersion

PROMPTS = tuple(PromptType.values)
LABELS = {"positive": "positive", "mixed": "mixed", "negative": "negative"}
LABELS |= {"nil": "no_content"}


def comment_waves(viewer: Viewer) -> dict[tuple[str, date], int]:
    """(prompt type, month) -> the newest wave with such comments."""
    if "comment_waves" not in viewer.cache:
        rows = Comment.objects.order_by("wave__opens_on", "wave_id").values_list(
            "prompt__prompt_type", "month", "wave_id"
        )
        viewer.cache["comment_waves"] = {
            (prompt, month): wave for prompt, month, wave in rows.distinct()
        }
    return viewer.cache["comment_waves"]


def said_in_wave(viewer: Viewer, wave: Any) -> Q:
    found = Q(pk__in=[])
    for (prompt, month), known in comment_waves(viewer).items():
        if known == wave:
            code = f"comments.{prompt}"
            themes = Q(indicator=code) | Q(indicator__startswith=f"{code}.")
            found |= themes & Q(period_start=month)
    return found


def said_to_prompt(viewer: Viewer, prompt: Any) -> Q:
    code = f"comments.{prompt}"
    return Q(indicator=code) | Q(indicator__startswith=f"{code}.")


def said_of_theme(viewer: Viewer, theme: Any) -> Q:
    codes = [f"comments.{prompt}" for prompt in PROMPTS]
    ending = f".{theme}" if theme else ""
    return Q(indicator__in=[code + ending for code in codes])


def sentiment_rows(viewer: Viewer) -> QuerySet:
    """The net rows; what else was said hangs on the same indicator and unit."""
    months = {month for _, month in comment_waves(viewer)}
    return IndicatorSnapshot.objects.filter(
        run=viewer.run_id,
        indicator__startswith="comments.",
        subgroup="",
        period_start__in=months,
    )


def labels_of(rows: list[Row], viewer: Viewer) -> dict[tuple, dict[str, int]]:
    """(indicator, unit, month) -> how many comments have each label, where shown."""
    figures = IndicatorSnapshot.objects.filter(
        run=viewer.run_id,
        indicator__in={row["_code"] for row in rows},
        unit__in={row["unit_key"] for row in rows},
        subgroup__in=LABELS,
        numerator__isnull=False,
    )
    columns = ("indicator", "unit_id", "period_start", "subgroup", "numerator")
    found: dict[tuple, dict[str, int]] = defaultdict(dict)
    for code, unit, month, label, number in figures.values_list(*columns):
        found[code, unit, month][LABELS[label]] = int(number)
    return found


def scorer_name(viewer: Viewer) -> str:
    if "scorer" not in viewer.cache:
        names = ScorerVersion.objects.filter(active=True).values_list("name", flat=True)
        viewer.cache["scorer"] = names.first() or ""
    return viewer.cache["scorer"]


def with_sentiment(rows: list[Row], viewer: Viewer) -> None:
    waves, labels = comment_waves(viewer), labels_of(rows, viewer)
    for row in rows:
        _, prompt, *theme = row["_code"].split(".")
        row["prompt_type"], row["theme"] = prompt, "".join(theme)
        row["wave_key"] = waves.get((prompt, row["_day"]), 0)
        row["scorer_version"] = scorer_name(viewer)
        row["suppressed"] = bool(row["_reason"])
        row["null_reason"] = row["_reason"] or None
        row.update(dict.fromkeys((*LABELS.values(), "net", "ci_low", "ci_high")))
        if row["_reason"]:
            continue
        counts = labels.get((row["_code"], row["unit_key"], row["_day"]), {})
        row.update(dict.fromkeys(LABELS.values(), 0) | counts)
        if row["_denominator"]:
            row.update(_net(row))
        else:
            row["null_reason"] = "no_data"


def _net(row: Row) -> Row:
    total = float(row["_denominator"])
    net = float(row["_numerator"]) / total
    low, high = net_interval(net, row["positive"] + row["negative"], total)
    return {"net": round(net, 4), "ci_low": round(low, 4), "ci_high": round(high, 4)}


FACT_SURVEY_SENTIMENT = Table(
    name="fact_survey_sentiment",
    path="bi/fact_survey_sentiment/",
    meaning="One row per month, unit, prompt and theme: how comments read to a "
    "machine. Prompts are never put together. No comment text is in the API.",
    own=(
        key(
            "wave_key",
            "The wave; the newest, where several gave comments in a month.",
            COMPUTED,
            references=WAVE,
            where=said_in_wave,
        ),
        day("month_date_key", "First day of the month.", "period_start", key=True),
        key("unit_key", "The unit, its parts included.", "unit_id", references=UNIT),
        key(
            "prompt_type",
            "What was asked.",
            COMPUTED,
            type="text",
            choices=PROMPTS,
            where=said_to_prompt,
        ),
        key(
            "theme",
            'Theme; "" for all.',
            COMPUTED,
            type="text",
            where=said_of_theme,
        ),
        whole("comments", "Comments that say something.", "n", null=True),
        whole("positive", "Of these, positive.", COMPUTED, null=True),
        whole("mixed", "Neutral or mixed.", COMPUTED, null=True),
        whole("negative", "Negative.", COMPUTED, null=True),
        whole("no_content", "Answers that say nothing, apart.", COMPUTED, null=True),
        num("net", "(positive - negative) / comments, -1 to 1.", COMPUTED, null=True),
        num("ci_low", "Lower end of its 95 % interval.", COMPUTED, null=True),
        num("ci_high", "Upper end of its 95 % interval.", COMPUTED, null=True),
        text("scorer_version", "Version of the scorer.", COMPUTED),
        text(
            "null_reason",
            "Why there is no figure.",
            COMPUTED,
            null=True,
            choices=NULL_REASONS,
        ),
        flag("suppressed", "Whether it is hidden to protect people.", COMPUTED),
    ),
    compute=with_sentiment,
    reads=FIGURE,
    source=OrmRows(sentiment_rows, unit_path="unit__path"),
)
