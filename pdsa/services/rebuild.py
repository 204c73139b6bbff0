"""Every measure's state from scratch, for the night and after large imports.

All points are read once, laid out as series x periods by chart type and length, and
analysed together (pdsa.selectors.packed).
"""

from collections.abc import Sequence

import numpy as np
from django.db import transaction
from numpy.typing import NDArray

from pdsa import engine
from pdsa.models import Measure, Phase
from pdsa.selectors.packed import Laid, analysed, facts_of, groups_of, phases_of
from qiportal.spc import ENGINE_VERSION, Batch

EMPTY = (0, 0, None, None, None, None, None, None, "", "", False, ENGINE_VERSION)


def measure_states_rebuild() -> dict[str, int]:
    """Analyses every living measure afresh and keeps the results.

    Returns {"measures": n, "written": states that were new or differ}. Computed
    outside a write transaction, then written in one.
    """
    points = engine.points_packed()
    alive = Measure.objects.filter(deleted_at=None, project__deleted_at=None)
    facts, phases = facts_of(alive), phases_of(Phase.objects.all())
    rows = [(key, *EMPTY) for key in facts.keys() - set(points["measure"].tolist())]
    for group in groups_of(points, facts):
        layout = analysed(points, group, phases)
        rows += _state_rows(layout.batch, layout.series, layout.days)
    with transaction.atomic():
        written = engine.states_upsert(rows)
    return {"measures": len(rows), "written": written}


def _state_rows(
    batch: Batch, series: Sequence[Laid], days: NDArray[np.int64]
) -> list[tuple]:
    """One row per series, in the order of engine.STATE_COLUMNS."""
    every, latest = np.arange(len(series)), np.maximum(batch.latest, 0)
    first = batch.valid.argmax(axis=1)
    columns = [
        batch.valid.sum(axis=1).tolist(),
        batch.rows.n[batch.last_row].tolist(),
        (engine.EPOCH + days[every, first]).tolist(),
        (engine.EPOCH + days[every, latest]).tolist(),
        *(
            _numbers(cells[every, latest])
            for cells in (batch.y, batch.cl, batch.lcl, batch.ucl)
        ),
        [icon or "" for icon in batch.variation_icons()],
        [icon or "" for icon in batch.assurance_icons()],
        batch.rows.runs_signal[batch.last_row].tolist(),
    ]
    return [
        (laid.facts.id, *values, ENGINE_VERSION) if known else (laid.facts.id, *EMPTY)
        for laid, known, *values in zip(
            series, (batch.latest >= 0).tolist(), *columns, strict=True
        )
    ]


def _numbers(values: NDArray[np.float64]) -> list[float | None]:
    known = np.isfinite(values).tolist()
    return [v if k else None for v, k in zip(values.tolist(), known, strict=True)]
