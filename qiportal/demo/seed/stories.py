"""Which projects there are: what about, where, when, who, and how they turn out."""

import math
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random

from pdsa.models import Cycle, Measure
from projects.models import Aim, ChangeIdea, Driver, Project
from qiportal.accounts.models import User
from qiportal.demo.content import Archetype, archetypes, said
from qiportal.demo.seed.world import HISTORY, Team, World, stream, weighted

LIVE, RESTING, CLOSED = 300, 36, 600
IDEAS_OF_LIVE = 0.13
ENDINGS = {"completed": 0.5, "stopped": 0.22, "sustained": 0.28}
RESULTS = {
    "sustained": {"gain": 0.88, "some": 0.12},
    "completed": {"gain": 0.46, "some": 0.32, "none": 0.22},
    "stopped": {"some": 0.14, "none": 0.86},
    "active": {"gain": 0.42, "some": 0.28, "none": 0.3},
    "resting": {"gain": 0.15, "some": 0.35, "none": 0.5},
    "idea": {"none": 1.0},
}
AMINAS = ("falls", "Kingfisher Ward")
BENS = ("incident-feedback", "Quality Improvement Team")
KEPT = (AMINAS, ("sleep", "Kingfisher Ward"), BENS)
BENS_SHARE = 0.17
APPETITE = {"ward": 1.6, "ed": 1.6, "maternity": 1.3, "corporate": 0.7, "estates": 0.7}


@dataclass(eq=False)
class Story:
    """One project from its first day to now, and the rows that tell it."""

    number: int
    archetype: Archetype
    team: Team
    status: str
    result: str
    registered: date
    started: date
    closed: date | None
    quiet: date
    kept: bool = False  # one of KEPT, so that whoever signs in finds it
    title: str = ""
    problem: str = ""
    lead: User | None = None
    members: list[User] = field(default_factory=list)
    sponsor: User | None = None
    coach: User | None = None
    partner: User | None = None
    project: Project | None = None
    aim: Aim | None = None
    drivers: dict[tuple[int, int], Driver] = field(default_factory=dict)
    ideas: list[ChangeIdea] = field(default_factory=list)
    cycles: list[Cycle] = field(default_factory=list)
    measures: list[Measure] = field(default_factory=list)
    figures: list[tuple[float, float]] = field(default_factory=list)
    turn: tuple[date, Cycle] | None = None
    busy_until: datetime | None = None

    @property
    def rng(self) -> Random:
        return Random(f"{self.archetype.slug}:{self.team.unit.code}")

    @property
    def writers(self) -> list[User]:
        return [self.lead, *self.members]

    @property
    def is_closed(self) -> bool:
        return self.closed is not None

    @property
    def last_day(self) -> date:
        """The last day on which anything happened."""
        return self.closed or self.quiet

    def said(self, text: str) -> str:
        return said(text, self.team.name)

    def touch(self, moment: datetime) -> None:
        self.busy_until = max(self.busy_until or moment, moment)


def stories_make(world: World) -> None:
    """Chooses the projects; nothing is written yet."""
    rng = stream("stories")
    fates = _fates(world, rng)
    kept = _kept(world)
    pairs = _pairs(world, rng, len(fates) - len(kept), kept)
    for place, pair in zip(_lively(world, fates), kept, strict=True):
        pairs.insert(place, pair)
    world.stories = [
        _story(rng, number, pair, fate)
        for number, (pair, fate) in enumerate(zip(pairs, fates, strict=True), 1)
    ]
    _people(world, rng)
    _sign_ins(world)


def _sign_ins(world: World) -> None:
    """Amina is a member of one project, Ben leads one; both are busy to this day."""
    hers, his = story_of(world, AMINAS), story_of(world, BENS)
    hers.members = [*world.people["amina"], *hers.members]
    his.lead, his.coach = world.people["ben"][0], None
    hers.quiet = his.quiet = world.day


def _kept(world: World) -> list[tuple[Archetype, Team]]:
    """Projects that must be there: Amina's, one she may join, and Ben's."""
    kinds = {kind.slug: kind for kind in archetypes()}
    teams = {team.name: team for team in world.teams}
    return [(kinds[slug], teams[name]) for slug, name in KEPT]


def story_of(world: World, key: tuple[str, str]) -> Story:
    """The project of a kind and a team."""
    return next(
        story
        for story in world.stories
        if (story.archetype.slug, story.team.name) == key
    )


def aminas_story(world: World) -> Story:
    return story_of(world, AMINAS)


def _lively(world: World, fates: list[tuple]) -> list[int]:
    """Where projects stand that began this year and are busy, ascending."""
    old, new, recent = world.ago(320), world.ago(80), world.ago(12)

    def fit(place: int) -> tuple:
        _, started, _, quiet, status = fates[place]
        return (
            status == "active",
            quiet >= recent,
            old <= started <= new,
            -place,
        )

    best = sorted(range(len(fates)), key=fit, reverse=True)
    return sorted(best[: len(KEPT)])


def _fates(world: World, rng: Random) -> list[tuple]:
    """(registered, started, closed, quiet, status), oldest first."""
    fates = [_live(world, rng) for _ in range(world.count(LIVE))]
    fates += [_resting(world, rng) for _ in range(world.count(RESTING))]
    fates += [_closed(world, rng) for _ in range(world.count(CLOSED))]
    return sorted(fates, key=lambda fate: fate[0])


def _live(world: World, rng: Random) -> tuple:
    if rng.random() < IDEAS_OF_LIVE:
        since = world.ago(rng.randrange(1, 75))
        return since, since, None, world.day, "idea"
    since = world.ago(25 + 560 * rng.random() ** 1.5)
    started = min(since + timedelta(days=rng.randrange(3, 30)), world.ago(4))
    silent = rng.randrange(60, 200) if rng.random() < 0.12 else rng.randrange(12)
    quiet = max(world.ago(silent), started + timedelta(days=2))
    return since, started, None, quiet, "active"


def _resting(world: World, rng: Random) -> tuple:
    since = world.ago(rng.randrange(240, 720))
    started = since + timedelta(days=rng.randrange(3, 40))
    quiet = world.ago(rng.randrange(20, 150))
    return since, started, None, quiet, "resting"


def _closed(world: World, rng: Random) -> tuple:
    """A little more in later years: improvement was taken up step by step."""
    age = 190 + (HISTORY - 190) * rng.random() ** 1.12
    since = world.ago(age)
    started = since + timedelta(days=rng.randrange(3, 40))
    length = int(rng.triangular(120, 440, 240))
    closed = min(started + timedelta(days=length), world.ago(rng.randrange(3, 60)))
    return since, started, closed, closed, weighted(rng, ENDINGS)


def _pairs(
    world: World, rng: Random, wanted: int, kept: list[tuple[Archetype, Team]]
) -> list[tuple[Archetype, Team]]:
    """Distinct pairs: no team takes up the same thing twice."""
    fitting = {
        id(team): [kind for kind in archetypes() if kind.suits(team.text)]
        for team in world.teams
    }
    reach: dict[str, int] = defaultdict(int)
    for kinds in fitting.values():
        for kind in kinds:
            reach[kind.slug] += 1
    keyed = []
    for team in world.teams:
        keen = rng.gammavariate(1.6, 1) * _appetite(team)
        for kind in fitting[id(team)]:
            weight = keen / math.sqrt(reach[kind.slug])
            keyed.append((-math.log(1 - rng.random()) / weight, kind.slug, kind, team))
    keyed.sort(key=lambda item: item[:2])
    free = [(kind, team) for _, _, kind, team in keyed if (kind, team) not in kept]
    chosen = free[:wanted]
    rng.shuffle(chosen)
    return chosen


def _appetite(team: Team) -> float:
    return next((APPETITE[tag] for tag in APPETITE if tag in team.text.tags), 1.0)


def _story(rng: Random, number: int, pair: tuple, fate: tuple) -> Story:
    archetype, team = pair
    registered, started, closed, quiet, status = fate
    story = Story(
        number=number,
        archetype=archetype,
        team=team,
        status=status,
        result=weighted(rng, RESULTS.get(status, RESULTS["active"])),
        registered=registered,
        started=started,
        closed=closed,
        quiet=quiet,
        kept=(archetype.slug, team.name) in KEPT,
    )
    story.title = story.said(rng.choice(archetype.titles))
    story.problem = story.said(rng.choice(archetype.problems))
    story.figures = [_figures(rng, measure) for measure in archetype.measures]
    return story


def _figures(rng: Random, text) -> tuple[float, float]:
    """Where a measure begins and where it is meant to go, on this team."""
    if text.data_type == "proportion":
        if min(text.start, text.goal) < 2 or text.start > 98:
            return text.start, text.goal
        moved = rng.uniform(-6, 6) * min(1, text.start / 30)
        start = round(min(97.0, max(1.0, text.start + moved)), 1)
        return (start, start) if text.start == text.goal else (start, text.goal)
    factor = rng.uniform(0.82, 1.2)
    digits = 0 if text.start >= 30 else 1
    start, goal = round(text.start * factor, digits), round(text.goal * factor, digits)
    return start, goal


def _people(world: World, rng: Random) -> None:
    """Gives each project its lead, members, sponsor, coach and sometimes a partner."""
    by_service: dict[int, list[User]] = defaultdict(list)
    for team in world.teams:
        by_service[team.unit.parent_id] += team.people
    sponsors = defaultdict(list)
    for user in world.people["sponsors"]:
        sponsors[user.home_unit_id].append(user)
    for story in world.stories:
        near = by_service[story.team.unit.parent_id]
        _cast(world, rng, story, near, sponsors[story.team.directorate.pk])


def _cast(world: World, rng: Random, story: Story, near: list, sponsors: list) -> None:
    team = [user for user in story.team.people if _there(user, story)]
    story.lead = rng.choice(team)
    others = [u for u in dict.fromkeys([*team, *near]) if u is not story.lead]
    others = [user for user in others if _there(user, story)]
    wanted = min(len(others), rng.choice((1, 2, 2, 3, 3, 4)))
    story.members = rng.sample(others, wanted)
    if rng.random() < 0.72 and story.status != "idea":
        story.sponsor = rng.choice(sponsors)
    free = [u for u in world.people["coaches"] if u not in story.writers]
    if rng.random() < 0.68 and story.status != "idea":
        ben = world.people["ben"][0]
        mine = not story.is_closed and rng.random() < BENS_SHARE
        story.coach = ben if mine else rng.choice(free)
    if rng.random() < 0.14 and "corporate" not in story.team.text.tags:
        story.partner = rng.choice(world.people["partners"])


def _there(user: User, story: Story) -> bool:
    """Leavers appear in what was closed before they left."""
    return user.is_active or bool(
        story.closed and user.left_on and story.closed < user.left_on
    )
