"""Which chart fits a kind of number, in one sentence; a proposal, never applied."""

from collections.abc import Sequence
from dataclasses import dataclass

from pdsa.models import Measure

FULL_POINTS = 12
LARGE_GROUP = 1000
ALSO = "a run chart or an XmR chart is sensible too"


@dataclass(frozen=True)
class Proposal:
    """A chart and, in one sentence, why it fits and what else is sensible."""

    chart: str
    sentence: str


VALUE = Proposal(
    "xmr",
    "An XmR chart fits single values, as its limits come from the jumps between "
    "neighbours; a run chart is sensible too.",
)
PROPORTION = Proposal(
    "p",
    f"A p chart fits percentages, as its limits follow the size of each group; {ALSO}.",
)
LARGE_PROPORTION = Proposal(
    "pp",
    "A p′ chart fits percentages of groups in the thousands, where a p chart would "
    f"flag nearly every point; {ALSO}.",
)
RATE = Proposal(
    "u", f"A u chart fits rates, as its limits follow the exposure; {ALSO}."
)
LARGE_RATE = Proposal(
    "up",
    "A u′ chart fits rates over exposures in the thousands, where a u chart would flag "
    f"nearly every point; {ALSO}.",
)
COUNT = Proposal(
    "c",
    "A c chart fits counts over equal stretches of time, as its limits follow from "
    f"their mean; {ALSO}.",
)
RARE_COUNT = Proposal(
    "run",
    "Half of these counts or more are 0, so the event is rare: a new measure of the "
    "days between events, on a t chart, would tell more; a run chart is sensible "
    "until then.",
)
TIME_BETWEEN = Proposal(
    "t",
    "A t chart fits the time between rare events, as its limits allow for a few very "
    f"long waits; {ALSO}.",
)
CASES_BETWEEN = Proposal(
    "g",
    "A g chart fits the number of cases between rare events, as its limits allow for a "
    f"few very long stretches; {ALSO}.",
)
PROPOSALS = {
    Measure.DataType.VALUE: VALUE,
    Measure.DataType.PROPORTION: PROPORTION,
    Measure.DataType.RATE: RATE,
    Measure.DataType.COUNT: COUNT,
    Measure.DataType.TIME_BETWEEN: TIME_BETWEEN,
    Measure.DataType.CASES_BETWEEN: CASES_BETWEEN,
}
FOR_LARGE_GROUPS = {PROPORTION: LARGE_PROPORTION, RATE: LARGE_RATE}


def propose(
    data_type: str, sizes: Sequence[float] = (), counts: Sequence[float] = ()
) -> Proposal:
    """The control chart that fits a kind of number.

    `sizes` are the denominators there are, `counts` the numbers themselves: large
    groups and rare events want charts of their own.
    """
    found = PROPOSALS[Measure.DataType(data_type)]
    if sizes and sorted(sizes)[len(sizes) // 2] >= LARGE_GROUP:
        return FOR_LARGE_GROUPS.get(found, found)
    zeros = sum(1 for count in counts if not count)
    if found is COUNT and len(counts) >= FULL_POINTS and 2 * zeros >= len(counts):
        return RARE_COUNT
    return found
