"""Typing that can be counted: one numbered word a second, and what is kept of it.

The page's clock is Playwright's, so ten seconds of typing take a moment.
"""

import re
import socket
import subprocess
import sys
import time
from urllib.request import urlopen

from tests.browser import UNDER_WAY
from tests.qiportal.processes import environment

STORED = """async () => {
  const known = await indexedDB.databases();
  const texts = known.length === 0 ? [] : await new Promise((resolve) => {
    const opening = indexedDB.open("qi-kept");
    opening.onsuccess = () => {
      const all = opening.result.transaction("texts").objectStore("texts").getAll();
      all.onsuccess = () => { opening.result.close(); resolve(all.result); };
    };
  });
  const tab = Object.entries(sessionStorage).filter(([key]) => key.startsWith("qi-"));
  return { device: texts, tab, local: localStorage.length };
}"""


def type_on(page, label, seconds, *, start=1):
    """A word a second without a pause, each second's requests answered within it."""
    page.get_by_label(label).focus()
    for number in range(start, start + seconds):
        page.keyboard.insert_text(f"w{number} ")
        page.clock.run_for(1000)
        quiet(page)


def quiet(page):
    """Waits for the answers to what the page has asked."""
    page.wait_for_timeout(10)
    while UNDER_WAY[page]:
        page.wait_for_timeout(5)


def seconds_in(text):
    """How many seconds of typing a text holds; they must be the first, in order."""
    words = [int(word) for word in re.findall(r"w(\d+)", text)]
    assert words == list(range(1, len(words) + 1)), text
    return len(words)


def stored(page):
    """What this browser holds: on the device, in the tab, in local storage."""
    return page.evaluate(STORED)


class Portal:
    """The portal as a process of its own on the test database, to be killed."""

    def __init__(self, folder, static):
        (folder / "static").symlink_to(static)
        self.folder = folder
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.url = f"http://localhost:{self.port}"
        self.process = None

    def start(self):
        here = f"--listen=127.0.0.1:{self.port}"
        self.process = subprocess.Popen(
            [sys.executable, "-m", "waitress", here, "qiportal.wsgi:application"],
            env=environment(
                DATA_DIR=str(self.folder), PUBLIC_URL=self.url, CELERY_BROKER_URL=""
            ),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        while not self.answers():
            assert self.process.poll() is None, "the portal did not start"
            time.sleep(0.05)

    def answers(self):
        try:
            with urlopen(f"{self.url}/healthz", timeout=1) as reply:  # noqa: S310
                return reply.status == 200
        except OSError:
            return False

    def kill(self):
        if self.process:
            self.process.kill()
            self.process.wait()
