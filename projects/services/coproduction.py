"""How far patients shape the work, stage by stage."""

from datetime import date
from typing import Any

from django.db import transaction

from projects.models import CoproductionRating, Project
from projects.services.common import changes, project_lock, project_stamp
from qiportal.accounts.audit import audit_record
from qiportal.accounts.models import User
from qiportal.core.dates import today
from qiportal.core.versions import Conflict, versioned_save


@transaction.atomic
def coproduction_rate(
    *,
    project: Project,
    stage: str,
    rung: int,
    by: User,
    version: int | None = None,
    **told: Any,
) -> CoproductionRating:
    """Places a stage on the ladder today; a second time on one day corrects the first.

    `told`: members with lived experience, reward_offered, evidence; `version` that of
    today's row its writer looked at. The ladder has seven rungs (Think Local Act
    Personal). Raises Conflict, ValidationError.
    """
    project_lock(project)
    day: date = today()
    row = CoproductionRating.objects.filter(project=project, stage=stage, on=day).last()
    if row and row.version != version:
        raise Conflict(row)
    row = row or CoproductionRating(project=project, stage=stage, on=day, created_by=by)
    old, new = changes(row, {"rung": rung, **told})
    row.full_clean()
    if row.pk is None:
        row.save()
    else:
        versioned_save(row, expected=row.version)
    project_stamp(project=project)
    audit_record(
        type="coproduction.rated",
        target=row,
        by=by,
        unit_path=project.unit.path,
        old=old if version else None,
        new={**new, "stage": stage, "rung": rung},
    )
    return row
