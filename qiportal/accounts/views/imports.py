"""Uploading a file: check, report, import, undo."""

from functools import wraps

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from qiportal.accounts import import_desk, presenters, selectors, staging
from qiportal.accounts.forms.imports import ImportNowForm, ImportUploadForm
from qiportal.accounts.import_kinds import (
    import_permission,
    kind_for,
    kinds_for,
    undo_of,
)
from qiportal.accounts.permissions import require
from qiportal.core.exports import csv_response
from qiportal.core.http import form_view
from qiportal.jobs.services import job_ask

FULL = "The file could not be kept: the disk of this service is full. Try later."


def _importers_only(view):
    """403 for whoever imports nothing at all, before anything else is said."""

    @wraps(view)
    def guarded(request, *args, **kwargs):
        if not kinds_for(request.user):
            raise PermissionDenied("Only the QI team and sysadmins import files.")
        return view(request, *args, **kwargs)

    return guarded


def _of_kind(view):
    """Finds the kind in the address; 403 without its permission, 404 if unknown."""

    @wraps(view)
    def guarded(request, kind):
        if kind in settings.IMPORTS:
            require(request.user, import_permission(kind))
        found = kind_for(request.user, kind)
        if found is None:
            raise Http404("There is no such import.")
        return view(request, found)

    return guarded


@_importers_only
@require_safe
def import_list(request):
    """The imports one may do, and what was imported so far."""
    pages = Paginator(selectors.batches_for(request.user), 50)
    page = pages.get_page(request.GET.get("page"))
    context = {
        "crumbs": presenters.crumbs(),
        "kinds": kinds_for(request.user),
        "page_obj": page,
        "table": presenters.batch_table(page),
    }
    return render(request, "accounts/imports.html", context)


@_of_kind
@form_view
def import_upload(request, kind):
    """Chooses a file. It is checked first; nothing is written yet."""
    sent = request.method == "POST"
    given = (request.POST, request.FILES) if sent else ()
    form = ImportUploadForm(*given, kind=kind)
    if sent and form.is_valid():
        try:
            staged = _stage(request, kind, form)
        except OSError:
            form.add_error("file", FULL)
        else:
            return _go(request, staged, "check")
    context = {
        "crumbs": presenters.crumbs(("Imports", "import_list")),
        "kind": kind,
        "form": form,
        "columns": presenters.column_rows(kind),
    }
    return render(request, "accounts/import_upload.html", context)


def _stage(request, kind, form):
    upload = form.cleaned_data["file"]
    return staging.stage(
        kind=kind.kind,
        file_name=upload.name,
        data=upload.read(),
        options=import_desk.plain_options(form.options()),
        user=request.user,
    )


def _go(request, staged, step):
    """Small files at once; large ones by a job, with a page that shows progress."""
    if import_desk.is_large(staged):
        key = import_desk.job_key(staged.id, step)
        job_ask(kind="import_file", key=key, requested_by=request.user.email)
        return redirect("import_wait", staged_id=staged.id, step=step)
    steps = {"check": import_desk.check_staged, "commit": import_desk.commit_staged}
    return redirect("import_report", batch_id=steps[step](staged, request.user).pk)


@_of_kind
@require_safe
def import_template(request, kind):
    """An empty file with the right column names."""
    return csv_response(f"{kind.kind}.csv", [*kind.required, *kind.optional], [])


@_importers_only
@require_safe
def import_wait(request, staged_id, step):
    """Shows how far a large file is; goes on to the report when it is read."""
    job = selectors.import_job(staged_id, step)
    if job is None or job.requested_by != request.user.email:
        raise Http404("There is no such upload.")
    batch = selectors.batch_of(staged_id, dry_run=step == "check")
    if batch and job.state == job.State.DONE and not request.htmx:
        return redirect("import_report", batch_id=batch.pk)
    context = presenters.wait_page(job, batch, poll_url=request.path)
    return render(request, "pages/progress.html", context)


@_importers_only
@require_safe
def import_report(request, batch_id):
    """What a check or an import found, and what can be done next."""
    batch = selectors.batch_or_404(request.user, batch_id)
    staged = staging.staged_of(batch.job_key, request.user)
    context = _report_context(request, batch, staged, ImportNowForm())
    return render(request, "accounts/import_report.html", context)


def _report_context(request, batch, staged, form):
    is_ready = bool(staged and batch.dry_run and batch.state == batch.State.CHECKED)
    warnings = staged.warnings() if is_ready else []
    errors = batch.errors.order_by("line", "column", "pk")
    page = Paginator(errors, 50).get_page(request.GET.get("page"))
    return {
        "crumbs": presenters.crumbs(("Imports", "import_list")),
        "batch": batch,
        "label": kind_for(request.user, batch.kind).label,
        "rows": presenters.batch_rows(batch),
        "is_ready": is_ready,
        "staged": staged,
        "form": form,
        "warnings": presenters.warning_table(warnings) if warnings else None,
        "warning_count": len(warnings),
        "earlier": selectors.earlier_import(batch) if batch.dry_run else None,
        "page_obj": page,
        "table": presenters.problem_table(page),
        "counts": presenters.problem_counts(errors.values_list("code", flat=True)),
        "can_undo": undo_of(batch) is not None,
    }


@_importers_only
@require_POST
def import_commit(request, batch_id):
    """Writes a checked file; what it only warned about must be confirmed."""
    batch = selectors.batch_or_404(request.user, batch_id)
    staged = staging.staged_of(batch.job_key, request.user)
    if staged is None:
        return _no_longer_there(request, batch)
    form = ImportNowForm(request.POST)
    if staged.warnings() and not form.is_valid():
        context = _report_context(request, batch, staged, form)
        return render(request, "accounts/import_report.html", context)
    return _go(request, staged, "commit")


def _no_longer_there(request, batch):
    """Pressed twice, or a day late."""
    done = selectors.batch_of(batch.job_key, dry_run=False) if batch.job_key else None
    if done:
        return redirect("import_report", batch_id=done.pk)
    messages.error(request, "The file is not kept any longer. Please choose it again.")
    return redirect("import_upload", kind=batch.kind)


@_importers_only
@require_safe
def import_rows(request, batch_id, which):
    """The good or the bad rows of one's own upload, as a file."""
    batch = selectors.batch_or_404(request.user, batch_id)
    staged = staging.staged_of(batch.job_key, request.user)
    data = staged.read(f"{which}.csv") if staged else None
    if data is None:
        raise Http404("The file is not kept any longer.")
    response = HttpResponse(data, content_type="text/csv; charset=utf-8")
    name = f"{batch.kind}-{which}-rows.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@_importers_only
@require_POST
def import_undo(request, batch_id):
    """Takes an import back, where its kind knows how."""
    batch = selectors.batch_or_404(request.user, batch_id)
    if undo_of(batch) is None:
        raise Http404("This import cannot be undone.")
    import_desk.import_undo(batch=batch, by=request.user)
    messages.success(request, "The import was undone.")
    return redirect("import_report", batch_id=batch.pk)
