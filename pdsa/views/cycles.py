"""Pages of a test under way: see it, observe, finish Do, study, decide, delete."""

from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from pdsa import services
from pdsa.forms.cycles import ActForm, DoForm, ObservationForm, StudyForm
from pdsa.presenters.conflicts import act_now, study_now
from pdsa.presenters.cycles import (
    cycle_context,
    cycle_tasks,
    cycle_title,
    progress_text,
    saved_text,
)
from pdsa.presenters.ramps import ramp_svg
from pdsa.selectors import (
    cycle_at,
    cycle_deleted_at,
    place_for_delete,
    place_for_edit,
    place_for_log,
    place_seen,
    ramp_cycles,
    team_people,
)
from pdsa.selectors.attachments import attachments_of
from pdsa.views.common import form_page, page, restored, with_undo
from pdsa.views.plans import cycle_url

form_view = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
def cycle_detail(request, reference, cycle_id):
    place = place_seen(request.user, reference)
    cycle = cycle_at(place, cycle_id)
    ramp = ramp_cycles(cycle)
    context = cycle_context(cycle, can_write=place.stands.can_write, ramp=ramp)
    context["ramp_svg"] = ramp_svg(ramp)
    context["tasks"] = cycle_tasks(cycle)
    context["attachments"] = attachments_of(place.project, cycle)
    return page(request, place, "cycle_detail", **context)


@form_view
def cycle_do(request, reference, cycle_id):
    """The quick form: what the ward's QR code leads to. Joining happens on saving."""
    place = place_for_log(request.user, reference)
    cycle = cycle_at(place, cycle_id)
    if cycle.stage not in ("plan", "do") and request.method != "POST":
        return redirect(cycle_url(cycle))  # a text sent is never thrown away
    form = ObservationForm(request.POST or None, cycle=cycle)
    return form_page(
        *(request, place, form),
        lambda: services.cycle_record_do(
            cycle=cycle, by=request.user, **form.record_values()
        ),
        template="cycle_do",
        said=lambda cycle: saved_text(cycle_at(place, cycle.pk)),
        then=lambda cycle: f"{request.path}?saved=1",
        cancel_url=cycle_url(cycle),
        cycle=cycle,
        title=cycle_title(cycle),
        progress=progress_text(cycle),
        join=True,
        joining=place.joining,
    )


@form_view
def cycle_finish(request, reference, cycle_id):
    place = place_for_edit(request.user, reference)
    cycle = cycle_at(place, cycle_id)
    form = DoForm(request.POST or None, cycle=cycle)
    return form_page(
        *(request, place, form),
        lambda: _finish(cycle, form, request),
        template="cycle_finish",
        said=lambda cycle: "What happened is saved.",
        then=lambda cycle: _after(cycle, "study", "cycle_study"),
        cancel_url=cycle_url(cycle),
        cycle=cycle,
        title=cycle_title(cycle),
    )


def _after(cycle, stage: str, name: str) -> str:
    """The next stage's form where it is now due, else the test's page."""
    if cycle.stage != stage:
        return cycle_url(cycle)
    return reverse(name, args=[cycle.ramp.project.reference, cycle.pk])


def _finish(cycle, form, request):
    names = ("version", "do_on", "observations", "actual_n", "conduct", "problems")
    return services.cycle_finish_do(
        cycle=cycle,
        finish="later" not in request.POST,
        by=request.user,
        **{name: form.cleaned_data[name] for name in names},
    )


@form_view
def cycle_study(request, reference, cycle_id):
    place = place_for_edit(request.user, reference)
    cycle = cycle_at(place, cycle_id)
    if cycle.do_finished_at is None:
        return redirect("cycle_finish", reference, cycle.pk)
    form = StudyForm(request.POST or None, cycle=cycle)
    return form_page(
        *(request, place, form),
        lambda: _study(cycle, form, request),
        template="cycle_study",
        said=lambda cycle: "What you learned is saved.",
        then=lambda cycle: _after(cycle, "act", "cycle_act"),
        cancel_url=cycle_url(cycle),
        theirs=study_now,
        cycle=cycle,
        title=cycle_title(cycle),
    )


def _study(cycle, form, request):
    names = ("version", "study_on", "results", "learned", "surprises")
    return services.cycle_study(
        cycle=cycle,
        outcomes=form.outcomes(),
        finish="later" not in request.POST,
        by=request.user,
        **{name: form.cleaned_data[name] for name in names},
    )


@form_view
def cycle_act(request, reference, cycle_id):
    place = place_for_edit(request.user, reference)
    cycle = cycle_at(place, cycle_id)
    if cycle.study_finished_at is None:
        return redirect("cycle_study", reference, cycle.pk)
    people = team_people(place, request.user)
    form = ActForm(request.POST or None, cycle=cycle, people=people)
    return form_page(
        *(request, place, form),
        lambda: _act(cycle, form, request.user),
        template="cycle_act",
        said=lambda cycle: "Your decision is saved.",
        then=cycle_url,
        cancel_url=cycle_url(cycle),
        theirs=act_now,
        cycle=cycle,
        title=cycle_title(cycle),
    )


def _act(cycle, form, by):
    names = ("version", "decision", "why", "would_try_if")
    more = ("standard_work_owner", "sustain_check_on")
    values = {name: form.cleaned_data[name] for name in (*names, *more)}
    return services.cycle_act(cycle=cycle, by=by, **values)


@require_POST
def cycle_delete(request, reference, cycle_id):
    place = place_for_delete(request.user, reference)
    cycle = services.cycle_delete(cycle=cycle_at(place, cycle_id), by=request.user)
    home = place.project.get_absolute_url()
    return redirect(with_undo(home, "cycle", cycle.pk))


@require_POST
def cycle_restore(request, reference, cycle_id):
    place = place_for_delete(request.user, reference)
    cycle = cycle_deleted_at(place, cycle_id)
    return restored(
        *(request, lambda: services.cycle_restore(cycle=cycle, by=request.user)),
        *("The test is back.", place.project.get_absolute_url()),
    )
