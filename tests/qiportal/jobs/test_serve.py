"""`serve`: one process with pages, clock and jobs; ends on SIGTERM."""

import http.client
import re
import signal
import socket
import subprocess
import sys

import pytest
from django.core.management import CommandError, call_command

from tests.qiportal.conftest import wait_for
from tests.qiportal.processes import environment


@pytest.fixture
def port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def test_a_taken_port_is_said_in_plain_words(port):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", port))
        taken.listen()
        words = f"Port {port} is taken by another program.*--port {port + 1}"
        with pytest.raises(CommandError, match=words):
            call_command("serve", "--port", str(port))


def get(port, path):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", path)
        reply = connection.getresponse()
        return reply.status, reply.read().decode()
    except OSError:
        return 0, ""
    finally:
        connection.close()


@pytest.mark.django_db(transaction=True)
def test_it_serves_pages_runs_the_night_and_ends_when_told(port, tmp_path, trust):
    process = subprocess.Popen(
        [sys.executable, "manage.py", "serve", "--port", str(port)],
        env=environment(DATA_DIR=str(tmp_path), CELERY_BROKER_URL=""),
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        wait_for(lambda: get(port, "/healthz") == (200, "ok\n"))
        status, page = get(port, "/accounts/login/")
        assert status == 200
        style = re.search(r'href="(/static/css/portal\.[0-9a-f]+\.css)"', page)[1]
        assert get(port, style)[0] == 200  # collected into the data folder
        wait_for(lambda: get(port, "/readyz") == (200, "ready\n"))  # caught up
        process.send_signal(signal.SIGTERM)
        said, _ = process.communicate(timeout=20)
    finally:
        process.kill()
        process.wait()
    assert process.returncode == 0
    assert f"http://127.0.0.1:{port}/" in said
