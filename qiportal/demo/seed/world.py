"""What all parts of the demo share: its day, its chance, its people and its rows."""

import math
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import TypeVar

from django.db import models

from qiportal.accounts.models import User
from qiportal.core.dates import LONDON
from qiportal.core.engine import leaves_insert
from qiportal.demo.content import TeamText
from qiportal.library.models import Method
from qiportal.organisation.models import Site, Unit

SEED = 20_26
Pick = TypeVar("Pick")
HISTORY = 4 * 365


def stream(area: str) -> Random:
    """A part's own source of chance, so that a change here moves nothing there."""
    return Random(f"{SEED}:{area}")


@dataclass(eq=False)
class Team:
    """A ward or team with what it does, where, and who works there."""

    unit: Unit
    text: TeamText
    site: Site
    directorate: Unit
    people: list[User] = field(default_factory=list)

    @property
    def name(self) -> str:
        return self.text.name


class Shelf:
    """Rows waiting to be written. A row of a later layer may point at earlier ones."""

    def __init__(self) -> None:
        self.rows: dict[type[models.Model], dict[int, list[models.Model]]] = {}

    def put(self, row: Pick, layer: int = 0) -> Pick:
        self.rows.setdefault(type(row), {}).setdefault(layer, []).append(row)
        return row

    def of(self, model: type[models.Model]) -> list[models.Model]:
        layers = self.rows.get(model, {})
        return [row for layer in sorted(layers) for row in layers[layer]]

    def write(self, *order: type[models.Model]) -> int:
        """Writes the rows of these models, in this order, and forgets them."""
        written = 0
        for model in order:
            layers = self.rows.pop(model, {})
            for layer in sorted(layers):
                _write(model, layers[layer])
                written += len(layers[layer])
        return written


def _write(model: type[models.Model], rows: list[models.Model]) -> None:
    if model._meta.related_objects or model._meta.auto_created:
        model._default_manager.bulk_create(rows, batch_size=2000)
    else:
        leaves_insert(rows)


@dataclass(eq=False)
class World:
    """The trust being made."""

    day: date
    moment: datetime
    scale: float
    trust: Unit | None = None
    teams: list[Team] = field(default_factory=list)
    units: list[Unit] = field(default_factory=list)
    people: dict[str, list[User]] = field(default_factory=dict)
    methods: dict[str, Method] = field(default_factory=dict)
    stories: list = field(default_factory=list)
    shelf: Shelf = field(default_factory=Shelf)

    def count(self, whole: int, least: int = 1) -> int:
        """How many of a thing this size of demo has."""
        return max(least, round(whole * self.scale))

    def ago(self, days: float) -> date:
        return self.day - timedelta(days=round(days))

    def at(self, rng: Random, day: date) -> datetime:
        """A moment of a working day; never later than now."""
        minutes = int(rng.triangular(7 * 60 + 20, 20 * 60, 11 * 60))
        clock = time(minutes // 60, minutes % 60, rng.randrange(60))
        moment = datetime.combine(day, clock, LONDON).astimezone(UTC)
        return min(moment, self.moment - timedelta(minutes=rng.randrange(3, 50)))

    def after(self, rng: Random, earlier: datetime, day: date) -> datetime:
        """As `at`, but later than an earlier moment where that is possible."""
        found = self.at(rng, day)
        if found > earlier:
            return found
        return min(earlier + timedelta(minutes=rng.randrange(4, 90)), self.moment)


def poisson(rng: Random, mean: float) -> int:
    """A count of rare events; a rounded normal draw for larger means."""
    if mean <= 0:
        return 0
    if mean > 40:
        return max(0, round(rng.gauss(mean, math.sqrt(mean))))
    limit, product, found = math.exp(-mean), rng.random(), 0
    while product > limit:
        product *= rng.random()
        found += 1
    return found


def binomial(rng: Random, whole: int, share: float) -> int:
    """How many of `whole` succeed; a rounded normal draw for large groups."""
    share = min(max(share, 0.0), 1.0)
    if whole > 80 and whole * min(share, 1 - share) > 10:
        spread = math.sqrt(whole * share * (1 - share))
        return min(whole, max(0, round(rng.gauss(whole * share, spread))))
    return sum(rng.random() < share for _ in range(whole))


def weighted(rng: Random, choices: dict[Pick, float]) -> Pick:
    """One of the keys, as often as its weight says."""
    return rng.choices(list(choices), weights=list(choices.values()))[0]
