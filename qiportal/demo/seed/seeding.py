"""The whole demo in one transaction: all of it is there, or nothing is."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from django.db import transaction

from pdsa.models import (
    BenefitClaim,
    Comment,
    Cycle,
    CycleOutcome,
    DataPoint,
    Measure,
    MeasureTarget,
    Phase,
    Prediction,
    ProgressScore,
    Ramp,
    Task,
)
from pdsa.services.rebuild import measure_states_rebuild
from projects.models import (
    Aim,
    BankIdea,
    Barrier,
    ChangeIdea,
    CoachingContact,
    CoproductionRating,
    Driver,
    ForumReview,
    Handover,
    MethodUse,
    Programme,
    ProgrammeProject,
    Project,
    ProjectMember,
    ProjectStatusChange,
    ReadinessCheck,
    ReferenceYear,
    SpreadEvent,
    TimeAgreement,
    TimeCheck,
)
from qiportal.accounts.audit import audit_record
from qiportal.accounts.models import User
from qiportal.core.dates import now, today
from qiportal.demo.seed.care import care_make
from qiportal.demo.seed.cycles import cycles_make
from qiportal.demo.seed.measures import measures_make
from qiportal.demo.seed.people import people_make
from qiportal.demo.seed.personas import aminas_booking, aminas_test, board_make
from qiportal.demo.seed.register import register_make
from qiportal.demo.seed.stories import stories_make
from qiportal.demo.seed.surveys import surveys_make
from qiportal.demo.seed.talk import comments_date, talk_make
from qiportal.demo.seed.training import training_make
from qiportal.demo.seed.tree import PUBLIC_CODE, TRUST_CODE, tree_make
from qiportal.demo.seed.world import World
from qiportal.library.models import Method
from qiportal.library.services import library_seed
from qiportal.organisation.models import Unit
from training.models import Application, Attendance, Course, Session

ORDER = (
    *(ReferenceYear, BankIdea, Project, ProjectStatusChange, ProjectMember, Handover),
    *(Aim, Driver, ChangeIdea, MethodUse, Programme, ProgrammeProject),
    *(Ramp, Cycle, Prediction, CycleOutcome, Measure, Cycle.measures.through),
    *(MeasureTarget, DataPoint, Phase, Task, Comment, Comment.mentions.through),
    *(ProgressScore, BenefitClaim, CoachingContact, ForumReview, SpreadEvent, Barrier),
    *(CoproductionRating, ReadinessCheck, TimeAgreement, TimeCheck),
    *(Course, Course.methods.through, Session, Session.trainers.through),
    *(Application, Attendance),
)
Say = Callable[[str], None]


class WrongTrust(Exception):
    """The database holds another trust: demo data never goes beside real data."""


@dataclass(frozen=True)
class Seeded:
    """What a run did: nothing when the fictional trust was there already."""

    made: bool
    seconds: float = 0.0


def trust_check() -> bool:
    """Whether the fictional trust is there. Raises WrongTrust for real people or units.

    Accounts nobody can sign in with (of commands, of the library) do not count.
    """
    roots = Unit.objects.filter(kind="trust").exclude(code=PUBLIC_CODE)
    trusts = set(roots.values_list("code", flat=True))
    if TRUST_CODE in trusts:
        return True
    if trusts or User.objects.filter(is_active=True).exists():
        raise WrongTrust(
            "This database holds real people or units. The demo needs a data folder "
            "of its own: set DATA_DIR to an empty one."
        )
    return False


def demo_seed(*, scale: float = 1.0, say: Say = lambda text: None) -> Seeded:
    """Makes the fictional trust unless it is there.

    `scale` 1 is the full trust, 0.1 a tenth of it. Raises WrongTrust when the database
    holds a trust that is not the fictional one.
    """
    if trust_check():
        return Seeded(made=False)
    began = time.perf_counter()
    with transaction.atomic():
        _make(World(day=today(), moment=now(), scale=scale), say)
    return Seeded(made=True, seconds=time.perf_counter() - began)


def _make(world: World, say: Say) -> None:
    library_seed()
    world.methods = Method.objects.in_bulk(field_name="slug")
    for name, step in STEPS:
        began = time.perf_counter()
        step(world)
        say(f"  {name}: {time.perf_counter() - began:.1f} s")
    size = {"scale": world.scale, "projects": len(world.stories)}
    audit_record(type="demo.seeded", target=world.trust, by="system:demo", new=size)


def _write(world: World) -> None:
    for story in world.stories:
        story.project.last_activity_at = story.busy_until
    said = world.shelf.of(Comment)
    world.shelf.write(*ORDER)
    if world.shelf.rows:
        left = ", ".join(model.__name__ for model in world.shelf.rows)
        raise RuntimeError(f"Rows were made and not written: {left}")
    comments_date(world, said)
    measure_states_rebuild()


STEPS = (
    ("units and sites", tree_make),
    ("people", people_make),
    ("projects", stories_make),
    ("the register", register_make),
    ("tests of change", cycles_make),
    ("Amina's test", aminas_test),
    ("measures", measures_make),
    ("what surrounds projects", care_make),
    ("talk", talk_make),
    ("training", training_make),
    ("Amina's booking", aminas_booking),
    ("writing", _write),
    ("surveys and comments", surveys_make),
    ("the board's part", board_make),
)
