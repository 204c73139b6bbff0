"""A unit's monthly figures as a series for the SPC engine, and its reading."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from pdsa.charts import Reading, reading_make
from pdsa.models import Measure
from pdsa.selectors.series import PointRow, Series, series_build
from qiportal.core.dates import add_months, month_start
from qiportal.dashboard.facts import Fact
from qiportal.dashboard.indicators import Indicator
from qiportal.dashboard.presenters.numbers import number_of

FIRM_POINTS = 12
UNITS = {"%": "%", "days": "days", "count": "", "ratio": "", "rung": "", "score": ""}
DECIMALS = {"%": 1, "days": 0, "count": 0, "ratio": 1, "rung": 1, "score": 2}
WORDS = {
    "common_cause": "usual variation",
    "improvement_high": "unusual change for the better",
    "improvement_low": "unusual change for the better",
    "concern_high": "unusual change for the worse",
    "concern_low": "unusual change for the worse",
    "neutral_high": "unusual change, high",
    "neutral_low": "unusual change, low",
}


def is_wave(indicator: Indicator) -> bool:
    """Figures of survey waves, not of months."""
    return indicator.code.startswith("survey.")


def complete(facts: Sequence[Fact], indicator: Indicator, as_of: date) -> list[Fact]:
    """The periods that are over, oldest first; a state counts as at the run's day."""
    month = month_start(as_of)
    now_counts = indicator.stock or is_wave(indicator)
    rows = [row for row in facts if now_counts or row.period < month]
    return sorted(rows, key=lambda row: row.period)


def with_zeros(facts: list[Fact], indicator: Indicator, as_of: date) -> list[Fact]:
    """A count is 0 in a month without rows, from its first month to the last one."""
    if indicator.kind != "count" or indicator.stock or not facts:
        return facts
    found = {row.period: row for row in facts}
    last, month, filled = add_months(month_start(as_of), -1), facts[0].period, []
    while month <= last:
        zero = facts[0]._replace(period=month, numerator=0.0, n=0, hidden=False)
        filled.append(found.get(month, zero))
        month = add_months(month, 1)
    return filled


def indicator_reading(
    indicator: Indicator, facts: Sequence[Fact], as_of: date, name: str = ""
) -> Reading:
    """What the engine says of an indicator's months (XmR) or waves (run chart)."""
    rows = with_zeros(complete(facts, indicator, as_of), indicator, as_of)
    measure = _measure(indicator, name)
    known = [row for row in rows if number_of(row) is not None]
    points = [_point(row, i) for i, row in enumerate(known)]
    return reading_make(_padded(series_build(measure, points), rows, indicator))


def _measure(indicator: Indicator, name: str) -> Measure:
    """An unsaved measure that tells the chart builder how to read the figures."""
    share = indicator.unit == "%"
    return Measure(
        name=name or indicator.label,
        kind="process",
        data_type="proportion" if share else "value",
        unit_of_measure=UNITS[indicator.unit],
        decimals=DECIMALS[indicator.unit],
        direction=indicator.direction,
        frequency="event" if is_wave(indicator) else "monthly",
        chart_type="run" if is_wave(indicator) else "xmr",
        clip=indicator.unit in ("%", "count", "days"),
    )


def _point(fact: Fact, row: int) -> PointRow:
    """XmR reads the plain value; the parts stand in the table beside it."""
    number = number_of(fact)
    return PointRow(
        id=row,
        measure_id=0,
        period_start=fact.period,
        numerator=Decimal(repr(number)),
        denominator=None,
        is_excluded=False,
        exclusion_reason="",
        note="",
    )


def _padded(series: Series, rows: Sequence[Fact], indicator: Indicator) -> Series:
    """Months after the last number (hidden, or without data) are gaps, too."""
    if is_wave(indicator) or not series.days:
        return series
    late = [row.period for row in rows if row.period > series.days[-1]]
    return Series(
        series.measure,
        (*series.days, *late),
        (*series.points, *[None] * len(late)),
        series.phases,
        series.target,
    )


def spc_word(reading: Reading) -> str:
    """The engine's verdict on the latest point, in the portal's words."""
    if reading.status == "too_few":
        return "too few points yet"
    if reading.analysis.method == "run":
        signal = reading.analysis.segments[-1].runs_signal
        return "unusual run" if signal else "no unusual run"
    word = WORDS.get(reading.analysis.variation_icon or "", "too few points yet")
    return f"{word} (trial limits)" if reading.status == "trial" else word
