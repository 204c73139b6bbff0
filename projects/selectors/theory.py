"""Drivers, ideas, methods and barriers of one project."""

from dataclasses import dataclass, field

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce
from django.http import Http404
from django.shortcuts import get_object_or_404

from projects.models import Aim, Barrier, ChangeIdea, Driver, MethodUse, Project
from qiportal.accounts.models import User
from qiportal.core.undo import kept_since
from qiportal.library.models import Method

LIVING = Q(deleted_at=None)


@dataclass
class Branch:
    """A driver with the secondary drivers and ideas that hang on it."""

    driver: Driver
    branches: list["Branch"] = field(default_factory=list)
    ideas: list[ChangeIdea] = field(default_factory=list)


@dataclass(frozen=True)
class Theory:
    """A project's driver diagram. `loose` are ideas without a driver."""

    aim: Aim | None
    branches: list[Branch]
    loose: list[ChangeIdea]

    @property
    def is_empty(self) -> bool:
        return not (self.branches or self.loose)


def project_drivers(project: Project) -> QuerySet[Driver]:
    """Living drivers in order, their parents at hand."""
    rows = Driver.objects.filter(project=project, deleted_at=None)
    return rows.select_related("parent").order_by("position", "id")


def primary_drivers(project: Project) -> QuerySet[Driver]:
    """Living primary drivers: what a secondary one can hang on."""
    return project_drivers(project).filter(parent=None)


def drivers_in_outline(project: Project) -> QuerySet[Driver]:
    """Living drivers, each secondary one after its primary."""
    rows = project_drivers(project)
    top_position = Coalesce("parent__position", "position")
    top = Coalesce("parent_id", "id")
    return rows.order_by(
        top_position, top, F("parent").asc(nulls_first=True), "position"
    )


def project_ideas(project: Project) -> QuerySet[ChangeIdea]:
    """Living change ideas in order, their drivers at hand."""
    rows = ChangeIdea.objects.filter(project=project, deleted_at=None)
    return rows.select_related("driver", "created_by").order_by("position", "id")


def theory_of(project: Project) -> Theory:
    """The whole diagram in three queries."""
    aim = Aim.objects.filter(project=project, is_current=True).first()
    drivers = list(project_drivers(project))
    by_id: dict[int | None, Branch] = {d.pk: Branch(d) for d in drivers}
    for driver in drivers:
        if driver.parent_id in by_id:
            by_id[driver.parent_id].branches.append(by_id[driver.pk])
    loose: list[ChangeIdea] = []
    for idea in project_ideas(project):
        branch = by_id.get(idea.driver_id)
        (branch.ideas if branch else loose).append(idea)
    tops = [by_id[driver.pk] for driver in drivers if driver.parent_id is None]
    return Theory(aim, tops, loose)


def driver_row(driver: Driver) -> list[Driver]:
    """Living drivers that hang where this one hangs, in order."""
    return list(project_drivers(driver.project).filter(parent=driver.parent_id))


def shown_driver(idea: ChangeIdea) -> Driver | None:
    """The driver an idea is shown under: none once that is deleted."""
    driver = idea.driver
    return driver if driver and driver.deleted_at is None else None


def idea_row(idea: ChangeIdea) -> list[ChangeIdea]:
    """Living ideas that are shown where this one is, in order."""
    own = shown_driver(idea)
    return [row for row in project_ideas(idea.project) if shown_driver(row) == own]


def _kept() -> Q:
    """Deleted so lately that it can still be brought back."""
    return Q(deleted_at__gt=kept_since())


def driver_of(project: Project, driver_id: int, *, deleted: bool = False) -> Driver:
    """A driver of this project; Http404 for another project's."""
    rows = Driver.objects.filter(_kept() if deleted else LIVING, project=project)
    return get_object_or_404(
        rows.select_related("project__unit", "parent"), pk=driver_id
    )


def idea_of(project: Project, idea_id: int, *, deleted: bool = False) -> ChangeIdea:
    """A change idea of this project; Http404 for another project's."""
    rows = ChangeIdea.objects.filter(_kept() if deleted else LIVING, project=project)
    return get_object_or_404(rows.select_related("project__unit", "driver"), pk=idea_id)


def deleted_theory(project: Project) -> tuple[list[Driver], list[ChangeIdea]]:
    """Drivers and ideas that can be brought back (branches with their top), the last
    deleted first."""
    drivers = Driver.objects.filter(_kept(), project=project).order_by("-deleted_at")
    ideas = ChangeIdea.objects.filter(_kept(), project=project).order_by("-deleted_at")
    tops = [
        driver
        for driver in drivers.select_related("parent", "deleted_by")
        if driver.parent is None or driver.parent.deleted_at is None
    ]
    return tops, list(ideas.select_related("deleted_by"))


def method_uses(project: Project) -> QuerySet[MethodUse]:
    """Library entries the project uses, in the order it took them up."""
    rows = MethodUse.objects.filter(project=project)
    return rows.select_related("method").order_by("at", "id")


def method_use_of(project: Project, use_id: int) -> MethodUse:
    rows = MethodUse.objects.filter(project=project)
    return get_object_or_404(rows.select_related("method", "project__unit"), pk=use_id)


def methods_to_pick(actor: User) -> QuerySet[Method]:
    """Published library entries, by title."""
    return Method.objects.visible_to(actor).live().order_by("title")


def house_method() -> Method | None:
    """The improvement method the trust has named as its own."""
    return Method.objects.live().filter(is_house=True).first()


def project_barriers(project: Project) -> list[Barrier]:
    """What the team is or was stuck on: open first, then newest first."""
    rows = Barrier.objects.filter(project=project)
    rows = rows.select_related("owner", "created_by")
    return sorted(rows, key=lambda b: (b.resolved_at is not None, -b.pk))


def barrier_of(project: Project, barrier_id: int) -> Barrier:
    """An open barrier of this project."""
    rows = Barrier.objects.filter(project=project).select_related("project__unit")
    barrier = get_object_or_404(rows, pk=barrier_id)
    if barrier.resolved_at:
        raise Http404
    return barrier
