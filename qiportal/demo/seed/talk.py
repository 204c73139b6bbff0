"""Tasks, discussion, progress scores and benefit claims of projects."""

from datetime import timedelta
from decimal import Decimal
from random import Random

from pdsa.models import BenefitClaim, Comment, Cycle, ProgressScore, Task
from qiportal.demo.seed.phrases import one, single
from qiportal.demo.seed.stories import Story
from qiportal.demo.seed.world import World, stream, weighted

CATEGORIES = (
    *("time_savings", "timeliness", "fewer_errors", "quality", "patient_experience"),
    *("staff_experience", "productivity", "cost_reduction", "carbon", "equity"),
    *("quality", "fewer_errors", "timeliness", "unintended"),
)
EVIDENCE = {
    "anecdote": 0.3,
    "measured": 0.38,
    "spc_signal": 0.24,
    "finance_validated": 0.08,
}
MONEY = {"saving": 0.45, "avoidance": 0.45, "revenue": 0.1}
HIGHEST = {"gain": 4.5, "some": 3.0, "none": 2.5}
SCORE_EVERY = 75


def talk_make(world: World) -> None:
    """Puts all of it on the shelf."""
    for story in world.stories:
        rng = stream(f"talk:{story.number}")
        for cycle in story.cycles:
            _tasks(world, rng, story, cycle)
        _discussion(world, rng, story)
        if story.status != "idea":
            _scores(world, rng, story)
            _benefits(world, rng, story)


def _tasks(world: World, rng: Random, story: Story, cycle: Cycle) -> None:
    """Done ones belong to finished tests; an open test has some left to do."""
    for _ in range(weighted(rng, {0: 0.5, 1: 0.34, 2: 0.16})):
        who = rng.choice(story.writers)
        due = cycle.planned_start_on + timedelta(days=rng.randrange(-1, 12))
        done = cycle.act_decided_at or (
            cycle.do_finished_at if rng.random() < 0.5 else None
        )
        world.shelf.put(
            Task(
                project=story.project,
                cycle=cycle,
                what=one(rng, "tasks"),
                who=who,
                where=rng.choice(("", "", story.team.name, "Office")),
                due_on=due,
                done_at=done,
                done_by=who if done else None,
                created_by=cycle.created_by,
            )
        )


def _discussion(world: World, rng: Random, story: Story) -> None:
    if rng.random() > 0.62:
        return
    days = max(2, (story.last_day - story.registered).days)
    people = [*story.writers, *([story.coach] if story.coach else [])]
    for _ in range(rng.randrange(1, 5)):
        day = story.registered + timedelta(days=rng.randrange(1, days))
        at = world.at(rng, min(day, story.last_day))
        cycle = (
            rng.choice(story.cycles) if story.cycles and rng.random() < 0.3 else None
        )
        if cycle and cycle.plan_started_at > at:
            cycle = None
        root = _comment(world, story, rng.choice(people), one(rng, "talk"), at, cycle)
        if rng.random() < 0.55:
            later = min(at + timedelta(hours=rng.randrange(1, 60)), world.moment)
            answer = one(rng, "reply")
            _comment(world, story, rng.choice(people), answer, later, cycle, root)
        if story.coach and rng.random() < 0.25:
            mention = Comment.mentions.through(comment=root, user=story.coach)
            world.shelf.put(mention)
        story.touch(at)


def _comment(world, story, by, body, at, cycle, parent=None) -> Comment:
    row = Comment(
        project=story.project, cycle=cycle, parent=parent, body=body, created_by=by
    )
    row.said_at = at
    return world.shelf.put(row, layer=1 if parent else 0)


def _scores(world: World, rng: Random, story: Story) -> None:
    """The team and its coach see the same project a little differently; both rise."""
    days = (story.last_day - story.started).days
    steps = max(1, days // SCORE_EVERY)
    if rng.random() > 0.75:
        return
    for step in range(1, steps + 1):
        day = story.started + timedelta(days=min(days, step * SCORE_EVERY))
        reached = 1 + (HIGHEST[story.result] - 1) * (step / steps) ** 0.8
        suggested = _half(reached + rng.gauss(0, 0.25))
        own = _half(reached + rng.gauss(0.35, 0.4))
        _score(world, story, "self", rng.choice(story.writers), own, suggested, day)
        if story.coach and rng.random() < 0.7:
            seen = _half(reached + rng.gauss(-0.15, 0.35))
            _score(world, story, "coach", story.coach, seen, suggested, day)


def _half(value: float) -> Decimal:
    return Decimal(min(10, max(1, round(value * 2)))) / 2


def _score(world, story, kind, rater, score, suggested, day) -> None:
    world.shelf.put(
        ProgressScore(
            project=story.project,
            rater_kind=kind,
            rater=rater,
            score=score,
            suggested=suggested,
            evidence={"tests": len(story.cycles), "measures": len(story.measures)},
            on=min(day, world.day),
        )
    )


def _benefits(world: World, rng: Random, story: Story) -> None:
    chance = {"gain": 0.7, "some": 0.4, "none": 0.06}[story.result]
    for _ in range(rng.choice((1, 1, 2))):
        if rng.random() < chance:
            world.shelf.put(_claim(world, rng, story))


def _claim(world: World, rng: Random, story: Story) -> BenefitClaim:
    category = rng.choice(CATEGORIES)
    evidence = weighted(rng, EVIDENCE)
    if story.result != "gain" and evidence == "spc_signal":
        evidence = "measured"
    checked = evidence == "finance_validated"
    money = category == "cost_reduction"
    kind = weighted(rng, MONEY) if money else ""
    size = rng.randrange(800, 26000, 100) if money else rng.randrange(2, 90)
    return BenefitClaim(
        project=story.project,
        measure=story.measures[0] if story.measures else None,
        what=one(rng, "benefit_said", category),
        category=category,
        money=kind,
        quantity=Decimal(size) if evidence != "anecdote" else None,
        unit_text=single("benefit", category) if evidence != "anecdote" else "",
        period=_period(story, money=money),
        baseline="The three months before the first test",
        evidence=evidence,
        cash_releasing=kind in ("saving", "revenue") and checked,
        validated_by=rng.choice(world.people["board"]) if checked else None,
        validated_on=min(story.last_day, world.day) if checked else None,
        created_by=story.lead,
    )


def _period(story: Story, *, money: bool) -> str:
    """The financial year; sums of money say that they are for a whole one."""
    first = (story.last_day - timedelta(days=90)).year
    year = f"{first}/{(first + 1) % 100:02d}"
    return f"in {year}" if money else year


def comments_date(world: World, rows: list[Comment]) -> None:
    """A discussion is read by time: gives each contribution its own."""
    for row in rows:
        row.created_at = row.updated_at = row.said_at
    Comment.objects.bulk_update(rows, ["created_at", "updated_at"], batch_size=150)
