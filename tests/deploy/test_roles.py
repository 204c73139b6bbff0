"""The commands of docker-compose.yml, started for real on PostgreSQL and Redis.

Runs when DATABASE_URL and CELERY_BROKER_URL name servers of this machine.
"""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import psycopg2
import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
SERVICES = yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))["services"]
DATABASE_URL = os.environ.get("DATABASE_URL", "")
BROKER_URL = os.environ.get("CELERY_BROKER_URL", "")
ASK = (
    "from qiportal.jobs.services import job_ask; "
    "job_ask(kind='rollup', key='2026-03-29')"
)
pytestmark = pytest.mark.skipif(
    not (DATABASE_URL.startswith("postgres") and BROKER_URL),
    reason="DATABASE_URL (PostgreSQL) and CELERY_BROKER_URL are not set",
)


def sql(url, statement):
    """Run one statement outside any transaction. Returns its rows, if it has any."""
    connection = psycopg2.connect(url)
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchall() if cursor.description else []
    finally:
        connection.close()


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


@pytest.fixture(scope="module")
def environment(tmp_path_factory):
    """A database, queue and data folder that only these processes use."""
    name = f"roles_{uuid4().hex[:8]}"
    sql(DATABASE_URL, f"CREATE DATABASE {name}")
    address = f"127.0.0.1:{free_port()}"
    folder = tmp_path_factory.mktemp("roles")
    yield os.environ | {
        "DATABASE_URL": urlsplit(DATABASE_URL)._replace(path=f"/{name}").geturl(),
        "CELERY_QUEUE": name,
        "DATA_DIR": str(folder),
        "TMPDIR": str(folder),
        "WEB_BIND": address,
        "PUBLIC_URL": f"http://{address}",
        "WEB_WORKERS": "1",
        "WORKER_CONCURRENCY": "1",
    }
    sql(DATABASE_URL, f"DROP DATABASE {name} WITH (FORCE)")


def command(service):
    """What the compose file starts, by this interpreter."""
    return [sys.executable, *SERVICES[service]["command"][1:]]


def run(environment, arguments):
    return subprocess.run(
        arguments,
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


@pytest.fixture(scope="module")
def roles(environment, tmp_path_factory):
    """migrate, then web, worker and beat; ended at the latest with this module."""
    migrated = run(environment, command("migrate"))
    assert migrated.returncode == 0, migrated.stderr
    logs = tmp_path_factory.mktemp("logs")
    started = {}
    for name in ("web", "worker", "beat"):
        with (logs / f"{name}.log").open("w") as log:
            started[name] = subprocess.Popen(
                command(name), cwd=ROOT, env=environment, stdout=log, stderr=log
            )
    yield started, logs
    for process in started.values():
        if process.poll() is None:
            process.kill()
            process.wait()


def wait_until(holds, what, log, seconds=60):
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, f"{what}:\n{log.read_text()[-3000:]}"
        time.sleep(0.5)


def is_well(environment, name):
    check = SERVICES[name]["healthcheck"]["test"][1:]
    return run(environment, [sys.executable, *check[1:]]).returncode == 0


def job_state(environment):
    found = sql(
        environment["DATABASE_URL"],
        "SELECT state FROM jobs_jobrun WHERE kind = 'rollup' AND key = '2026-03-29'",
    )
    return found[0][0] if found else "none"


def test_roles_start_work_and_end_cleanly(environment, roles):
    started, logs = roles
    for name in started:
        wait_until(
            lambda name=name: is_well(environment, name),
            f"{name} never became well",
            logs / f"{name}.log",
        )
    asked = run(environment, [sys.executable, "manage.py", "shell", "-c", ASK])
    assert asked.returncode == 0, asked.stderr
    wait_until(
        lambda: job_state(environment) == "done",
        "the night never ran",
        logs / "worker.log",
    )
    assert "jobs.run" in (logs / "worker.log").read_text()
    for process in started.values():
        process.send_signal(signal.SIGTERM)
    codes = {name: process.wait(timeout=60) for name, process in started.items()}
    assert codes == {"web": 0, "worker": 0, "beat": 0}
