"""The driver diagram by mouse, finger, keyboard and without scripts."""

import pytest

from projects import services
from projects.models import ChangeIdea, Driver
from tests.browser import BOTH, settled
from tests.projects.scene import full_project

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def scene(ward, lead):
    return full_project(lead, ward)


@pytest.fixture
def diagram(visit, scene, lead):
    """diagram(width=390, touch=True): the page as its lead sees it."""

    def opened(**options):
        visitor = visit(lead, **options)
        visitor.open(f"/projects/{scene.reference}/drivers/")
        return visitor

    return opened


def driver(text):
    return Driver.objects.get(text=text)


def idea(title):
    return ChangeIdea.objects.get(title=title)


def row(page, item):
    kind = "driver" if isinstance(item, Driver) else "idea"
    return page.locator(f"#{kind}-{item.pk} > [data-qi-node-row]")


def grip(page, item):
    return row(page, item).locator("[data-qi-grip]")


def spot(box, share):
    """A point inside a box: share of its height from above."""
    return box["x"] + min(60, box["width"] / 2), box["y"] + box["height"] * share


def drag(page, item, onto, share):
    row(page, item).scroll_into_view_if_needed()
    start = grip(page, item).bounding_box()
    end = spot(row(page, onto).bounding_box(), share)
    page.mouse.move(start["x"] + 8, start["y"] + 8)
    page.mouse.down()
    page.mouse.move(start["x"] + 12, start["y"] + 20)
    page.mouse.move(*end, steps=4)
    assert page.locator("[data-qi-drop]").count() == 1
    page.mouse.up()


def test_a_primary_driver_is_dragged_with_the_mouse(diagram):
    visitor = diagram()
    page = visitor.page
    page.set_viewport_size({"width": 1366, "height": 2600})
    drag(
        page,
        driver("Staff who can see patients"),
        driver("Call bells within reach"),
        0.1,
    )
    words = "“Staff who can see patients” is now 1 of 3 among the primary drivers."
    page.get_by_text(words).wait_for()
    assert Driver.objects.filter(parent=None).first().text.startswith("Staff")
    headings = page.locator(".qi-outline__primary > .qi-node__row h3")
    assert headings.first.inner_text() == "Staff who can see patients"
    moved = grip(page, driver("Staff who can see patients"))
    assert moved.evaluate("button => button === document.activeElement")
    assert visitor.axe() == []
    assert visitor.problems == []


def test_an_idea_is_dragged_onto_another_driver_and_escape_leaves_it(diagram):
    visitor = diagram()
    page = visitor.page
    page.set_viewport_size({"width": 1366, "height": 2600})
    clip, bays = idea("Clip the bell to the sheet"), driver("Bay nursing at night")
    start = grip(page, clip).bounding_box()
    page.mouse.move(start["x"] + 8, start["y"] + 8)
    page.mouse.down()
    page.mouse.move(*spot(row(page, bays).bounding_box(), 0.5), steps=4)
    page.keyboard.press("Escape")
    page.mouse.up()
    page.get_by_text("stays where it was").wait_for()
    drag(page, clip, bays, 0.5)
    page.get_by_text("is now 2 of 2 under “Bay nursing at night”.").wait_for()
    assert idea("Clip the bell to the sheet").driver == bays
    assert visitor.problems == []


def test_a_finger_drags_at_390(diagram):
    visitor = diagram(width=390, touch=True)
    page = visitor.page
    page.set_viewport_size({"width": 390, "height": 3200})
    reach, bells = driver("Bell checked at each handover"), driver("Bells that work")
    touch = page.context.new_cdp_session(page)
    start = grip(page, reach).bounding_box()
    end = spot(row(page, bells).bounding_box(), 0.9)
    path = [(start["x"] + 8, start["y"] + 8), (start["x"] + 10, start["y"] + 40), end]

    def send(kind, *places):
        points = [{"x": x, "y": y} for x, y in places]
        event = {"type": kind, "touchPoints": points}
        touch.send("Input.dispatchTouchEvent", event)

    send("touchStart", path[0])
    for place in path[1:]:
        send("touchMove", place)
    send("touchEnd")
    page.get_by_text("is now 2 of 2 under “Call bells within reach”.").wait_for()
    siblings = Driver.objects.filter(parent=reach.parent)
    assert [row.text for row in siblings] == [bells.text, reach.text]
    visitor.picture("drivers-moved")
    assert visitor.axe() == []
    assert visitor.sideways() <= 0
    assert visitor.problems == []


def test_alt_and_an_arrow_move_what_has_the_focus(diagram):
    visitor = diagram()
    page = visitor.page
    less = driver("Less paperwork after midnight")

    def press(item, arrow, words):
        grip(page, item).focus()
        page.keyboard.press(f"Alt+Arrow{arrow}")
        page.locator("[data-qi-move-said]", has_text=words).wait_for()

    press(less, "Up", "is now 1 of 2 under “Staff who can see patients”.")
    press(less, "Up", "is now 3 of 3 under “Call bells within reach”.")
    press(less, "Down", "is now 1 of 2 under “Staff who can see patients”.")
    press(less, "Left", "is now 3 of 4 among the primary drivers.")
    press(less, "Right", "is now 2 of 2 under “Staff who can see patients”.")
    first = driver("Call bells within reach")
    press(first, "Up", "is the first already.")
    press(first, "Right", "There is no driver above it")
    card = idea("A card by the bed: call, do not fall")
    press(card, "Down", "is now 1 of 2 among the ideas without a driver.")
    press(card, "Left", "Only a secondary driver can go one level up.")
    assert grip(page, card).evaluate("button => button === document.activeElement")
    assert visitor.axe() == []
    assert visitor.problems == []


def test_a_move_over_somebody_elses_change_is_told(diagram, lead):
    visitor = diagram()
    page = visitor.page
    bells = driver("Bells that work")
    services.driver_edit(
        driver=bells,
        version=bells.version,
        by=lead,
        text="All bells",
        parent=bells.parent,
    )
    grip(page, bells).focus()
    page.keyboard.press("Alt+ArrowUp")
    page.get_by_text("so nothing was moved").wait_for()
    assert row(page, bells).locator("h4").inner_text() == "All bells"
    assert driver("All bells").position == 2
    assert visitor.axe() == []


@pytest.mark.parametrize("width", [390, 1366])
def test_everything_can_be_moved_without_javascript(diagram, width):
    visitor = diagram(width=width, javascript=False)
    page = visitor.page
    assert not page.locator("[data-qi-grip]").first.is_visible()
    clip, sbar = idea("Clip the bell to the sheet"), idea("Bell in SBAR")
    row(page, sbar).get_by_text("Edit", exact=False).first.click()
    page.get_by_role("button", name="Move up Bell in SBAR").click()
    settled(page)
    assert page.get_by_text("“Bell in SBAR” is now 1 of 2").is_visible()
    assert idea("Bell in SBAR").position < idea(clip.title).position
    page.get_by_role("link", name="Move under… another driver: Bell in SBAR").click()
    page.get_by_label("Which driver does it work on?").select_option(
        str(driver("Bay nursing at night").pk)
    )
    page.get_by_role("button", name="Move").click()
    settled(page)
    assert idea("Bell in SBAR").driver == driver("Bay nursing at night")
    page.get_by_role("button", name="Delete Bell in SBAR").click()
    page.get_by_role("button", name="Undo").click()
    settled(page)
    assert idea("Bell in SBAR").deleted_at is None


def test_pages_of_moving_and_open_rows_are_clean(diagram, scene, lead):
    gone = driver("Bells that work")
    services.driver_delete(driver=gone, by=lead)
    visitor = diagram(widths=(*BOTH, 320))
    base = f"/projects/{scene.reference}"
    kept = driver("Call bells within reach").pk
    for name, tail in {
        "drivers-open": f"/drivers/?at=driver-{kept}&undo=driver-{gone.pk}",
        "driver-move": f"/drivers/{kept}/move/",
        "idea-move": f"/ideas/{idea('Bell in SBAR').pk}/move/",
    }.items():
        visitor.open(base + tail)
        visitor.assert_clean(name)


def test_the_picture_is_saved_as_a_png(diagram):
    page = diagram().page
    with page.expect_download() as saved:
        page.get_by_role("button", name="Download PNG").first.click()
    assert saved.value.suggested_filename.endswith("-driver-diagram.png")
    head = saved.value.path().read_bytes()[:24]
    assert head[:8] == b"\x89PNG\r\n\x1a\n"
    width = int.from_bytes(head[16:20], "big")
    assert width > 1500
    page.get_by_text("The PNG is among your downloads.").wait_for()
