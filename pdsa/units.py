"""Showing a measure's values: percentages times 100, rates per 1,000 and so on.

Points, targets and states hold plain values (0.95, 0.0042); people read "95%" and "4.2
falls per 1,000 bed days". The factor of a rate is the number after "per" in its unit.
"""

import re
from decimal import ROUND_HALF_UP, Decimal

from pdsa.models import Measure
from qiportal.spc import Context

PER = re.compile(r"\bper ([1-9][0-9]{0,2}(?:,?[0-9]{3})*|[1-9][0-9]*)\b")


def factor_of(measure: Measure) -> int:
    """By what a stored value is multiplied before it is shown: 100, 1,000 or 1."""
    if measure.data_type == Measure.DataType.PROPORTION:
        return 100
    if measure.data_type == Measure.DataType.RATE:
        found = PER.search(measure.unit_of_measure.lower())
        return int(found[1].replace(",", "")) if found else 1
    return 1


def unit_of(measure: Measure) -> str:
    """The unit printed after a value; "%" without a space."""
    if measure.data_type == Measure.DataType.PROPORTION:
        return "%"
    return measure.unit_of_measure


def shown_number(measure: Measure, value: float | Decimal | None) -> Decimal | None:
    """A stored value on the scale people read, rounded to the measure's decimals."""
    if value is None:
        return None
    exact = Decimal(str(value)) * factor_of(measure)
    step = Decimal(1).scaleb(-measure.decimals)
    return exact.quantize(step, ROUND_HALF_UP) + 0


def shown(measure: Measure, value: float | Decimal | None, *, unit: bool = True) -> str:
    """A stored value in words: "94.1%", "12 minutes"; "no number yet" without one."""
    number = shown_number(measure, value)
    if number is None:
        return "no number yet"
    text, word = f"{number:,f}", unit_of(measure)
    if not unit or not word:
        return text
    return f"{text}%" if word == "%" else f"{text} {word}"


def stored(measure: Measure, number: Decimal) -> Decimal:
    """A number as people type it (95 for 95%) on the scale of a stored value."""
    return number / factor_of(measure)


def sentence_context(measure: Measure, **more) -> Context:
    """The words of a measure for the sentence beside its chart."""
    directions = {"up": "increase", "down": "decrease", "neither": "neutral"}
    return Context(
        measure=measure.name,
        frequency=measure.frequency,
        unit=unit_of(measure),
        decimals=measure.decimals,
        factor=factor_of(measure),
        direction=directions[measure.direction],
        **more,
    )
