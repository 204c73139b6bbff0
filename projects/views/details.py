"""A project's charter, state, deletion and history."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import (
    require_GET,
    require_http_methods,
    require_POST,
)

from projects import presenters, selectors, services
from projects.forms import DetailsForm, StatusForm
from projects.views.common import (
    Drafted,
    both_texts,
    chosen,
    inner_form_page,
    project_page,
    saved,
    tried,
)
from qiportal.core.undo import kept_days
from qiportal.core.versions import Conflict


@require_GET
def project_details(request: HttpRequest, reference: str) -> HttpResponse:
    """The charter as everybody who sees the project reads it."""
    project = selectors.project_or_404(request.user, reference)
    context = presenters.details(project, request.user)
    return project_page(request, "projects/details.html", project, "details", **context)


@require_http_methods(["GET", "POST"])
def project_edit(request: HttpRequest, reference: str) -> HttpResponse:
    project = selectors.project_for_lead(request.user, reference)
    back = reverse("project_details", args=[reference])
    draft = Drafted(request, "project_edit", reference)
    own = {"actor": request.user, "project": project, "initial": draft.initial()}
    form = DetailsForm(request.POST or None, **own)
    if form.is_valid():
        data = chosen(form, *form.base_fields)
        try:
            if saved(request, form, services.project_edit, project=project, **data):
                draft.discard()
                messages.success(request, "Details saved.")
                return redirect(back)
        except Conflict as clash:
            return both_texts(request, form, clash, back)
    words = {"heading": "Change details", "cancel_url": back, **draft.words()}
    return inner_form_page(request, project, "details", form, **words)


@require_http_methods(["GET", "POST"])
def project_status(request: HttpRequest, reference: str) -> HttpResponse:
    project = selectors.project_for_lead(request.user, reference)
    back = reverse("project_details", args=[reference])
    draft = Drafted(request, "project_status", reference)
    form = StatusForm(request.POST or None, project=project, initial=draft.initial())
    if request.method == "POST" and form.is_valid():
        data = chosen(form, "to", "reason", "learning", "version")
        try:
            if saved(request, form, services.status_change, project=project, **data):
                draft.discard()
                label = project.get_status_display().lower()
                messages.success(request, f"The project is now {label}.")
                return redirect(project)
        except Conflict as clash:
            theirs = {"to": clash.current.get_status_display()}
            return both_texts(request, form, clash, back, **theirs)
    words = {"heading": "Change the status", "cancel_url": back, **draft.words()}
    return inner_form_page(request, project, "details", form, **words)


@require_http_methods(["GET", "POST"])
def project_delete(request: HttpRequest, reference: str) -> HttpResponse:
    project = selectors.project_to_delete(request.user, reference)
    if request.method == "POST":
        services.project_delete(project=project, by=request.user)
        return redirect(f"{reverse('project_list')}?deleted={project.reference}")
    context = {
        "title": "Delete this project?",
        "question": f"{project.reference} · {project.title}",
        "consequences": [
            "Nobody finds it any more, its tests and numbers included.",
            f"It can be brought back for {kept_days()} days.",
            "To end a project, change its status instead: closed projects stay "
            "findable and their learning helps others.",
        ],
        "submit_label": "Delete",
        "cancel_url": reverse("project_details", args=[reference]),
    }
    return render(request, "pages/confirm.html", context)


@require_POST
def project_restore(request: HttpRequest, reference: str) -> HttpResponse:
    project = selectors.project_to_restore(request.user, reference)
    if not tried(request, services.project_restore, project=project):
        return redirect("projects_deleted")
    messages.success(request, f"{project.title} is back.")
    return redirect(project)


@require_GET
def project_history(request: HttpRequest, reference: str) -> HttpResponse:
    """What changed, when and by whom."""
    project = selectors.project_for_history(request.user, reference)
    events = Paginator(selectors.project_history(project), 50)
    page = events.get_page(request.GET.get("page"))
    shows_names = selectors.sees_people(request.user, project)
    return project_page(
        request,
        "projects/history.html",
        project,
        "history",
        page=page,
        entries=presenters.history_entries(list(page), shows_names=shows_names),
        steps=selectors.status_steps(project),
        shows_names=shows_names,
    )
