"""Rows of the register: projects, states, people, aims, drivers, ideas, methods."""

from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from projects.aims import AimParts, sentence
from projects.models import (
    Aim,
    BankIdea,
    ChangeIdea,
    Driver,
    Handover,
    MethodUse,
    Project,
    ProjectMember,
    ProjectStatusChange,
    ReferenceYear,
    Relation,
)
from qiportal.demo.content import Archetype, archetypes
from qiportal.demo.seed.phrases import one, phrases, single
from qiportal.demo.seed.phrases import sentence as ended
from qiportal.demo.seed.stories import Story
from qiportal.demo.seed.world import World, stream, weighted

HOUSE_SHARE = 0.85
OTHER_METHODS = (
    *("value-stream-map", "five-s", "dmaic", "experience-based-co-design"),
    *("a3-thinking", "rapid-improvement-event"),
)
COMMON_METHODS = {
    "pdsa-ramp": 0.55,
    "driver-diagram": 0.6,
    "run-chart": 0.5,
    "smart-aim": 0.35,
    "stakeholder-analysis": 0.2,
    "visual-management": 0.15,
    "sustainability-model": 0.12,
}
VISIBLE = {"trust": 0.92, "team": 0.08}


def register_make(world: World) -> None:
    """Puts the rows of every project on the shelf."""
    rng = stream("register")
    bank = _bank(world)
    counters: dict[int, int] = defaultdict(int)
    for story in world.stories:
        year = story.registered.year
        counters[year] += 1
        story.project = world.shelf.put(
            _project(world, rng, story, f"QI-{year}-{counters[year]:04d}")
        )
        _states(world, rng, story)
        _members(world, rng, story)
        _theory(world, rng, story, bank)
        _methods(world, rng, story)
    for year, last in counters.items():
        world.shelf.put(ReferenceYear(year=year, last=last))


def _project(world: World, rng: Random, story: Story, reference: str) -> Project:
    house = world.methods["pdsa-cycle"]
    usual = rng.random() < HOUSE_SHARE
    method = house if usual else world.methods[rng.choice(OTHER_METHODS)]
    is_idea = story.status == "idea"
    return Project(
        reference=reference,
        title=story.title,
        problem=story.problem,
        rationale=_rationale(story),
        unit=story.team.unit,
        site=story.team.site,
        method=None if is_idea and rng.random() < 0.4 else method,
        reason_if_other="" if usual else one(rng, "other_method"),
        visibility="trust" if story.kept else weighted(rng, VISIBLE),
        status=story.status,
        registered_on=story.registered,
        started_on=None if is_idea else story.started,
        target_end_on=None if is_idea else _end(story),
        closed_on=story.closed,
        closed_by=story.lead if story.is_closed else None,
        learning=_learning(rng, story) if story.is_closed else "",
        last_activity_at=world.at(rng, story.registered),
        created_by=story.lead,
    )


def _rationale(story: Story) -> str:
    name, below = story.archetype.drivers[0]
    ways = " and ".join(text[0].lower() + text[1:] for text in below)
    return f"We begin with “{name}”: {ways}. The driver diagram shows the rest."


def _end(story: Story) -> date:
    return story.started + timedelta(days=300)


def _learning(rng: Random, story: Story) -> str:
    own = rng.sample(story.archetype.learned, 2)
    return " ".join([*own, one(rng, "learning", story.status)])


def _states(world: World, rng: Random, story: Story) -> None:
    """Idea, active, at times a rest, and how it ended."""
    before = ""
    for status, day in _path(rng, story):
        at = world.at(rng, day)
        if story.busy_until:
            at = max(at, story.busy_until + timedelta(minutes=1))
        known = status in phrases()["reasons"]
        row = ProjectStatusChange(
            project=story.project,
            from_status=before,
            to_status=status,
            reason=one(rng, "reasons", status) if known and before else "",
            at=at,
            by=story.lead,
        )
        before = status
        story.touch(world.shelf.put(row).at)


def _path(rng: Random, story: Story) -> list[tuple[str, date]]:
    path = [("idea", story.registered)]
    if story.status == "idea":
        return path
    path.append(("active", story.started))
    days = (story.last_day - story.started).days
    if days > 200 and story.status != "resting" and rng.random() < 0.3:
        pause = story.started + timedelta(days=int(days * rng.uniform(0.35, 0.6)))
        path += [
            ("resting", pause),
            ("active", pause + timedelta(days=rng.randrange(28, 75))),
        ]
    if story.status != "active":
        path.append((story.status, story.last_day))
    return path


def _members(world: World, rng: Random, story: Story) -> None:
    people = [(user, Relation.MEMBER) for user in story.members]
    people += [
        (story.sponsor, Relation.SPONSOR),
        (story.coach, Relation.COACH),
        (story.partner, Relation.PATIENT_PARTNER),
    ]
    _lead(world, rng, story)
    span = max(1, (story.last_day - story.registered).days)
    for user, relation in people:
        if user is None:
            continue
        late = rng.randrange(0, min(40, span)) if span > 1 else 0
        joined = story.registered + timedelta(days=late)
        _part(world, story, user, relation, joined)


def _part(world, story, user, relation, joined, left=None) -> None:
    world.shelf.put(
        ProjectMember(
            project=story.project,
            user=user,
            relation=relation,
            joined_on=joined,
            left_on=left,
        )
    )


def _lead(world: World, rng: Random, story: Story) -> None:
    """Some leads passed the project on half-way."""
    heirs = [user for user in story.members if user in story.team.people]
    span = (story.last_day - story.registered).days
    if not heirs or span < 120 or story.kept or rng.random() > 0.2:
        _part(world, story, story.lead, Relation.LEAD, story.registered)
        return
    heir = story.members.pop(story.members.index(heirs[0]))
    on = story.registered + timedelta(days=int(span * rng.uniform(0.3, 0.7)))
    _part(world, story, story.lead, Relation.LEAD, story.registered, on)
    _part(world, story, heir, Relation.LEAD, on)
    offered = world.at(rng, on - timedelta(days=rng.randrange(2, 15)))
    world.shelf.put(
        Handover(
            project=story.project,
            from_user=story.lead,
            to_user=heir,
            note="Tally sheets and the driver diagram are in the project; "
            "the next test is planned.",
            offered_at=offered,
            accepted_at=world.after(rng, offered, on),
        )
    )
    story.lead = heir


def _theory(world: World, rng: Random, story: Story, bank: dict) -> None:
    story.aim = world.shelf.put(_aim(rng, story))
    if story.status == "idea" and rng.random() < 0.5:
        return
    for number, (text, below) in enumerate(story.archetype.drivers):
        primary = _driver(world, story, text, number, None)
        for place, secondary in enumerate(below):
            story.drivers[number, place] = _driver(
                world, story, secondary, place, primary
            )
    wanted = rng.randrange(2, len(story.archetype.ideas) + 1)
    for text in rng.sample(story.archetype.ideas, wanted):
        story.ideas.append(idea_put(world, rng, story, text, bank))


def _driver(world, story, text: str, position: int, parent: Driver | None) -> Driver:
    row = Driver(
        project=story.project,
        aim=story.aim,
        parent=parent,
        level="secondary" if parent else "primary",
        text=text,
        position=position,
        created_by=story.lead,
    )
    return world.shelf.put(row, layer=1 if parent else 0)


def idea_put(world: World, rng: Random, story: Story, text, bank: dict) -> ChangeIdea:
    """An idea of the project, by one of its team."""
    row = ChangeIdea(
        project=story.project,
        driver=story.drivers[text.driver],
        bank_idea=bank.get(text.title) if rng.random() < 0.6 else None,
        title=text.title,
        because=ended(text.because),
        position=len(story.ideas),
        created_by=rng.choice(story.writers),
    )
    return world.shelf.put(row)


def _aim(rng: Random, story: Story) -> Aim:
    """A whole SMART aim for most; the rest are still being written."""
    text, (start, goal) = story.archetype.measures[0], story.figures[0]
    smart = story.status != "idea" or rng.random() < 0.4
    between = "days between " if text.data_type == "time_between" else ""
    parts = AimParts(
        direction="increase" if text.direction == "up" else "decrease",
        quantity=f"{between}{story.archetype.quantity}",
        population=story.archetype.population,
        place=story.team.name,
        baseline=Decimal(str(start)) if rng.random() < 0.9 else None,
        target=Decimal(str(goal)),
        unit_text=text.unit,
        target_on=_end(story),
    )
    if not smart:
        parts = AimParts(parts.direction, parts.quantity, parts.population, parts.place)
    return Aim(
        project=story.project,
        statement=sentence(parts),
        created_by=story.lead,
        **vars(parts),
    )


def _bank(world: World) -> dict[str, BankIdea]:
    """The first two ideas of each kind stand in the trust's bank."""
    keeper = world.people["ben"][0]
    bank = {}
    for kind in archetypes():
        for idea in kind.ideas[:2]:
            bank.setdefault(idea.title, _kept(world, kind, idea, keeper))
    for row in bank.values():
        world.shelf.put(row)
    return bank


def _kept(world: World, kind: Archetype, idea, keeper) -> BankIdea:
    return BankIdea(
        title=idea.title,
        description=f"Helps where {idea.because}. Aims at {kind.quantity}. "
        f"Teams that dropped it would try again if {idea.retry}.",
        source="Projects of this trust",
        method=world.methods[kind.methods[0]],
        created_by=keeper,
    )


def _methods(world: World, rng: Random, story: Story) -> None:
    if story.status == "idea":
        return
    wanted = [slug for slug, share in COMMON_METHODS.items() if rng.random() < share]
    wanted += [slug for slug in story.archetype.methods if rng.random() < 0.45]
    days = max(2, (story.last_day - story.started).days)
    for slug in dict.fromkeys(wanted):
        day = story.started + timedelta(days=rng.randrange(min(days, 120)))
        world.shelf.put(
            MethodUse(
                project=story.project,
                method=world.methods[slug],
                used_for=single("used_for", slug),
                at=world.at(rng, day),
            )
        )
