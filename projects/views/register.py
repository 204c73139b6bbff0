"""Registering a project, with its look-alikes."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from projects.forms import RegisterForm
from projects.forms.library import LINKS
from projects.presenters import lookalike_rows
from projects.selectors import similar_projects
from projects.services import project_register
from projects.views.common import chosen, saved
from qiportal.accounts.drafts import draft_discard, draft_of, initial_for
from qiportal.library.field_links import link_fields

FORM_KEY = "project_new"
SENT = (
    *("title", "problem", "unit", "aim_statement", "lead", "visibility"),
    *("submission_id", "reuse_of"),
)


@require_http_methods(["GET", "POST"])
def project_new(request: HttpRequest) -> HttpResponse:
    """One screen; without JavaScript the look-alikes come on a page of their own."""
    if request.method == "GET":
        return _blank(request)
    form = RegisterForm(request.POST, actor=request.user)
    if form.is_valid():
        found = [] if form.cleaned_data["looked"] else _lookalikes(request, form)
        if found:
            context = {"form": form, "rows": found}
            return render(request, "projects/register_check.html", context)
        data = chosen(form, *SENT) | {"team": form.people()}
        if project := saved(request, form, project_register, **data):
            draft_discard(user=request.user, form_key=FORM_KEY)
            return redirect(f"{project.get_absolute_url()}?registered=1")
    rows = _lookalikes(request, form)
    return _page(request, form, rows=rows)


def _blank(request: HttpRequest) -> HttpResponse:
    kept = {k: v for k, v in initial_for(request.user, FORM_KEY).items() if v != ""}
    title = request.GET.get("title", "")[:150]
    initial = {**({"title": title} if title else {}), **kept}
    form = RegisterForm(actor=request.user, initial=initial)
    draft = draft_of(request.user, FORM_KEY)
    return _page(request, form, draft=draft)


def _page(request: HttpRequest, form: RegisterForm, **words: Any) -> HttpResponse:
    link_fields([form], LINKS)
    return render(request, "projects/register.html", {"form": form, **words})


def _lookalikes(request: HttpRequest, form: RegisterForm) -> list[dict]:
    title = form["title"].data or ""
    chosen = form["reuse_of"].data or ""
    found = similar_projects(request.user, title)
    return lookalike_rows(found, request.user, chosen=chosen)


@require_GET
def lookalikes(request: HttpRequest) -> HttpResponse:
    """The fragment shown beneath the title while it is typed."""
    found = similar_projects(request.user, request.GET.get("title", "")[:200])
    chosen = request.GET.get("reuse_of", "")
    rows = lookalike_rows(found, request.user, chosen=chosen)
    return render(request, "projects/_lookalikes.html", {"rows": rows, "typed": True})
