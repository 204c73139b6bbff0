"""Programmes: their projects, and the way to all their charts."""

from django.core.paginator import Paginator
from django.shortcuts import render
from django.views.decorators.http import require_safe

from pdsa.presenters.programmes import programme_table, projects_table
from projects.presenters import list_tabs
from projects.selectors.programmes import (
    programme_or_404,
    programme_projects,
    programmes_counted,
)

ROWS = 50


@require_safe
def programme_list(request):
    rows = programmes_counted(request.user)
    found = Paginator(rows, ROWS).get_page(request.GET.get("page"))
    context = {
        "page_obj": found,
        "table": programme_table(found),
        "tabs": list_tabs("programmes"),
    }
    return render(request, "pdsa/programmes.html", context)


@require_safe
def programme_detail(request, programme_id):
    programme = programme_or_404(programme_id)
    rows = programme_projects(request.user, programme)
    found = Paginator(rows, ROWS).get_page(request.GET.get("page"))
    context = {
        "programme": programme,
        "page_obj": found,
        "table": projects_table(found),
    }
    return render(request, "pdsa/programme.html", context)
