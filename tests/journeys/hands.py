"""Two ways to work the portal in a journey: a thumb on a phone, a keyboard on a PC.

Both count what they did, so that a journey can hold its promise: how many taps, how
many typed characters, how many requests that save something.
"""

import re

from playwright.sync_api import TimeoutError

from tests.browser import settled

WORDS_A_MINUTE = 30
LETTERS_A_WORD = 5
MOST_TABS = 250

IS_FOCUSED = "element => element === document.activeElement"
IS_NEAR = (
    "element => { const now = document.activeElement;"
    " return now === element"
    " || (now.type === 'radio' && now.form === element.form"
    " && now.name === element.name); }"
)
FOCUS_IS_DRAWN = """element => {
  const drawn = node => {
    const style = getComputedStyle(node);
    return style.outlineStyle !== 'none' || style.boxShadow !== 'none';
  };
  const box = element.getBoundingClientRect();
  const seen = box.bottom > 0 && box.top < innerHeight;
  const label = element.labels && element.labels[0];
  const before = label && getComputedStyle(label, '::before');
  return seen && (drawn(element) || (label && drawn(label))
    || (before && (before.boxShadow !== 'none' || before.outlineStyle !== 'none')));
}"""


class Hand:
    """Works one visitor's page and counts."""

    def __init__(self, visitor):
        self.visitor = visitor
        self.page = visitor.page
        self.main = visitor.page.locator("main")
        self.presses = 0
        self.letters = 0
        self.boxes = 0
        self.saves = []
        self.page.on("request", self._hear)

    def _hear(self, request):
        if request.method != "POST" or "/account/drafts/" in request.url:
            return
        if "add_task=" not in (request.post_data or ""):  # one more row, nothing saved
            self.saves.append(request.url)

    def reset(self):
        """Begin counting afresh."""
        self.presses = self.letters = self.boxes = 0
        self.saves.clear()

    def minutes(self):
        """How long the typing takes at thirty words a minute."""
        return self.letters / (WORDS_A_MINUTE * LETTERS_A_WORD)

    def button(self, name):
        """Presses a button and waits for the page after it."""
        self.follow(self.main.get_by_role("button", name=name, exact=True))

    def link(self, name, **more):
        """Follows the first link of that name."""
        self.follow(self.main.get_by_role("link", name=name, **more).first)

    def follow(self, target):
        """Presses what leads to another page, and waits for it."""
        with self.page.expect_navigation():
            self.press(target)
        settled(self.page)

    def sees(self, words):
        """Waits until the words stand on the page."""
        try:
            self.page.get_by_text(words).first.wait_for()
        except TimeoutError as error:
            told = self.page.locator("main").inner_text()
            raise AssertionError(f"“{words}” is not on the page:\n{told}") from error

    def box(self, label):
        """The text box, list or choice with that label, whatever its hint says."""
        return self.main.get_by_label(re.compile(f"^{re.escape(label)}"))

    def write(self, label, text):
        """Types into a text box."""
        self.reach(self.box(label).first)
        self.page.keyboard.type(text)
        self.letters += len(text)
        self.boxes += 1

    def put(self, label, text):
        """Pastes into a text box in place of what stands there."""
        field = self.box(label).first
        self.reach(field)
        field.fill(text)
        self.boxes += 1

    def pick(self, label, option):
        """Picks from a list by its words."""
        field = self.box(label).first
        self.reach(field)
        field.select_option(label=option)

    def day(self, label, day):
        """Sets a date field; the order of its digits depends on the machine."""
        field = self.box(label).first
        self.reach(field)
        field.fill(day.isoformat())
        self.letters += 8

    def choose(self, label, among=None):
        """Picks a radio button, a chip or a checkbox."""
        place = among or self.main
        self.tick(place.get_by_label(label, exact=True).first)


class Thumb(Hand):
    """Taps on a phone."""

    def press(self, target):
        target.tap()
        self.presses += 1

    reach = press

    def tick(self, target):
        self.press(target)
        assert target.is_checked()


class Keys(Hand):
    """No pointer at all: Tab, arrows, Space and Enter."""

    def reach(self, target, test=IS_FOCUSED):
        """Tabs on until the target has the focus, and asks that one can see it."""
        target.wait_for(state="attached")
        for _ in range(MOST_TABS):
            if target.evaluate(test):
                break
            self.page.keyboard.press("Tab")
        else:
            raise AssertionError(f"The keyboard never reaches {target}.")
        focused = self.page.locator(":focus")
        assert focused.evaluate(FOCUS_IS_DRAWN), f"No visible focus on {target}."

    def press(self, target):
        self.reach(target)
        self.page.keyboard.press("Enter")
        self.presses += 1

    def tick(self, target):
        self.reach(target, IS_NEAR)
        radio = target.evaluate("element => element.type === 'radio'")
        while radio and not target.evaluate(IS_FOCUSED):
            self.page.keyboard.press("ArrowDown")
        if not target.is_checked():
            self.page.keyboard.press("Space")
        self.presses += 1
        assert target.is_checked()
