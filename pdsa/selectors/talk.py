"""Discussion and tasks of a project."""

from django.db.models import QuerySet

from pdsa.models import Comment, Cycle, Task
from projects.models import Project

MOST = 200


def comments_of(project: Project, cycle: Cycle | None = None) -> list[dict]:
    """Threads, oldest first, each comment with its answers; for one test or for all.

    Of very long discussions the newest part; an answer to what is older stands alone.
    """
    rows = Comment.objects.filter(project=project, deleted_at=None)
    if cycle:
        rows = rows.filter(cycle=cycle)
    rows = rows.select_related("created_by", "cycle__ramp").order_by("-id")
    found = list(reversed(rows[:MOST]))
    shown = {comment.pk for comment in found}
    answers: dict[int, list[Comment]] = {}
    for comment in found:
        if comment.parent_id:
            answers.setdefault(comment.parent_id, []).append(comment)
    heads = [comment for comment in found if comment.parent_id not in shown]
    return [{"comment": head, "answers": answers.get(head.pk, [])} for head in heads]


def tasks_of(project: Project, cycle: Cycle | None = None) -> QuerySet[Task]:
    """A project's tasks, or one test's; open ones first, then those done lately."""
    rows = Task.objects.filter(project=project, deleted_at=None)
    if cycle:
        rows = rows.filter(cycle=cycle)
    return rows.select_related("who", "cycle__ramp").order_by("done_at", "due_on", "id")
