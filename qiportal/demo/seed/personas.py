"""What waits for the people who can sign in: Amina's test, the board's barriers."""

from datetime import timedelta
from random import Random

from pdsa.models import Cycle, Ramp, Task
from projects.models import Barrier, ChangeIdea
from qiportal.accounts.models import User
from qiportal.core.dates import month_start, today
from qiportal.dashboard.models import BoardAction
from qiportal.demo.seed.cycles import Slot, cycle_tell
from qiportal.demo.seed.register import idea_put
from qiportal.demo.seed.stories import Story, aminas_story
from qiportal.demo.seed.world import World, stream
from surveys.models import CommentScore
from surveys.quotes import LONGEST_QUOTE, quote_decide, quote_propose
from training.models import Application, Session

ACTIONS = (
    ("unblock", "Ask the record team for one change to the form."),
    ("unblock", "Release the money for the small equipment."),
    ("assurance", "See the agreed cover on the rota of each division."),
    ("improvement", "Bring both teams together before the end of the month."),
)
QUOTED = {"positive": 2, "negative": 2}


def aminas_test(world: World) -> None:
    """A ramp of three tests; the third is under way and waits for her."""
    story, rng = aminas_story(world), stream("amina")
    idea = _bell_check(world, rng, story)
    ramp = world.shelf.put(
        Ramp(
            project=story.project,
            change_idea=idea,
            title=idea.title,
            position=9,
            created_by=story.lead,
        )
    )
    slots = (
        Slot(world.ago(38), 11, "done", 1, "adapt", predicted=True),
        Slot(world.ago(23), 12, "done", 2, "adapt", size=3, predicted=True),
        Slot(world.ago(6), 5, "do", 2, "adopt", size=5, predicted=True),
    )
    previous: Cycle | None = None
    for slot in slots:
        previous = cycle_tell(world, rng, story, ramp, slot, previous)
    idea.status = "testing"
    _task(world, story, previous)


def _bell_check(world: World, rng: Random, story: Story) -> ChangeIdea:
    """The idea Amina tests; most falls projects have it already."""
    title = "Bell, drink and frame check at each round"
    if known := [idea for idea in story.ideas if idea.title == title]:
        return known[0]
    text = next(text for text in story.archetype.ideas if text.title == title)
    return idea_put(world, rng, story, text, {})


def _task(world: World, story, cycle: Cycle) -> None:
    amina = world.people["amina"][0]
    world.shelf.put(
        Task(
            project=story.project,
            cycle=cycle,
            what="Tell the night shift about the bell check",
            who=amina,
            due_on=world.day + timedelta(days=2),
            created_by=story.lead,
        )
    )


def aminas_booking(world: World) -> None:
    """She has a place on the next run of a course."""
    amina = world.people["amina"][0]
    sessions = [row for row in world.shelf.of(Session) if row.status == "planned"]
    if not sessions:
        return
    session = min(sessions, key=lambda row: row.starts_at)
    applied = world.at(stream("booking"), world.ago(30))
    session.places += 1
    world.shelf.put(
        Application(
            applicant=amina,
            course=session.course,
            session=session,
            unit=amina.home_unit,
            month=month_start(world.ago(30)),
            status="booked",
            applied_at=applied,
            offered_at=applied + timedelta(days=2),
            created_by=amina,
        )
    )


def board_make(world: World) -> None:
    """Barriers the board has taken on, and staff voices two people have released."""
    carol = world.people["carol"][0]
    open_ones = Barrier.objects.filter(level="executive", resolved_at=None)
    for number, barrier in enumerate(open_ones.order_by("raised_at")[: len(ACTIONS)]):
        kind, text = ACTIONS[number]
        BoardAction.objects.create(
            barrier=barrier,
            type=kind,
            text=text,
            owner=barrier.owner or carol,
            due_on=today() + timedelta(days=20 + 10 * number),
        )
    _quotes(world.people["ben"][0], world.people["qi_team"][0])


def _quotes(first: User, second: User) -> None:
    """The clearest short comments of the newest wave, some of each kind."""
    for label, wanted in QUOTED.items():
        rows = CommentScore.objects.filter(
            label=label, comment__prompt__prompt_type="open", comment__is_nil=False
        ).select_related("comment__wave")
        order = "-score" if label == "positive" else "score"
        newest = rows.order_by("-comment__wave__opens_on", order, "comment_id")
        short = (
            row.comment
            for row in newest
            if len(row.comment.redacted_text.split()) <= LONGEST_QUOTE
        )
        for _ in range(wanted):
            comment = quote_propose(comment=next(short), by=first)
            quote_decide(comment=comment, approve=True, by=second)
