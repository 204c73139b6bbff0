"""The people of the fictional trust, their roles, and the five who can sign in."""

from datetime import date, timedelta
from random import Random

from django.contrib.auth.hashers import make_password

from qiportal.accounts.models import RoleAssignment, User
from qiportal.demo.content import DATA, sections
from qiportal.demo.seed.world import Team, World, stream

DOMAIN = "riverbourne.example"
PASSWORD = "improve every day"  # noqa: S105 - of a fictional trust, printed by `demo`
NOBODY = "!"  # no password fits
JOBS = {
    "ward": (
        ("Staff nurse", "nursing"),
        ("Ward sister", "nursing"),
        ("Healthcare assistant", "clinical_services"),
        ("Ward manager", "nursing"),
        ("Resident doctor", "medical"),
        ("Ward clerk", "clerical"),
        ("Consultant", "medical"),
    ),
    "clinic": (
        ("Specialist nurse", "nursing"),
        ("Consultant", "medical"),
        ("Clinic coordinator", "clerical"),
        ("Healthcare assistant", "clinical_services"),
    ),
    "community": (
        ("Community nurse", "nursing"),
        ("Team lead", "nursing"),
        ("Rehabilitation assistant", "clinical_services"),
        ("Physiotherapist", "allied"),
    ),
    "maternity": (
        ("Midwife", "nursing"),
        ("Senior midwife", "nursing"),
        ("Maternity support worker", "clinical_services"),
        ("Obstetrician", "medical"),
    ),
    "theatre": (
        ("Theatre nurse", "nursing"),
        ("Operating department practitioner", "scientific_technic"),
        ("Anaesthetist", "medical"),
        ("Surgeon", "medical"),
    ),
    "therapy": (
        ("Physiotherapist", "allied"),
        ("Occupational therapist", "allied"),
        ("Therapy assistant", "clinical_services"),
        ("Therapy lead", "allied"),
    ),
    "imaging": (
        ("Radiographer", "allied"),
        ("Imaging assistant", "clinical_services"),
        ("Radiologist", "medical"),
    ),
    "lab": (
        ("Biomedical scientist", "scientists"),
        ("Laboratory assistant", "clinical_services"),
        ("Clinical scientist", "scientists"),
    ),
    "pharmacy": (
        ("Pharmacist", "scientific_technic"),
        ("Pharmacy technician", "scientific_technic"),
        ("Dispensing assistant", "clinical_services"),
    ),
    "corporate": (
        ("Project officer", "clerical"),
        ("Manager", "clerical"),
        ("Analyst", "clerical"),
    ),
    "admin": (("Booking clerk", "clerical"), ("Office manager", "clerical")),
    "estates": (("Supervisor", "estates"), ("Porter", "estates")),
}
OTHERS = (
    ("Nurse", "nursing"),
    ("Senior nurse", "nursing"),
    ("Doctor", "medical"),
    ("Assistant", "clinical_services"),
)
SIGN_INS = {
    "amina": ("Amina Yusuf", "Staff nurse", "nursing", "Kingfisher Ward"),
    "ben": ("Ben Okafor", "QI lead", "nursing", "Quality Improvement Team"),
    "carol": ("Carol Lindqvist", "Non-executive director", "", "Executive Office"),
    "dev": ("Dev Sharma", "Senior analyst", "clerical", "Executive Office"),
    "sade": ("Sade Afolabi", "Systems manager", "clerical", "Executive Office"),
}
TITLES = {
    "qi_team": ("QI facilitator", "Quality Improvement Team", 7),
    "board": ("Director", "Executive Office", 10),
}
PEOPLE_PER_TEAM = (2, 3, 3, 3, 4, 4)
LEARNERS_PER_TEAM = 2  # have an account, and no project so far
PARTNERS = 24
SPONSORS = 46
COACHES = 47


class Names:
    """Full names and addresses, no two alike."""

    def __init__(self, rng: Random) -> None:
        words = {name: said["all"][0].split() for name, said in _names()}
        self.rng, self.first, self.last = rng, words["first"], words["last"]
        self.taken = {name for name, *_ in SIGN_INS.values()}

    def next(self) -> tuple[str, str]:
        while (name := self._made()) in self.taken:
            continue
        self.taken.add(name)
        return name, name.lower().replace(" ", ".").replace("'", "")

    def _made(self) -> str:
        last = self.rng.choice(self.last).replace("OBrien", "O'Brien")
        return f"{self.rng.choice(self.first)} {last}"


def _names():
    return sections(DATA / "names.txt")


def people_make(world: World) -> None:
    """Writes everybody, and who holds which role."""
    rng = stream("people")
    names = Names(rng)
    world.people = {"staff": [], "learners": [], "partners": [], "sponsors": []}
    _sign_ins(world)
    for team in world.teams:
        _team(world, rng, names, team)
    _offices(world, rng, names)
    everybody = [user for users in world.people.values() for user in users]
    rows = list({id(user): user for user in everybody}.values())
    User.objects.bulk_create(rows, batch_size=1000)
    _coaches(world, rng)
    _roles(world)


def _sign_ins(world: World) -> None:
    secret = make_password(PASSWORD)
    for key, (name, job, group, place) in SIGN_INS.items():
        team = next(team for team in world.teams if team.name == place)
        user = User(
            email=f"{key}@{DOMAIN}",
            full_name=name,
            job_title=job,
            staff_group=group,
            home_unit=team.unit,
            site=team.site,
            password=secret,
        )
        world.people[key] = [user]


def _person(names: Names, **fields) -> User:
    name, address = names.next()
    return User(email=f"{address}@{DOMAIN}", full_name=name, password=NOBODY, **fields)


def _team(world: World, rng: Random, names: Names, team: Team) -> None:
    jobs = next((JOBS[tag] for tag in JOBS if tag in team.text.tags), OTHERS)
    for number in range(rng.choice(PEOPLE_PER_TEAM)):
        job, group = jobs[number % len(jobs)]
        user = _person(
            names, job_title=job, staff_group=group, home_unit=team.unit, site=team.site
        )
        if rng.random() < 0.04 and number:
            user.is_active, user.left_on = False, world.ago(rng.randrange(20, 900))
        team.people.append(user)
        world.people["staff"].append(user)
    for number in range(LEARNERS_PER_TEAM):
        job, group = jobs[(number * 2) % len(jobs)]
        user = _person(
            names, job_title=job, staff_group=group, home_unit=team.unit, site=team.site
        )
        world.people["learners"].append(user)


def _offices(world: World, rng: Random, names: Names) -> None:
    """QI team, directors, sponsors in each directorate, and patient partners."""
    for key, (job, place, number) in TITLES.items():
        team = next(team for team in world.teams if team.name == place)
        home = {"home_unit": team.unit, "site": team.site, "staff_group": "clerical"}
        world.people[key] = [
            _person(names, job_title=job, **home)
            for _ in range(world.count(number, least=4))
        ]
    directorates = [unit for unit in world.units if unit.kind == "directorate"]
    for number in range(world.count(SPONSORS, least=len(directorates))):
        unit = directorates[number % len(directorates)]
        job = rng.choice(("Matron", "Clinical director", "General manager"))
        group = "medical" if job == "Clinical director" else "nursing"
        sponsor = _person(names, job_title=job, staff_group=group, home_unit=unit)
        world.people["sponsors"].append(sponsor)
    for _ in range(world.count(PARTNERS, least=4)):
        partner = _person(names, job_title="Patient partner", home_unit=world.trust)
        world.people["partners"].append(partner)


def _coaches(world: World, rng: Random) -> None:
    """Ben, the QI team and staff with a talent for it."""
    able = [user for user in world.people["staff"] if user.is_active]
    wanted = world.count(COACHES, least=8) - 1 - len(world.people["qi_team"])
    volunteers = rng.sample(able, max(0, min(wanted, len(able))))
    world.people["coaches"] = [
        *world.people["ben"],
        *world.people["qi_team"],
        *volunteers,
    ]


def _roles(world: World) -> None:
    admin = world.people["sade"][0]
    held = {
        "qi_team": [*world.people["ben"], *world.people["qi_team"]],
        "board": [*world.people["carol"], *world.people["board"]],
        "sysadmin": [admin],
    }
    RoleAssignment.objects.bulk_create(
        RoleAssignment(
            user=user,
            role=role,
            granted_by=None if user is admin else admin,
            starts_on=_since(world),
        )
        for role, users in held.items()
        for user in users
    )


def _since(world: World) -> date:
    return world.day - timedelta(days=900)
