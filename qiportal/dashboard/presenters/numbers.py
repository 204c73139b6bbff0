"""Published figures in words: percentages, counts, periods, hidden and missing ones."""

from datetime import date
from math import sqrt

from qiportal.core.dates import month_start
from qiportal.dashboard.facts import Fact
from qiportal.dashboard.indicators import Indicator

HIDDEN = "Hidden to protect people: fewer than {k} answers"
NO_DATA = "No data yet"
FEW = 30


def number_of(fact: Fact) -> float | None:
    """The figure itself: a share between 0 and 1, a count, a median; None if none."""
    if fact.hidden:
        return None
    if fact.value is not None:
        return fact.value
    if fact.denominator is None or fact.numerator is None:
        return fact.numerator
    return fact.numerator / fact.denominator if fact.denominator else None


def decimals_of(indicator: Indicator, n: int | None) -> int:
    """Percentages are whole below 30 answers; counts always."""
    if indicator.unit == "%":
        return 0 if n is not None and n < FEW else 1
    return {"count": 0, "days": 0, "ratio": 1, "rung": 1, "score": 2}[indicator.unit]


def shown(indicator: Indicator, fact: Fact) -> str:
    """The figure as people read it: "81.8%", "312", "34 days".

    Where small numbers are protected, a share of 0 or 100 % is given as a band, for it
    would say how everybody answered.
    """
    found = number_of(fact)
    if found is None:
        return ""
    if indicator.prefix_of("comments.") and fact.subgroup:
        return whole(fact.numerator)
    decimals = decimals_of(indicator, fact.n)
    if indicator.unit == "%":
        if indicator.hide and found in (0, 1):
            return "under 10%" if found == 0 else "over 90%"
        return f"{found * 100:.{decimals}f}%"
    if indicator.prefix_of("comments."):
        return f"{found:+.2f}".replace("-", "\u2212")
    return f"{found:,.{decimals}f}"


def whole(number: float | None) -> str:
    """A count as people read it: "1,234"; halves keep their half."""
    if number is None:
        return ""
    return f"{number:,.0f}" if number == int(number) else f"{number:,.1f}"


def parts(fact: Fact) -> str:
    """ "18 of 22" of a ratio."""
    return f"{whole(fact.numerator)} of {whole(fact.denominator)}"


def period_text(fact_period: date, as_of: date, *, stock: bool) -> str:
    """ "October 2026"; a state of the run's own month is as at the run's day."""
    if stock and fact_period == month_start(as_of):
        return f"{as_of.day} {as_of:%B %Y}"
    return f"{fact_period:%B %Y}"


def net_interval(net: float, opinions: float, total: float) -> tuple[float, float]:
    """95 % interval of (positive - negative) / total; `opinions` = both added up.

    Normal approximation of a mean of -1, 0 and 1, kept within -1 to 1.
    """
    spread = 1.96 * sqrt(max(opinions / total - net * net, 0) / total)
    return max(net - spread, -1.0), min(net + spread, 1.0)
