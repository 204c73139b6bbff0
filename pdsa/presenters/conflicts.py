"""What is saved now, under the names of the forms: for the page with both texts."""

from collections.abc import Iterable
from typing import Any

from pdsa.models import Cycle, Prediction
from pdsa.selectors.cycles import (
    compared_predictions,
    current_predictions,
    outcome_of,
)
from pdsa.services import Expectation

REPLACES = (
    "If you save, your wording takes the place of theirs; new ones are added. Earlier "
    "wordings are kept."
)


def plan_now(cycle: Cycle) -> dict[str, Any]:
    return {"measures": list(cycle.measures.all())}


def expected_pair(cycle: Cycle, formset: Any) -> list[dict]:
    """The expectations that stand, and those the editor sent."""
    if formset is None:
        return []
    return [
        {
            "label": "What you expect",
            "theirs": _lines(current_predictions(cycle)),
            "yours": _lines(formset.expectations()),
            "saving": REPLACES,
        }
    ]


def _lines(rows: Iterable[Prediction | Expectation]) -> str:
    return "\n".join(_line(row) for row in rows)


def _line(row: Prediction | Expectation) -> str:
    because = f", because {row.because}" if row.because else ""
    asked = f"{row.question} " if row.question else ""
    return f"{asked}{row.statement}{because}"


def study_now(cycle: Cycle) -> dict[str, Any]:
    """The outcome and the note of each expectation, as Study's form names them."""
    found: dict[str, Any] = {}
    for row in compared_predictions(cycle):
        outcome = outcome_of(row)
        found[f"outcome_{row.pk}"] = outcome.outcome if outcome else ""
        found[f"note_{row.pk}"] = outcome.note if outcome else ""
    return found


def act_now(cycle: Cycle) -> dict[str, Any]:
    """What the decision also says about the change idea."""
    idea = cycle.ramp.change_idea
    names = ("would_try_if", "standard_work_owner", "sustain_check_on")
    return {name: getattr(idea, name) if idea else None for name in names}
