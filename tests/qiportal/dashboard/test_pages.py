"""Board and My work in a real browser: accessible, one screen, no wider than it."""

from datetime import date, timedelta

import pytest
from django.core.cache import cache

from pdsa.models import Task
from qiportal.core.dates import add_months, month_start, today
from tests.browser import BOTH
from tests.factories import MeasureFactory
from tests.qiportal.dashboard.published import count, hidden, median, monthly, publish
from tests.qiportal.dashboard.test_needs_us import barrier

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

Q3F = "make-improvements-happen"
KINDS = ("adopt", "adapt", "abandon")


@pytest.fixture(autouse=True)
def _empty_cache():
    cache.clear()


def clean(visitor, path):
    visitor.open(path)
    visitor.assert_clean("board" + path.split("?")[0].replace("/", "-"))


def publish_everything(trust, ward):
    """All nine tiles, in the widest words they have."""
    last = add_months(month_start(today()), -1)
    now, wave = month_start(today()), date(today().year - 1, 9, 20)
    shares = (
        *("training.demand", "training.attendance", "training.conversion"),
        *("pdsa.predicted_before", "projects.barriers_resolved"),
        *("projects.time_honoured", "comments.improve", "comments.good"),
    )
    rows = [row for c in shares for row in monthly(c, trust, [81, 79] * 9, last=last)]
    rows += monthly("projects.fresh_data", trust, [81, 79] * 9, last=now)
    rows += monthly("training.attendance", ward, [81, 79] * 3, last=last)
    rows += [count("pdsa.decisions", trust, 1234, last, kind) for kind in KINDS]
    rows += [count("pdsa.started", trust, 1234, last), hidden("comments.open", trust)]
    rows += [count("projects.barriers_open", trust, 48, now)]
    for name in ("common_cause", "improvement_high", "concern_low", "neutral_high"):
        rows.append(count("measures.icons", trust, 1234, now, name))
    rows.append(count("measures.icons", trust, 1234, now, "not_enough_points"))
    for stage in ("choose", "design"):
        rows.append(median("projects.coproduction", trust, 4.5, 118, last, stage))
    for kind in ("national", "pulse"):
        rows += monthly(f"survey.{kind}.{Q3F}", trust, [56, 58], last=wave)
    return publish(*rows, as_of=today())


def test_the_board_in_the_role_that_sees_most(visit, board_member, ward, trust):
    visitor = visit(board_member, widths=BOTH)
    clean(visitor, "/board/")
    publish_everything(trust, ward)
    clean(visitor, "/board/")
    clean(visitor, f"/board/units/{ward.code}/")
    clean(visitor, f"/board/units/{ward.parent.code}/")
    clean(visitor, "/board/indicator/training.attendance/")
    clean(visitor, "/board/indicator/pdsa.decisions/")
    clean(visitor, "/board/indicator/comments.open/")


def test_nine_tiles_fit_one_screen_of_a_ward_pc(visit, board_member, ward, trust):
    publish_everything(trust, ward)
    visitor = visit(board_member, width=1366)
    page = visitor.open("/board/")
    tiles = page.locator(".qi-board-tile")
    assert tiles.count() == 9
    boxes = [tiles.nth(i).bounding_box() for i in range(9)]
    assert max(box["y"] + box["height"] for box in boxes) <= 768


def test_why_we_show_it_opens_with_the_keyboard(visit, board_member, ward, trust):
    publish_everything(trust, ward)
    page = visit(board_member).open("/board/")
    why = page.locator("summary").first
    why.focus()
    page.keyboard.press("Enter")
    assert page.get_by_text("Improvement spreads through people").is_visible()


def test_the_board_prints_its_run_and_no_links_to_act(visit, board_member, ward, trust):
    run = publish_everything(trust, ward)
    page = visit(board_member).open("/board/")
    page.emulate_media(media="print")
    assert page.get_by_text(f"Run {run.pk},").is_visible()
    assert not page.get_by_text("See what waits for us").is_visible()


def test_what_needs_us_and_taking_it(visit, board_member, project):
    visitor = visit(board_member, widths=BOTH)
    clean(visitor, "/board/needs-us/")
    row = barrier(project)
    clean(visitor, "/board/needs-us/")
    clean(visitor, f"/board/needs-us/{row.pk}/take/")
    visitor.page.get_by_role("button", name="Take this on").click()
    visitor.page.wait_for_selector(".nhsuk-error-summary")
    assert visitor.axe() == []
    visitor.page.get_by_label("What will you do?").fill("Agree the backfill")
    visitor.page.get_by_role("button", name="Take this on").click()
    visitor.page.get_by_text("You took this on.").wait_for()


def test_my_work_empty_and_full(visit, frontline, lead, project):
    clean(visit(frontline, widths=BOTH), "/")
    for n in range(8):
        due = today() - timedelta(days=n)
        Task.objects.create(
            project=project, what=f"Task {n}", who=lead, due_on=due, created_by=lead
        )
    MeasureFactory(project=project)
    visitor = visit(lead, widths=BOTH)
    clean(visitor, "/")
    clean(visitor, "/search/?q=falls")


def test_my_work_fits_one_screen_of_a_ward_pc(visit, lead, project):
    for n in range(8):
        Task.objects.create(
            project=project, what=f"Task {n}", who=lead, created_by=lead
        )
    page = visit(lead, width=1366).open("/")
    box = page.locator(".qi-work").bounding_box()
    assert box["y"] + box["height"] <= 768


def test_the_board_works_without_javascript(visit, board_member, ward, trust):
    publish_everything(trust, ward)
    page = visit(board_member, javascript=False).open("/board/")
    page.get_by_role("link", name="Medicine", exact=True).click()
    assert page.locator("h1").inner_text() == "Medicine"
