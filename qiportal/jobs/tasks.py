"""The one Celery task. Its message holds a number, never work or data."""

from qiportal.celery import app
from qiportal.jobs.services import run_job, tick


@app.task(name="jobs.run")  # type: ignore[untyped-decorator]
def jobs_run(job_id: int) -> None:
    """Looks at job N; 0 means whatever is due now."""
    if job_id == 0:
        tick()
    else:
        run_job(job_id)
