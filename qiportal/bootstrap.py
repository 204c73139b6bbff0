"""Prepare a fresh machine for `demo` and `test`, with the standard library alone.

Makes .venv, installs the lock file with its hashes checked and starts the command
again inside. A stamp in .venv holds the sha256 of the lock that was installed, so a
second start costs nothing; a marker shows that an installation did not finish.

This file must parse on old interpreters, whose users need the message most: no type
hints, nothing newer than Python 3.6.
"""

import contextlib
import hashlib
import importlib
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MINIMUM = (3, 11)
LOCKS = {
    "demo": ["requirements.lock", "requirements-dev.lock"],
    "test": ["requirements-dev.lock"],
}
NEWER = ["python3.14", "python3.13", "python3.12", "python3.11"]
NETWORK_SIGNS = (
    "Failed to establish a new connection",
    "Temporary failure in name resolution",
    "ConnectTimeoutError",
    "ReadTimeoutError",
    "ProxyError",
    "Connection refused",
    "Network is unreachable",
    "error sending request",
    "Failed to fetch",
    "dns error",
    "(from versions: none)",
)


class Refusal(Exception):
    """A start that cannot go on; the text says why and what to do, in plain words."""


def prepare(command, argv, root=ROOT):
    """Make the environment of `demo` or `test` current, then go on inside it."""
    check_version(sys.version_info, argv)
    venv = root / ".venv"
    if not is_current(venv, wanted_stamps(command, root)):
        with one_at_a_time(root) as lock:
            if not is_current(venv, wanted_stamps(command, root)):
                build(venv, root / LOCKS[command][0], lock)
    keep_compiled(venv)
    if command == "test":
        os.chdir(str(root))
        restart([str(venv_python(venv)), "-m", "pytest"] + argv[2:])
    elif Path(sys.prefix).resolve() != venv.resolve():
        restart([str(venv_python(venv)), str(root / "manage.py")] + argv[1:])


def keep_compiled(venv, environ=os.environ):
    """Where compiled files are unwanted beside the sources, keep them in .venv.

    Without any, each of the many processes of a demo or a test run compiles Django
    and all its company anew: a fifth of the whole time.
    """
    if environ.pop("PYTHONDONTWRITEBYTECODE", ""):
        environ.setdefault("PYTHONPYCACHEPREFIX", str(venv / "compiled"))


def borrow(argv, root=ROOT):
    """Run another command in .venv when this interpreter lacks the packages."""
    check_version(sys.version_info, argv)
    venv = root / ".venv"
    if not usable(venv) or Path(sys.prefix).resolve() == venv.resolve():
        raise Refusal(
            "The portal's packages are not installed here.\n"
            "Run `python3 manage.py demo --no-serve` once (it makes .venv), or install "
            "them yourself:\n  pip install --require-hashes -r requirements.lock"
        )
    restart([str(venv_python(venv)), str(root / "manage.py")] + argv[1:])


def check_version(version, argv, which=shutil.which):
    """Refuse an interpreter below 3.11, naming a newer one when the machine has it."""
    if tuple(version[:2]) >= MINIMUM:
        return
    found = next((name for name in NEWER if which(name) and works(name)), None)
    advice = "Install Python 3.11 or newer, then run the same command with it."
    if found:
        advice = f"This machine has {found}. Run: {found} {' '.join(argv)}"
    raise Refusal(
        f"QI Portal needs Python {MINIMUM[0]}.{MINIMUM[1]} or newer; "
        f"this is Python {version[0]}.{version[1]}.\n{advice}"
    )


def works(interpreter):
    """Whether a name on PATH really starts (a version manager's shim may not)."""
    return not subprocess.call([interpreter, "-c", ""], stderr=subprocess.DEVNULL)


def wanted_stamps(command, root):
    """The sha256 of each lock file that satisfies the command."""
    return [sha256(root / name) for name in LOCKS[command]]


def sha256(path):
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        raise Refusal(f"Cannot read {path}: {error.strerror}.") from error


def venv_python(venv):
    return venv / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def stamp_file(venv):
    return venv / "qiportal-lock.sha256"


def marker_file(venv):
    return venv / "qiportal-unfinished"


def usable(venv):
    """Whether .venv has an interpreter and its last installation finished."""
    runnable = os.access(str(venv_python(venv)), os.X_OK)
    return runnable and not marker_file(venv).exists()


def is_current(venv, stamps):
    """Whether .venv holds exactly what one of the lock files asks for."""
    if not usable(venv) or not stamp_file(venv).exists():
        return False
    return stamp_file(venv).read_text(encoding="ascii").strip() in stamps


@contextlib.contextmanager
def one_at_a_time(root):
    """Hold the project folder's lock, so two first starts do not build one .venv.

    Yields the descriptors an installer inherits: should this process be killed, the
    lock stays until the installer has ended too.
    """
    try:
        import fcntl
    except ImportError:  # Windows
        yield ()
        return
    folder = os.open(str(root), os.O_RDONLY)
    try:
        try:
            fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            say("Another start is preparing .venv: waiting for it.")
            fcntl.flock(folder, fcntl.LOCK_EX)
        yield (folder,)
    finally:
        os.close(folder)


def build(venv, lock_file, inherited):
    """Install a lock file into .venv; a .venv that was left half-built is made anew."""
    try:
        if not usable(venv):
            make(venv)
        marker_file(venv).touch()
        install(venv, lock_file, inherited)
        stamp_file(venv).write_text(sha256(lock_file) + "\n", encoding="ascii")
        marker_file(venv).unlink()
    except OSError as error:
        raise Refusal(
            f"Cannot write the environment {venv}: {error.strerror}.\n"
            "Make the folder writable, free some disk space or copy the project to a "
            "folder of your own, then start again."
        ) from error


def make(venv):
    """Create an empty .venv, marked unfinished from its first moment."""
    if venv.exists():
        say("The environment in .venv is not complete: making it again.")
        shutil.rmtree(str(venv))
    else:
        say("Making the environment .venv.")
    venv.mkdir()
    marker_file(venv).touch()
    base = getattr(sys, "_base_executable", None) or sys.executable
    code, output = run([base, "-m", "venv", "--without-pip", str(venv)])
    if code:
        raise Refusal(no_venv() + "\n\n" + last_lines(output))


def install(venv, lock_file, inherited):
    """Install with uv when the machine has it, else with pip; refuse on failure."""
    python, uv = str(venv_python(venv)), uv_command()
    count = sum("==" in line for line in lock_file.read_text("utf-8").splitlines())
    options = ["--require-hashes", "-r", str(lock_file)]
    if uv:
        say(f"Installing {count} packages with uv.")
        code, output = run(uv + ["pip", "install", "--python", python] + options)
        if not code:
            return
        say("uv could not install them; trying pip.")
    ensure_pip(python)
    say(f"Installing {count} packages with pip: this takes a minute or two.")
    code, output = run([python, "-m", "pip", "install"] + options, inherited)
    if code:
        raise Refusal(explain(output))


def uv_command(which=shutil.which):
    """How to call uv on this machine, or None."""
    if which("uv"):
        return ["uv"]
    return [sys.executable, "-m", "uv"] if importlib.util.find_spec("uv") else None


def ensure_pip(python):
    """Give .venv its own pip, from the copy that Python carries."""
    if not run([python, "-m", "pip", "--version"])[0]:
        return
    try:
        importlib.import_module("ensurepip")
    except ImportError as error:
        raise Refusal(no_venv()) from error
    code, output = run([python, "-m", "ensurepip", "--default-pip"])
    if code:
        raise Refusal(no_venv() + "\n\n" + last_lines(output))


def no_venv():
    package = "python{}.{}-venv".format(*sys.version_info[:2])
    return (
        "This Python cannot make virtual environments: its venv or ensurepip part is "
        f"missing.\nOn Debian or Ubuntu: sudo apt-get install {package}\n"
        "Or install uv, which needs no ensurepip."
    )


def run(command, inherited=()):
    """Run a command quietly. Returns its exit code and everything that it printed."""
    done = subprocess.run(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        pass_fds=inherited,
        encoding="utf-8",
        errors="replace",
    )
    return done.returncode, done.stdout


def explain(output):
    """Say in plain words why an installation failed and what to do about it."""
    if "No space left on device" in output:
        reason = "The disk is full. Free some space, then start again."
    elif "DO NOT MATCH THE HASHES" in output or "Hash mismatch" in output:
        reason = (
            "A downloaded package is not the one this project was tested with, so it "
            "was not installed. Ask whoever runs your package mirror; do not skip "
            "the check."
        )
    elif any(sign in output for sign in NETWORK_SIGNS):
        reason = (
            "The package index could not be reached, or lacks a package. Check the "
            "network, or set PIP_INDEX_URL to your organisation's mirror (and "
            "HTTPS_PROXY if there is one), then start again."
        )
    else:
        reason = (
            "The packages could not be installed. The lines below say why; "
            "start again once that is put right."
        )
    return f"{reason}\n\n{last_lines(output)}"


def last_lines(output, count=8):
    lines = [line for line in output.splitlines() if line.strip()]
    return "\n".join("  | " + line[:200] for line in lines[-count:])


def restart(command):
    """Replace this process by the command (on Windows: wait for it)."""
    sys.stdout.flush()
    if os.name == "nt":
        sys.exit(subprocess.call(command))
    try:
        os.execv(command[0], command)
    except OSError as error:
        raise Refusal(f"Cannot start {command[0]}: {error.strerror}.") from error


def say(text):
    print(text, flush=True)
