"""Survey results per wave and comments per month, as families of indicators."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from qiportal.dashboard.facts import Leaf
from qiportal.dashboard.leaves.base import Window
from surveys.counts import item_score
from surveys.models import SurveyResult
from surveys.rollups import rollup_comments, rollup_results

Family = dict[str, list[Leaf]]
LABELS = ("positive", "mixed", "negative", "nil")


def _result(row: dict[str, Any]) -> Leaf:
    return Leaf(
        row["unit_id"],
        row["month"],
        row["subgroup"],
        row["numerator"],
        row["denominator"],
        row["n"],
        row["suppressed"],
    )


def results(window: Window) -> Family:
    """Share of positive answers: survey.<instrument>.<wording_key>, per wave."""
    found: Family = defaultdict(list)
    for row in rollup_results():
        if not row["weighted"] and row["month"] <= window.as_of:
            found[f"survey.{row['instrument']}.{row['wording_key']}"].append(
                _result(row)
            )
    return found


def _stored(**kept: Any) -> Iterable[SurveyResult]:
    rows = SurveyResult.objects.filter(**kept).select_related(
        "wave__survey", "question"
    )
    return rows.iterator(chunk_size=5000)


def _code(row: SurveyResult, ending: str) -> str:
    return f"survey.{row.wave.survey.kind}.{row.question.wording_key}.{ending}"


def weighted(window: Window) -> Family:
    """Weighted results exactly as published, as a share: never recomputed."""
    found: Family = defaultdict(list)
    for row in _stored(weighted=True, wave__opens_on__lte=window.as_of):
        score = row.published_score
        share = None if score is None else float(score) / 100
        hidden = row.suppressed or share is None
        found[_code(row, "weighted")].append(
            Leaf(
                row.unit_id, row.wave.opens_on, row.subgroup, share, None, row.n, hidden
            )
        )
    return found


def scores(window: Window) -> Family:
    """Scores 0 to 10 of five-point questions with counts: points / answers."""
    found: Family = defaultdict(list)
    for row in _stored(
        weighted=False, question__scale="agree5", wave__opens_on__lte=window.as_of
    ):
        if row.suppressed or row.option_counts:
            found[_code(row, "score")].append(_score(row))
    return found


def _score(row: SurveyResult) -> Leaf:
    key = row.unit_id, row.wave.opens_on, row.subgroup
    if row.suppressed:
        return Leaf(*key, hidden=True)
    n = sum(row.option_counts)
    points = (item_score(row.option_counts, row.question.direction) or 0) * n
    return Leaf(*key, round(points * 2) / 2, n, n)


def comments(window: Window) -> Family:
    """comments.<prompt_type>[.<theme>] per month: net, and one row per label."""
    found: Family = defaultdict(list)
    for row in rollup_comments():
        if row["month"] <= window.as_of:
            theme = f".{row['theme']}" if row["theme"] else ""
            found[f"comments.{row['prompt_type']}{theme}"].extend(_voices(row))
    return found


def _voices(row: dict[str, Any]) -> Iterator[Leaf]:
    unit, month = row["unit_id"], row["month"]
    said = row["positive"] + row["mixed"] + row["negative"]
    net = row["positive"] - row["negative"]
    yield Leaf(unit, month, "", net, said, row["n"])
    for label in LABELS:
        whole = None if label == "nil" else said
        yield Leaf(unit, month, label, row[label], whole, row["n"])
