"""Sealing the audit log day by day, and finding out whether anybody bent it (T27).

A seal holds the number of a day's events and a digest over their hashes and the seal
before it, so that changing one old event breaks every later seal.
"""

import hashlib
import logging
from collections.abc import Iterator
from datetime import date, timedelta

from django.db import transaction

from qiportal.accounts.audit import row_hash
from qiportal.accounts.models import AuditEvent, AuditSeal
from qiportal.core.dates import local_day, local_midnight, today
from qiportal.jobs.models import JobRun

log = logging.getLogger(__name__)


def events_of(day: date):
    """The events of one London day, in the order they were written."""
    events = AuditEvent.objects.filter(
        at__gte=local_midnight(day), at__lt=local_midnight(day + timedelta(days=1))
    )
    return events.order_by("id")


def digest_of(day: date, previous: str) -> tuple[int, str]:
    """(number of events, SHA-256 over the previous digest and each event's hash)."""
    digest = hashlib.sha256(previous.encode())
    count = 0
    for hash_ in events_of(day).values_list("row_hash", flat=True).iterator():
        digest.update(hash_.encode())
        count += 1
    return count, digest.hexdigest()


@transaction.atomic
def audit_seal() -> list[AuditSeal]:
    """Seals every day up to yesterday that has no seal yet; the new seals.

    The digests go to the log as well, where the database cannot reach them.
    """
    last = AuditSeal.objects.order_by("-day").first()
    day = last.day + timedelta(days=1) if last else _first_day()
    previous, made = last.digest if last else "", []
    while day < today():
        count, digest = digest_of(day, previous)
        seal = AuditSeal(day=day, count=count, digest=digest, previous_digest=previous)
        seal.save(force_insert=True)
        log.info("audit seal %s: %s events, digest %s", day, count, digest)
        made.append(seal)
        previous, day = digest, day + timedelta(days=1)
    return made


def _first_day() -> date:
    first = AuditEvent.objects.order_by("id").first()
    return local_day(first.at) if first else today()


def audit_seal_job(job: JobRun) -> dict:
    """The nightly handler."""
    return {"days": len(audit_seal())}


def audit_problems() -> Iterator[str]:
    """What does not add up, in words: changed events, then broken seals."""
    for event in AuditEvent.objects.order_by("id").iterator():
        if row_hash(event) != event.row_hash:
            yield f"Event {event.pk} of {event.at:%Y-%m-%d %H:%M} was changed."
    yield from _seal_problems()


def _seal_problems() -> Iterator[str]:
    previous, expected_day = "", None
    for seal in AuditSeal.objects.order_by("day"):
        if expected_day and seal.day != expected_day:
            yield f"The seal of {expected_day} is missing."
        if seal.previous_digest != previous:
            yield f"The seal of {seal.day} does not follow from the one before."
        count, digest = digest_of(seal.day, seal.previous_digest)
        if count != seal.count:
            yield f"{seal.day} had {seal.count} events when sealed, now {count}."
        elif digest != seal.digest:
            yield f"The events of {seal.day} do not match their seal."
        previous, expected_day = seal.digest, seal.day + timedelta(days=1)
