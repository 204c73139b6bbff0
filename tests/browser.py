"""A real Chromium for tests marked `browser`; without one they are skipped."""

import json
import os
import shutil
import time
from collections import defaultdict
from weakref import WeakKeyDictionary

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright
from pytest_django.live_server_helper import LiveServer

CHROMIUM = (
    os.environ.get("CHROMIUM")
    or shutil.which("chromium-headless-shell")
    or shutil.which("chromium")
)
AXE_TAGS = [
    *("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"),
]
AXE = Axe().axe_script
WIDTHS = (320, 360, 390, 1366)
BOTH = (1366, 390)
FRAMES = """new Promise((done) => {
  const wait = (left) => left ? requestAnimationFrame(() => wait(left - 1)) : done();
  wait(4);
})"""
ONCE = {"color-contrast": {"enabled": False}}
STEP, QUIET = 20, 100  # milliseconds
UNDER_WAY = WeakKeyDictionary()


@pytest.fixture(scope="session")
def chromium():
    """One browser process for the session."""
    if not CHROMIUM:
        pytest.skip("no chromium on this machine (set CHROMIUM to its path)")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # Playwright's loop is not ours
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox"]
        )
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def live_server(collected_static):
    """The portal on a local port; WhiteNoise serves hashed files as in production."""
    with pytest.MonkeyPatch.context() as patch:
        name = "django.contrib.staticfiles.handlers.StaticFilesHandler"
        patch.setattr(name, lambda application: application)
        server = LiveServer("localhost")
    yield server
    server.stop()


def _window(width):
    return {"width": width, "height": 768 if width > 640 else 844}


def _watch(page):
    """Keeps count of a tab's requests that are under way."""
    open_requests = set()
    page.on("request", lambda request: open_requests.add(request))
    for ended in ("requestfinished", "requestfailed"):
        page.on(ended, lambda request: open_requests.discard(request))
    UNDER_WAY[page] = open_requests


def settled(page):
    """Waits until a page is loaded and has asked for nothing for a tenth of a second.

    Playwright's own "networkidle" waits half a second, on every page.
    """
    page.wait_for_load_state("load")
    quiet = 0
    while quiet < QUIET:
        page.wait_for_timeout(STEP)
        quiet = 0 if UNDER_WAY[page] else quiet + STEP
    page.wait_for_load_state("load")
    return page


class Profiles:
    """Browser profiles, used again: what one has cached, the next visit need not load.

    A profile handed back has neither cookies nor tabs. What a test keeps elsewhere in
    the profile (IndexedDB) stays, so such a test asks for one of its own.
    """

    def __init__(self, chromium, address):
        self.chromium, self.address = chromium, address
        self.idle = defaultdict(list)

    def take(self, touch, javascript, own):
        idle = self.idle[touch, javascript]
        return idle.pop() if idle and not own else self._make(touch, javascript)

    def _make(self, touch, javascript):
        profile = self.chromium.new_context(
            has_touch=touch,
            java_script_enabled=javascript,
            base_url=self.address,
            locale="en-GB",
        )
        profile.set_default_timeout(30_000)
        return profile

    def give_back(self, profile, touch, javascript, own):
        for page in profile.pages:
            page.close()
        time.sleep(0.3)  # a closing tab sends what was typed: its test still stands
        if own:
            profile.close()
            return
        profile.clear_cookies()
        profile.clear_permissions()
        self.idle[touch, javascript].append(profile)


@pytest.fixture(scope="session")
def profiles(chromium, live_server):
    return Profiles(chromium, live_server.url)


class Visitor:
    """A browser tab that keeps what went wrong: script errors, refused content."""

    def __init__(
        self,
        profiles,
        width=1366,
        javascript=True,
        cookie="",
        touch=False,
        widths=(),
        own=False,
    ):
        self.widths = widths or (width,)
        self.kind = {"touch": touch, "javascript": javascript, "own": own}
        self.profiles, self.context = profiles, profiles.take(**self.kind)
        if cookie:
            where = {"name": "sessionid", "value": cookie, "url": profiles.address}
            self.context.add_cookies([where])
        self.page = self.context.new_page()
        self.page.set_viewport_size(_window(self.widths[0]))
        _watch(self.page)
        self.problems = []
        self.page.on("pageerror", lambda error: self.problems.append(str(error)))
        self.page.on("console", self._hear)

    def leave(self):
        """Closes the tab; the profile is free for the next visit."""
        self.profiles.give_back(self.context, **self.kind)

    def _hear(self, message):
        if message.type == "error":
            self.problems.append(message.text)

    def open(self, path):
        """Go to a page and wait until it is quiet."""
        if len(self.widths) > 1:
            self.page.set_viewport_size(_window(self.widths[0]))
        self.page.goto(path)
        settled(self.page)
        return self.page

    def axe(self, rules=None):
        """What axe finds, as readable lines; an empty list is a clean page."""
        if not self.page.evaluate("'axe' in window"):
            self.page.evaluate(f"{AXE};0")
        if not self._violations(rules, selectors=False):
            return []
        return [
            f"{rule['id']}: {node['target']} {node['failureSummary']}"
            for rule in self._violations(rules)
            for node in rule["nodes"]
        ]

    def _violations(self, rules, selectors=True):
        """Naming each element takes axe a while: it is asked for when one is wrong."""
        options = {
            "runOnly": {"type": "tag", "values": AXE_TAGS},
            "rules": rules or {},
            "resultTypes": ["violations"],
            "selectors": selectors,
            "preload": False,
        }
        told = f"axe.run({json.dumps(options)}).then((found) => found.violations)"
        return self.page.evaluate(told)

    def resize(self, width):
        """Another window width; scripts that lay out anew wait for the next frame."""
        if self.page.viewport_size["width"] != width:
            self.page.set_viewport_size(_window(width))
            self.page.evaluate(FRAMES)

    def assert_clean(self, name):
        """The page as it stands, at each width: axe, no sideways scroll, no errors.

        Colours are the same at each width, so their contrast is measured once; the
        style guide has it measured at every width, for every component.
        """
        for width in self.widths:
            self.resize(width)
            self.picture(name)
            found = self.axe(None if width == self.widths[0] else ONCE)
            assert not found, f"{name} at {width}: {found}"
            assert self.sideways() <= 0, f"{name} at {width}"
        assert self.problems == [], name

    def picture(self, name, journey=False):
        """Keeps a picture of the whole page among the artefacts, if a folder is set.

        Of journeys always, of other pages with ALL_PICTURES: each costs as much as
        opening the page.
        """
        folder = os.environ.get("CI_ARTEFACTS")
        if folder and (journey or os.environ.get("ALL_PICTURES")):
            width = self.page.viewport_size["width"]
            path = os.path.join(folder, "screens", f"{name}-{width}.png")
            self.page.screenshot(path=path, full_page=True)

    def sideways(self):
        """How many pixels the page is wider than the window."""
        return self.page.evaluate("document.documentElement.scrollWidth - innerWidth")


@pytest.fixture
def visit(profiles, client):
    """visit(user=None, width=1366, javascript=True, touch=False) gives a Visitor."""
    visitors = []

    def start(user=None, **options):
        if user:
            client.force_login(user)
            options["cookie"] = client.cookies["sessionid"].value
        visitors.append(Visitor(profiles, **options))
        return visitors[-1]

    yield start
    for visitor in visitors:
        visitor.leave()
