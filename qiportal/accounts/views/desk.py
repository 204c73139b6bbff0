"""The audit log and the job list."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from qiportal.accounts import presenters
from qiportal.accounts.audit import audit_read, export_record
from qiportal.accounts.forms.desk import AuditFilter, JobFilter
from qiportal.accounts.permissions import Perm, requires
from qiportal.accounts.selectors import desk
from qiportal.accounts.services.jobs import rollup_ask
from qiportal.core.exports import csv_response

MAX_CSV_ROWS = 10_000


def _events(request, form):
    given = form.cleaned_data if form.is_valid() else {}
    filters = {"actor_part" if k == "actor" else k: v for k, v in given.items()}
    return desk.events_for(request.user, **filters)


@requires(Perm.AUDIT_READ)
@require_safe
def audit_log(request):
    """Who did what to which object, and when; reading it is audited, too."""
    form = AuditFilter(request.GET or None)
    page = Paginator(_events(request, form), 50).get_page(request.GET.get("page"))
    context = {
        "crumbs": presenters.crumbs(),
        "form": form,
        "page_obj": page,
        "table": presenters.audit_table(page),
    }
    audit_read(what="audit_log", by=request.user, detail=request.GET.dict())
    return render(request, "accounts/audit.html", context)


@requires(Perm.AUDIT_READ)
@require_safe
def audit_csv(request):
    """The same list as a file, at most 10,000 rows."""
    events = list(_events(request, AuditFilter(request.GET or None))[:MAX_CSV_ROWS])
    export_record(what="audit_log", by=request.user, rows=len(events))
    rows = [presenters.audit_cells(event) for event in events]
    return csv_response("audit-log.csv", presenters.AUDIT_HEADER, rows)


@requires(Perm.JOBS_RUN)
@require_safe
def job_list(request):
    """Background work and what became of it."""
    form = JobFilter(request.GET or None)
    filters = form.cleaned_data if form.is_valid() else {}
    jobs = desk.jobs_for(request.user, **filters)
    page = Paginator(jobs, 50).get_page(request.GET.get("page"))
    context = {
        "crumbs": presenters.crumbs(),
        "form": form,
        "page_obj": page,
        "table": presenters.job_table(page),
    }
    return render(request, "accounts/jobs.html", context)


@requires(Perm.JOBS_RUN)
@require_POST
def rollup_now(request):
    """Has the figures of the board page computed afresh."""
    rollup_ask(by=request.user)
    messages.success(request, "Asked for. The figures are new in a minute or two.")
    return redirect("job_list")
