"""The aim template of the Model for Improvement, as a sentence and as checks."""

from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal

from qiportal.core.dates import plain


@dataclass(frozen=True)
class AimParts:
    """What an aim is made of; any part may be missing while people write."""

    direction: str = ""
    quantity: str = ""
    population: str = ""
    place: str = ""
    baseline: Decimal | None = None
    target: Decimal | None = None
    unit_text: str = ""
    target_on: date | None = None


PARTS = tuple(field.name for field in fields(AimParts))


def parts_of(aim: object | None) -> AimParts:
    """The parts of a stored aim (or of none)."""
    if aim is None:
        return AimParts()
    return AimParts(**{name: getattr(aim, name) for name in PARTS})


def figure(value: Decimal | None, unit_text: str) -> str:
    """A number with its unit: "12%", "4.5 days"."""
    if value is None:
        return ""
    number = f"{value.normalize():f}"
    if unit_text.strip() in ("%", ""):
        return number + unit_text.strip()
    return f"{number} {unit_text.strip()}"


def sentence(parts: AimParts) -> str:
    """The aim in one sentence, leaving out what is not known yet.

    "Decrease falls for adults in Ward 7 from 6 to 3 a month by 31 March 2027."
    """
    words = [parts.direction.capitalize(), parts.quantity.strip()]
    if parts.population.strip():
        words += ["for", parts.population.strip()]
    if parts.place.strip():
        words += ["in", parts.place.strip()]
    if parts.baseline is not None:
        unit = parts.unit_text if parts.unit_text.strip() == "%" else ""
        words += ["from", figure(parts.baseline, unit)]
    if parts.target is not None:
        words += ["to", figure(parts.target, parts.unit_text)]
    if parts.target_on:
        words += ["by", plain(parts.target_on)]
    text = " ".join(word for word in words if word)
    return f"{text}." if parts.quantity.strip() else ""


def checks(parts: AimParts) -> list[dict]:
    """What makes an aim testable, each met or not yet (for the segments component)."""
    rules = (
        ("What changes, and which way", bool(parts.direction and parts.quantity)),
        ("By how much", parts.target is not None),
        ("For whom", bool(parts.population.strip())),
        ("By when", parts.target_on is not None),
        ("Where we start from", parts.baseline is not None),
    )
    return [
        {"label": label, "state": "met" if met else "not_yet"} for label, met in rules
    ]
