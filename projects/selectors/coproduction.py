"""How far patients shape a project, as the team has told it."""

from collections import defaultdict

from projects.models import CoproductionRating, Project


def coproduction_of(project: Project) -> dict[str, list[CoproductionRating]]:
    """stage -> its ratings, newest first; a stage nobody rated is not in it."""
    rows = CoproductionRating.objects.filter(project=project)
    found: dict[str, list[CoproductionRating]] = defaultdict(list)
    for row in rows.select_related("created_by").order_by("-on", "-pk"):
        found[row.stage].append(row)
    return dict(found)
