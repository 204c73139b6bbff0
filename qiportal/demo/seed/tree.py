"""The unit tree of the fictional trust, its sites and its headcount."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from random import Random

from qiportal.core.dates import add_months, month_start
from qiportal.demo.content import ServiceText, TeamText, services
from qiportal.demo.seed.world import Team, World, stream
from qiportal.organisation.models import Headcount, Site, StaffGroup, Unit
from qiportal.organisation.models import UnitPlacement as Placement
from qiportal.organisation.services import path_of

TRUST_CODE = "RIV"
PUBLIC_CODE = "PUBLIC"  # root of published data, see qiportal.demo.public
TRUST_NAME = "Riverbourne Hospitals NHS Trust (fictional)"
OPENED = date(2015, 4, 1)
SITES = {
    "RG": ("RIV01", "Riverbourne General Hospital"),
    "MW": ("RIV02", "Marlwood Hospital"),
    "EM": ("RIV03", "Eastmere Community Hospital"),
    "SX": ("RIV04", "Stonecross Health Centre"),
    "FP": ("RIV05", "Fennings Park"),
}
KEPT = ("Kingfisher Ward", "Quality Improvement Team", "Executive Office")
GROUPS = {
    "ward": {"nursing": 22, "clinical_services": 13, "clerical": 2, "medical": 5},
    "clinic": {"nursing": 6, "medical": 5, "clerical": 5, "clinical_services": 3},
    "community": {"nursing": 11, "clinical_services": 5, "allied": 3, "clerical": 2},
    "maternity": {"nursing": 19, "clinical_services": 6, "medical": 4},
    "theatre": {"nursing": 14, "scientific_technic": 9, "medical": 9},
    "therapy": {"allied": 11, "clinical_services": 5, "clerical": 2},
    "imaging": {"allied": 13, "medical": 5, "clinical_services": 5, "clerical": 4},
    "lab": {"scientists": 14, "clinical_services": 6, "clerical": 2},
    "pharmacy": {"scientific_technic": 16, "clinical_services": 5, "clerical": 2},
    "corporate": {"clerical": 13, "nursing": 1},
    "admin": {"clerical": 15},
    "estates": {"estates": 22, "clerical": 2},
}
LETTERS = {"division": "V", "directorate": "D", "service": "S", "team": "T"}


def tree_make(world: World) -> None:
    """Writes sites, units with their places in the tree, and headcounts."""
    sites = {key: Site(ods_code=code, name=name) for key, (code, name) in SITES.items()}
    Site.objects.bulk_create(sites.values())
    world.trust = _units([Unit(kind="trust", code=TRUST_CODE, name=TRUST_NAME)])[0]
    world.units = [world.trust]
    grown = _grow(world, list(_chosen(world)))
    for unit, directorate, text in grown:
        world.teams.append(Team(unit, text, sites[text.site], directorate))
    _past(world)
    _headcounts(world)


def _chosen(world: World) -> Iterator[ServiceText]:
    """All services; a smaller demo has some teams of each division, a larger more."""
    step = max(1, round(1 / world.scale)) if world.scale < 1 else 1
    seen = 0
    for service in services():
        kept = []
        for team in service.teams:
            seen += 1
            if team.name in KEPT or seen % step == 0:
                kept.append(team)
        copies = [_again(team, n) for n in range(2, _times(world) + 1) for team in kept]
        if kept:
            yield replace(service, teams=(*kept, *copies))


def _times(world: World) -> int:
    return max(1, round(world.scale))


def _again(team: TeamText, number: int) -> TeamText:
    words = team.name.split()
    return replace(team, name=" ".join([*words[:-1], str(number), words[-1]]))


def _grow(world: World, chosen: list[ServiceText]) -> list[tuple]:
    """Four levels beneath the trust; gives (team, its directorate, its text)."""
    divisions = _level(world, "division", {s.division: world.trust for s in chosen})
    above = {s.directorate: divisions[s.division] for s in chosen}
    directorates = _level(world, "directorate", above)
    above = {(s.directorate, s.name): directorates[s.directorate] for s in chosen}
    found = _level(world, "service", above)
    above = {
        (s.directorate, team): found[s.directorate, s.name]
        for s in chosen
        for team in s.teams
    }
    teams = _level(world, "team", above)
    return [(unit, directorates[key[0]], key[1]) for key, unit in teams.items()]


def _level(world: World, kind: str, above: dict) -> dict:
    """Units of one kind by key; a key is a name, or ends with a name or a team."""
    letter = LETTERS[kind]
    rows = [
        Unit(
            kind=kind,
            code=f"{TRUST_CODE}-{letter}{number:03d}",
            name=getattr(last := _last(key), "name", last),
            parent=parent,
        )
        for number, (key, parent) in enumerate(above.items(), 1)
    ]
    world.units += _units(rows)
    return dict(zip(above, rows, strict=True))


def _last(key):
    return key[-1] if isinstance(key, tuple) else key


def _units(rows: list[Unit]) -> list[Unit]:
    for row in rows:
        row.opened_on = OPENED
    Unit.objects.bulk_create(rows)
    for row in rows:
        row.path = path_of(row.pk, row.parent)
    Unit.objects.bulk_update(rows, ["path"], batch_size=200)
    Placement.objects.bulk_create(
        Placement(unit=row, parent=row.parent, path=row.path, valid_from=OPENED)
        for row in rows
    )
    return rows


def _past(world: World) -> None:
    """One service stood in another directorate until last year."""
    rng = stream("moves")
    moved = rng.choice([u for u in world.units if u.kind == "service"])
    others = [
        u for u in world.units if u.kind == "directorate" and u.pk != moved.parent_id
    ]
    before, on = rng.choice(others), month_start(world.ago(400))
    for unit in [moved, *(t.unit for t in world.teams if t.unit.parent_id == moved.pk)]:
        current = Placement.objects.get(unit=unit, valid_to=None)
        parent = before if unit is moved else moved
        path = before.path + unit.path[len(moved.parent.path) :]
        current.valid_from, old = on, current.valid_from
        current.save()
        Placement.objects.create(
            unit=unit, parent=parent, path=path, valid_from=old, valid_to=on
        )


def _headcounts(world: World) -> None:
    """How many work in each team, by staff group, each half-year of two years."""
    rng, rows = stream("headcount"), []
    first = add_months(month_start(world.day), -24)
    for team in world.teams:
        for group, usual in _groups(team, rng).items():
            for half in range(5):
                month = add_months(first, 6 * half)
                people = max(1, round(usual * rng.uniform(0.94, 1.06)))
                rows.append(
                    Headcount(
                        unit=team.unit, staff_group=group, month=month, headcount=people
                    )
                )
    Headcount.objects.bulk_create(rows, batch_size=2000)


def _groups(team: Team, rng: Random) -> dict[str, int]:
    """The usual number of people of each staff group in a team."""
    size = rng.uniform(0.35, 1.5)
    usual = next((GROUPS[tag] for tag in GROUPS if tag in team.text.tags), None)
    usual = usual or {"nursing": 9, "medical": 4, "clinical_services": 4, "clerical": 2}
    return {group: max(1, round(people * size)) for group, people in usual.items()}


def team_sizes(world: World) -> dict[int, int]:
    """unit id -> how many people work there now."""
    newest = month_start(world.day) - timedelta(days=100)
    sizes: dict[int, int] = {}
    rows = Headcount.objects.filter(month__gte=newest).order_by("month")
    latest: dict[tuple[int, str], int] = {}
    for unit, group, people in rows.values_list("unit_id", "staff_group", "headcount"):
        latest[unit, group] = people
    for (unit, _), people in latest.items():
        sizes[unit] = sizes.get(unit, 0) + people
    return sizes


def group_sizes(world: World) -> dict[str, int]:
    """staff group -> how many people of the trust are in it now."""
    rows = Headcount.objects.filter(month=add_months(month_start(world.day), 0))
    sizes: dict[str, int] = {}
    for group, people in rows.values_list("staff_group", "headcount"):
        sizes[group] = sizes.get(group, 0) + people
    return {group: sizes[group] for group in StaffGroup.values if group in sizes}
