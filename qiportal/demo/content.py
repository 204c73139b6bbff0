"""Reads the texts that demo projects are made of (data/archetypes, data/tree.txt)."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

DATA = Path(__file__).parent / "data"
MEASURE_PARTS = 12


@dataclass(frozen=True, slots=True)
class IdeaText:
    """A change idea; `driver` is (primary, secondary), counted from 0."""

    title: str
    because: str
    driver: tuple[int, int]
    retry: str


@dataclass(frozen=True, slots=True)
class MeasureText:
    """What is counted. Figures are on the scale people read: 62 for 62%.

    `size` is the usual group size, or the spread of a plain value.
    """

    kind: str
    name: str
    definition: str
    numerator: str
    denominator: str
    data_type: str
    direction: str
    unit: str
    frequency: str
    chart: str
    start: float
    goal: float
    size: float


@dataclass(frozen=True, slots=True)
class Archetype:
    """A project many trusts take up, with all it needs to look like one.

    It suits a team that has all tags of one of the sets in `tags`.
    """

    slug: str
    tags: tuple[frozenset[str], ...]
    methods: tuple[str, ...]
    titles: tuple[str, ...]
    problems: tuple[str, ...]
    quantity: str
    population: str
    count: str
    drivers: tuple[tuple[str, tuple[str, ...]], ...]
    ideas: tuple[IdeaText, ...]
    measures: tuple[MeasureText, ...]
    good: tuple[str, ...]
    bad: tuple[str, ...]
    learned: tuple[str, ...]

    def suits(self, team: "TeamText") -> bool:
        return any(wanted <= team.tags for wanted in self.tags)


def lines_of(path: Path) -> Iterator[str]:
    """The lines of a data file that say something; ";" begins a remark."""
    for line in path.read_text("utf-8").splitlines():
        if line.strip() and not line.startswith(";"):
            yield line.strip()


def parts(text: str) -> list[str]:
    return [part.strip() for part in text.split("|")]


def sections(path: Path) -> Iterator[tuple[str, dict[str, list[str]]]]:
    """Each "[name]" of a file with its "key: value" lines, keys in order."""
    name, found = "", {}
    for line in lines_of(path):
        if line.startswith("["):
            if name:
                yield name, found
            name, found = line.strip("[]"), {}
            continue
        key, _, value = line.partition(":")
        found.setdefault(key.strip(), []).append(value.strip())
    if name:
        yield name, found


@cache
def archetypes() -> tuple[Archetype, ...]:
    """All of them, in the order of their files."""
    files = sorted((DATA / "archetypes").glob("*.txt"))
    return tuple(_archetype(*item) for file in files for item in sections(file))


def _archetype(slug: str, said: dict[str, list[str]]) -> Archetype:
    quantity, population = parts(said["aim"][0])
    return Archetype(
        slug=slug,
        tags=tuple(frozenset(t.split("+")) for t in said["tags"][0].split()),
        methods=tuple(said["methods"][0].split()),
        titles=tuple(said["title"]),
        problems=tuple(said["problem"]),
        quantity=quantity,
        population=population,
        count=said["count"][0],
        drivers=tuple(_driver(text) for text in said["driver"]),
        ideas=tuple(_idea(text) for text in said["idea"]),
        measures=tuple(_measure(text) for text in said["measure"]),
        good=tuple(said["good"]),
        bad=tuple(said["bad"]),
        learned=tuple(said["learned"]),
    )


def _driver(text: str) -> tuple[str, tuple[str, ...]]:
    primary, *secondary = parts(text)
    return primary, tuple(secondary)


def _idea(text: str) -> IdeaText:
    title, because, place, retry = parts(text)
    primary, secondary = place.split(".")
    return IdeaText(title, because, (int(primary) - 1, int(secondary) - 1), retry)


def _measure(text: str) -> MeasureText:
    said = parts(text)
    if len(said) != MEASURE_PARTS:
        raise ValueError(f"Expected {MEASURE_PARTS} parts: {text}")
    start, goal = said[10].split(">")
    return MeasureText(*said[:10], float(start), float(goal), float(said[11]))


@dataclass(frozen=True, slots=True)
class TeamText:
    """A team of the fictional trust and what it does."""

    name: str
    tags: frozenset[str]
    site: str


@dataclass(frozen=True, slots=True)
class ServiceText:
    division: str
    directorate: str
    name: str
    teams: tuple[TeamText, ...]


@cache
def services() -> tuple[ServiceText, ...]:
    """The tree of the fictional trust, in structure order."""
    found, division, directorate = [], "", ""
    for line in lines_of(DATA / "tree.txt"):
        if line.startswith("## "):
            directorate = line[3:]
        elif line.startswith("# "):
            division = line[2:]
        else:
            name, tags, site, teams = parts(line)
            rows = (_team(text, tags, site) for text in teams.split(";"))
            found.append(ServiceText(division, directorate, name, tuple(rows)))
    return tuple(found)


def _team(text: str, tags: str, site: str) -> TeamText:
    """ "Name +more -less @site" on top of what its service's line says."""
    name, own = [], set(tags.split())
    for word in text.split():
        if word[0] == "+":
            own.add(word[1:])
        elif word[0] == "-" and len(word) > 1:
            own.discard(word[1:])
        elif word[0] == "@":
            site = word[1:]
        else:
            name.append(word)
    return TeamText(" ".join(name), frozenset(own), site)


COLLECTIVE = (
    *("Team", "Unit", "Clinic", "Department", "Room", "Suite", "Service", "Laboratory"),
    *("Office", "Centre", "Area", "Lounge", "Hub", "Bench", "Library", "Theatres"),
    *("Desk", "Dispensary", "Theatre", "Switchboard", "Desk", "Stores"),
)
PEOPLE = ("Nurses", "Matrons", "Workers", "Secretaries")


def the(name: str) -> str:
    """A team's name inside a sentence: "Heron Ward", "the Fracture Clinic"."""
    last = name.split()[-1]
    if last in PEOPLE:
        return f"the {name} team"
    return f"the {name}" if last in COLLECTIVE else name


def at(name: str) -> str:
    """Where something happens: "on Heron Ward", "in the Fracture Clinic"."""
    return f"{'on' if name.endswith(' Ward') else 'in'} {the(name)}"


def said(text: str, name: str) -> str:
    """A text with the team's name put into its slots."""
    subject = the(name)
    capital = subject[0].upper() + subject[1:]
    return (
        text.replace("{at}", at(name))
        .replace("{The}", capital)
        .replace("{the}", subject)
    )
