"""The demo as people meet it: a process that makes its trust and serves it here."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request

import pytest

PATIENCE = 1200  # looks of a fifth of a second
OWN = ("DATABASE_URL", "CELERY_BROKER_URL", "PYTEST_CURRENT_TEST")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Demo:
    """The command in a data folder of its own, and what it has printed."""

    def __init__(self, folder, *arguments):
        env = {name: value for name, value in os.environ.items() if name not in OWN}
        env |= {
            "DJANGO_SETTINGS_MODULE": "qiportal.settings",
            "DATA_DIR": str(folder),
            "DEMO": "1",
            "MFA_REQUIRED": "0",
        }
        self.log = folder / "told.txt"
        with self.log.open("w") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "django", "demo", "--scale=0.05", *arguments],
                env=env,
                stdout=out,
                stderr=subprocess.STDOUT,
            )

    def told_until(self, word):
        for _ in range(PATIENCE):
            told = self.log.read_text()
            if word in told:
                return told
            assert self.process.poll() in (None, 0), told
            time.sleep(0.2)
        raise AssertionError(self.log.read_text())

    def end(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()


@pytest.fixture
def start(tmp_path):
    running = []

    def run(*arguments):
        running.append(Demo(tmp_path, *arguments))
        return running[-1]

    yield run
    for demo in running:
        demo.end()


def get(address):
    with urllib.request.urlopen(address, timeout=60) as answer:  # noqa: S310
        return answer.status, answer.read().decode()


def test_demo_serves_on_loopback_and_ends_quietly(start, tmp_path):
    port = free_port()
    demo = start(f"--port={port}")
    assert f"http://127.0.0.1:{port}/" in demo.told_until("BI token of Dev")
    status, page = get(f"http://127.0.0.1:{port}/accounts/login/")
    assert status == 200
    assert "Invented people and projects" in page
    demo.process.send_signal(signal.SIGTERM)
    assert demo.process.wait(180) == 0
    assert (tmp_path / "demo_token").stat().st_mode & 0o077 == 0
    again = start("--no-serve")
    assert "there already" in again.told_until("BI token of Dev")
    assert again.process.wait(180) == 0
