"""Moving drivers and change ideas; every answer is the diagram with a sentence."""

from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from projects import presenters, selectors, services
from projects.forms import DriverPlaceForm, IdeaPlaceForm, StepForm
from projects.models import ChangeIdea, Driver
from projects.views.common import chosen, inner_form_page, tried
from qiportal.core.versions import Conflict

STALE = (
    "Somebody else changed the diagram while you were working on it, so nothing was "
    "moved. It is shown as it stands now. Move it again if you still want to."
)


def _moved(
    request: HttpRequest,
    form: forms.Form,
    service: Callable,
    row: Driver | ChangeIdea,
    **fields: object,
) -> HttpResponse:
    """Moves the row if nothing stands against it, and goes back to the diagram."""
    name = "driver" if isinstance(row, Driver) else "idea"
    try:
        if not form.is_valid():
            raise Conflict(row)
        data = chosen(form, *form.fields)
        if tried(request, service, **{name: row}, **data, **fields):
            messages.success(request, presenters.place_words(row))
    except Conflict:
        messages.error(request, STALE)
    return redirect(presenters.node_url(row))


@require_http_methods(["GET", "POST"])
def driver_place(request: HttpRequest, reference: str, driver_id: int) -> HttpResponse:
    project = selectors.project_for_edit(request.user, reference)
    row = selectors.driver_of(project, driver_id)
    drivers = selectors.project_drivers(project)
    form = DriverPlaceForm(request.POST or None, row=row, drivers=drivers)
    if request.method == "POST":
        return _moved(request, form, services.driver_place, row)
    return inner_form_page(
        *(request, project, "drivers", form),
        heading="Move a driver",
        intro=row.text,
        submit_label="Move",
        cancel_url=presenters.node_url(row),
    )


@require_http_methods(["GET", "POST"])
def idea_place(request: HttpRequest, reference: str, idea_id: int) -> HttpResponse:
    project = selectors.project_for_edit(request.user, reference)
    row = selectors.idea_of(project, idea_id)
    form = IdeaPlaceForm(
        request.POST or None,
        row=row,
        drivers=selectors.drivers_in_outline(project),
        ideas=selectors.project_ideas(project),
    )
    if request.method == "POST":
        return _moved(request, form, services.idea_place, row)
    return inner_form_page(
        *(request, project, "drivers", form),
        heading="Move a change idea",
        intro=row.title,
        submit_label="Move",
        cancel_url=presenters.node_url(row),
    )


@require_POST
def driver_move(
    request: HttpRequest, reference: str, driver_id: int, way: str
) -> HttpResponse:
    project = selectors.project_for_edit(request.user, reference)
    row = selectors.driver_of(project, driver_id)
    form = StepForm(request.POST)
    return _moved(request, form, services.driver_move, row, up=way == "up")


@require_POST
def idea_move(
    request: HttpRequest, reference: str, idea_id: int, way: str
) -> HttpResponse:
    project = selectors.project_for_edit(request.user, reference)
    row = selectors.idea_of(project, idea_id)
    form = StepForm(request.POST)
    return _moved(request, form, services.idea_move, row, up=way == "up")
