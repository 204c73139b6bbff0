"""Entering numbers: one by one, pasted, from a file; correcting and deleting them."""

from django.shortcuts import redirect
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from pdsa import services
from pdsa.forms.measures import EditPointForm, NewPointForm, PasteForm
from pdsa.forms.upload import UploadForm
from pdsa.imports import import_points
from pdsa.paste import paste_read
from pdsa.presenters.measures import history_rows, paste_table
from pdsa.selectors import (
    measure_at,
    measure_series,
    next_period,
    place_for_delete,
    place_for_edit,
    place_for_log,
    place_seen,
    point_at,
    point_deleted_at,
    point_history,
    require_history,
)
from pdsa.views.common import done, form_page, page, restored, with_undo
from pdsa.views.measures import measure_url
from qiportal.accounts.safe_forms import record_ticks

form_view = require_http_methods(["GET", "HEAD", "POST"])


@form_view
def point_add(request, reference, measure_id):
    """One number. Somebody of the project's own team joins as they save."""
    place = place_for_log(request.user, reference)
    measure = measure_at(place, measure_id)
    series = measure_series(measure)
    initial = {"period_start": next_period(series)}
    form = NewPointForm(request.POST or None, measure=measure, initial=initial)
    return form_page(
        *(request, place, form),
        lambda: _record(measure, form, request.user),
        template="point_form",
        said=lambda point: "Your number is saved.",
        then=lambda point: measure_url(measure),
        cancel_url=measure_url(measure),
        title=measure.name,
        measure=measure,
        join=True,
        joining=place.joining,
        last=series.known[-1] if series.known else None,
    )


def _record(measure, form, by):
    submission = form.cleaned_data["submission_id"]
    return services.data_point_record(
        measure=measure, submission_id=submission, by=by, **form.point_values()
    )


@form_view
def point_edit(request, reference, measure_id, point_id):
    place = place_for_edit(request.user, reference)
    measure = measure_at(place, measure_id)
    point = point_at(measure, point_id)
    form = EditPointForm(request.POST or None, measure=measure, initial=_initial(point))
    return form_page(
        *(request, place, form),
        lambda: services.data_point_change(
            point=point,
            version=form.cleaned_data["version"],
            by=request.user,
            **form.point_values(),
        ),
        template="point_form",
        said=lambda point: "The number is changed.",
        then=lambda point: measure_url(measure),
        cancel_url=measure_url(measure),
        theirs=_initial,
        title=f"Change a number: {measure.name}",
        measure=measure,
        point=point,
    )


def _initial(point) -> dict:
    names = ("period_start", "note", "is_excluded", "exclusion_reason", "version")
    figures = {
        name: f"{getattr(point, name).normalize():f}"
        for name in ("numerator", "denominator")
        if getattr(point, name) is not None
    }
    return {name: getattr(point, name) for name in names} | figures


@require_safe
def point_history_page(request, reference, measure_id, point_id):
    place = place_seen(request.user, reference)
    require_history(place)
    measure = measure_at(place, measure_id)
    point = point_at(measure, point_id)
    table = history_rows(*point_history(point))
    title = f"History: {measure.name}"
    return page(
        *(request, place, "point_history"), title=title, table=table, point=point
    )


@require_POST
def point_delete(request, reference, measure_id, point_id):
    place = place_for_delete(request.user, reference)
    measure = measure_at(place, measure_id)
    point = point_at(measure, point_id)
    services.data_point_delete(point=point, by=request.user)
    return redirect(with_undo(measure_url(measure), "point", point.pk))


@require_POST
def point_restore(request, reference, measure_id, point_id):
    place = place_for_delete(request.user, reference)
    measure = measure_at(place, measure_id)
    point = point_deleted_at(measure, point_id)
    return restored(
        *(request, lambda: services.data_point_restore(point=point, by=request.user)),
        *("The number is back.", measure_url(measure)),
    )


@form_view
def points_paste(request, reference, measure_id):
    """Paste, look at what was read, save. A row with a problem stops all."""
    place = place_for_edit(request.user, reference)
    measure = measure_at(place, measure_id)
    form = PasteForm(request.POST or None, measure=measure)
    pasted = None
    if request.method == "POST" and form.is_valid():
        pasted = paste_read(measure, form.cleaned_data["rows"])
        if pasted.ok and "save" in request.POST:
            return _paste(request, measure, form, pasted)
        if pasted.problem:
            form.add_error("rows", pasted.problem)
    table = paste_table(measure, pasted) if pasted and pasted.rows else None
    context = {"form": form, "pasted": pasted, "table": table, "measure": measure}
    context["cancel_url"] = measure_url(measure)
    return page(request, place, "points_paste", title=measure.name, **context)


def _paste(request, measure, form, pasted):
    result = services.data_points_paste(
        measure=measure,
        rows=pasted.points,
        submission_id=form.cleaned_data["submission_id"],
        by=request.user,
    )
    said = f"{result.created} numbers added, {result.changed} changed, "
    said += f"{result.unchanged} already there."
    return done(request, said, measure_url(measure))


@form_view
def points_import(request, reference, measure_id):
    """A CSV or XLSX file of this measure's numbers: checked first, then written."""
    place = place_for_edit(request.user, reference)
    measure = measure_at(place, measure_id)
    form = UploadForm(request.POST or None, request.FILES or None)
    report = None
    if request.method == "POST" and form.is_valid():
        report = _import(request, measure, form)
        written = report.ok and not report.already_imported
        if written and not report.batch.dry_run:
            said = f"{report.batch.rows_changed} numbers written."
            return done(request, said, measure_url(measure))
    context = {"form": form, "report": report, "measure": measure}
    context["cancel_url"] = measure_url(measure)
    return page(request, place, "points_import", title=measure.name, **context)


def _import(request, measure, form):
    """Checks the file; writes it unless only a check was asked for or is needed.

    Notes that may be about a patient stop it until the tick; the tick is audited.
    """
    upload = form.cleaned_data["file"]
    values = {"file_name": upload.name, "data": upload.read(), "by": request.user}
    values["options"] = {"measure": measure.pk}
    checked = import_points(**values, dry_run=True)
    confirmed = form.cleaned_data["not_a_patient"]
    if not checked.ok or form.cleaned_data["check_only"]:
        return checked
    if checked.warnings and not confirmed:
        form.add_error("not_a_patient", "Look at the notes below, then tick this.")
        return checked
    report = import_points(**values, dry_run=False)
    ticks = [(warning.code, warning.column) for warning in checked.warnings]
    form.identifier_ticks = list(dict.fromkeys(ticks))
    record_ticks(form, target=report.batch, by=request.user)
    return report
