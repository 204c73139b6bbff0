"""First start of a machine: decisions as pure tests, the rest by real processes.

The processes run in a small project of their own, whose lock names two tiny wheels
made here, so nothing is downloaded.
"""

import ast
import hashlib
import os
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from base64 import urlsafe_b64encode
from pathlib import Path

import pytest

from qiportal import bootstrap

ROOT = Path(__file__).resolve().parents[2]
SERVER = "def execute_from_command_line(argv):\n    print('served', argv[1:])\n"
RUNNER = "import os, sys\nprint('tested', sys.argv[1:])\nsys.exit(5)\n"
IS_ROOT = hasattr(os, "geteuid") and os.geteuid() == 0


# --- decisions ------------------------------------------------------------------


def test_old_interpreter_is_refused_and_a_newer_one_named(tmp_path, monkeypatch):
    (tmp_path / "python3.11").symlink_to(base_python())
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(bootstrap.Refusal) as refusal:
        bootstrap.check_version((3, 8, 18), ["manage.py", "demo"])
    assert "needs Python 3.11 or newer; this is Python 3.8" in str(refusal.value)
    assert "Run: python3.11 manage.py demo" in str(refusal.value)


def test_interpreter_that_does_not_start_is_not_named(tmp_path, monkeypatch):
    (tmp_path / "python3.12").write_text("#!/bin/sh\nexit 127\n")
    (tmp_path / "python3.12").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(bootstrap.Refusal, match="Install Python 3.11 or newer"):
        bootstrap.check_version((3, 8, 18), ["manage.py", "demo"])


def test_old_interpreter_without_a_newer_one_gets_advice():
    with pytest.raises(bootstrap.Refusal, match="Install Python 3.11 or newer"):
        bootstrap.check_version((3, 10), ["manage.py"], which=lambda name: None)


@pytest.mark.parametrize("version", [(3, 11, 0), (3, 12, 4), (4, 0)])
def test_new_enough_interpreters_pass(version):
    assert bootstrap.check_version(version, ["manage.py"]) is None


@pytest.mark.parametrize("name", ["manage.py", "qiportal/bootstrap.py"])
def test_first_files_parse_on_python_3_6(name):
    ast.parse((ROOT / name).read_text("utf-8"), feature_version=(3, 6))


def test_first_files_need_the_standard_library_only():
    done = subprocess.run(
        [sys.executable, "-S", "-c", "import qiportal.bootstrap"], cwd=ROOT, check=False
    )
    assert done.returncode == 0


@pytest.mark.parametrize(
    ("output", "words"),
    [
        ("NewConnectionError: Failed to establish a new connection", "network"),
        ("error sending request for url", "network"),
        ("OSError: [Errno 28] No space left on device", "disk is full"),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES", "do not skip"),
        ("a compiler is missing", "lines below say why"),
    ],
)
def test_failed_installation_is_explained(output, words):
    explained = bootstrap.explain("first line\n" + output)
    assert words in explained
    assert explained.endswith("  | " + output)


def test_only_the_last_lines_are_shown():
    shown = bootstrap.last_lines("\n".join(f"line {n}" for n in range(1, 31)), count=2)
    assert shown == "  | line 29\n  | line 30"


def test_uv_is_used_when_it_is_on_the_path():
    assert bootstrap.uv_command(which=lambda name: "/usr/bin/uv") == ["uv"]


def test_development_lock_satisfies_demo_but_not_the_reverse(tmp_path):
    (tmp_path / "requirements.lock").write_text("a")
    (tmp_path / "requirements-dev.lock").write_text("b")
    run_time, development = hashlib.sha256(b"a"), hashlib.sha256(b"b")
    assert bootstrap.wanted_stamps("demo", tmp_path) == [
        run_time.hexdigest(),
        development.hexdigest(),
    ]
    assert bootstrap.wanted_stamps("test", tmp_path) == [development.hexdigest()]


def test_unfinished_environment_is_not_current(tmp_path):
    python = bootstrap.venv_python(tmp_path)
    python.parent.mkdir()
    python.touch(mode=0o755)
    bootstrap.stamp_file(tmp_path).write_text("abc\n")
    assert bootstrap.is_current(tmp_path, ["abc"]) is True
    assert bootstrap.is_current(tmp_path, ["other"]) is False
    bootstrap.marker_file(tmp_path).touch()
    assert bootstrap.is_current(tmp_path, ["abc"]) is False


# --- real starts ----------------------------------------------------------------


def wheel(folder, name, files):
    """Write a minimal wheel; returns its lock line."""
    info = f"{name}-1.0.dist-info"
    members = {
        **files,
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nTag: py3-none-any\n",
    }
    record = "".join(
        f"{path},sha256={digest(text)},{len(text)}\n" for path, text in members.items()
    )
    members[f"{info}/RECORD"] = record + f"{info}/RECORD,,\n"
    path = folder / f"{name}-1.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        for member, text in members.items():
            archive.writestr(member, text)
    return (
        f"{name}==1.0 --hash=sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}\n"
    )


def digest(text):
    raw = hashlib.sha256(text.encode()).digest()
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


@pytest.fixture
def project(tmp_path):
    """A project on a machine where nothing was started yet."""
    return make_project(tmp_path / "project")


@pytest.fixture(scope="module")
def first(tmp_path_factory):
    """A project, and what its first start said."""
    project = make_project(tmp_path_factory.mktemp("started") / "project")
    return project, start(project, "demo", "--small")


@pytest.fixture
def started(first):
    """The project after its first start; its lock files are put back after a test."""
    project = first[0]
    locks = {path: path.read_text() for path in project.glob("*.lock")}
    yield project
    for path, text in locks.items():
        path.write_text(text)


def make_project(root):
    """A project with our two first files and packages that only report their call."""
    (root / "qiportal").mkdir(parents=True)
    (root / "wheels").mkdir()
    (root / "qiportal/__init__.py").touch()
    for name in ("manage.py", "qiportal/bootstrap.py"):
        shutil.copy(ROOT / name, root / name)
    server = {
        "django/__init__.py": "",
        "django/core/__init__.py": "",
        "django/core/management/__init__.py": SERVER,
    }
    runner = {"pytest/__init__.py": "", "pytest/__main__.py": RUNNER}
    django_line = wheel(root / "wheels", "django", server)
    pytest_line = wheel(root / "wheels", "pytest", runner)
    (root / "requirements.lock").write_text(django_line)
    (root / "requirements-dev.lock").write_text(django_line + pytest_line)
    return root


def environment(project, **extra):
    """Offline: pip finds the wheels of the project and nothing else; no uv."""
    kept = {name: os.environ[name] for name in ("HOME", "TMPDIR") if name in os.environ}
    return {
        **kept,
        "PATH": "/usr/bin:/bin",
        "PIP_NO_INDEX": "1",
        "PIP_FIND_LINKS": str(project / "wheels"),
        "PIP_CONFIG_FILE": os.devnull,
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        **extra,
    }


def base_python():
    return getattr(sys, "_base_executable", sys.executable)


def start(project, *arguments, env=None):
    return subprocess.run(
        [base_python(), str(project / "manage.py"), *arguments],
        cwd=project.parent,
        env=env or environment(project),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_first_start_installs_second_start_is_silent(first):
    project, said = first
    assert said.returncode == 0, said.stdout + said.stderr
    assert "Installing 1 packages" in said.stdout
    assert said.stdout.endswith("served ['demo', '--small']\n")
    assert start(project, "demo", "--small").stdout == "served ['demo', '--small']\n"


def test_changed_lock_is_installed_over_the_environment(started):
    lock = started / "requirements.lock"
    lock.write_text("# newer\n" + lock.read_text())
    assert "Installing 1 packages" in start(started, "demo").stdout


def test_development_environment_serves_test_demo_and_other_commands(started):
    tested = start(started, "test", "-k", "name")
    assert tested.returncode == 5
    assert tested.stdout.endswith("tested ['-k', 'name']\n")
    assert start(started, "demo").stdout == "served ['demo']\n"
    assert start(started, "check").stdout == "served ['check']\n"


def test_compiled_files_stay_in_the_environment_where_none_are_wanted(started):
    shutil.rmtree(started / "qiportal/__pycache__", ignore_errors=True)
    env = environment(started, PYTHONDONTWRITEBYTECODE="1")
    assert start(started, "demo", env=env).stdout.endswith("served ['demo']\n")
    assert list((started / ".venv/compiled").rglob("*.pyc"))
    assert not list((started / "qiportal").rglob("*.pyc"))


def test_other_command_without_environment_gets_a_hint(project):
    refused = start(project, "migrate", env=environment(project, PYTHONNOUSERSITE="1"))
    assert refused.returncode == 1
    assert "python3 manage.py demo --no-serve" in refused.stderr
    assert not (project / ".venv").exists()


def test_unreachable_index_is_said_in_plain_words(started):
    env = environment(started, PIP_INDEX_URL="http://127.0.0.1:9/simple")
    env |= {"PIP_RETRIES": "0", "PIP_FIND_LINKS": ""}
    del env["PIP_NO_INDEX"]
    wanted = wheel(started / "wheels", "wanted", {"wanted.py": ""})
    for lock in started.glob("*.lock"):
        lock.write_text(lock.read_text() + wanted)
    refused = start(started, "demo", env=env)
    assert refused.returncode == 1
    assert "The package index could not be reached" in refused.stderr
    assert "Traceback" not in refused.stderr
    assert "served" in start(started, "demo").stdout


def test_wrong_hash_is_refused(started):
    wheel(started / "wheels", "altered", {"altered.py": ""})
    for lock in started.glob("*.lock"):
        lock.write_text("altered==1.0 --hash=sha256:" + "0" * 64 + "\n")
    refused = start(started, "demo")
    assert refused.returncode == 1
    assert "so it was not installed" in refused.stderr


def test_python_without_ensurepip_gets_the_package_to_install(project):
    stub = project / "stub"
    stub.mkdir()
    (stub / "ensurepip.py").write_text("raise ImportError('split off')\n")
    refused = start(project, "demo", env=environment(project, PYTHONPATH=str(stub)))
    assert refused.returncode == 1
    assert "-venv" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_python_without_venv_gets_the_package_to_install(project):
    stub = project / "stub"
    stub.mkdir()
    (stub / "venv.py").write_text("raise ImportError('split off')\n")
    refused = start(project, "demo", env=environment(project, PYTHONPATH=str(stub)))
    assert refused.returncode == 1
    assert "apt-get install python3." in refused.stderr


def test_environment_that_cannot_be_written_is_said_in_plain_words(project):
    (project / ".venv").write_text("a file where the folder belongs")
    refused = start(project, "demo")
    assert refused.returncode == 1
    assert "Cannot write the environment" in refused.stderr
    assert "Traceback" not in refused.stderr


@pytest.mark.skipif(IS_ROOT, reason="root may write anywhere")
def test_read_only_folder_is_said_in_plain_words(project):
    project.chmod(0o555)
    try:
        refused = start(project, "demo")
    finally:
        project.chmod(0o755)
    assert "Cannot write the environment" in refused.stderr


def test_killed_installation_is_repaired_by_the_next_start(project):
    slow = project / "stub"
    slow.mkdir()
    (slow / "ensurepip.py").write_text("import time\nif __name__ == '__main__':\n")
    with (slow / "ensurepip.py").open("a") as file:
        file.write("    time.sleep(60)\n")
    killed = subprocess.Popen(
        [base_python(), str(project / "manage.py"), "demo"],
        env=environment(project, PYTHONPATH=str(slow)),
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    wait_for(project / ".venv/bin/python")
    os.killpg(killed.pid, signal.SIGKILL)
    killed.communicate()
    assert (project / ".venv/qiportal-unfinished").exists()
    repaired = start(project, "demo")
    assert "not complete: making it again" in repaired.stdout
    assert repaired.stdout.endswith("served ['demo']\n")


def wait_for(path, seconds=30):
    deadline = time.monotonic() + seconds
    while not path.exists():
        assert time.monotonic() < deadline, f"{path} never came"
        time.sleep(0.05)


def test_two_first_starts_build_one_environment(project):
    starts = [
        subprocess.Popen(
            [base_python(), str(project / "manage.py"), "demo"],
            env=environment(project),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        for _ in range(2)
    ]
    outputs = [process.communicate(timeout=120)[0] for process in starts]
    assert all(output.endswith("served ['demo']\n") for output in outputs), outputs
    assert sum("Installing" in output for output in outputs) == 1
