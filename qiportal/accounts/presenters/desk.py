"""Output shaping of the audit log, the job list and the unit tree."""

import re
from collections.abc import Iterable

from django.urls import reverse

from qiportal.accounts.models import AuditEvent, Role
from qiportal.core.dates import plain
from qiportal.core.templatetags.qi import nhs_datetime
from qiportal.jobs.models import JobRun
from qiportal.organisation.models import Unit, UnitPlacement

JOB_TONES = {"done": "strong", "failed": "attention", "dead": "attention"}
AUDIT_HEADER = ["When", "Who", "As", "Action", "Object", "Number"]


def action_words(type_: str) -> str:
    """An event's type as people read it, such as "project: registered"."""
    return type_.replace("_", " ").replace(".", ": ", 1)


def object_words(label: str) -> str:
    """A model's label as people read it: "data point" for pdsa.DataPoint."""
    name = label.rpartition(".")[2]
    return re.sub(r"(?<!^)(?=[A-Z])", " ", name).lower()


def role_words(role: str) -> str:
    """A role as people read it; staff, service and system as they are."""
    return str(Role(role).label) if role in Role.values else role


def audit_cells(event: AuditEvent) -> list:
    """Who, when, action and object; the values themselves are not for sysadmins."""
    return [
        event.at,
        event.actor,
        role_words(event.effective_role),
        action_words(event.type),
        object_words(event.target_model),
        event.target_id,
    ]


def audit_table(events: Iterable[AuditEvent]) -> dict:
    rows = [[nhs_datetime(at), *rest] for at, *rest in map(audit_cells, events)]
    return {
        "caption": "Audit events, newest first",
        "caption_hidden": True,
        "columns": [{"label": label} for label in AUDIT_HEADER],
        "rows": rows,
    }


def job_table(jobs: Iterable[JobRun]) -> dict:
    """The list of background work."""
    labels = ["Job", "For", "State", "Asked for by", "Due", "Finished", "What happened"]
    rows = [
        [
            job.kind.replace("_", " "),
            job.key,
            {
                "text": job.get_state_display(),
                "tone": JOB_TONES.get(job.state, "quiet"),
            },
            job.requested_by,
            nhs_datetime(job.scheduled_for),
            nhs_datetime(job.finished_at) if job.finished_at else "Not yet",
            job.error or job_words(job.stats),
        ]
        for job in jobs
    ]
    return {
        "caption": "Jobs, newest first",
        "caption_hidden": True,
        "columns": [{"label": label} for label in labels],
        "rows": rows,
    }


def job_words(stats: dict) -> str:
    """A job's figures: "deleted 3, given up 0"."""
    flat = {k: v for k, v in stats.items() if isinstance(v, int | float | str)}
    return ", ".join(f"{name.replace('_', ' ')} {flat[name]}" for name in flat)


def tree_rows(units: Iterable[Unit]) -> list[dict]:
    """The tree in structure order, with its depth for indenting."""
    return [
        {
            "unit": unit,
            "depth": unit.depth,
            "url": reverse("unit_detail", args=[unit.pk]),
            "closed": plain(unit.closed_on) if unit.closed_on else "",
        }
        for unit in units
    ]


def unit_rows(unit: Unit) -> list[dict]:
    """The summary list of one unit."""
    rows = [
        ("Kind", unit.get_kind_display()),
        ("Code", unit.code),
        ("ODS code", unit.ods_code or "None"),
        ("Beneath", str(unit.parent or "Nothing")),
        ("Opened", plain(unit.opened_on)),
    ]
    if unit.closed_on:
        rows.append(("Closed", plain(unit.closed_on)))
    if unit.merged_into:
        rows.append(("Merged into", str(unit.merged_into)))
    return [{"key": key, "value": value} for key, value in rows]


def spell_table(spells: Iterable[UnitPlacement]) -> dict:
    """Where a unit stood, and when."""
    labels = ["Beneath", "From", "Until"]
    rows = [
        [
            str(spell.parent or "Nothing"),
            plain(spell.valid_from),
            plain(spell.valid_to) if spell.valid_to else "Now",
        ]
        for spell in spells
    ]
    return {
        "caption": "Its places in the tree",
        "columns": [{"label": label} for label in labels],
        "rows": rows,
    }
