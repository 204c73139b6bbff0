"""Courses, their runs, who applied, who waited, who came."""

from bisect import bisect_left
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from random import Random

from qiportal.accounts.models import User
from qiportal.core.dates import LONDON, local_day, month_start
from qiportal.demo.seed.world import World, stream, weighted
from training.models import Application, Attendance, Course, Session

SESSIONS, PLANNED, APPLICATIONS = 120, 12, 2500
HALF_YEAR = timedelta(days=180)
AHEAD, BEHIND = 100, 3 * 365
SOON = timedelta(days=45)


@dataclass(frozen=True)
class Plan:
    """A course as it is offered: usual demand is applications for each place."""

    title: str
    level: str
    hours: int
    places: int
    demand: float
    share: float
    methods: tuple[str, ...]
    summary: str


PLANS = (
    Plan(
        *("First steps in improvement", "awareness", 2, 24, 0.95, 0.3),
        ("smart-aim", "pdsa-cycle"),
        "Two hours: the three questions, one small test, where to find help.",
    ),
    Plan(
        *("QI foundation", "foundation", 7, 18, 1.45, 0.25),
        ("driver-diagram", "pdsa-cycle", "run-chart"),
        "One day with your own problem: aim, drivers, a measure and a first test.",
    ),
    Plan(
        *("Measuring for improvement", "foundation", 4, 16, 1.6, 0.14),
        ("run-chart", "spc-chart", "operational-definition"),
        "Run charts and SPC by hand and on screen; bring your numbers.",
    ),
    Plan(
        *("QI practitioner programme", "practitioner", 30, 16, 2.1, 0.07),
        ("pdsa-ramp", "spc-chart", "sustainability-model"),
        "Five days over four months with a project, a team and a coach.",
    ),
    Plan(
        *("Coaching improvement teams", "coach", 14, 12, 1.7, 0.06),
        ("readiness-check", "stakeholder-analysis"),
        "How to help teams without doing it for them.",
    ),
    Plan(
        *("Working with patients as partners", "foundation", 4, 14, 0.9, 0.08),
        ("experience-based-co-design", "discovery-interview"),
        "Led by patient partners: from asking to designing together.",
    ),
    Plan(
        *("Improvement for boards", "board", 3, 12, 0.7, 0.05),
        ("spc-chart", "go-and-see"),
        "Reading variation, asking useful questions, going to see.",
    ),
    Plan(
        *("Partners in improvement", "lived_experience", 4, 10, 1.0, 0.05),
        ("discovery-interview", "emotional-mapping"),
        "For people with lived experience who join a project.",
    ),
)
VENUES = (
    "Education centre, Riverbourne General",
    "Seminar room, Marlwood Hospital",
    "Online",
    "Fennings Park, ground floor",
)
CAME = {"attended": 0.8, "part": 0.05, "did_not_attend": 0.15}
AFTER_WAITING = {"declined": 0.55, "transferred": 0.45}


def training_make(world: World) -> None:
    """Puts courses, sessions, applications and attendance on the shelf."""
    rng = stream("training")
    classroom = _Classroom(world, rng)
    courses = [(plan, _course(world, plan)) for plan in PLANS]
    for day in _days(world):
        plan, course = rng.choices(courses, [plan.share for plan, _ in courses])[0]
        classroom.session(plan, course, _weekday(day))
    for plan, course in courses:
        classroom.waiting(course, round(plan.demand * 3 * min(1, world.scale)))


def _days(world: World) -> list[date]:
    """Days of sessions: three years of past ones, and the weeks to come."""
    past, planned = world.count(SESSIONS - PLANNED), world.count(PLANNED, least=3)
    begin = world.ago(BEHIND)
    held = [begin + timedelta(days=BEHIND * n / past) for n in range(past)]
    step = AHEAD / planned
    return held + [world.ago(-10 - step * n) for n in range(planned)]


def _weekday(day: date) -> date:
    return day - timedelta(days=max(0, day.weekday() - 4))


def _course(world: World, plan: Plan) -> Course:
    owner = world.people["ben"][0]
    course = world.shelf.put(
        Course(
            title=plan.title,
            summary=plan.summary,
            level=plan.level,
            hours=Decimal(plan.hours),
            owner=owner,
            created_by=owner,
        )
    )
    for slug in plan.methods:
        method = world.methods[slug]
        world.shelf.put(Course.methods.through(course=course, method=method))
    return course


class _Classroom:
    """Fills runs with applicants; nobody applies twice for one run."""

    def __init__(self, world: World, rng: Random) -> None:
        self.world, self.rng = world, rng
        self.staff = world.people["learners"]
        begun = [
            (cycle.plan_started_at, number, cycle.created_by)
            for story in world.stories
            for number, cycle in enumerate(story.cycles)
            if cycle.created_by not in world.people["amina"]  # she has a booking
        ]
        self.begun = sorted(begun, key=lambda item: item[:2])
        self.moments = [at for at, *_ in self.begun]
        self.per_session = APPLICATIONS / SESSIONS / 20.5

    def session(self, plan: Plan, course: Course, day: date) -> None:
        begins = _clock(day, 9 if plan.hours > 4 else 13)
        places = max(6, plan.places + self.rng.randrange(-4, 5))
        held = begins < self.world.moment
        cancelled = self.rng.random() < 0.05
        trainer = self.rng.choice(self.world.people["qi_team"])
        session = self.world.shelf.put(
            Session(
                course=course,
                starts_at=begins,
                ends_at=begins + timedelta(hours=min(plan.hours, 7)),
                venue=self.rng.choice(VENUES),
                places=places,
                status="cancelled" if cancelled else "held" if held else "planned",
                created_by=trainer,
            )
        )
        link = Session.trainers.through(session=session, user=trainer)
        self.world.shelf.put(link)
        demand = plan.demand * self.rng.uniform(0.75, 1.25) * self.per_session
        wanted = max(1, round(places * demand))
        if not held and begins > self.world.moment + SOON:
            wanted = round(wanted * self.rng.uniform(0.5, 0.95))
        elif not held:
            wanted = max(wanted, round(places * 1.35))  # the next ones are full
        self._apply(session, trainer, wanted)

    def _apply(self, session: Session, trainer: User, wanted: int) -> None:
        rows = sorted(
            (self._application(session, user) for user in self._crowd(session, wanted)),
            key=lambda row: row.applied_at,
        )
        taken = 0
        for row in rows:
            self.world.shelf.put(row)
            if session.status == "cancelled":
                row.status = "transferred"
            elif taken < session.places:
                self._booked(session, row, trainer)
                taken += row.status in ("booked", "offered")
            else:
                past = session.status == "held"
                row.status = weighted(self.rng, AFTER_WAITING) if past else "waitlisted"

    def _crowd(self, session: Session, wanted: int) -> list[User]:
        """A third of them go on to test something within half a year."""
        first = bisect_left(self.moments, session.starts_at)
        last = bisect_left(self.moments, session.starts_at + HALF_YEAR)
        doers = [user for *_, user in self.begun[first:last]]
        crowd: dict[int, User] = {}
        for _ in range(wanted * 4):
            from_doers = doers and self.rng.random() < 0.36
            user = self.rng.choice(doers if from_doers else self.staff)
            if user.is_active:
                crowd[id(user)] = user
            if len(crowd) == wanted:
                break
        return list(crowd.values())

    def _application(self, session: Session, user: User) -> Application:
        ahead = timedelta(days=round(self.rng.triangular(6, 110, 35)))
        day = local_day(session.starts_at) - ahead
        if day >= self.world.day:
            day = self.world.ago(self.rng.triangular(1, 80, 10))
        applied = self.world.at(self.rng, day)
        return Application(
            applicant=user,
            course=session.course,
            session=session,
            unit=user.home_unit,
            month=month_start(local_day(applied)),
            applied_at=applied,
            created_by=user,
        )

    def _booked(self, session: Session, row: Application, trainer: User) -> None:
        offered = row.applied_at + timedelta(days=self.rng.expovariate(1 / 9))
        latest = min(session.starts_at - timedelta(days=1), self.world.moment)
        row.offered_at = max(row.applied_at, min(offered, latest))
        chance = self.rng.random()
        row.status = "booked"
        if chance < 0.12:
            row.status = "cancelled_in_time" if chance < 0.08 else "cancelled_late"
        elif session.status == "held":
            self._attendance(session, row, trainer)
        elif chance > 0.9:
            row.status = "offered"

    def _attendance(self, session: Session, row: Application, trainer: User) -> None:
        outcome = weighted(self.rng, CAME)
        came = outcome == "attended" and self.rng.random() < 0.93
        self.world.shelf.put(
            Attendance(
                application=row,
                outcome=outcome,
                completed=came,
                recorded_by=trainer,
                recorded_at=min(
                    session.ends_at + timedelta(hours=2), self.world.moment
                ),
            )
        )

    def waiting(self, course: Course, number: int) -> None:
        """People who wait for a run that has no date yet."""
        for user in self.rng.sample(self.staff, min(number, len(self.staff))):
            at = self.world.at(self.rng, self.world.ago(self.rng.randrange(2, 240)))
            self.world.shelf.put(
                Application(
                    applicant=user,
                    course=course,
                    unit=user.home_unit,
                    month=month_start(local_day(at)),
                    applied_at=at,
                    created_by=user,
                )
            )


def _clock(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), LONDON).astimezone(UTC)
