"""Two browsers edit one test two hundred times: no update and no text is lost.

The two hundred go over real HTTP, with two people's sessions on two threads that send
at the same moment; a few more are typed in two real browsers.
"""

import html
import random
import re
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from urllib.parse import urlencode, urlsplit

import pytest
from django.test import Client
from django.urls import reverse

from pdsa.models import Cycle
from qiportal.accounts.models import AuditEvent
from qiportal.core.dates import today
from tests.browser import BOTH
from tests.factories import CycleFactory, MemberFactory, RampFactory

pytestmark = pytest.mark.django_db(transaction=True)
EDITS = 200
ODD = "<b>&amp; “quoted”\nsecond line"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


class Editor:
    """One person's session: opens the form, types, sends, reads what comes back."""

    def __init__(self, live_server, user, path):
        self.address, self.path, self.name = urlsplit(live_server.url), path, str(user)
        client = Client()
        client.force_login(user)
        client.get(path)
        self.cookie = "; ".join(f"{n}={m.value}" for n, m in client.cookies.items())
        self.typed, self.accepted, self.shown = [], {}, []

    def ask(self, method, body=None):
        connection = HTTPConnection(self.address.hostname, self.address.port, 60)
        more = FORM if body else {}
        connection.request(method, self.path, body, {"Cookie": self.cookie, **more})
        answer = connection.getresponse()
        status, page = answer.status, answer.read().decode()
        connection.close()
        return status, page

    def open(self):
        status, page = self.ask("GET")
        assert status == 200
        return page

    def text(self):
        return f"{self.name} {len(self.typed)}: {ODD}"

    def send(self, page, text):
        """Sends a text with the version of the page it was typed on; the page with
        both texts if it was refused."""
        version = value_of(page, "version")
        fields = {
            "csrfmiddlewaretoken": value_of(page, "csrfmiddlewaretoken"),
            "version": version,
            "do_on": today().isoformat(),
            "observations": text.replace("\n", "\r\n"),  # as browsers do
            "later": "1",
        }
        self.typed.append(text)
        status, answer = self.ask("POST", urlencode(fields))
        assert status in (302, 409), answer[:2000]
        if status == 302:
            self.accepted[int(version)] = text
            return None
        assert quote(answer, "yours") == text
        self.shown.append((quote(answer, "theirs"), text))
        return answer


def value_of(page, name):
    return re.search(rf'name="{name}" value="([^"]*)"', page)[1]


def quote(page, whose):
    found = re.search(rf'id="{whose}-observations">(.*?)</blockquote>', page, re.DOTALL)
    return html.unescape(found[1].replace("<br>", "\n"))


@pytest.fixture
def cycle(project):
    return CycleFactory(ramp=RampFactory(project=project), number=1)


@pytest.fixture
def path(project, cycle):
    return reverse("cycle_finish", args=[project.reference, cycle.pk])


@pytest.fixture
def other(project):
    return MemberFactory(project=project, relation="member").user


def react(rng, editor, page):
    """What somebody does who sees both texts: merges them, insists, or gives in."""
    choice = rng.choice(("merge", "insist", "give in"))
    if choice == "give in":
        return None
    saved, mine = editor.shown[-1]
    return editor.send(page, f"{mine}\n{saved}"[:600] if choice == "merge" else mine)


def one_round(rng, editors, pool):
    """Both open the form and send: at once, one after the other, or with a look at
    what is there first. Whoever is refused reacts until they are done."""
    first, second = rng.sample(editors, 2)
    pages = dict(zip(editors, pool.map(Editor.open, editors), strict=True))
    way = rng.choice(("at once", "at once", "at once", "stale", "fresh"))
    if way == "at once":
        texts = [editor.text() for editor in editors]
        sent = pool.map(Editor.send, editors, [pages[e] for e in editors], texts)
        refused = dict(zip(editors, sent, strict=True))
        assert sum(page is None for page in refused.values()) == 1
    else:
        assert first.send(pages[first], first.text()) is None
        page = second.open() if way == "fresh" else pages[second]
        refused = {second: second.send(page, second.text())}
        assert (refused[second] is None) == (way == "fresh")
    for editor, page in refused.items():
        while page:
            page = react(rng, editor, page)


def test_two_hundred_edits_lose_nothing(live_server, cycle, path, lead, other):
    editors = [Editor(live_server, user, path) for user in (lead, other)]
    rng = random.Random(20261123)
    with ThreadPoolExecutor(2) as pool:
        while sum(len(editor.typed) for editor in editors) < EDITS:
            one_round(rng, editors, pool)
    one, two = editors
    accepted = one.accepted | two.accepted
    assert len(accepted) == len(one.accepted) + len(two.accepted), "a version won twice"
    assert sorted(accepted) == list(range(1, len(accepted) + 1))
    row = Cycle.objects.get()
    assert row.version == 1 + len(accepted)
    assert row.observations == accepted[max(accepted)]
    history = written(cycle)
    assert [text for _, text in history] == [accepted[v] for v in sorted(accepted)]
    for editor in editors:
        seen = {mine for _, mine in editor.shown}
        assert set(editor.typed) <= set(editor.accepted.values()) | seen
        assert {saved for saved, _ in editor.shown} <= set(accepted.values())
    assert len(one.shown) > 20
    assert len(two.shown) > 20


def written(cycle):
    """Every text the audit keeps, in order, each after the one it replaced."""
    rows = AuditEvent.objects.filter(type="cycle.do_written", target_id=str(cycle.pk))
    events = [e for e in rows.order_by("id") if "observations" in e.new]
    found = [(e.old["observations"], e.new["observations"]) for e in events]
    chained = zip(found, found[1:], strict=False)
    assert all(new == old for (_, new), (old, _) in chained)
    return found


@pytest.mark.browser
def test_two_people_see_both_texts_and_merge(visit, client, cycle, path, lead, other):
    one = visit(lead)
    client.cookies.clear()  # a session each
    two = visit(other, widths=BOTH)
    box = "What did you see?"
    for number, way in enumerate(("merge", "theirs", "yours")):
        for visitor in (one, two):
            visitor.open(path)
            visitor.page.get_by_label(box).fill(f"Text {number} of {visitor is one}")
            visitor.page.get_by_label("When did the test happen?").fill(str(today()))
        one.page.get_by_role("button", name="Save, not finished yet").click()
        one.page.get_by_text("What happened is saved.").wait_for()
        two.page.get_by_role("button", name="Save, not finished yet").click()
        both = (
            two.page.locator("#theirs-observations"),
            two.page.locator("#yours-observations"),
        )
        assert both[0].inner_text() == f"Text {number} of True"
        assert both[1].inner_text() == f"Text {number} of False"
        keep = two.page.get_by_label("Text to keep: What did you see?")
        if way == "merge":
            two.problems.clear()  # the 409 itself is told in the console
            two.assert_clean("pdsa-both-texts")
            keep.fill("Both of us")
        else:
            side = two.page.locator(".qi-conflict__pair > div")
            use = side.nth(0 if way == "theirs" else 1).get_by_role("button")
            use.click()
        kept = keep.input_value()
        two.page.get_by_role("button", name="Save", exact=True).click()
        two.page.get_by_text("What happened is saved.").wait_for()
        row = Cycle.objects.get()
        assert row.observations == kept
        assert row.do_finished_at is None
    assert kept == "Text 2 of False"
