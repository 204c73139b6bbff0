"""Pages of a measure: chart, definition, phases, targets, downloads."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from pdsa import services
from pdsa.charts import measure_reading, picture_context, reading_within
from pdsa.charts.standalone import standalone_html
from pdsa.forms.chart import RangeForm
from pdsa.forms.measures import (
    EditMeasureForm,
    NewMeasureForm,
    NewPointForm,
    PhaseForm,
    TargetForm,
)
from pdsa.presenters.measures import (
    csv_rows,
    measure_context,
    measure_table,
    phase_rows,
    point_table,
    proposal_of,
    target_rows,
)
from pdsa.selectors import (
    measure_at,
    measure_deleted_at,
    measure_series,
    next_period,
    phase_at,
    phases_all,
    place_for_delete,
    place_for_edit,
    place_seen,
    points_newest,
    project_cycles,
    project_measures,
    target_at,
    targets_of,
)
from pdsa.views.common import done, form_page, page, restored, undo_banner, with_undo
from qiportal.core.exports import csv_response

form_view = require_http_methods(["GET", "HEAD", "POST"])
NEWEST = 12
PAGE = 50
MEASURE_FIELDS = [
    *("name", "kind", "data_type", "operational_definition", "numerator_def"),
    *("denominator_def", "unit_of_measure", "direction", "frequency", "decimals"),
    *("driver", "source", "collector"),
]


def measure_url(measure) -> str:
    return reverse("measure_detail", args=[measure.project.reference, measure.pk])


@require_safe
def measure_list(request, reference):
    place = place_seen(request.user, reference)
    table = measure_table(project_measures(place.project), reference)
    return page(request, place, "measure_list", table=table)


def _drawn(request, measure):
    """The reading with the days asked for in the address, and the form that asks."""
    reading = measure_reading(measure)
    asked = request.GET if {"from", "to"} & request.GET.keys() else None
    form = RangeForm(asked, measure=measure)
    if not form.is_valid():
        return reading, form
    within = reading_within(reading, *form.days())
    if within is None:
        form.no_number()
    return within or reading, form


@require_safe
def measure_detail(request, reference, measure_id):
    place = place_seen(request.user, reference)
    measure = measure_at(place, measure_id)
    reading, range_form = _drawn(request, measure)
    writes = place.stands.can_write
    points = points_newest(measure)[:NEWEST]
    initial = {"period_start": next_period(reading.series)}
    return page(
        *(request, place, "measure_detail"),
        form=NewPointForm(measure=measure, initial=initial) if writes else None,
        draft_object=f"{reference}-{measure_id}",
        range_form=range_form,
        phases=phase_rows(phases_all(measure), measure, place.stands),
        targets=target_rows(targets_of(measure), measure),
        points=point_table(points, measure, can_write=writes),
        undo=undo_banner(request, reference, measure.pk),
        **measure_context(reading, place.stands, range_form.query()),
    )


@require_safe
def point_list(request, reference, measure_id):
    """All numbers of a measure, newest first, each with the way to correct it."""
    place = place_seen(request.user, reference)
    measure = measure_at(place, measure_id)
    found = Paginator(points_newest(measure), PAGE).get_page(request.GET.get("page"))
    table = point_table(found, measure, can_write=place.stands.can_write)
    context = {"measure": measure, "page_obj": found, "table": table}
    return page(request, place, "point_list", **context)


@form_view
def measure_new(request, reference):
    place = place_for_edit(request.user, reference)
    initial = {"frequency": "monthly", "decimals": 0}
    if driver := request.GET.get("driver", ""):
        initial |= {"driver": driver, "kind": "process"}
    form = NewMeasureForm(request.POST or None, project=place.project, initial=initial)
    return form_page(
        *(request, place, form),
        lambda: _create(place, form, request.user),
        template="measure_form",
        said=lambda measure: "The measure is there. Add its first number.",
        then=measure_url,
        cancel_url=place.project.get_absolute_url(),
        title="Add a measure",
    )


def _create(place, form, by):
    names = [*MEASURE_FIELDS, "target", "submission_id"]
    values = {name: form.cleaned_data[name] for name in names}
    return services.measure_create(project=place.project, by=by, **values)


@form_view
def measure_edit(request, reference, measure_id):
    place = place_for_edit(request.user, reference)
    measure = measure_at(place, measure_id)
    form = EditMeasureForm(
        request.POST or None,
        instance=measure_at(place, measure_id),
        project=place.project,
        proposal=proposal_of(measure_series(measure)),
        initial={"version": measure.version},
    )
    return form_page(
        *(request, place, form),
        lambda: _change(measure, form, request.user),
        template="measure_form",
        said=lambda measure: "The measure is saved.",
        then=measure_url,
        cancel_url=measure_url(measure),
        title=f"Change: {measure.name}",
        measure=measure,
    )


def _change(measure, form, by):
    names = [*MEASURE_FIELDS, "chart_type", "screen", "clip", "version"]
    values = {name: form.cleaned_data[name] for name in names}
    return services.measure_change(measure=measure, by=by, **values)


@require_POST
def measure_chart(request, reference, measure_id):
    """Takes up the advice to change the chart; the numbers stay the same."""
    place = place_for_edit(request.user, reference)
    measure = measure_at(place, measure_id)
    chart = request.POST.get("chart_type", "")
    return restored(
        request,
        lambda: services.measure_chart_set(
            measure=measure, chart_type=chart, by=request.user
        ),
        "The chart is changed. The numbers are the same.",
        measure_url(measure),
    )


@require_POST
def measure_delete(request, reference, measure_id):
    place = place_for_delete(request.user, reference)
    measure = measure_at(place, measure_id)
    services.measure_delete(measure=measure, by=request.user)
    home = place.project.get_absolute_url()
    return redirect(with_undo(home, "measure", measure.pk))


@require_POST
def measure_restore(request, reference, measure_id):
    place = place_for_delete(request.user, reference)
    measure = measure_deleted_at(place, measure_id)
    return restored(
        *(request, lambda: services.measure_restore(measure=measure, by=request.user)),
        *("The measure is back.", place.project.get_absolute_url()),
    )


@require_safe
def measure_csv(request, reference, measure_id):
    measure = measure_at(place_seen(request.user, reference), measure_id)
    header, rows = csv_rows(measure_reading(measure))
    return csv_response(f"{reference}-measure-{measure.pk}.csv", header, rows)


@require_safe
def measure_svg(request, reference, measure_id):
    """The chart as a picture file for board papers."""
    measure = measure_at(place_seen(request.user, reference), measure_id)
    reading, _ = _drawn(request, measure)
    context = picture_context(reading)
    answer = render(request, "pdsa/chart.svg", context, content_type="image/svg+xml")
    name = f"{reference}-measure-{measure.pk}.svg"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@require_safe
def measure_html(request, reference, measure_id):
    """The live chart as one file, for those who send it on or project it."""
    measure = measure_at(place_seen(request.user, reference), measure_id)
    body = standalone_html(_drawn(request, measure)[0])
    answer = HttpResponse(body, content_type="text/html; charset=utf-8")
    name = f"{reference}-measure-{measure.pk}.html"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@form_view
def phase_add(request, reference, measure_id):
    place = place_for_edit(request.user, reference)
    measure = measure_at(place, measure_id)
    is_baseline = "baseline" in request.GET
    form = PhaseForm(
        request.POST or None,
        cycles=project_cycles(place.project),
        is_baseline=is_baseline,
        initial={"starts_on": request.GET.get("starts_on", "")},
    )
    return form_page(
        *(request, place, form),
        lambda: services.phase_add(
            measure=measure, by=request.user, **_phase_values(form)
        ),
        template="phase_form",
        said=lambda phase: "The phase is there. You can undo it at any time.",
        then=lambda phase: measure_url(measure),
        cancel_url=measure_url(measure),
        drafted=False,
        title=measure.name,
        is_baseline=is_baseline,
    )


def _phase_values(form) -> dict:
    names = ("starts_on", "label", "reason", "cycle", "freeze_after_n")
    return {name: form.cleaned_data[name] for name in (*names, "submission_id")}


@require_POST
def phase_undo(request, reference, measure_id, phase_id):
    place = place_for_edit(request.user, reference)
    measure = measure_at(place, measure_id)
    services.phase_undo(phase=phase_at(measure, phase_id), by=request.user)
    return done(request, "The phase is undone.", measure_url(measure))


@form_view
def measure_targets(request, reference, measure_id):
    place = place_for_edit(request.user, reference)
    measure = measure_at(place, measure_id)
    form = TargetForm(request.POST or None, measure=measure)
    return form_page(
        *(request, place, form),
        lambda: services.target_set(
            measure=measure, by=request.user, **form.target_values()
        ),
        template="target_form",
        said=lambda target: "The target is saved.",
        then=lambda target: measure_url(measure),
        cancel_url=measure_url(measure),
        drafted=False,
        title=measure.name,
        targets=target_rows(targets_of(measure), measure),
    )


@require_POST
def target_remove(request, reference, measure_id, target_id):
    place = place_for_edit(request.user, reference)
    measure = measure_at(place, measure_id)
    services.target_remove(target=target_at(measure, target_id), by=request.user)
    return done(request, "The target is gone.", measure_url(measure))
