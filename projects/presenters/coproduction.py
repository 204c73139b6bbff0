"""The ladder of co-production as the project page tells it."""

from collections.abc import Mapping

from projects.ladder import MEANINGS, group_of
from projects.models import CoproductionRating


def ladder(ratings: Mapping[str, list[CoproductionRating]]) -> list[dict]:
    """Every stage in order, with its newest rating and how it was before."""
    rows = []
    for stage, label in CoproductionRating.Stage.choices:
        newest, *before = ratings.get(stage) or [None]
        rows.append(
            {
                "stage": stage,
                "label": label,
                "rating": newest,
                "group": group_of(newest.rung) if newest else "",
                "meaning": MEANINGS[newest.rung] if newest else "",
                "steps": range(1, 8),
                "before": before,
            }
        )
    return rows
