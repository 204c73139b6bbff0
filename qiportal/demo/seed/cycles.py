"""Ramps of tests: when, how large, what was expected, seen, learned and decided."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from pdsa.models import Cycle, CycleOutcome, Prediction, Ramp
from projects.models import ChangeIdea
from qiportal.accounts.models import User
from qiportal.core.dates import local_day, month_start
from qiportal.demo.seed.phrases import capital, one, sentence
from qiportal.demo.seed.stories import Story
from qiportal.demo.seed.world import HISTORY, World, binomial, stream, weighted

RAMPS = {1: 0.38, 2: 0.38, 3: 0.24}
LENGTHS = {1: 0.2, 2: 0.25, 3: 0.24, 4: 0.18, 5: 0.13}
SHORTEST_SLOT = 9
FIRST_SCALE = {1: 0.34, 2: 0.36, 3: 0.19, 4: 0.07, 5: 0.04}
GROUP = {1: (1, 1), 2: (2, 5), 3: (6, 14), 4: (12, 30), 5: (25, 60)}
PRIOR_AT_FIRST, PRIOR_NOW = 0.27, 0.51
LATE_PREDICTION = 0.18
LAST_STEP = {
    "gain": {"adopt": 0.72, "adapt": 0.08, "abandon": 0.2},
    "some": {"adopt": 0.3, "adapt": 0.3, "abandon": 0.4},
    "none": {"adopt": 0.05, "adapt": 0.2, "abandon": 0.75},
}
OPEN_STAGES = {"plan": 0.3, "do": 0.35, "study": 0.2, "act": 0.15}
STAGES = ("plan", "do", "study", "act", "done")
CONDUCT = {"as_planned": 0.7, "changed": 0.22, "stopped": 0.08}


@dataclass(frozen=True)
class Slot:
    """Room for one test: its days, the stage it reaches and its size."""

    start: date
    days: int
    stage: str
    scale: int
    decision: str
    purpose: str = "test"
    size: int | None = None
    predicted: bool | None = None


def cycles_make(world: World) -> None:
    """Puts ramps, tests, predictions and their outcomes on the shelf."""
    for story in world.stories:
        if story.ideas and story.status != "idea":
            story_cycles(world, story, stream(f"cycles:{story.number}"))


def story_cycles(world: World, story: Story, rng: Random) -> None:
    """The ramps of one project, one idea each, spread over its working time."""
    first = story.started + timedelta(days=rng.randrange(3, 25))
    days = (story.last_day - first).days
    wanted = min(len(story.ideas), weighted(rng, RAMPS))
    lengths = [weighted(rng, LENGTHS) for _ in range(wanted)]
    while sum(lengths) * SHORTEST_SLOT > days and lengths:
        lengths.pop()
    if not lengths:
        return
    room = days // sum(lengths)
    for position, length in enumerate(lengths):
        start = first + timedelta(days=room * sum(lengths[:position]))
        is_last = position == len(lengths) - 1
        _ramp(world, rng, story, position, start, room, length, is_last)


def _ramp(world, rng, story, position, start, room, length, is_last) -> None:
    idea = story.ideas[position]
    ramp = world.shelf.put(
        Ramp(
            project=story.project,
            change_idea=idea,
            title=idea.title,
            position=position,
            created_by=story.lead,
        )
    )
    previous = None
    for slot in _slots(rng, story, start, min(room, 45), room, length, is_last):
        previous = cycle_tell(world, rng, story, ramp, slot, previous)
    _mark(rng, story, idea, previous)


def _slots(rng, story, start, length, step, number, is_last) -> list[Slot]:
    """One slot a test. Scales grow unless a test goes badly; the last one decides."""
    end = weighted(rng, LAST_STEP[story.result])
    scale, slots = weighted(rng, FIRST_SCALE), []
    for place in range(number):
        final = place == number - 1
        stage = "done"
        if final and is_last:
            stage = _open_stage(rng, story)
        day = start + timedelta(days=step * place)
        if stage != "done" and not story.is_closed and story.status == "active":
            day = max(day, story.quiet - timedelta(days=rng.randrange(4, 26)))
        slots.append(
            Slot(
                start=day,
                days=length,
                stage=stage,
                scale=scale,
                decision=end if final else rng.choice(("adapt",) * 5 + ("adopt",)),
                purpose=_purpose(rng, place, final and end == "adopt"),
            )
        )
        if rng.random() < 0.72 and scale < 5:
            scale += 1
    return slots


def _open_stage(rng: Random, story: Story) -> str:
    """How far the newest test of a project got."""
    chance = {"active": 0.62, "resting": 0.35, "stopped": 0.28}.get(story.status, 0)
    return weighted(rng, OPEN_STAGES) if rng.random() < chance else "done"


def _purpose(rng: Random, place: int, adopting: bool) -> str:
    if place == 0 and rng.random() < 0.14:
        return rng.choice(("collect_information", "develop"))
    return "implement" if adopting and place and rng.random() < 0.4 else "test"


def cycle_tell(
    world: World, rng: Random, story: Story, ramp: Ramp, slot: Slot, previous
) -> Cycle:
    """One test of a ramp, as far as its slot goes; `previous` is a Cycle or None."""
    size = slot.size or rng.randint(*GROUP[slot.scale])
    by = rng.choice(story.writers)
    planned = world.at(rng, slot.start)
    cycle = Cycle(
        ramp=ramp,
        number=previous.number + 1 if previous else 1,
        previous=previous if previous and rng.random() < 0.86 else None,
        purpose=slot.purpose,
        objective=_objective(rng, story, ramp, slot, size),
        scale=slot.scale,
        planned_n=size,
        planned_start_on=slot.start + timedelta(days=2),
        planned_end_on=slot.start + timedelta(days=2 + slot.scale * 2),
        plan_started_at=planned,
        unit=story.team.unit,
        month=month_start(slot.start + timedelta(days=2)),
        created_by=by,
        **_plan(rng, story, size),
    )
    if cycle.previous:
        cycle.carried_learning = one(rng, "carried", learned=previous.learned)
    _Told(world, rng, story, cycle, slot, size, by).all()
    story.cycles.append(world.shelf.put(cycle, layer=cycle.number))
    return cycle


def scale_words(rng: Random, story: Story, scale: int, size: int) -> str:
    on_ward = "ward" in story.team.text.tags and "patient" in story.archetype.population
    key = f"ward{scale}" if on_ward else str(scale)
    return one(rng, "scale", key, n=size)


def _objective(rng, story, ramp, slot: Slot, size: int) -> str:
    words = scale_words(rng, story, slot.scale, size)
    text = one(rng, "objective", slot.purpose, idea=ramp.title, scale=words, n=size)
    if slot.purpose == "collect_information":
        return f"{text}, counting {story.archetype.count}"
    return text


def _plan(rng: Random, story: Story, size: int) -> dict[str, str]:
    office = {"corporate", "admin", "estates"} & story.team.text.tags
    who = one(rng, "who", "office" if office else "clinical")
    when = one(rng, "when")
    return {
        "plan": capital(one(rng, "plan", who=who, Who=capital(who), when=when)),
        "data_plan": one(rng, "data", n=size),
    }


class _Told:
    """Fills a test as far as its stage, one stage after the other."""

    def __init__(self, world, rng, story, cycle, slot, size, by: User) -> None:
        self.world, self.rng, self.story = world, rng, story
        self.cycle, self.slot, self.size, self.by = cycle, slot, size, by
        self.day, self.end = slot.start, self._end()
        self.expected: Prediction | None = None
        start, goal = _share(story)
        better = {"adopt": 0.9, "adapt": 0.5, "abandon": 0.1}[slot.decision]
        self.hope = start + (goal - start) * rng.uniform(0.45, 1.0)
        self.truth = start + (goal - start) * better * rng.uniform(0.7, 1.15)

    def _end(self) -> date:
        last = self.story.last_day
        return min(self.slot.start + timedelta(days=self.slot.days), last)

    def all(self) -> None:
        reached = STAGES.index(self.slot.stage)
        prior = self.slot.predicted
        if prior is None:
            prior = self.rng.random() < prior_share(self.world, self.slot.start)
        at = self.cycle.plan_started_at
        if prior:
            at = self._predict(at)
        steps = (self._do, self._study, self._act, lambda at: at)
        for number, step in enumerate(steps[: max(reached, 0)], 1):
            at = step(at) if number <= reached else at
        if self.cycle.do_started_at and not prior:
            self._late_prediction()
        self._outcome()
        self.story.touch(at)

    def _next(self, at: datetime, least: int, most: int) -> datetime:
        """Some days on, but never past the slot's end."""
        room = max(0, (self.end - self.day).days)
        days = self.rng.randint(least, max(least, most))
        self.day += timedelta(days=min(days, room))
        return self.world.after(self.rng, at, self.day)

    def _predict(self, earlier: datetime) -> datetime:
        at = earlier + timedelta(minutes=self.rng.randrange(2, 200))
        at = min(at, self.world.moment)
        k = min(self.size, max(0, round(self.size * self.hope)))
        self.expected = Prediction(
            cycle=self.cycle,
            question=f"How many {self.story.archetype.count}?",
            statement=f"{k} of {self.size} {self.story.archetype.count}",
            because=one(self.rng, "because"),
            direction=self.rng.choice(("more", "more", "more", "same")),
            value=k,
            confidence=self.rng.randint(2, 5),
            first_saved_at=at,
            by=self.by,
        )
        return self.world.shelf.put(self.expected).first_saved_at

    def _late_prediction(self) -> None:
        """Some write down what they expect when it has begun: it does not count."""
        if self.rng.random() < LATE_PREDICTION:
            self._predict(self.cycle.do_started_at)

    def _do(self, at: datetime) -> datetime:
        cycle, rng = self.cycle, self.rng
        cycle.do_started_at = at = self._next(at, 1, 6)
        cycle.do_on = local_day(at)
        if self.slot.stage == "do":
            cycle.observations = self._seen() if rng.random() < 0.5 else ""
            return at
        cycle.do_finished_at = at = self._next(at, 0, 2 + self.slot.scale * 2)
        cycle.conduct = weighted(rng, CONDUCT)
        cycle.actual_n = self.size if rng.random() < 0.8 else max(1, self.size - 1)
        cycle.observations = self._seen()
        if rng.random() < 0.55:
            cycle.problems = self._problem()
        return at

    def _seen(self) -> str:
        kinds = self.story.archetype
        good = self.rng.choice(kinds.good)
        bad = self.rng.choice(kinds.bad)
        first = one(self.rng, "went", self.cycle.conduct or "as_planned")
        told = {"adopt": good, "abandon": bad}.get(self.slot.decision)
        return f"{first} {told or f'{good} {bad}'}"

    def _problem(self) -> str:
        own = self.rng.choice(self.story.archetype.bad)
        return own if self.rng.random() < 0.4 else one(self.rng, "problems")

    def _study(self, at: datetime) -> datetime:
        cycle, rng = self.cycle, self.rng
        cycle.study_started_at = at = self._next(at, 1, 6)
        cycle.study_on = local_day(at)
        if self.slot.stage == "study" and rng.random() < 0.5:
            return at
        cycle.study_finished_at = at = self._next(at, 0, 2)
        got = binomial(rng, cycle.actual_n, self.truth)
        words = {"got": got, "n": cycle.actual_n, "count": self.story.archetype.count}
        if self.expected:
            words["expected"] = f"{int(self.expected.value)}"
        key = "predicted" if self.expected else "plain"
        cycle.results = one(rng, "results", key, **words)
        cycle.learned = self._learned()
        if rng.random() < 0.25:
            cycle.surprises = one(rng, "surprises")
        self.got = got
        return at

    def _learned(self) -> str:
        """Something the test before has not taught already."""
        known = [cycle.learned for cycle in self.story.cycles[-2:]]
        fresh = [t for t in self.story.archetype.learned if t not in known]
        return self.rng.choice(fresh or self.story.archetype.learned)

    def _act(self, at: datetime) -> datetime:
        if self.slot.stage == "act":
            return at
        self.cycle.act_decided_at = at = self._next(at, 0, 4)
        self.cycle.decision = self.slot.decision
        self.cycle.why = one(self.rng, "why", self.slot.decision)
        return at

    def _outcome(self) -> None:
        if not self.expected or not self.cycle.study_finished_at:
            return
        if self.expected.first_saved_at > self.cycle.study_finished_at:
            return
        if self.rng.random() < 0.12:
            return
        off = abs(self.got - int(self.expected.value)) / max(1, self.size)
        outcome = "as_predicted" if off < 0.13 else "partly" if off < 0.3 else "not"
        if self.rng.random() < 0.04:
            outcome = "cannot_tell"
        self.world.shelf.put(
            CycleOutcome(
                prediction=self.expected,
                outcome=outcome,
                by=self.by,
                at=self.cycle.study_finished_at,
            )
        )


def _share(story: Story) -> tuple[float, float]:
    """The share that succeeds now and is hoped for, from the first percentage."""
    for text, (start, goal) in zip(
        story.archetype.measures, story.figures, strict=True
    ):
        if text.data_type == "proportion" and text.direction == "up":
            return start / 100, max(goal, start) / 100
    return 0.5, 0.85


def prior_share(world: World, day: date) -> float:
    """How likely a prediction came first: it rose over the years."""
    passed = 1 - min(1.0, (world.day - day).days / HISTORY)
    return PRIOR_AT_FIRST + (PRIOR_NOW - PRIOR_AT_FIRST) * passed


def _mark(rng: Random, story: Story, idea: ChangeIdea, last: Cycle | None) -> None:
    """What became of the idea; an adoption is what may move the numbers."""
    if last is None:
        return
    idea.status = {
        "": "testing",
        "adopt": "adopted",
        "adapt": "adapted",
        "abandon": "abandoned",
    }[last.decision]
    if idea.status == "abandoned":
        text = next(t for t in story.archetype.ideas if t.title == idea.title)
        idea.would_try_if = sentence(text.retry)
        idea.why = last.why
    if idea.status == "adopted":
        idea.why = last.why
        idea.standard_work_owner = rng.choice(story.writers)
        idea.sustain_check_on = local_day(last.act_decided_at) + timedelta(days=180)
    if last.do_on and story.turn is None and idea.status in ("adopted", "adapted"):
        story.turn = (last.do_on, last)
