"""The limitations of a project's record, named plainly so that authors do not."""

from collections.abc import Callable, Iterator, Sequence

from pdsa.charts import Reading
from pdsa.fidelity import cycle_rules
from pdsa.models import Cycle, Measure
from pdsa.presenters.writeup_blocks import Section, ask, counted, items, told
from pdsa.selectors.writeup import Writeup

BASELINE = 8
HINT = "What weakens the findings, said before others say it."
WISH = (
    "Add what the record cannot know: data quality, staff changes, other projects at "
    "the same time, whether it would hold elsewhere."
)


def limitations(paper: Writeup, readings: Sequence[Reading]) -> Section:
    found = [line for reading in readings for line in _of_a_measure(reading)]
    for look in (_kinds, _tests, _predictions):
        found += look(paper)
    found.append("One project in one place: nobody can say it would hold elsewhere.")
    blocks = [items(found, "Found in the record")]
    if not readings:
        blocks.insert(0, told("Nothing was measured, so nothing is shown by numbers."))
    return Section("limitations", "Limitations", HINT, [*blocks, ask(WISH)])


def _of_a_measure(reading: Reading) -> Iterator[str]:
    name, series = reading.measure.name, reading.series
    count = len(series.known)
    missing = len(series.points) - count
    excluded = sum(point.is_excluded for point in series.known)
    if reading.status == "too_few":
        newest = reading.analysis.segments[-1].n if reading.stretches else count
        points = counted(newest, "point")
        yield f"{name}: {points} in the newest phase, too few to judge."
    elif reading.status == "trial" and reading.analysis.method != "run":
        yield f"{name}: limits are on trial, as they rest on fewer than 12 points."
    if missing:
        yield f"{name}: {counted(missing, 'period')} without a number."
    if excluded:
        yield f"{name}: {counted(excluded, 'number')} left out of the limits."
    if (before := _before(reading)) is not None and before < BASELINE:
        yield f"{name}: {counted(before, 'point')} before the first test."


def _before(reading: Reading) -> int | None:
    """Points before the first test; None where nothing was tested."""
    if not reading.cycles:
        return None
    first = reading.cycles[0].day
    return sum(point.period_start < first for point in reading.series.known)


def _kinds(paper: Writeup) -> Iterator[str]:
    kinds = {measure.kind for measure in paper.measures}
    if paper.measures and Measure.Kind.BALANCING not in kinds:
        yield "No balancing measure: harm done elsewhere would not be seen."
    if paper.measures and Measure.Kind.OUTCOME not in kinds:
        yield "No outcome measure: only the process was watched."


def _tests(paper: Writeup) -> Iterator[str]:
    opened = sum(1 for cycle in paper.started if not cycle.decision)
    single = sum(len(ramp) == 1 for ramp in paper.ramps)
    if not paper.started:
        yield "No change was tested."
    if opened:
        yield f"{counted(opened, 'test')} begun and not decided."
    if single:
        yield f"{counted(single, 'change')} tested once only."


def _predictions(paper: Writeup) -> Iterator[str]:
    rules: list[tuple[str, Callable[[int], str]]] = [
        ("F4", lambda n: f"{counted(n, 'test')} without a written expectation before."),
        ("F3", lambda n: f"{counted(n, 'test')} without a note of what was learned."),
    ]
    for code, said in rules:
        if count := sum(_lacks(cycle, code) for cycle in paper.started):
            yield said(count)


def _lacks(cycle: Cycle, code: str) -> bool:
    """Whether the record shows the rule unmet; an open test may still meet F3."""
    if code == "F3" and not cycle.decision:
        return False
    return any(f.code == code and f.state == "not_yet" for f in cycle_rules(cycle))
