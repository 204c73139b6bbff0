"""Where drivers and change ideas stand: what they hang on, and their place there."""

from collections.abc import Sequence
from typing import TypeVar

from django.core.exceptions import ValidationError
from django.db import transaction

from projects.models import ChangeIdea, Driver
from projects.selectors import driver_row, idea_row, project_ideas, shown_driver
from projects.services.common import project_lock, readable
from projects.services.ideas import check_driver, idea_told
from projects.services.theory import check_parent, driver_told
from qiportal.accounts.models import User
from qiportal.core.dates import now
from qiportal.core.versions import Conflict, versioned_save

Row = TypeVar("Row", Driver, ChangeIdea)
MOVED_ON = "The row has changed meanwhile. Look at the diagram and move it again."


@transaction.atomic
def driver_place(
    *,
    driver: Driver,
    version: int,
    by: User,
    parent: Driver | None = None,
    before: Driver | None = None,
) -> Driver:
    """Hangs a driver on `parent` (None: it is a primary one), in front of `before` or
    as the last. Raises Conflict, ValidationError."""
    project_lock(driver.project)
    _check_levels(driver, parent)
    old = {"parent": readable(driver.parent) or ""}
    driver.parent = parent
    driver.level = Driver.Level.SECONDARY if parent else Driver.Level.PRIMARY
    row = _put(driver, driver_row(driver), before)
    driver.position = row.index(driver) + 1
    driver.full_clean()
    versioned_save(driver, expected=version, fields=["parent", "level", "position"])
    _number(Driver, row, but=driver)
    new = {"parent": str(parent or ""), "position": driver.position}
    driver_told("driver.moved", driver, by, old=old, new={"text": driver.text, **new})
    return driver


def _check_levels(driver: Driver, parent: Driver | None) -> None:
    """Two levels, no more: what others hang on cannot hang on something itself."""
    check_parent(driver.project, parent)
    if parent is None:
        return
    has_own = Driver.objects.filter(parent=driver, deleted_at=None).exists()
    if has_own or parent.pk == driver.pk:
        raise ValidationError(
            {
                "parent": f"“{driver.text}” has secondary drivers of its own. Move "
                "those first."
            }
        )


@transaction.atomic
def idea_place(
    *,
    idea: ChangeIdea,
    version: int,
    by: User,
    driver: Driver | None = None,
    before: ChangeIdea | None = None,
) -> ChangeIdea:
    """Hangs an idea on `driver` (None: on no driver), in front of `before` or as the
    last. Raises Conflict, ValidationError."""
    project_lock(idea.project)
    check_driver(idea.project, driver)
    old = {"driver": readable(idea.driver) or ""}
    _check_idea_place(driver, before)
    idea.driver = driver
    row = _put(idea, list(project_ideas(idea.project)), before)
    idea.position = row.index(idea) + 1
    idea.full_clean()
    versioned_save(idea, expected=version, fields=["driver", "position"])
    _number(ChangeIdea, row, but=idea)
    new = {"driver": str(driver or ""), "position": idea.position}
    idea_told("idea.moved", idea, by, old=old, new={"title": idea.title, **new})
    return idea


def _check_idea_place(driver: Driver | None, before: ChangeIdea | None) -> None:
    if before and shown_driver(before) != driver:
        raise ValidationError(MOVED_ON)


def _put(row: Row, others: Sequence[Row], before: Row | None) -> list[Row]:
    """The row with its member in front of `before`, or at the end."""
    rest = list(others)
    if row in rest:
        rest.remove(row)
    if before is not None and before not in rest:
        raise ValidationError(MOVED_ON)
    rest.insert(rest.index(before) if before else len(rest), row)
    return rest


def _number(model: type[Row], row: Sequence[Row], *, but: Row) -> None:
    """Counts the row from 1; what only made room keeps its version."""
    moment, changed = now(), []
    for position, member in enumerate(row, start=1):
        if member.position != position and member != but:
            member.position, member.updated_at = position, moment
            changed.append(member)
    model._base_manager.bulk_update(changed, ["position", "updated_at"])


def _neighbour(row: list[Row], key: int, up: bool) -> tuple[bool, Row | None]:
    """(whether there is room, what the member then stands in front of)."""
    at = next((i for i, member in enumerate(row) if member.pk == key), None)
    if at is None or not 0 <= (at - 1 if up else at + 1) < len(row):
        return False, None
    to = at - 1 if up else at + 2
    return True, row[to] if to < len(row) else None


@transaction.atomic
def driver_move(
    *, driver: Driver, up: bool, by: User, version: int | None = None
) -> Driver:
    """Swaps a driver with its neighbour; at the end of the row nothing happens.

    `version` is what its mover looked at, where known. Raises Conflict.
    """
    project_lock(driver.project)
    driver.refresh_from_db(fields=["parent", "position", "version"])
    if version is not None and version != driver.version:
        raise Conflict(driver)
    room, before = _neighbour(driver_row(driver), driver.pk, up)
    if not room:
        return driver
    return driver_place(
        driver=driver,
        version=driver.version,
        by=by,
        parent=driver.parent,
        before=before,
    )


@transaction.atomic
def idea_move(
    *, idea: ChangeIdea, up: bool, by: User, version: int | None = None
) -> ChangeIdea:
    """Swaps an idea with its neighbour under the same driver. Raises Conflict."""
    project_lock(idea.project)
    idea.refresh_from_db(fields=["driver", "position", "version"])
    if version is not None and version != idea.version:
        raise Conflict(idea)
    room, before = _neighbour(idea_row(idea), idea.pk, up)
    if not room:
        return idea
    return idea_place(
        idea=idea,
        version=idea.version,
        by=by,
        driver=shown_driver(idea),
        before=before,
    )
