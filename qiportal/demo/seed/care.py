"""What surrounds projects: barriers, coaching, readiness, time, patients, spread."""

from datetime import date, timedelta
from decimal import Decimal
from random import Random

from projects.models import (
    Barrier,
    CoachingContact,
    CoproductionRating,
    ForumReview,
    Programme,
    ProgrammeProject,
    ReadinessCheck,
    SpreadEvent,
    TimeAgreement,
    TimeCheck,
)
from projects.models.care import READINESS_ITEMS
from qiportal.core.dates import add_months, month_start
from qiportal.demo.seed.phrases import one, phrases
from qiportal.demo.seed.stories import Story
from qiportal.demo.seed.world import HISTORY, World, stream, weighted

LEVELS = {"unit": 0.55, "division": 0.3, "executive": 0.15}
BARRIERS = {0: 0.72, 1: 0.21, 2: 0.07}
LADDER = {1: 1, 2: 3, 3: 9, 4: 12, 5: 9, 6: 5, 7: 2}
STAGES = {"choose": 0.55, "design": 0.5, "test": 0.3, "study": 0.25, "decide": 0.2}
TYPICAL_READINESS = dict(
    zip(READINESS_ITEMS, (4.2, 3.4, 2.3, 3.6, 3.1, 2.6, 3.7, 2.9), strict=True)
)
SOURCES = {"rostered": 0.3, "backfilled": 0.16, "spa": 0.26, "own": 0.28}
HONOURED = {
    "rostered": (0.62, 0.26),
    "backfilled": (0.5, 0.25),
    "spa": (0.66, 0.24),
    "own": (0.45, 0.35),
}
SPREAD = {
    "offered": 0.24,
    "interested": 0.2,
    "testing": 0.18,
    "adopted": 0.26,
    "declined": 0.12,
}
PROGRAMMES = {
    "Deconditioning": ("mobilise", "falls", "pressure-ulcers", "discharge-noon"),
    "Deterioration": ("sepsis", "early-warning", "oxygen", "blood-culture", "handover"),
    "Medicines": ("missed-doses", "reconciliation", "insulin", "iv-oral"),
    "Flow": ("theatre-start", "imaging-turnaround", "stranded", "bed-clean", "triage"),
    "Families": ("breastfeeding", "pph", "paeds-asthma", "needles", "not-brought"),
    "Staff": ("breaks", "rota", "new-starters", "meetings", "incident-feedback"),
    "Green": ("theatre-recycling", "energy", "food-waste", "meals"),
    "Access": ("dna", "letters", "calls", "interpreters", "clinic-wait"),
}


def care_make(world: World) -> None:
    """Puts all of it on the shelf."""
    for story in world.stories:
        rng = stream(f"care:{story.number}")
        _barriers(world, rng, story)
        if story.status == "idea":
            continue
        _coaching(world, rng, story)
        _patients(world, rng, story)
        _readiness(world, rng, story)
        _time(world, rng, story)
        _forum(world, rng, story)
        _spread(world, rng, story)
    _programmes(world)


def _between(rng: Random, story: Story, least: int = 1) -> date:
    """A day within the working time of a project."""
    days = max(least, (story.last_day - story.started).days)
    day = story.started + timedelta(days=rng.randrange(least, days + 1))
    return min(day, max(story.last_day, story.started))


def _barriers(world: World, rng: Random, story: Story) -> None:
    for _ in range(weighted(rng, BARRIERS)):
        kind = rng.choice(list(phrases()["barriers"]))
        raised = world.at(rng, _between(rng, story))
        level = weighted(rng, LEVELS)
        solved = raised + timedelta(days=rng.expovariate(1 / 55) + 2)
        if story.is_closed:
            solved = min(solved, world.at(rng, story.closed))
        stays = rng.random() < 0.1 and not story.is_closed
        is_open = solved > world.moment or stays
        taken = level == "executive" and rng.random() < 0.5
        owner = rng.choice(world.people["board"]) if taken else None
        world.shelf.put(
            Barrier(
                project=story.project,
                type=kind,
                text=one(rng, "barriers", kind),
                level=level,
                raised_at=raised,
                owner=owner if level == "executive" else story.sponsor,
                resolved_at=None if is_open else max(solved, raised),
                outcome="" if is_open else one(rng, "barrier_outcome"),
                created_by=rng.choice(story.writers),
            )
        )


def _coaching(world: World, rng: Random, story: Story) -> None:
    if story.coach is None:
        return
    day = story.started + timedelta(days=rng.randrange(3, 20))
    while day <= story.last_day and day <= world.day:
        following = day + timedelta(days=round(rng.triangular(14, 90, 35)))
        world.shelf.put(
            CoachingContact(
                project=story.project,
                coach=story.coach,
                kind=rng.choice(("visit", "call", "call", "message")),
                note=one(rng, "contact"),
                on=day,
                next_on=following if rng.random() < 0.7 else None,
            )
        )
        day = following


def _patients(world: World, rng: Random, story: Story) -> None:
    """Rungs of the ladder; a little higher in later years and with a partner."""
    later = (HISTORY - (world.day - story.started).days) / HISTORY
    weights = {
        rung: weight * (1 + later * (rung - 3) / 4 if rung > 3 else 1)
        for rung, weight in LADDER.items()
    }
    for stage, share in STAGES.items():
        if rng.random() > share:
            continue
        rung = weighted(rng, weights)
        rung = min(7, rung + rng.randrange(1, 3)) if story.partner else rung
        kind = "low" if rung < 4 else "mid" if rung < 6 else "high"
        world.shelf.put(
            CoproductionRating(
                project=story.project,
                stage=stage,
                rung=rung,
                members=rng.randrange(1, 4) if rung > 4 else 0,
                reward_offered=rung > 4 and rng.random() < 0.4,
                evidence=one(rng, "evidence", kind),
                on=_between(rng, story),
                created_by=story.lead,
            )
        )


def _readiness(world: World, rng: Random, story: Story) -> None:
    if rng.random() > 0.3:
        return
    day = min(story.started + timedelta(days=rng.randrange(0, 14)), story.last_day)
    for rater in story.writers[: rng.randrange(3, 6)]:
        world.shelf.put(
            ReadinessCheck(
                project=story.project,
                rater=rater,
                rater_role=rater.job_title,
                on=day,
                **{
                    item: min(5, max(1, round(rng.gauss(usual, 0.9))))
                    for item, usual in TYPICAL_READINESS.items()
                },
            )
        )


def _time(world: World, rng: Random, story: Story) -> None:
    """Hours agreed with the sponsor, and whether each month gave them."""
    if story.sponsor is None or rng.random() > 0.5:
        return
    for person in story.writers[: rng.randrange(1, 3)]:
        source = weighted(rng, SOURCES)
        ends = story.closed or None
        agreement = world.shelf.put(
            TimeAgreement(
                project=story.project,
                person=person,
                hours_per_month=Decimal(rng.choice((2, 3, 4, 4, 6, 8))),
                source=source,
                sponsor=story.sponsor,
                from_on=story.started,
                to_on=ends,
                created_by=story.lead,
            )
        )
        _checks(world, rng, story, agreement)


def _checks(world: World, rng: Random, story: Story, agreement: TimeAgreement) -> None:
    whole, some = HONOURED[agreement.source]
    month, last = add_months(story.started, 1), month_start(story.last_day)
    while month < last:
        winter = 0.13 if month.month in (12, 1, 2) else 0
        if rng.random() < 0.72:
            chance = rng.random() + winter
            answer = (
                "all" if chance < whole else "some" if chance < whole + some else "none"
            )
            world.shelf.put(
                TimeCheck(
                    agreement=agreement,
                    month=month,
                    answer=answer,
                    hours=agreement.hours_per_month / 2 if answer == "some" else None,
                )
            )
        month = add_months(month, 1)


def _forum(world: World, rng: Random, story: Story) -> None:
    if rng.random() > 0.33:
        return
    outcome = weighted(rng, {"support": 6, "pair_with_similar": 2, "needs_sponsor": 2})
    world.shelf.put(
        ForumReview(
            project=story.project,
            unit=story.team.directorate,
            on=_between(rng, story),
            outcome=outcome,
            note=one(rng, "forum", outcome),
            created_by=rng.choice(world.people["qi_team"]),
        )
    )


def _spread(world: World, rng: Random, story: Story) -> None:
    """Adopted ideas on their way to teams that do the same work."""
    alike = [
        team
        for team in world.teams
        if team is not story.team and story.archetype.suits(team.text)
    ]
    for idea in story.ideas:
        if idea.status != "adopted" or not alike or rng.random() > 0.55:
            continue
        for team in rng.sample(alike, min(len(alike), rng.randrange(1, 4))):
            _event(world, rng, story, idea, team)


def _event(world: World, rng: Random, story: Story, idea, team) -> None:
    status = weighted(rng, SPREAD)
    known = phrases()["spread"]
    words = one(rng, "spread", status) if status in known else ""
    day = story.last_day + timedelta(days=rng.randrange(-20, 160))
    world.shelf.put(
        SpreadEvent(
            change_idea=idea,
            from_unit=story.team.unit,
            to_unit=team.unit,
            status=status,
            adapted_how="" if status == "declined" else words,
            reason=words if status == "declined" else "",
            on=min(max(day, story.started), world.day),
            created_by=story.lead,
        )
    )


def _programmes(world: World) -> None:
    rng = stream("programmes")
    divisions = [unit for unit in world.units if unit.kind == "division"]
    for key, slugs in PROGRAMMES.items():
        name, purpose = (part.strip() for part in _words(key))
        lead = rng.choice(world.people["qi_team"])
        programme = world.shelf.put(
            Programme(
                name=name,
                purpose=purpose,
                unit=rng.choice(divisions),
                lead=lead,
                created_by=lead,
            )
        )
        for story in world.stories:
            if story.archetype.slug in slugs and rng.random() < 0.4:
                row = ProgrammeProject(programme=programme, project=story.project)
                world.shelf.put(row)


def _words(key: str) -> list[str]:
    """The file has "Key: Name | Purpose"."""
    return phrases()["programmes"][key][0].split("|")
