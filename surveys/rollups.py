"""Leaf rows of the nightly rollup: counts by unit, never a respondent."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Count, F, Q

from surveys.counts import positive_answers
from surveys.models import Comment, CommentTheme, SurveyResult

LEAF = dict[str, Any]
LABELS = ("positive", "neutral_mixed", "negative", "nil")


def rollup_results() -> Iterator[LEAF]:
    """Positive answers of all valid ones, per wave, unit, question and subgroup.

    Results published as a percentage give positives rounded to whole people; those
    hidden by their publisher come without numbers.
    """
    rows = SurveyResult.objects.select_related("wave__survey", "question").only(
        "unit_id",
        "subgroup",
        "n",
        "option_counts",
        "published_score",
        "suppressed",
        "weighted",
        "wave__opens_on",
        "wave__survey__kind",
        "question__wording_key",
        "question__scale",
    )
    for row in rows.iterator(chunk_size=5000):
        yield {
            "instrument": row.wave.survey.kind,
            "wording_key": row.question.wording_key,
            "weighted": row.weighted,
            "unit_id": row.unit_id,
            "subgroup": row.subgroup,
            "month": row.wave.opens_on,
            "suppressed": row.suppressed,
            "numerator": _positive(row),
            "denominator": row.n,
            "n": row.n,
        }


def _positive(row: SurveyResult) -> int | None:
    if row.suppressed or row.n is None:
        return None
    if row.option_counts:
        return positive_answers(row.option_counts, row.question.scale)
    return round(row.n * row.published_score / 100)


def _label(name: str) -> Count:
    return Count("pk", filter=Q(scores__label=name))


def rollup_comments() -> Iterator[LEAF]:
    """Labels of the active scorer by prompt type, unit and month; then by theme.

    n counts comments that say something: nil answers stay out of every denominator.
    """
    scored = Comment.objects.filter(scores__scorer_version__active=True)
    rows = (
        scored.values("unit_id", "month", prompt_type=F("prompt__prompt_type"))
        .annotate(
            positive=_label("positive"),
            mixed=_label("neutral_mixed"),
            negative=_label("negative"),
            nil=_label("nil"),
        )
        .order_by()
    )
    for row in rows:
        yield {**row, "theme": "", "n": _said(row)}
    yield from _by_theme()


def _by_theme() -> Iterator[LEAF]:
    def label(name: str) -> Count:
        return Count("pk", filter=Q(comment__scores__label=name))

    rows = (
        CommentTheme.objects.filter(
            scorer_version__active=True, comment__scores__scorer_version__active=True
        )
        .values(
            "theme",
            unit_id=F("comment__unit_id"),
            month=F("comment__month"),
            prompt_type=F("comment__prompt__prompt_type"),
        )
        .annotate(
            positive=label("positive"),
            mixed=label("neutral_mixed"),
            negative=label("negative"),
            nil=label("nil"),
        )
        .order_by()
    )
    for row in rows:
        yield {**row, "n": _said(row)}


def _said(row: LEAF) -> int:
    return row["positive"] + row["mixed"] + row["negative"]
