"""Variation and assurance icons: which one a measure has, and its words.

The art is templates/components/spc_sprite.html: a shape, a letter and a colour each.
The word always stands beside the icon or names it.
"""

from dataclasses import dataclass
from typing import Protocol

from qiportal.spc import few_points_status

NOT_ENOUGH = "not_enough"
UNUSUAL_RUN, NO_UNUSUAL_RUN = "unusual_run", "no_unusual_run"
VARIATION_WORDS = {
    "improvement_high": "Improvement, high",
    "improvement_low": "Improvement, low",
    "concern_high": "Concern, high",
    "concern_low": "Concern, low",
    "neutral_high": "Unusual, high",
    "neutral_low": "Unusual, low",
    "common_cause": "Usual variation",
}
ASSURANCE_WORDS = {
    "pass": "Will consistently pass",
    "hit_or_miss": "Hit and miss by chance",
    "fail": "Will consistently fail unless the process changes",
}
RUN_WORDS = {UNUSUAL_RUN: "Unusual run", NO_UNUSUAL_RUN: "No unusual run"}
WORDS = {
    **VARIATION_WORDS,
    **ASSURANCE_WORDS,
    **RUN_WORDS,
    NOT_ENOUGH: "Not enough points yet",
}
EQUAL = 1e-9


@dataclass(frozen=True)
class Icon:
    """`key` names the drawing; a trial icon is hollow, and says so."""

    key: str
    trial: bool = False

    @property
    def word(self) -> str:
        return f"{WORDS[self.key]} (trial)" if self.trial else WORDS[self.key]

    @property
    def family(self) -> str:
        """What its colour and shape hang on: "improvement", "pass", ..."""
        return self.key.removesuffix("_high").removesuffix("_low")


class Standing(Protocol):
    """What an icon reads of a measure's state."""

    chart_type: str
    direction: str
    segment_n: int
    last_value: float | None
    lower: float | None
    upper: float | None
    variation: str
    assurance: str
    run_signal: bool


def variation_of(row: Standing) -> Icon:
    """The icon of the latest point; of the newest stretch on charts without one.

    Only XmR charts have variation icons. A chart with other limits is marked where
    its latest point lies outside them, as the chart itself marks that point; else,
    as on a run chart, the run counts, from 12 points on.
    """
    status = few_points_status(row.segment_n, "xmr")
    found = row.variation or _outside(row)
    if status != "too_few" and found:
        return Icon(found, status == "trial")
    if status != "full":
        return Icon(NOT_ENOUGH)
    return Icon(UNUSUAL_RUN if row.run_signal else NO_UNUSUAL_RUN)


def assurance_of(row: Standing) -> Icon | None:
    """Whether the process can meet its target; None without a target or direction."""
    status = few_points_status(row.segment_n, "xmr")
    if not row.assurance or status == "too_few":
        return None
    return Icon(row.assurance, status == "trial")


def _outside(row: Standing) -> str:
    """The icon of a latest point outside its limits, "" within or without limits."""
    value, upper, lower = row.last_value, row.upper, row.lower
    if value is None:
        return ""
    slack = EQUAL * abs(value)
    if upper is not None and value > upper + slack:
        return _meaning(row.direction, "high")
    if lower is not None and value < lower - slack:
        return _meaning(row.direction, "low")
    return ""


def _meaning(direction: str, side: str) -> str:
    if direction == "neither":
        return f"neutral_{side}"
    good = (side == "high") == (direction == "up")
    return f"{'improvement' if good else 'concern'}_{side}"
