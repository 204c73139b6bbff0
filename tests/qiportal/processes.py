"""Real processes beside the tests: a Celery worker, and one that runs a single job.

`python -m tests.qiportal.processes JOB_ID` runs that job; the worker is started with
`--app=tests.qiportal.processes:app`. While the file named by QI_SLOW exists, a rollup
pauses after every batch it writes, so that it can be killed in the middle.
"""

import os
import sys
import time
from pathlib import Path
from urllib.parse import quote

import django

if __name__ == "__main__" or os.environ.get("QI_SLOW"):
    django.setup()
    from qiportal.celery import app
    from qiportal.dashboard.services import runs

    __all__ = ["app"]
    written = runs.snapshots_write

    def slowly(run_id, rows):
        """Writes in twenty pieces, so that a kill leaves a part behind."""
        for start in range(0, len(rows), max(len(rows) // 20, 1)):
            written(run_id, rows[start : start + max(len(rows) // 20, 1)])
            while Path(os.environ["QI_SLOW"]).exists():
                time.sleep(0.02)

    runs.snapshots_write = slowly


def environment(**more: str) -> dict[str, str]:
    """The environment of a process on the test database."""
    from django.conf import settings
    from django.db import connection

    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "qiportal.settings",
        "DATABASE_URL": database_url(connection.settings_dict),
        "SECRET_KEY": settings.SECRET_KEY,
        "STATEMENT_TIMEOUT_S": "60",
        **more,
    }


def database_url(found: dict) -> str:
    if "sqlite" in found["ENGINE"]:
        return f"sqlite:///{found['NAME']}"
    user = ":".join(quote(found[key], safe="") for key in ("USER", "PASSWORD"))
    port = f":{found['PORT']}" if found["PORT"] else ""
    return f"postgres://{user}@{found['HOST']}{port}/{found['NAME']}"


if __name__ == "__main__":
    from qiportal.jobs.services import run_job

    run_job(int(sys.argv[1]))
