"""Change ideas, library methods in use, and what the team is stuck on."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import (
    require_GET,
    require_http_methods,
    require_POST,
)

from projects import presenters, selectors, services
from projects.forms import (
    BarrierForm,
    BarrierResolveForm,
    IdeaAddForm,
    IdeaEditForm,
    IdeaOutcomeForm,
    MethodForm,
)
from projects.permissions import can_take_barriers
from projects.views.common import (
    both_texts,
    chosen,
    inner_form_page,
    project_page,
    saved,
    tried,
)
from qiportal.core.versions import Conflict


def _back(request: HttpRequest, project, idea=None) -> str:
    """Where the person came from: the diagram, or the list of ideas."""
    if request.GET.get("from") != "drivers":
        url = reverse("project_ideas", args=[project.reference])
        return f"{url}#idea-{idea.pk}" if idea else url
    diagram = reverse("driver_diagram", args=[project.reference])
    return presenters.node_url(idea) if idea else diagram


@require_GET
def project_ideas(request: HttpRequest, reference: str) -> HttpResponse:
    project = selectors.project_or_404(request.user, reference)
    _, deleted = selectors.deleted_theory(project)
    return project_page(
        request,
        "projects/ideas.html",
        project,
        "ideas",
        groups=presenters.idea_groups(project, request.user),
        deleted=deleted,
    )


@require_http_methods(["GET", "POST"])
def idea_new(request: HttpRequest, reference: str) -> HttpResponse:
    project = selectors.project_for_edit(request.user, reference)
    form = IdeaAddForm(
        request.POST or None,
        drivers=selectors.drivers_in_outline(project),
        initial={"driver": request.GET.get("driver")},
    )
    back = _back(request, project)
    if request.method == "POST" and form.is_valid():
        data = chosen(form, "title", "because", "driver", "submission_id")
        if row := saved(request, form, services.idea_add, project=project, **data):
            messages.success(request, f"Added “{row.title}”.")
            return redirect(_back(request, project, row))
    return inner_form_page(
        request, project, "ideas", form, heading="Add a change idea", cancel_url=back
    )


@require_http_methods(["GET", "POST"])
def idea_edit(request: HttpRequest, reference: str, idea_id: int) -> HttpResponse:
    project = selectors.project_for_edit(request.user, reference)
    idea = selectors.idea_of(project, idea_id)
    drivers = selectors.drivers_in_outline(project)
    own = presenters.idea_values(idea)
    form = IdeaEditForm(request.POST or None, drivers=drivers, initial=own)
    back = _back(request, project, idea)
    if request.method == "POST" and form.is_valid():
        data = chosen(form, "title", "because", "driver", "version")
        try:
            if saved(request, form, services.idea_edit, idea=idea, **data):
                return redirect(back)
        except Conflict as clash:
            return both_texts(request, form, clash, back)
    return inner_form_page(
        request, project, "ideas", form, heading="Change an idea", cancel_url=back
    )


@require_http_methods(["GET", "POST"])
def idea_outcome(request: HttpRequest, reference: str, idea_id: int) -> HttpResponse:
    """What became of an idea, where no test decided it."""
    project = selectors.project_for_edit(request.user, reference)
    idea = selectors.idea_of(project, idea_id)
    names = ("status", "why", "would_try_if", "version")
    own = {name: getattr(idea, name) for name in names}
    form = IdeaOutcomeForm(request.POST or None, initial=own)
    back = _back(request, project, idea)
    if request.method == "POST" and form.is_valid():
        data = chosen(form, *names)
        try:
            if saved(request, form, services.idea_mark, idea=idea, **data):
                return redirect(back)
        except Conflict as clash:
            return both_texts(request, form, clash, back)
    return inner_form_page(
        request, project, "ideas", form, heading=idea.title, cancel_url=back
    )


@require_POST
def idea_delete(request: HttpRequest, reference: str, idea_id: int) -> HttpResponse:
    project = selectors.project_for_row_delete(request.user, reference)
    idea = selectors.idea_of(project, idea_id)
    services.idea_delete(idea=idea, by=request.user)
    if request.GET.get("from") == "drivers":
        return redirect(presenters.undo_url(idea))
    return redirect("project_ideas", reference)


@require_POST
def idea_restore(request: HttpRequest, reference: str, idea_id: int) -> HttpResponse:
    project = selectors.project_for_row_delete(request.user, reference)
    idea = selectors.idea_of(project, idea_id, deleted=True)
    services.idea_restore(idea=idea, by=request.user)
    messages.success(request, f"“{idea.title}” is back.")
    return redirect(_back(request, project, idea))


@require_GET
def project_methods(request: HttpRequest, reference: str) -> HttpResponse:
    project = selectors.project_or_404(request.user, reference)
    uses = selectors.method_uses(project)
    return project_page(request, "projects/methods.html", project, "methods", uses=uses)


@require_http_methods(["GET", "POST"])
def method_attach(request: HttpRequest, reference: str) -> HttpResponse:
    project = selectors.project_for_edit(request.user, reference)
    form = MethodForm(
        request.POST or None,
        actor=request.user,
        may_lead=selectors.leads(request.user, project),
        initial={"method": request.GET.get("method")},
    )
    back = reverse("project_methods", args=[reference])
    if request.method == "POST" and form.is_valid():
        data = form.attachment()
        if row := saved(request, form, services.method_attach, project=project, **data):
            messages.success(request, f"{row.method} is on your list.")
            return redirect(back)
    return inner_form_page(
        request, project, "methods", form, heading="Add a tool", cancel_url=back
    )


@require_POST
def method_detach(request: HttpRequest, reference: str, use_id: int) -> HttpResponse:
    project = selectors.project_for_edit(request.user, reference)
    use = selectors.method_use_of(project, use_id)
    services.method_detach(use=use, by=request.user)
    messages.success(request, f"{use.method} is off your list.")
    return redirect("project_methods", reference)


@require_GET
def project_barriers(request: HttpRequest, reference: str) -> HttpResponse:
    project = selectors.project_or_404(request.user, reference)
    return project_page(
        request,
        "projects/barriers.html",
        project,
        "barriers",
        barriers=selectors.project_barriers(project),
        can_take=can_take_barriers(request.user),
    )


@require_http_methods(["GET", "POST"])
def barrier_raise(request: HttpRequest, reference: str) -> HttpResponse:
    """We're stuck."""
    project = selectors.project_for_edit(request.user, reference)
    form = BarrierForm(request.POST or None)
    back = reverse("project_barriers", args=[reference])
    if request.method == "POST" and form.is_valid():
        data = chosen(form, "type", "text", "level", "submission_id")
        if saved(request, form, services.barrier_raise, project=project, **data):
            messages.success(request, "Saved. It is on the list of what needs help.")
            return redirect(back)
    return inner_form_page(
        request, project, "barriers", form, heading="We’re stuck", cancel_url=back
    )


def _barrier_to_take(request: HttpRequest, reference: str, barrier_id: int):
    project = selectors.project_or_404(request.user, reference)
    if not can_take_barriers(request.user):
        raise PermissionDenied("The board and the QI team take these on.")
    return project, selectors.barrier_of(project, barrier_id)


@require_POST
def barrier_take(request: HttpRequest, reference: str, barrier_id: int) -> HttpResponse:
    _, barrier = _barrier_to_take(request, reference, barrier_id)
    if tried(request, services.barrier_take, barrier=barrier):
        messages.success(request, "It is yours now. The team is told.")
    return redirect("project_barriers", reference)


@require_http_methods(["GET", "POST"])
def barrier_resolve(
    request: HttpRequest, reference: str, barrier_id: int
) -> HttpResponse:
    project, barrier = _barrier_to_take(request, reference, barrier_id)
    form = BarrierResolveForm(request.POST or None)
    back = reverse("project_barriers", args=[reference])
    if request.method == "POST" and form.is_valid():
        data = chosen(form, "outcome")
        if saved(request, form, services.barrier_resolve, barrier=barrier, **data):
            messages.success(request, "Resolved. The team is told.")
            return redirect(back)
    return inner_form_page(
        request,
        project,
        "barriers",
        form,
        heading="Resolved",
        cancel_url=back,
        intro=barrier.text,
    )
