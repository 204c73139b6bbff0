"""What an indicator is.

A ratio keeps numerator and denominator and is divided when read; a count keeps its
numerator; a median and a published score keep `value`, with n.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from django.conf import settings

from qiportal.dashboard.facts import Leaf, Raw
from qiportal.dashboard.leaves.base import Window

PURPOSE = "Building a shared purpose and vision"
PEOPLE = "Investing in people and culture"
LEADERS = "Developing leadership behaviours"
CAPABILITY = "Building improvement capability and capacity"
SYSTEMS = "Embedding improvement into management systems and processes"

Plain = Callable[[Window], Iterable[Leaf] | Iterable[Raw]]
Families = Callable[[Window], Mapping[str, list[Leaf]]]


@dataclass(frozen=True)
class Indicator:
    """One figure: what it is called, what it means and where its rows come from.

    kind: ratio, count, median or given (a published score). unit: "%", "ratio",
    "count", "days", "rung" or "score". direction: up, down or neither. `hide` is a mode
    of dashboard.hiding for figures under the small-number rule, "" for the others.
    `stock`: a state at the end of the month, not what happened in it. `prefix`: the
    rows bring codes of their own that begin with `code`. `frozen`: only the present can
    be computed; past months are copied from the run that closed each.
    """

    code: str
    label: str
    meaning: str
    numerator_label: str
    denominator_label: str | None
    unit: str
    direction: str
    leaf_rows: Plain | Families
    kind: str = "ratio"
    minimum_n: int = 0
    component: str = ""
    hide: str = ""
    stock: bool = False
    prefix: bool = False
    several_levels: bool = False
    frozen: bool = False
    base: str = ""

    @property
    def floor(self) -> int:
        """The smallest n that is shown."""
        return max(self.minimum_n, settings.SURVEY_MINIMUM_N) if self.hide else 0

    def prefix_of(self, family: str) -> bool:
        """Whether this is a figure of that family ("comments.", "survey.")."""
        return self.code.startswith(family)
