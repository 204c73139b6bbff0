"""Leaf rows for the nightly rollup that need the rules of method.

Counted are tests of registered, undeleted projects that are not public data of other
organisations. Other figures about tests are plain SQL and live with the indicators.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import groupby
from operator import attrgetter

from pdsa.fidelity import scale_grows
from pdsa.models import Cycle
from projects.selectors.rollup import LeafRow
from qiportal.core.dates import month_start


def rollup_scale_grows(*, months: Sequence[date]) -> list[LeafRow]:
    """Ramps whose scale grows step by step (F10), of those with two tests or more.

    A ramp counts in the month in which its newest test was done.
    """
    wanted = set(months)
    cases: Counter[tuple[int, date]] = Counter()
    grown: Counter[tuple[int, date]] = Counter()
    for cycles in _ramps():
        newest = max(cycle.do_on for cycle in cycles if cycle.do_on)
        key = cycles[0].unit_id, month_start(newest)
        if key[1] in wanted:
            cases[key] += 1
            grown[key] += scale_grows(cycles)
    return [LeafRow(*key, grown[key], n, n) for key, n in cases.items()]


def _ramps() -> Iterator[list[Cycle]]:
    """The started tests of each ramp that has two or more, by number."""
    rows = Cycle.objects.filter(
        deleted_at=None,
        do_on__isnull=False,
        ramp__project__deleted_at=None,
        ramp__project__is_public_data=False,
    )
    fields = ("ramp_id", "unit_id", "number", "scale", "decision", "do_on")
    ordered = rows.only("id", *fields).order_by("ramp_id", "number")
    for _, group in groupby(ordered.iterator(), key=attrgetter("ramp_id")):
        cycles = list(group)
        if len(cycles) > 1:
            yield cycles
