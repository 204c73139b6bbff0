"""Small tables made in Python: the calendar, units with their ancestors, indicators."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from qiportal.api.columns import Column, local_date
from qiportal.api.tables.base import (
    ROW,
    Filters,
    Found,
    Row,
    Stamp,
    Table,
    Viewer,
)


class Made(NamedTuple):
    """One raw row, when it last changed, and the path of its unit if it has one."""

    at: datetime
    raw: Row
    unit_path: str = ""


@dataclass(frozen=True)
class MadeRows:
    """A table whose rows a function makes. Nothing of it is ever deleted."""

    rows: Callable[[Viewer], list[Made]]
    has_unit: bool = False
    kind: str = ROW
    has_gone: bool = False

    def page(
        self,
        table: Table,
        viewer: Viewer,
        filters: Filters,
        after: tuple[datetime, Any] | None,
        limit: int,
    ) -> list[Found]:
        name = table.keys[0].name
        made = self._narrowed(table, viewer, filters)
        places = sorted((row.at, row.raw[name], i) for i, row in enumerate(made))
        behind = [place for place in places if after is None or place[:2] > after]
        return [
            Found(at, key, _served(table, viewer, made[i]))
            for at, key, i in behind[:limit]
        ]

    def stream(self, table: Table, viewer: Viewer, filters: Filters) -> Iterator[Row]:
        for made in self._narrowed(table, viewer, filters):
            yield _served(table, viewer, made)

    def stamp(self, table: Table, viewer: Viewer, filters: Filters) -> Stamp:
        made = self._narrowed(table, viewer, filters)
        return Stamp(
            len(made), (len(made), max((row.at for row in made), default=None))
        )

    def _narrowed(self, table: Table, viewer: Viewer, filters: Filters) -> list[Made]:
        paths = (viewer.limit, filters.unit_path or "") if self.has_unit else ()
        return [
            made
            for made in self.rows(viewer)
            if all(made.unit_path.startswith(path) for path in paths)
            and (filters.since is None or made.at >= filters.since)
            and all(made.raw[c.name] == value for c, value in filters.keys)
            and _in_days(made.raw, table.date_column, filters)
        ]


def _served(table: Table, viewer: Viewer, made: Made) -> Row:
    return table.finished([dict(made.raw)], viewer, made.at)[0]


def _in_days(raw: Row, column: Column | None, filters: Filters) -> bool:
    if column is None or (filters.start is None and filters.end is None):
        return True
    value = raw[column.name]
    if value is None:
        return False
    day: date = local_date(value)
    after = filters.start is None or day >= filters.start
    return after and (filters.end is None or day < filters.end)
