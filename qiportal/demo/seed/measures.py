"""Measures with targets, phases and data points; some show what the tests changed."""

from datetime import date, timedelta
from decimal import Decimal
from random import Random

from pdsa.models import Cycle, DataPoint, Measure, MeasureTarget, Phase
from pdsa.services.measures import rule_set_of
from pdsa.units import factor_of
from qiportal.core.dates import local_midnight
from qiportal.demo.content import MeasureText
from qiportal.demo.seed import numbers
from qiportal.demo.seed.numbers import Figure
from qiportal.demo.seed.stories import Story, aminas_story
from qiportal.demo.seed.world import World, stream, weighted

FIRST = 0.9
SHARES = {"outcome": 0.72, "process": 0.4, "balancing": 0.23}
BASELINE_DAYS = {"weekly": (115, 265), "monthly": (270, 560), "event": (200, 420)}
NO_BASELINE = 0.22  # of projects count only from some weeks after their start
SILENT_BEFORE_END = 0.3  # of closed projects stopped counting before they closed
CHARTS = {"run": 0.22, "xmr": 0.48, "": 0.3}  # "": the one that fits the data best
KINDS = {
    "gain": {"shift": 0.74, "trend": 0.16, "fade": 0.1},
    "some": {"shift": 0.3, "trend": 0.2, "fade": 0.2, "none": 0.3},
    "none": {"none": 0.92, "worse": 0.08},
}
AMOUNT = {"gain": (0.55, 1.1), "some": (0.2, 0.55), "none": (1, 1)}
ENTERED = {"typed": 0.5, "pasted": 0.32, "import": 0.18}
NOTES = (
    *("Bank holiday week", "Half of the team on training", "Counted by the student"),
    *("Ward full all week", "New sheet from here", "Counted twice, same result"),
)
EXCLUDED = (
    "Ward closed for an outbreak",
    "Record system down for three days",
    "Moved to another floor that week",
)
SOURCES = ("Electronic record", "Incident system", "Tally sheet", "Patient system")
COLLECTORS = ("Ward clerk", "Project lead", "Team assistant", "Nurse in charge")
REBASE_AFTER = 10


def measures_make(world: World) -> None:
    """Puts measures and their points on the shelf."""
    hers = aminas_story(world)
    for story in world.stories:
        rng = stream(f"measures:{story.number}")
        if story.status == "idea" and rng.random() < 0.75:
            continue
        every = story is hers
        for number, text in enumerate(story.archetype.measures):
            share = FIRST if number == 0 else SHARES[text.kind]
            if every or rng.random() < share:
                _measure(world, rng, story, number, text)


def _measure(world: World, rng: Random, story: Story, number: int, text) -> None:
    primary = (number % len(story.archetype.drivers), 0)
    rare = text.data_type in ("time_between", "cases_between")
    chart = "" if rare else weighted(rng, CHARTS)
    measure = Measure(
        project=story.project,
        aim=story.aim if text.kind == "outcome" else None,
        driver=story.drivers.get(primary) if text.kind == "process" else None,
        name=text.name,
        kind=text.kind,
        operational_definition=text.definition,
        numerator_def=text.numerator,
        denominator_def=text.denominator,
        unit_of_measure=text.unit,
        data_type=text.data_type,
        decimals=_decimals(text),
        direction=text.direction,
        frequency=text.frequency,
        source=rng.choice(SOURCES),
        collector=rng.choice(COLLECTORS),
        chart_type=chart or text.chart,
        rule_set=rule_set_of(chart or text.chart),
        position=number,
        created_by=story.lead,
    )
    story.measures.append(world.shelf.put(measure))
    _fill(world, rng, story, measure, text, story.figures[number])
    for cycle in story.cycles:
        if rng.random() < (0.8 if text.kind == "outcome" else 0.4):
            world.shelf.put(Cycle.measures.through(cycle=cycle, measure=measure))


def _decimals(text: MeasureText) -> int:
    if text.data_type in ("count", "time_between", "cases_between"):
        return 0
    if text.data_type == "proportion":
        return 0 if text.size <= 50 else 1
    return 0 if text.start >= 50 else 1


def _fill(world, rng, story: Story, measure: Measure, text, ends) -> None:
    """Draws the figures, then writes points, baseline, target and perhaps a rebase."""
    start, goal = ends
    kind, turn = _change(rng, story, text)
    reach = start + (goal - start) * rng.uniform(*AMOUNT[story.result])
    level = numbers.level_of(kind, start, _possible(text, reach), turn)
    first = _first_day(rng, story, text)
    last = _counted_until(world, rng, story)
    drawn = numbers.figures(rng, text, level, first, last, factor_of(measure))
    kept = numbers.with_gaps(rng, drawn)
    if not kept:
        return
    via = weighted(rng, ENTERED)
    excluded = rng.randrange(len(kept)) if rng.random() < 0.05 else None
    for place, figure in enumerate(kept):
        point = _point(rng, story, measure, figure, via)
        if place == excluded:
            point.is_excluded = True
            point.exclusion_reason = rng.choice(EXCLUDED)
        world.shelf.put(point)
    _target(world, rng, story, measure, text, goal, start)
    _phases(world, rng, story, measure, [f.day for f in kept], kind, turn)
    story.touch(world.after(rng, local_midnight(kept[-1].day), kept[-1].day))


def _first_day(rng: Random, story: Story, text: MeasureText) -> date:
    """Months before the start where the numbers were there, else some weeks after."""
    if rng.random() < NO_BASELINE:
        late = story.started + timedelta(days=rng.randrange(14, 75))
        return min(late, story.last_day)
    low, high = BASELINE_DAYS.get(text.frequency, (90, 200))
    return story.started - timedelta(days=rng.randrange(low, high))


def _possible(text: MeasureText, level: float) -> float:
    return min(99.6, max(0.4, level)) if text.data_type == "proportion" else level


def _change(rng: Random, story: Story, text) -> tuple[str, date | None]:
    """Whether and when this measure moves: some weeks after the test that decided."""
    if text.kind == "balancing":
        worse = rng.random() < 0.07
        return ("worse", story.started) if worse else ("none", None)
    if story.turn is None:
        return "none", None
    lag = rng.randrange(0, 15) if text.kind == "process" else rng.randrange(3, 40)
    return weighted(rng, KINDS[story.result]), story.turn[0] + timedelta(days=lag)


def _counted_until(world: World, rng: Random, story: Story) -> date:
    """Many go on counting for a while after the project is closed.

    Amina's project waits for its newest number.
    """
    if story is aminas_story(world):
        return world.ago(35)
    if story.is_closed and rng.random() < SILENT_BEFORE_END:
        early = story.closed - timedelta(days=rng.randrange(60, 190))
        return max(early, story.started + timedelta(days=30))
    if story.is_closed:
        tail = 0 if story.status == "stopped" else rng.choice((0, 0, 30, 60, 150))
        return min(story.closed + timedelta(days=tail), world.day)
    return story.last_day if story.status == "active" else story.quiet


def _point(
    rng: Random, story: Story, measure: Measure, figure: Figure, via
) -> DataPoint:
    whole = figure.denominator
    return DataPoint(
        measure=measure,
        period_start=figure.day,
        numerator=Decimal(str(figure.numerator)),
        denominator=None if whole is None else Decimal(whole),
        note=rng.choice(NOTES) if rng.random() < 0.02 else "",
        entered_via=via,
        created_by=story.lead,
    )


def _target(world, rng, story, measure, text, goal: float, start: float) -> None:
    if start == goal or text.kind == "balancing" or rng.random() > 0.82:
        return
    value = Decimal(str(goal)) / factor_of(measure)
    day = story.registered
    world.shelf.put(MeasureTarget(measure=measure, value=value, from_date=day))


def _phases(world, rng, story, measure, days: list[date], kind, turn) -> None:
    """The baseline, and for a level that held a rebase with its reason and test."""
    world.shelf.put(
        Phase(
            measure=measure,
            starts_on=days[0],
            label="Baseline",
            reason="Before any change",
            freeze_after_n=_frozen(rng, measure, days, turn),
            created_by=story.lead,
        )
    )
    later = [day for day in days if turn and day >= turn]
    enough = len(later) >= REBASE_AFTER and len(days) - len(later) >= REBASE_AFTER
    if kind != "shift" or not enough or rng.random() > 0.4:
        return
    cycle = story.turn[1]
    world.shelf.put(
        Phase(
            measure=measure,
            starts_on=later[0],
            label=f"After “{cycle.ramp.title}”"[:80],
            reason="The new level has held since the change became our normal way.",
            cycle=cycle,
            created_by=story.lead,
        )
    )


def _frozen(rng: Random, measure: Measure, days: list[date], turn) -> int | None:
    before = len([day for day in days if turn is None or day < turn])
    if measure.chart_type == "xmr" and before >= 12 and rng.random() < 0.2:
        return 12
    return None
