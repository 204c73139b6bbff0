"""The nightly tidying of desks: what is past its time goes."""

import logging
from datetime import timedelta

from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.contrib.sessions.models import Session

from qiportal.accounts import staging
from qiportal.accounts.models import Draft, Role, RoleAssignment, TokenDay
from qiportal.core.dates import now, today
from qiportal.jobs.models import JobRun

log = logging.getLogger(__name__)
DRAFTS_KEPT = timedelta(days=30)
USE_KEPT = timedelta(days=400)
SIGN_INS_KEPT = timedelta(days=396)  # 13 months
ATTEMPTS_KEPT = timedelta(days=2)


def desk_tidy() -> dict[str, int]:
    """Deletes old uploads, drafts, sessions and sign-in logs; how many of each."""
    moment = now()
    old_sign_in = moment - SIGN_INS_KEPT
    rows = {
        "drafts": Draft.objects.filter(saved_at__lt=moment - DRAFTS_KEPT),
        "sessions": Session.objects.filter(expire_date__lt=moment),
        "token_days": TokenDay.objects.filter(day__lt=today() - USE_KEPT),
        "sign_ins": AccessLog.objects.filter(attempt_time__lt=old_sign_in),
        "failures": AccessFailureLog.objects.filter(attempt_time__lt=old_sign_in),
        "attempts": AccessAttempt.objects.filter(
            attempt_time__lt=moment - ATTEMPTS_KEPT
        ),
    }
    counts = {name: found.delete()[0] for name, found in rows.items()}
    return {"uploads": staging.purge(), **counts}


def sysadmins_with_other_roles() -> list[int]:
    """Users who hold sysadmin beside another role today; there must be none."""
    held = RoleAssignment.objects.held_on(today())
    sysadmins = held.filter(role=Role.SYSADMIN).values("user")
    others = held.exclude(role=Role.SYSADMIN).filter(user__in=sysadmins)
    return sorted(set(others.values_list("user_id", flat=True)))


def desk_tidy_job(job: JobRun) -> dict:
    """The nightly handler; it also checks that sysadmins hold no other role."""
    wrong = sysadmins_with_other_roles()
    if wrong:
        log.error("accounts %s hold sysadmin beside another role", wrong)
    return {**desk_tidy(), "roles_to_mend": len(wrong)}
