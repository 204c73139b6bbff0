"""Discussion and tasks: a page of their own, and the fragment the home page loads."""

from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from pdsa import services
from pdsa.forms.talk import CommentForm, TaskForm
from pdsa.presenters.home import task_row
from pdsa.selectors import (
    comment_at,
    cycle_at,
    place_for_delete,
    place_for_edit,
    place_seen,
    task_at,
    team_people,
)
from pdsa.selectors.talk import comments_of, tasks_of
from pdsa.views.common import form_page, page, restored, undo_banner, with_undo

form_view = require_http_methods(["GET", "HEAD", "POST"])


def talk_url(reference: str) -> str:
    return reverse("discussion", args=[reference])


@form_view
def discussion(request, reference):
    """Everyone who sees the project may take part."""
    place = place_seen(request.user, reference)
    people = team_people(place, request.user).exclude(pk=request.user.pk)
    form = CommentForm(request.POST or None, people=people)
    return form_page(
        *(request, place, form),
        lambda: _comment(place, form, request),
        template="discussion",
        said=lambda comment: "Your comment is saved.",
        then=lambda comment: f"{talk_url(reference)}#comment-{comment.pk}",
        cancel_url=place.project.get_absolute_url(),
        drafted=False,
        threads=comments_of(place.project),
        reply_to=_number(request.GET.get("reply", "")),
        undo=undo_banner(request, reference),
    )


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < 15 else None


def _comment(place, form, request):
    parent, cycle = (_number(request.POST.get(n, "")) for n in ("parent", "cycle"))
    return services.comment_add(
        project=place.project,
        body=form.cleaned_data["body"],
        mentions=list(form.cleaned_data.get("mentions", [])),
        parent=comment_at(place, parent) if parent else None,
        cycle=cycle_at(place, cycle) if cycle else None,
        submission_id=form.cleaned_data["submission_id"],
        by=request.user,
    )


@require_safe
def discussion_part(request, reference):
    """The newest of the discussion, loaded into the home page."""
    place = place_seen(request.user, reference)
    threads = comments_of(place.project)[-5:]
    return page(request, place, "discussion_part", threads=threads)


@require_POST
def comment_delete(request, reference, comment_id):
    place = place_seen(request.user, reference)
    comment = comment_at(place, comment_id)
    services.comment_delete(comment=comment, by=request.user)
    return redirect(with_undo(talk_url(reference), "comment", comment.pk))


@require_POST
def comment_restore(request, reference, comment_id):
    place = place_seen(request.user, reference)
    comment = comment_at(place, comment_id, deleted=True)
    return restored(
        *(request, lambda: services.comment_restore(comment=comment, by=request.user)),
        *("Your comment is back.", talk_url(reference)),
    )


@form_view
def task_list(request, reference):
    """All tasks of the project, and a form for one more."""
    place = place_seen(request.user, reference)
    if request.method == "POST":
        place = place_for_edit(request.user, reference)
    cycle = _cycle(place, request)
    form = TaskForm(request.POST or None, people=team_people(place, request.user))
    return form_page(
        *(request, place, form),
        lambda: _task(place, cycle, form, request.user),
        template="task_list",
        said=lambda task: "The task is there.",
        then=lambda task: reverse("task_list", args=[reference]),
        cancel_url=place.project.get_absolute_url(),
        drafted=False,
        tasks=[_row(task) for task in tasks_of(place.project)],
        cycle=cycle,
        undo=undo_banner(request, reference),
    )


def _cycle(place, request):
    key = _number(request.POST.get("cycle", "") or request.GET.get("cycle", ""))
    return cycle_at(place, key) if key else None


def _row(task) -> dict:
    return task_row(task) | {"done_at": task.done_at}


def _task(place, cycle, form, by):
    names = ("what", "who", "where", "due_on", "submission_id")
    values = {name: form.cleaned_data[name] for name in names}
    return services.task_add(project=place.project, cycle=cycle, by=by, **values)


@require_POST
def task_done(request, reference, task_id):
    place = place_for_edit(request.user, reference)
    task = task_at(place, task_id)
    done = "reopen" not in request.POST
    said = "Done. Thank you." if done else "The task is open again."
    return restored(
        *(request, lambda: services.task_done(task=task, done=done, by=request.user)),
        *(said, reverse("task_list", args=[reference])),
    )


@require_POST
def task_delete(request, reference, task_id):
    place = place_for_delete(request.user, reference)
    task = task_at(place, task_id)
    services.task_delete(task=task, by=request.user)
    url = reverse("task_list", args=[reference])
    return redirect(with_undo(url, "task", task.pk))


@require_POST
def task_restore(request, reference, task_id):
    place = place_for_delete(request.user, reference)
    task = task_at(place, task_id, deleted=True)
    return restored(
        *(request, lambda: services.task_restore(task=task, by=request.user)),
        *("The task is back.", reverse("task_list", args=[reference])),
    )
