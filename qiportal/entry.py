"""One start point per container role: python -m qiportal.entry web | worker | …

Roles: web, worker, beat, migrate, backup, health.

The same roles start the portal by hand: docs/run.md. Each long-running role replaces
this process, so signals reach the server itself.
"""

import http.client
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent
APP = "qiportal.celery:app"
SCHEDULE_MAX_AGE_S = 900  # beat writes its schedule at least every five minutes


def main(argv: list[str]) -> int:
    """Start the role named by the first argument. Returns the exit status."""
    if not argv or argv[0] not in ROLES:
        sys.stderr.write(f"usage: python -m qiportal.entry {' | '.join(ROLES)}\n")
        return 2
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qiportal.settings")
    return ROLES[argv[0]](argv[1:])


def web(_arguments: list[str]) -> int:
    """Collect the static files, then serve with gunicorn."""
    manage("collectstatic", interactive=False, verbosity=0)
    return replace(
        "gunicorn",
        "qiportal.wsgi:application",
        f"--bind={bind()}",
        f"--workers={os.environ.get('WEB_WORKERS', '2')}",
        f"--threads={os.environ.get('WEB_THREADS', '4')}",
        "--max-requests=5000",
        "--max-requests-jitter=500",
        "--timeout=60",
        "--no-control-socket",
    )


def worker(_arguments: list[str]) -> int:
    """Run the jobs. Prefetch, limits and acknowledgement are CELERY_* settings."""
    os.environ.setdefault("STATEMENT_TIMEOUT_S", "900")
    concurrency = os.environ.get("WORKER_CONCURRENCY", "2")
    return celery("worker", f"--concurrency={concurrency}", "--without-gossip")


def beat(_arguments: list[str]) -> int:
    """Run the clock: exactly one of these per portal."""
    return celery("beat", f"--schedule={schedule_file()}", "--pidfile=")


def migrate(_arguments: list[str]) -> int:
    """Bring the database to this release; harmless when it is there already."""
    os.environ.setdefault("STATEMENT_TIMEOUT_S", "0")
    manage("migrate", interactive=False)
    if role := os.environ.get("DATABASE_APP_ROLE"):
        manage("grant_app_role", role)
    for command in seeds():
        manage(command)
    return 0


def seeds() -> list[str]:
    """The commands that load reference data; each is safe to run again."""
    from django.core.management import get_commands

    return [name for name in ("seed_library",) if name in get_commands()]


def backup(arguments: list[str]) -> int:
    """Save, try the saved copy out and thin the old ones; daily, or now by --once."""
    os.environ.setdefault("STATEMENT_TIMEOUT_S", "0")
    while True:
        folder = backup_folder() / time.strftime("%Y-%m-%dT%H%M%SZ", time.gmtime())
        subprocess.run(manage_command("backup", str(folder)), check=True)
        rehearse(folder)
        thin(int(os.environ.get("BACKUP_KEEP", "14")))
        if arguments == ["--once"]:
            return 0
        time.sleep(24 * 3600)


def rehearse(folder: Path) -> None:
    """Restore into the scratch database, if one is named; a failure ends the role."""
    scratch = {
        name.removeprefix("SCRATCH_"): value
        for name, value in os.environ.items()
        if name in ("SCRATCH_DATABASE_URL", "SCRATCH_DATABASE_URL_FILE")
    }
    if not scratch:
        return
    kept = {k: v for k, v in os.environ.items() if not k.startswith("DATABASE_URL")}
    with tempfile.TemporaryDirectory() as data:
        env = kept | scratch | {"DATA_DIR": data}
        migrate_it = manage_command("migrate", "--no-input", "--verbosity=0")
        subprocess.run(migrate_it, env=env, check=True)
        restore_it = manage_command("restore", str(folder), "--force")
        subprocess.run(restore_it, env=env, check=True)


def thin(keep: int) -> None:
    """Delete all but the newest complete backups."""
    made = sorted(backup_folder().glob("????-??-??T??????Z/manifest.json"))
    for manifest in made[:-keep]:
        shutil.rmtree(manifest.parent)


def backup_folder() -> Path:
    return Path(os.environ.get("BACKUP_DIR", "backups"))


def backup_is_fresh() -> bool:
    """Whether a complete backup is younger than 26 hours."""
    made = backup_folder().glob("*/manifest.json")
    return any(time.time() - path.stat().st_mtime < 26 * 3600 for path in made)


def health(arguments: list[str]) -> int:
    """0 when the role (web unless named) is well; for container health checks."""
    check = {
        "web": web_is_ready,
        "worker": worker_answers,
        "beat": beat_is_alive,
        "backup": backup_is_fresh,
    }
    try:
        return 0 if check[arguments[0] if arguments else "web"]() else 1
    except (OSError, http.client.HTTPException) as error:
        sys.stderr.write(f"not well: {error}\n")
        return 1


def web_is_ready() -> bool:
    """Ask /readyz on loopback, as the proxy would, so that no host check refuses."""
    public = urlsplit(os.environ.get("PUBLIC_URL", "http://127.0.0.1:8000"))
    headers = {"Host": public.netloc, "X-Forwarded-Proto": public.scheme}
    port = int(bind().rsplit(":", 1)[1])
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    connection.request("GET", "/readyz", headers=headers)
    return connection.getresponse().status == 200


def worker_answers() -> bool:
    """Ask this machine's worker for a sign of life over the broker."""
    from qiportal.celery import app

    name = f"celery@{socket.gethostname()}"
    return bool(app.control.inspect([name], timeout=5).ping())


def beat_is_alive() -> bool:
    """Whether beat wrote its schedule lately (it keeps no other sign of life)."""
    file = schedule_file()
    written = [path.stat().st_mtime for path in file.parent.glob(file.name + "*")]
    return bool(written) and time.time() - max(written) < SCHEDULE_MAX_AGE_S


def schedule_file() -> Path:
    return Path(tempfile.gettempdir()) / "qiportal-beat-schedule"


def bind() -> str:
    """Address and port of the web role; all addresses inside a container."""
    return os.environ.get("WEB_BIND", "127.0.0.1:8000")


def manage(command: str, *arguments: str, **options: object) -> None:
    """Run a management command in this process."""
    import django
    from django.core.management import call_command

    django.setup()
    call_command(command, *arguments, **options)


def manage_command(*arguments: str) -> list[str]:
    return [sys.executable, str(ROOT / "manage.py"), *arguments]


def celery(role: str, *arguments: str) -> int:
    return replace("celery", f"--app={APP}", role, "--loglevel=INFO", *arguments)


def replace(module: str, *arguments: str) -> int:
    """Replace this process by `python -m module`; it never comes back."""
    os.execv(sys.executable, [sys.executable, "-m", module, *arguments])


ROLES: dict[str, Callable[[list[str]], int]] = {
    "web": web,
    "worker": worker,
    "beat": beat,
    "migrate": migrate,
    "backup": backup,
    "health": health,
}

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
