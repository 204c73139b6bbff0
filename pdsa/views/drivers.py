"""The driver diagram: it shows tests and measures, so it stands above the register."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from pdsa.presenters import drivers as shown
from pdsa.selectors.drivers import theory_at_work
from projects import charts, presenters, selectors
from projects.views.common import project_page


@require_safe
def driver_diagram(request: HttpRequest, reference: str) -> HttpResponse:
    """The diagram as a picture and as an outline that can be worked on."""
    project = selectors.project_or_404(request.user, reference)
    work = theory_at_work(project)
    theory = work.theory
    deleted = presenters.deleted_rows(project)
    undo = request.GET.get("undo", "")
    return project_page(
        *(request, "projects/drivers.html", project, "drivers"),
        theory=theory,
        outline=shown.outline(work, request.GET.get("at", "")),
        aim_measures=shown.aim_measures(work),
        sheets=charts.driver_sheets(theory, shown.picture_notes(work)),
        hints=presenters.driver_hints(theory),
        aim_checks=presenters.aim_checks(theory.aim),
        deleted=deleted,
        undo=next((row for row in deleted if row["key"] == undo), None),
    )


@require_safe
def driver_picture(request: HttpRequest, reference: str) -> HttpResponse:
    """The picture as a file of its own, whole or one sheet of it."""
    project = selectors.project_or_404(request.user, reference)
    work = theory_at_work(project)
    notes, sheet = shown.picture_notes(work), request.GET.get("sheet", "")
    pictures = {row["key"]: row for row in charts.driver_sheets(work.theory, notes)} | {
        "": charts.driver_picture(work.theory, notes)
    }
    if sheet not in pictures:
        raise Http404
    title = f"{project.reference} {project.title}"
    context = {"picture": pictures[sheet], "title": title}
    page = "projects/driver_picture.svg"
    answer = render(request, page, context, content_type="image/svg+xml")
    name = "-".join(filter(None, [project.reference, "driver-diagram", sheet]))
    answer["Content-Disposition"] = f'attachment; filename="{name}.svg"'
    return answer
