"""What a leaf query is asked for, and turning the domain apps' rows into leaves."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import DateField
from django.db.models.functions import TruncMonth

from qiportal.core.dates import LONDON, month_start
from qiportal.dashboard.facts import Leaf, Raw
from qiportal.dashboard.tree import months_until

MONTHS = 36


@dataclass(frozen=True)
class Window:
    """The day a run speaks of, and the months it covers, ascending."""

    as_of: date
    months: tuple[date, ...]

    @property
    def month(self) -> date:
        """The month the run's day lies in: not over yet."""
        return month_start(self.as_of)


def window_until(day: date, months: int = MONTHS) -> Window:
    return Window(day, tuple(months_until(day, months)))


LeafQuery = Callable[[Window], Iterable[Leaf]]
RawQuery = Callable[[Window], Iterable[Raw]]


def month_of(moment: str) -> TruncMonth:
    """The first of the London month of a moment's column, as a date, in SQL.

    A date taken from a truncated moment would be that of the database session's zone:
    30 September for an October morning.
    """
    return TruncMonth(moment, output_field=DateField(), tzinfo=LONDON)


def leaf(row: Any) -> Leaf:
    """A domain row (a dict, or a tuple with names) as a leaf."""
    get = _getter(row)
    return Leaf(
        unit_id=get("unit_id"),
        period=get("month"),
        subgroup=get("subgroup") or "",
        numerator=get("numerator"),
        denominator=get("denominator"),
        n=get("n"),
        hidden=bool(get("suppressed")),
    )


def raw(row: Any) -> Raw:
    """A domain row behind a median."""
    get = _getter(row)
    value = float(get("value"))
    return Raw(get("unit_id"), get("month"), get("subgroup") or "", value)


def _getter(row: Any) -> Callable[[str], Any]:
    if isinstance(row, dict):
        return lambda name: row.get(name)
    return lambda name: getattr(row, name, None)


def within(rows: Iterable, window: Window) -> Iterator:
    """Rows whose period lies in the window's months."""
    months = set(window.months)
    return (row for row in rows if row.period in months)


def leaves(query: Callable[..., Iterable], *, by_month: bool = False) -> LeafQuery:
    """A leaf query from a domain selector; `by_month`: it is told the months."""

    def ask(window: Window) -> Iterator[Leaf]:
        rows = query(months=window.months) if by_month else query()
        return within(map(leaf, rows), window)

    return ask


def observations(query: Callable[..., Iterable], *, by_month: bool = False) -> RawQuery:
    """As `leaves`, for the rows behind a median."""

    def ask(window: Window) -> Iterator[Raw]:
        rows = query(months=window.months) if by_month else query()
        return within(map(raw, rows), window)

    return ask
