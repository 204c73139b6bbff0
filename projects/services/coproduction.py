"""How far patients shape the work, stage by stage."""

from datetime import date
from typing import Any

from django.db import transaction

from projects.models import CoproductionRating, Project
from projects.services.common import project_lock, project_stamp
from qiportal.accounts.audit import audit_record
from qiportal.accounts.models import User
from qiportal.core.dates import today


@transaction.atomic
def coproduction_rate(
    *, project: Project, stage: str, rung: int, by: User, **told: Any
) -> CoproductionRating:
    """Places a stage on the ladder today; a second time on one day corrects the first.

    `told`: members with lived experience, reward_offered, evidence. The ladder has
    seven rungs (Think Local Act Personal). Raises ValidationError.
    """
    project_lock(project)
    day: date = today()
    row = CoproductionRating.objects.filter(project=project, stage=stage, on=day).last()
    before = {"rung": row.rung} if row else None
    row = row or CoproductionRating(project=project, stage=stage, on=day, created_by=by)
    row.rung = rung
    for name, value in told.items():
        setattr(row, name, value)
    row.full_clean()
    row.save()
    project_stamp(project=project)
    audit_record(
        type="coproduction.rated",
        target=row,
        by=by,
        unit_path=project.unit.path,
        old=before,
        new={"stage": stage, "rung": rung},
    )
    return row
