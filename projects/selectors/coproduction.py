"""How far patients shape a project, as the team has told it."""

from collections import defaultdict

from projects.models import CoproductionRating, Project
from qiportal.core.dates import today

TOLD = ("version", "rung", "members", "reward_offered", "evidence")


def coproduction_today(project: Project, stage: str) -> dict:
    """What was told of a stage earlier today, to be corrected; {} for nothing."""
    rows = CoproductionRating.objects.filter(project=project, stage=stage, on=today())
    row = rows.last()
    return {name: getattr(row, name) for name in TOLD} if row else {}


def coproduction_of(project: Project) -> dict[str, list[CoproductionRating]]:
    """stage -> its ratings, newest first; a stage nobody rated is not in it."""
    rows = CoproductionRating.objects.filter(project=project)
    found: dict[str, list[CoproductionRating]] = defaultdict(list)
    for row in rows.select_related("created_by").order_by("-on", "-pk"):
        found[row.stage].append(row)
    return dict(found)
