"""Nothing typed is lost: killed servers, ended sessions, closed tabs, no connection."""

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client

from pdsa.models import Cycle
from qiportal.accounts.models import Draft
from tests.browser import Profiles, Visitor, _watch, settled
from tests.journeys.scene import bell_test, falls_project
from tests.journeys.typing import Portal, seconds_in, stored, type_on
from tests.journeys.walk import PASSWORD, PHONE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

HAPPENED = "What happened?"
MOST_LOST = 10  # seconds of typing
NOT_SENT = "has not been sent"
CUT_OFF = "() => { fetch = async () => { throw new TypeError('cut off') } }"


@pytest.fixture
def cycle(lead, frontline):
    return bell_test(falls_project(lead, team=(frontline,)), lead)


@pytest.fixture
def form(cycle):
    return f"/pdsa/{cycle.ramp.project.reference}/cycles/{cycle.pk}/do/"


@pytest.fixture
def portal(tmp_path, collected_static):
    """A portal that can be killed; what it held open is let go with it."""
    process = Portal(tmp_path, settings.STATIC_ROOT)
    yield process
    process.kill()


def clocked(visitor, path):
    """The page at a path, with the clock in our hands."""
    visitor.page.clock.install()
    return visitor.open(path)


def another_tab(visitor):
    size = visitor.page.viewport_size
    visitor.page = visitor.context.new_page()
    visitor.page.set_viewport_size(size)
    _watch(visitor.page)
    return visitor.page


def close_offline(visitor, page):
    """Closes a tab that stays cut off to its end: Chromium lifts what keeps a tab
    offline a moment before the tab is gone, and tells its page of the connection."""
    page.evaluate(CUT_OFF)
    page.close()
    visitor.context.set_offline(False)


def draft_seconds():
    draft = Draft.objects.filter(form_key="cycle_do").first()
    return seconds_in(draft.payload["note"][0]) if draft else 0


def mark_as_own(visitor):
    page = visitor.open("/account/own-phone/")
    page.get_by_label("My own phone or laptop").check()
    page.get_by_role("button", name="Save").click()
    settled(page)
    visitor.picture("kept-marked")


def texts(page):
    return [text["fields"] for text in stored(page)["device"]]


def test_a_killed_server_costs_at_most_ten_seconds_of_typing(
    chromium, portal, client, frontline, form
):
    client.force_login(frontline)
    portal.start()
    cookie = client.cookies["sessionid"].value
    visitor = Visitor(
        Profiles(chromium, portal.url), width=PHONE, cookie=cookie, own=True
    )
    page = clocked(visitor, form)
    type_on(page, HAPPENED, 26)
    assert 26 - draft_seconds() <= MOST_LOST
    portal.kill()
    type_on(page, HAPPENED, 10, start=27)
    page.get_by_text("could not be sent yet").wait_for()
    page.get_by_role("button", name="Save").click()
    page.get_by_text("The portal cannot be reached").wait_for()
    visitor.picture("kept-server-gone")
    portal.start()
    page.clock.run_for(30_000)
    page.get_by_text("Draft saved at").wait_for()
    assert draft_seconds() == 36
    page.get_by_role("button", name="Save").click()
    page.get_by_text("Saved. 1").wait_for()
    assert seconds_in(Cycle.objects.get().observations) == 36
    assert stored(page) == {"device": [], "tab": [], "local": 0}
    visitor.leave()


def test_an_ended_session_is_signed_in_in_place_by_the_same_person_only(
    visit, frontline, stranger, form
):
    visitor = visit(frontline, width=PHONE, own=True)
    page = clocked(visitor, form)
    type_on(page, HAPPENED, 12)
    Session.objects.all().delete()
    type_on(page, HAPPENED, 10, start=13)
    page.get_by_role("button", name="Sign in here").click()
    dialog = page.get_by_role("dialog", name="You were signed out")
    dialog.get_by_label("Password", exact=True).wait_for()
    look_at_dialog(visitor)

    sign_in(dialog, frontline, "not my password")
    dialog.get_by_text("are not correct").first.wait_for()
    sign_in(dialog, stranger, PASSWORD)
    dialog.get_by_text("That is somebody else’s account").wait_for()
    assert not Draft.objects.filter(user=stranger).exists()
    assert not Session.objects.filter(session_key=session_of(visitor)).exists()
    sign_in(dialog, frontline, PASSWORD)
    page.get_by_text("Draft saved at").wait_for()
    assert Draft.objects.get().user == frontline
    assert draft_seconds() == 22

    page.get_by_role("button", name="Save").click()
    page.get_by_text("Saved. 1").wait_for()
    assert seconds_in(Cycle.objects.get().observations) == 22
    assert not Draft.objects.exists()


def look_at_dialog(visitor):
    visitor.problems.clear()
    visitor.assert_clean("kept-sign-in")


def sign_in(dialog, user, password):
    dialog.get_by_label("Email").fill(user.email)
    dialog.get_by_label("Password", exact=True).fill(password)
    dialog.get_by_role("button", name="Sign in").click()


def session_of(visitor):
    cookies = {cookie["name"]: cookie["value"] for cookie in visitor.context.cookies()}
    return cookies.get("sessionid", "")


def test_a_tab_closed_online_is_offered_again_and_a_shared_device_keeps_nothing(
    visit, frontline, form
):
    visitor = visit(frontline, own=True)
    page = clocked(visitor, form)
    type_on(page, HAPPENED, 27)
    assert 27 - draft_seconds() <= MOST_LOST
    page.close()
    page = another_tab(visitor)
    visitor.open(form)
    page.get_by_text("We kept what you typed").wait_for()
    kept = seconds_in(page.get_by_label(HAPPENED).input_value())
    assert 27 - kept <= MOST_LOST

    visitor.context.set_offline(True)
    page.get_by_label(HAPPENED).fill("w1 w2 offline")
    page.clock.run_for(10_000)
    page.get_by_text("Draft kept in this tab").wait_for()
    assert page.get_by_role("link", name="Mark it as your own").is_visible()
    visitor.picture("kept-in-tab")
    assert len(stored(page)["tab"]) == 1
    page.close()
    visitor.context.set_offline(False)
    page = another_tab(visitor)
    visitor.open("/")
    assert stored(page) == {"device": [], "tab": [], "local": 0}
    assert NOT_SENT not in page.content()


def test_ones_own_phone_keeps_what_a_closed_tab_held(
    visit, live_server, frontline, stranger, form
):
    visitor = visit(frontline, width=PHONE, touch=True, own=True)
    mark_as_own(visitor)
    page = clocked(visitor, form)
    visitor.context.set_offline(True)
    type_on(page, HAPPENED, 25)
    kept = seconds_in(texts(page)[0])
    assert 25 - kept <= MOST_LOST
    close_offline(visitor, page)

    page = another_tab(visitor)
    visitor.open("/account/")
    page.get_by_text("on this phone").first.wait_for()
    visitor.problems.clear()  # the browser notes that it was offline
    visitor.assert_clean("kept-told")
    page.get_by_role("link", name="Go to the form").click()
    page.get_by_role("button", name="Put it back").click()
    assert seconds_in(page.get_by_label(HAPPENED).input_value()) >= kept
    visitor.picture("kept-put-back")

    other = another_tab(visitor)
    visitor.open(f"/pdsa/team/{frontline.home_unit.code}/stuck/")
    visitor.context.set_offline(True)
    type_on(other, "What are you stuck on?", 11)
    close_offline(visitor, other)
    theirs = Client()
    theirs.force_login(stranger)
    cookie = {"name": "sessionid", "value": theirs.cookies["sessionid"].value}
    visitor.context.add_cookies([{**cookie, "url": live_server.url}])
    type_on(page, HAPPENED, 11)
    page.get_by_text("Your text was not sent under their name").wait_for()
    assert len(texts(page)) == 1
    page = another_tab(visitor)
    visitor.open("/")
    assert NOT_SENT not in page.content()
    assert stored(page) == {"device": [], "tab": [], "local": 0}


def test_an_entry_made_offline_is_sent_once_and_signing_out_leaves_nothing(
    visit, frontline, form
):
    visitor = visit(frontline, width=PHONE, touch=True, own=True)
    mark_as_own(visitor)
    page = clocked(visitor, form)
    visitor.context.set_offline(True)
    note(page, "Three in reach.")
    page.get_by_text("It will be sent when you are back online").wait_for()
    visitor.problems.clear()  # the browser notes that it is offline
    visitor.assert_clean("kept-waiting")
    page.get_by_role("button", name="Write another").click()
    note(page, "One under the pillow.")
    page.get_by_text("Kept on this phone").nth(1).wait_for()
    assert Cycle.objects.get().observations == ""

    page.route("**/do/", arrives_without_an_answer)
    with page.expect_event("requestfailed"):
        visitor.context.set_offline(False)
    page.unroute("**/do/")
    assert Cycle.objects.get().observations.count("Three in reach.") == 1
    assert len(stored(page)["device"]) == 2
    page.clock.run_for(30_000)
    page.get_by_text("Sent at").nth(1).wait_for()
    visitor.picture("kept-sent")
    said = Cycle.objects.get().observations
    assert said.count("Three in reach.") == 1
    assert said.count("One under the pillow.") == 1
    assert Cycle.objects.get().actual_n == 2
    assert stored(page) == {"device": [], "tab": [], "local": 0}

    refused_when_sent(visitor, page)
    page.route("**/do/", lambda route: route.abort())
    note(page, "Never sent.")
    page.get_by_text("It will be sent when you are back online").wait_for()
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("button", name="Delete it and sign out").wait_for()
    visitor.picture("kept-sign-out")
    page.get_by_role("button", name="Delete it and sign out").click()
    page.get_by_label("Password", exact=True).wait_for()
    assert stored(page) == {"device": [], "tab": [], "local": 0}


def refused_when_sent(visitor, page):
    """What the server will not have is shown with its reasons, cleaned on the phone."""
    visitor.context.set_offline(True)
    page.get_by_role("button", name="Write another").click()
    note(page, "Bed 4, NHS 999 000 0018, was asleep.")
    page.get_by_text("It will be sent when you are back online").wait_for()
    visitor.context.set_offline(False)
    page.get_by_text("could not be saved as it stands").wait_for()
    visitor.picture("kept-refused")
    page.get_by_role("button", name="Open it and put it right").click()
    page.get_by_text("so we took it out").first.wait_for()
    settled(page)
    assert "[removed]" in page.get_by_label(HAPPENED).input_value()
    page.get_by_text("Draft saved at").wait_for()
    assert stored(page) == {"device": [], "tab": [], "local": 0}


def note(page, words):
    page.get_by_label(HAPPENED).fill(words)
    page.get_by_role("button", name="Save").click()


def arrives_without_an_answer(route):
    if route.request.method == "POST":
        route.fetch()
        return route.abort()
    return route.continue_()
