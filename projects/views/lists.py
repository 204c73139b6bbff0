"""The project list, its exports and saved filters; ideas tried and dropped."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from projects import presenters, selectors
from projects.forms import DroppedFilterForm, ProjectFilterForm, SaveFilterForm
from projects.services import filter_delete, filter_save, projects_exported
from qiportal.core.exports import csv_response, xlsx_response

PAGE = "projects"
ROWS = 50


@require_GET
def project_list(request: HttpRequest) -> HttpResponse:
    """Fifty rows a page; htmx takes `#results` out of the whole page."""
    form = ProjectFilterForm(request.GET, actor=request.user)
    rows = selectors.project_list(request.user, form.usable())
    page = Paginator(rows, ROWS).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "rows": presenters.list_rows(page),
        "tabs": presenters.list_tabs("mine" if request.GET.get("mine") else "all"),
        "query": presenters.query_of(request.GET),
        "saved": selectors.saved_filters(request.user, PAGE),
        "drawer_open": presenters.drawer_is_open(form),
        "undo": presenters.undo_notice(request.user, request.GET.get("deleted", "")),
    }
    return render(request, "projects/list.html", context)


@require_GET
def project_export(request: HttpRequest, kind: str) -> HttpResponse:
    """The list as a file, with the same filters; audited."""
    form = ProjectFilterForm(request.GET, actor=request.user)
    found = selectors.project_list(request.user, form.usable())
    rows = presenters.export_rows(found)
    write = {"csv": csv_response, "xlsx": xlsx_response}[kind]
    projects_exported(
        by=request.user, kind=kind, rows=len(rows), query=request.GET.urlencode()
    )
    return write(f"projects.{kind}", presenters.EXPORT_HEADER, rows)


@require_POST
def filter_save_view(request: HttpRequest) -> HttpResponse:
    """Names the filters in use."""
    form = SaveFilterForm(request.POST)
    query = presenters.query_of(QueryDict(request.POST.get("query", "")[:500]))
    if form.is_valid() and query:
        name = form.cleaned_data["name"]
        filter_save(by=request.user, page=PAGE, name=name, query_string=query)
        messages.success(request, f"Saved as “{name}”.")
    else:
        messages.warning(request, "Choose a filter and give it a name to save it.")
    return redirect(f"{reverse('project_list')}?{query}")


@require_POST
def filter_delete_view(request: HttpRequest, filter_id: int) -> HttpResponse:
    row = selectors.saved_filter_or_404(request.user, filter_id)
    filter_delete(row=row, by=request.user)
    messages.success(request, f"“{row.name}” is gone.")
    return redirect("project_list")


@require_GET
def dropped_list(request: HttpRequest) -> HttpResponse:
    """What was tried and dropped, so that nobody tries it the same way again."""
    form = DroppedFilterForm(request.GET, actor=request.user)
    wanted = form.usable()
    rows = selectors.dropped_ideas(
        request.user, wanted.get("q") or "", wanted.get("unit")
    )
    context = {
        "form": form,
        "page": Paginator(rows, ROWS).get_page(request.GET.get("page")),
        "tabs": presenters.list_tabs("dropped"),
        "filtered": any(wanted.values()),
    }
    return render(request, "projects/dropped.html", context)


@require_GET
def deleted_list(request: HttpRequest) -> HttpResponse:
    """What the person may still bring back."""
    rows = selectors.deleted_projects(request.user)
    context = {"rows": rows, "tabs": presenters.list_tabs("deleted")}
    return render(request, "projects/deleted.html", context)
