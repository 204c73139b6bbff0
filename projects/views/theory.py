"""The aim builder and the drivers."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from projects import presenters, selectors, services
from projects.aims import checks, sentence
from projects.forms import AimForm, DriverAddForm, DriverEditForm
from projects.views.common import (
    Drafted,
    both_texts,
    chosen,
    inner_form_page,
    project_page,
    saved,
    tried,
)
from qiportal.core.versions import Conflict


@require_http_methods(["GET", "POST"])
def project_aim(request: HttpRequest, reference: str) -> HttpResponse:
    """The aim part by part; "Preview" shows the sentence without saving."""
    project = selectors.project_for_lead(request.user, reference)
    draft = Drafted(request, "project_aim", reference)
    form = _aim_form(request, project, draft)
    if form.is_valid() and "preview" not in request.POST:
        data = chosen(form, "version", *services.AIM_PARTS)
        data["statement"] = form.statement()
        try:
            if saved(request, form, services.aim_set, project=project, **data):
                draft.discard()
                messages.success(request, "Aim saved.")
                return redirect("driver_diagram", reference)
        except Conflict as clash:
            back = reverse("driver_diagram", args=[reference])
            theirs = presenters.aim_values(clash.current)
            return both_texts(request, form, clash, back, **theirs)
    words = {"form": form, **_aim_words(form), **draft.words()}
    return project_page(request, "projects/aim.html", project, "drivers", **words)


def _aim_form(request: HttpRequest, project, draft: Drafted) -> AimForm:
    aim = selectors.current_aim(project)
    return AimForm(request.POST or None, aim=aim, initial=draft.initial())


def _aim_words(form: AimForm) -> dict:
    """The sentence so far, and what a testable aim still lacks."""
    parts = form.parts()
    return {"sentence": sentence(parts), "checks": checks(parts)}


@require_POST
def aim_preview(request: HttpRequest, reference: str) -> HttpResponse:
    """The sentence while its parts are typed. Posted, so that no log keeps the text;
    nothing is saved."""
    selectors.project_for_lead(request.user, reference)
    form = AimForm(request.POST, aim=None)
    form.is_valid()
    return render(request, "projects/_aim_preview.html", _aim_words(form))


@require_http_methods(["GET", "POST"])
def driver_new(request: HttpRequest, reference: str) -> HttpResponse:
    project = selectors.project_for_edit(request.user, reference)
    primaries = selectors.primary_drivers(project)
    initial = {"parent": request.GET.get("parent")}
    form = DriverAddForm(request.POST or None, primaries=primaries, initial=initial)
    back = reverse("driver_diagram", args=[reference])
    if request.method == "POST" and form.is_valid():
        data = chosen(form, "text", "parent", "submission_id")
        if row := saved(request, form, services.driver_add, project=project, **data):
            messages.success(request, f"Added “{row.text}”.")
            return redirect(presenters.node_url(row))
    return inner_form_page(
        request, project, "drivers", form, heading="Add a driver", cancel_url=back
    )


@require_http_methods(["GET", "POST"])
def driver_edit(request: HttpRequest, reference: str, driver_id: int) -> HttpResponse:
    project = selectors.project_for_edit(request.user, reference)
    driver = selectors.driver_of(project, driver_id)
    back = reverse("driver_diagram", args=[reference])
    form = _driver_form(request, project, driver)
    if request.method == "POST" and form.is_valid():
        data = chosen(form, *form.fields.keys() & {"text", "parent", "version"})
        try:
            if saved(request, form, services.driver_edit, driver=driver, **data):
                return redirect(presenters.node_url(driver))
        except Conflict as clash:
            return both_texts(request, form, clash, back)
    return inner_form_page(
        request, project, "drivers", form, heading="Change a driver", cancel_url=back
    )


def _driver_form(request: HttpRequest, project, driver) -> DriverEditForm:
    """A primary driver has no parent to choose; a secondary one must have one."""
    form = DriverEditForm(
        request.POST or None,
        primaries=selectors.primary_drivers(project),
        initial={
            "text": driver.text,
            "parent": driver.parent_id,
            "version": driver.version,
        },
    )
    if driver.parent_id is None:
        del form.fields["parent"]
    else:
        form.fields["parent"].required = True
    return form


@require_POST
def driver_delete(request: HttpRequest, reference: str, driver_id: int) -> HttpResponse:
    project = selectors.project_for_row_delete(request.user, reference)
    driver = selectors.driver_of(project, driver_id)
    services.driver_delete(driver=driver, by=request.user)
    return redirect(presenters.undo_url(driver))


@require_POST
def driver_restore(
    request: HttpRequest, reference: str, driver_id: int
) -> HttpResponse:
    project = selectors.project_for_row_delete(request.user, reference)
    driver = selectors.driver_of(project, driver_id, deleted=True)
    if tried(request, services.driver_restore, driver=driver):
        messages.success(request, f"“{driver.text}” is back.")
    return redirect(presenters.node_url(driver))
