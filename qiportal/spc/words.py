"""Words, numbers and dates of generated sentences."""

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from .model import LABELS, Analysis


@dataclass(frozen=True)
class Frequency:
    """Words of a measuring rhythm; one period lasts `months` or `days`.

    Without either (measured at each event) no period can be counted.
    """

    adjective: str
    period: str
    within: str
    some: str
    months: int = 0
    days: int = 0


FREQUENCIES = {
    "daily": Frequency("daily", "day", "on the day", "some days", days=1),
    "weekly": Frequency("weekly", "week", "in the week", "some weeks", days=7),
    "fortnightly": Frequency(
        "fortnightly", "fortnight", "in the fortnight", "some fortnights", days=14
    ),
    "monthly": Frequency("monthly", "month", "in the month", "some months", months=1),
    "quarterly": Frequency(
        "quarterly", "quarter", "in the quarter", "some quarters", months=3
    ),
    "event": Frequency("", "event", "at the event", "some times"),
}

CENTRE_WORDS = {"run": "median", "g": "median", "xmr": "mean"}

# {k}: number of points in the trend or shift; {centre}: "mean"
RULE_WORDS = {
    "Above UCL": "above the upper limit",
    "Below LCL": "below the lower limit",
    "7 Point Trend (Increasing)": "part of a rising trend of {k} points",
    "7 Point Trend (Decreasing)": "part of a falling trend of {k} points",
    "2 in 3 Above CL": "two of three points near or beyond the upper limit",
    "2 in 3 Below CL": "two of three points near or beyond the lower limit",
    "7 Points Above CL": "part of a shift of {k} points above the mean",
    "7 Points Below CL": "part of a shift of {k} points below the mean",
}


@dataclass(frozen=True)
class Context:
    """What a sentence needs besides the analysis.

    `dates` holds one date per row. Values and target are multiplied by `factor`
    before printing (100 shows a proportion in per cent), rounded half up to
    `decimals`, and followed by `unit` ("%" without a space). `cycles` holds
    (number, stated Do date). `direction` is increase, decrease or neutral and
    `target` the one in force; both must be those the analysis was made with.
    """

    measure: str
    dates: tuple[date, ...]
    frequency: str = "monthly"
    unit: str = ""
    decimals: int = 1
    factor: int = 1
    direction: str = "neutral"
    target: float | None = None
    cycles: tuple[tuple[int, date], ...] = ()

    @property
    def rhythm(self) -> Frequency:
        return FREQUENCIES[self.frequency]


def number_write(value: float | None, context: Context) -> str:
    """A value as people read it: factor, decimals, thousands, unit."""
    if value is None:
        return "no value"
    exact = Decimal(repr(float(value))) * context.factor
    rounded = exact.quantize(Decimal(1).scaleb(-context.decimals), ROUND_HALF_UP)
    text = f"{rounded + 0:,f}"
    if context.unit == "%":
        return f"{text}%"
    return f"{text} {context.unit}" if context.unit else text


def date_write(day: date, frequency: Frequency) -> str:
    """Month and year for months and longer, the day as well for the rest."""
    return f"{day:%b %Y}" if frequency.months else f"{day.day} {day:%b %Y}"


def periods_between(earlier: date, start: date, frequency: Frequency) -> int | None:
    """Whole periods from the one holding `earlier` to the one beginning at `start`.

    0: the same period; negative: a later one; None: no period to count in.
    """
    if frequency.months:
        months = (earlier.year - start.year) * 12 + earlier.month - start.month
        return -(months // frequency.months)
    return -((earlier - start).days // frequency.days) if frequency.days else None


def count_write(count: int, noun: str) -> str:
    """The noun with its number, plural where needed."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def better_or_worse(side: str, direction: str) -> str | None:
    """What a high or low change means; None when neither way is better."""
    if direction == "neutral":
        return None
    return "better" if (side == "high") == (direction == "increase") else "worse"


def outside_label(analysis: Analysis, row: int) -> str:
    """Which limit a point outside the limits lies beyond."""
    y, upper = analysis.y[row], analysis.ucl[row]
    beyond_upper = y is not None and upper is not None and y > upper
    return LABELS[1] if beyond_upper else LABELS[2]


def point_words(analysis: Analysis, direction: str) -> tuple[str, ...]:
    """The status of every row in words, for the table under a chart."""
    return tuple(
        _point_word(analysis, row, direction) for row in range(len(analysis.y))
    )


def _point_word(analysis: Analysis, row: int, direction: str) -> str:
    if analysis.y[row] is None:
        return "missing"
    words = _judgement(analysis, row, direction)
    return f"{words} (left out of the limits)" if analysis.excluded[row] else words


def _judgement(analysis: Analysis, row: int, direction: str) -> str:
    label = analysis.special_cause[row]
    if analysis.sigma_signal[row] and label is None:
        label = outside_label(analysis, row)
    if label in (None, LABELS[0]):
        return "" if analysis.method == "run" else "usual variation"
    side = "high" if LABELS.index(label) % 2 else "low"
    verdict = better_or_worse(side, direction)
    rule = RULE_WORDS[label].replace(" of {k} points", "")
    return f"unusual, {verdict}: {rule}" if verdict else f"unusual: {rule}"
