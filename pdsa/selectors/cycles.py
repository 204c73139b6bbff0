"""Reading tests with what hangs on them, and which predictions count."""

from collections.abc import Iterable

from django.db.models import Prefetch, QuerySet

from pdsa.models import Cycle, CycleOutcome, Prediction
from qiportal.core.dates import local_day


def with_predictions(cycles: QuerySet[Cycle]) -> QuerySet[Cycle]:
    """Cycles with predictions and their outcomes at hand: one more query."""
    rows = Prediction.objects.select_related("outcome", "by").order_by("id")
    return cycles.prefetch_related(Prefetch("predictions", queryset=rows))


def is_prior(cycle: Cycle, prediction: Prediction) -> bool:
    """Saved before Do began, and not after the day the test is said to have been."""
    if cycle.do_started_at is None:
        return True
    if prediction.first_saved_at > cycle.do_started_at:
        return False
    saved_on = local_day(prediction.first_saved_at)
    return cycle.do_on is None or cycle.do_on >= saved_on


def is_amendment(cycle: Cycle, prediction: Prediction) -> bool:
    """Saved after Do began, by the server's stamps."""
    begun = cycle.do_started_at
    return begun is not None and prediction.first_saved_at > begun


def _unreplaced(rows: Iterable[Prediction]) -> list[Prediction]:
    rows = list(rows)
    replaced = {row.supersedes_id for row in rows}
    return [row for row in rows if row.pk not in replaced]


def compared_predictions(cycle: Cycle) -> list[Prediction]:
    """The predictions Study compares: as they stood when Do began.

    An amendment never takes the place of what was expected before. Where nothing was
    written before Do, the later ones are compared.
    """
    rows = list(cycle.predictions.all())
    before = [row for row in rows if not is_amendment(cycle, row)]
    return _unreplaced(before) or _unreplaced(rows)


def current_predictions(cycle: Cycle) -> list[Prediction]:
    """The newest wording of each expectation."""
    return _unreplaced(cycle.predictions.all())


def outcome_of(prediction: Prediction) -> CycleOutcome | None:
    """The outcome, or None; needs `select_related("outcome")` to be free."""
    return getattr(prediction, "outcome", None)
