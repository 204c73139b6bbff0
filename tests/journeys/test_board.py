"""Carol reads the board after a rollup, looks closer, takes a barrier, prints."""

import re

import pytest
from django.core.cache import cache

from projects.services import barrier_raise
from qiportal.dashboard.models import BoardAction
from qiportal.dashboard.services import rollup
from tests.days import days_ago
from tests.journeys.hands import Keys
from tests.journeys.walk import DESK, begin, look
from tests.qiportal.api.world import build

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SCREEN = 768
PERIOD = re.compile(
    r"(January|February|March|April|May|June|July|August|September"
    r"|October|November|December) \d{4}"
)
PAGE = re.compile(rb"/Type\s*/Page[^s]")


@pytest.fixture
def ward_rows(trust):
    """A trust with rows of every kind, one barrier at the executive, published."""
    cache.clear()
    wards = build(trust)
    project = wards[0].projects.get()
    lead = project.members.get(relation="lead").user
    barrier = barrier_raise(
        project=project,
        type="time",
        text="Two hours of backfill a week",
        level="executive",
        by=lead,
    )
    type(barrier).objects.update(raised_at=days_ago(34))
    rollup()
    yield wards
    cache.clear()


def test_one_screen_of_numbers_that_explain_themselves(visit, ward_rows, board_member):
    hand = begin(visit, "keyboard", board_member)
    hand.visitor.open("/board/")
    look(hand, "board")
    tiles = hand.page.locator(".qi-board-tile")
    assert 4 <= tiles.count() <= 9
    boxes = [tiles.nth(n).bounding_box() for n in range(tiles.count())]
    assert max(box["y"] + box["height"] for box in boxes) <= SCREEN
    assert "as at" in hand.page.locator("main").inner_text().lower()
    for figure in hand.page.locator(".qi-board-figure").all():
        words = figure.inner_text()
        if figure.locator(".qi-board-figure__number").count():
            assert PERIOD.search(words) or " now: " in words, words
            assert words.rstrip().endswith((".", ")")), words


def test_two_clicks_to_a_project(visit, ward_rows, board_member):
    project = ward_rows[0].projects.get()
    hand = begin(visit, "keyboard", board_member)
    hand.visitor.open("/board/")
    hand.reset()
    hand.link("All projects")
    hand.link(project.title)
    assert hand.presses == 2
    assert hand.page.locator("h1").inner_text().strip() == project.title
    look(hand, "board-project")

    hand.visitor.open("/board/")
    hand.reset()
    hand.link("Medicine: projects")
    hand.link(project.title)
    assert hand.presses == 2
    assert project.reference in hand.page.url


def test_a_division_has_its_own_board(visit, ward_rows, board_member):
    hand = begin(visit, "keyboard", board_member)
    hand.visitor.open("/board/")
    hand.link("Medicine")
    assert hand.page.locator("h1").inner_text() == "Medicine"
    look(hand, "board-division")
    hand.link("W1")
    look(hand, "board-ward")
    hidden = hand.page.get_by_text("Hidden to protect people").count()
    assert hidden or hand.page.locator(".qi-board-figure__number").count()


def test_a_number_opens_its_history(visit, ward_rows, board_member):
    hand = begin(visit, "keyboard", board_member)
    hand.visitor.open("/board/")
    hand.follow(hand.page.locator("a.qi-board-figure__number").first)
    look(hand, "board-indicator")
    assert hand.page.locator("table").count() >= 1
    assert "Download these figures" in hand.page.locator("main").inner_text()


def test_carol_takes_what_is_stuck(visit, ward_rows, board_member, qi_team):
    hand = begin(visit, "keyboard", board_member)
    hand.visitor.open("/board/")
    hand.link("See what waits for us", exact=False)
    hand.sees("waiting 34 days")
    look(hand, "needs-us")
    hand.link("Take this", exact=False)
    look(hand, "take-this")
    hand.write("What will you do?", "Agree the backfill with the ward manager.")
    hand.button("Take this on")
    hand.sees("You took this on.")
    hand.sees("Carol Lindqvist is on it.")
    assert hand.main.get_by_role("link", name="Take this").count() == 0
    look(hand, "needs-us-taken")
    action = BoardAction.objects.get()
    assert (action.owner, action.type) == (board_member, "unblock")


def test_the_print_is_the_same_two_pages_at_most(visit, ward_rows, board_member):
    hand = begin(visit, "keyboard", board_member)
    hand.visitor.open("/board/")
    shown = hand.page.locator("a.qi-board-figure__number").all_inner_texts()
    pdf = hand.page.pdf(format="A4", landscape=True)
    assert len(PAGE.findall(pdf)) <= 2
    hand.page.emulate_media(media="print")
    hand.visitor.picture("journey-board-print")
    assert hand.page.locator("a.qi-board-figure__number").all_inner_texts() == shown
    assert not hand.page.locator(".nhsuk-header__navigation").is_visible()
    assert not hand.page.get_by_text("See what waits for us").is_visible()


def test_nothing_is_ranked_or_sortable(visit, ward_rows, board_member, trust):
    visitor = visit(board_member, width=DESK)
    hand = Keys(visitor)
    for path in ("/board/", "/projects/", "/board/needs-us/"):
        page = visitor.open(path)
        assert page.locator("thead a, thead button, [aria-sort]").count() == 0
        assert page.locator("a[href*='sort='], a[href*='order=']").count() == 0
    hand.visitor.open("/board/")
    names = hand.page.locator(".qi-board-units a").all_inner_texts()
    assert names == sorted(names)


def test_staff_read_the_trust_and_no_further(visit, ward_rows, frontline):
    hand = begin(visit, "phone", frontline)
    hand.visitor.open("/board/")
    look(hand, "board-staff")
    assert hand.page.locator(".qi-board-tile").count() >= 4
    assert hand.page.get_by_text("See what waits for us").count() == 0
    assert hand.page.goto("/board/needs-us/").status == 403
    ward = ward_rows[0]
    assert hand.page.goto(f"/board/units/{ward.code}/").status == 403
