"""What every write about a test shares: order of stages, stamps, lock, audit."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError

from pdsa.models import Cycle
from pdsa.services import base
from projects.services import project_touch
from qiportal.accounts.audit import audit_record
from qiportal.accounts.models import User
from qiportal.core.dates import now, today
from qiportal.core.versions import Conflict


def settle(cycle: Cycle, type: str, by: User, new: dict, old: Any = None) -> None:
    """What follows each write about a test: heartbeat and audit."""
    project_touch(project=cycle.ramp.project)
    unit = cycle.unit.path
    audit_record(type=type, target=cycle, by=by, old=old, new=new, unit_path=unit)


def not_future(name: str, day: date | None) -> None:
    if day and day > today():
        raise ValidationError({name: "This date lies in the future."})


def stage_is(cycle: Cycle, *stages: str) -> None:
    if cycle.stage not in stages:
        words = {
            "plan": "This test has not started yet.",
            "do": "This test is under way: its plan is kept as it was.",
            "study": "The Do stage is finished.",
            "act": "The Study stage is finished.",
            "done": "This test is decided.",
        }
        raise ValidationError(words[cycle.stage])


def held(cycle: Cycle, version: int) -> Cycle:
    """The cycle, locked and still at the version its editor looked at."""
    held = base.locked(cycle, "ramp__project__unit", "ramp__change_idea", "unit")
    if held.version != version:
        raise Conflict(held)
    return held


def changed(
    cycle: Cycle,
    version: int,
    type: str,
    by: User,
    values: dict[str, Any],
    beside: Mapping[str, tuple[Any, Any]] | None = None,
) -> Cycle:
    unit = cycle.unit.path
    cycle = base.changed(
        cycle,
        version=version,
        type=type,
        by=by,
        values=values,
        unit=unit,
        beside=beside,
    )
    project_touch(project=cycle.ramp.project)
    return cycle


def stamp_after(*earlier: datetime | None) -> datetime:
    """The present moment, never before an earlier stamp though clocks may jump back."""
    return max([now(), *(stamp for stamp in earlier if stamp)])
