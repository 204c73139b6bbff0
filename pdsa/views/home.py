"""The project's home page, its list of tests, its history of numbers."""

from django.core.paginator import Paginator
from django.shortcuts import render
from django.views.decorators.http import require_safe

from pdsa.presenters.cycles import cycle_rows
from pdsa.presenters.home import home_context
from pdsa.selectors import place_seen, project_cycles, project_home_read
from pdsa.views.common import page, undo_banner
from projects.presenters import done_tasks, project_frame

PAGE = 50


@require_safe
def project_home(request, reference):
    home = project_home_read(request.user, reference)
    frame = project_frame(home.project, request.user, "overview", home.stands)
    context = {"frame": frame, **home_context(home)}
    context["undo"] = undo_banner(request, reference)
    if "registered" in request.GET and home.stands.can_write:
        context["done_tasks"] = done_tasks(home.project)
    return render(request, "pdsa/project_home.html", context)


@require_safe
def cycle_list(request, reference):
    place = place_seen(request.user, reference)
    cycles = project_cycles(place.project).order_by("-id")
    found = Paginator(cycles, PAGE).get_page(request.GET.get("page"))
    return page(request, place, "cycle_list", page_obj=found, table=cycle_rows(found))
