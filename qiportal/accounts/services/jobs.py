"""Background work that a person asks for."""

from django.db import transaction

from qiportal.accounts.audit import audit_record
from qiportal.accounts.models import User
from qiportal.core.dates import LONDON, now
from qiportal.jobs.models import JobRun
from qiportal.jobs.services import job_ask


@transaction.atomic
def rollup_ask(*, by: User) -> JobRun:
    """Has the figures computed now; asking again within a minute is the same job."""
    key = f"{now().astimezone(LONDON):%Y-%m-%d asked at %H:%M}"
    job = job_ask(kind="rollup", key=key, requested_by=by.email)
    audit_record(type="job.asked", target=job, by=by, new={"kind": "rollup"})
    return job
