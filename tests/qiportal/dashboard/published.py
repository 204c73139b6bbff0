"""Published runs made by hand: figures as a test needs them, without source rows."""

from datetime import date

from qiportal.core.dates import add_months, now
from qiportal.dashboard.engine import snapshots_write
from qiportal.dashboard.models import RollupRun
from qiportal.dashboard.services import run_publish

TODAY = date(2026, 11, 23)
OCTOBER = date(2026, 10, 1)


def ratio(code, unit, part, whole, month=OCTOBER, subgroup="", n=None):
    n = whole if n is None else n
    return (code, unit.pk, subgroup, month, part, whole, None, n, "")


def count(code, unit, number, month=OCTOBER, subgroup=""):
    return (code, unit.pk, subgroup, month, number, None, None, number, "")


def median(code, unit, value, n, month=OCTOBER, subgroup=""):
    return (code, unit.pk, subgroup, month, None, None, value, n, "")


def hidden(code, unit, month=OCTOBER, subgroup=""):
    return (code, unit.pk, subgroup, month, None, None, None, None, "small_number")


def monthly(code, unit, parts, whole=100, last=OCTOBER):
    """A ratio's months up to `last`, oldest first."""
    first = 1 - len(parts)
    return [
        ratio(code, unit, part, whole, add_months(last, first + i))
        for i, part in enumerate(parts)
    ]


def publish(*rows, as_of=TODAY):
    """A published run of these figures."""
    attempt = RollupRun.objects.filter(as_of=as_of).count() + 1
    run = RollupRun.objects.create(
        as_of=as_of,
        attempt=attempt,
        started_at=now(),
        heartbeat=now(),
        code_version="1",
        rows=len(rows),
    )
    snapshots_write(run.pk, rows)
    run_publish(run=run)
    return run
