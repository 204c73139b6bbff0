"""Starting from another team's theory: its drivers and the ideas worth trying."""

from django.db import transaction

from projects.models import ChangeIdea, Driver, Project
from qiportal.accounts.models import User


@transaction.atomic
def theory_copy(*, source: Project | None, target: Project, by: User) -> None:
    """Copies drivers and change ideas, dropped ones aside; outcomes do not travel."""
    if source is None:
        return
    copies: dict[int | None, Driver] = {}
    drivers = Driver.objects.filter(project=source, deleted_at=None)
    for driver in drivers.order_by("level", "position", "id"):
        copies[driver.pk] = Driver.objects.create(
            project=target,
            parent=copies.get(driver.parent_id),
            level=driver.level,
            text=driver.text,
            position=driver.position,
            created_by=by,
        )
    ideas = ChangeIdea.objects.filter(project=source, deleted_at=None)
    for idea in ideas.exclude(status=ChangeIdea.Status.ABANDONED):
        ChangeIdea.objects.create(
            project=target,
            driver=copies.get(idea.driver_id),
            bank_idea=idea.bank_idea,
            title=idea.title,
            because=idea.because,
            position=idea.position,
            created_by=by,
        )
