"""Planning a test: a new one, a changed plan, the next one of a ramp."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from pdsa import services
from pdsa.forms.plans import (
    AmendForm,
    EditPlanForm,
    NewPlanForm,
    NextPlanForm,
    expectation_forms,
)
from pdsa.presenters.cycles import cycle_title
from pdsa.selectors import cycle_at, place_for_edit, project_measures
from pdsa.selectors.cycles import current_predictions
from pdsa.views.common import form_page
from projects.selectors import project_ideas
from projects.services import idea_add

form_view = require_http_methods(["GET", "HEAD", "POST"])


def cycle_url(cycle) -> str:
    return reverse("cycle_detail", args=[cycle.ramp.project.reference, cycle.pk])


def _scope(place) -> dict:
    """What a plan may choose from: the project's own ideas and measures."""
    return {
        "ideas": project_ideas(place.project),
        "measures": project_measures(place.project),
    }


def _initial(cycle) -> dict:
    """A plan as its form shows it."""
    return {
        **services.plan_copy(cycle).values(),
        "planned_start_on": cycle.planned_start_on,
        "planned_end_on": cycle.planned_end_on,
        "version": cycle.version,
        "measures": [measure.pk for measure in cycle.measures.all()],
    }


def _next_initial(cycle) -> dict:
    """The plan to start the next test from: without dates, with what was learned."""
    dates = {"planned_start_on": None, "planned_end_on": None}
    return {**_initial(cycle), **dates, "carried_learning": cycle.learned[:2000]}


def _measures(form) -> list:
    return list(form.cleaned_data.get("measures", []))


def _expected(formset) -> list:
    return formset.expectations() if formset is not None else []


@form_view
def cycle_new(request, reference):
    place = place_for_edit(request.user, reference)
    given = {"idea": request.GET.get("idea", "")}
    form = NewPlanForm(request.POST or None, initial=given, **_scope(place))
    expected = expectation_forms(request.POST or None)
    return form_page(
        *(request, place, form),
        lambda: _open(place, form, expected, request.user),
        template="cycle_plan",
        said=lambda cycle: "The test is planned.",
        then=cycle_url,
        cancel_url=place.project.get_absolute_url(),
        also=expected,
        title="Plan a test",
        draft_key="cycle_new",
        draft_object=reference,
    )


def _open(place, form, expected, by):
    """The test and, where it is new, its change idea."""
    idea, submission = form.chosen_idea(), form.cleaned_data["submission_id"]
    if title := form.new_idea_title():
        idea = idea_add(
            project=place.project, title=title, submission_id=submission, by=by
        )
    return services.cycle_plan(
        project=place.project,
        change_idea=idea,
        measures=_measures(form),
        expectations=_expected(expected),
        submission_id=submission,
        by=by,
        **form.plan_values().values(),
    )


@form_view
def cycle_plan(request, reference, cycle_id):
    place = place_for_edit(request.user, reference)
    cycle = cycle_at(place, cycle_id)
    if cycle.do_started_at:
        return redirect(cycle_url(cycle))
    form = EditPlanForm(
        request.POST or None, initial=_initial(cycle), fixed_idea=True, **_scope(place)
    )
    expected = expectation_forms(request.POST or None, cycle)
    return form_page(
        *(request, place, form),
        lambda: _change(cycle, form, expected, request.user),
        template="cycle_plan",
        said=lambda cycle: "The plan is saved.",
        then=cycle_url,
        cancel_url=cycle_url(cycle),
        also=expected,
        title=f"Plan: {cycle_title(cycle)}",
    )


def _change(cycle, form, expected, by):
    return services.cycle_plan_change(
        cycle=cycle,
        version=form.cleaned_data["version"],
        plan=form.plan_values(),
        measures=_measures(form),
        other_change_ideas=list(cycle.other_change_ideas.all()),
        expectations=_expected(expected),
        by=by,
    )


@form_view
def cycle_next(request, reference, cycle_id):
    place = place_for_edit(request.user, reference)
    cycle = cycle_at(place, cycle_id)
    if cycle.study_finished_at is None:
        return redirect("cycle_study", reference, cycle.pk)
    initial, scope = _next_initial(cycle), _scope(place)
    form = NextPlanForm(request.POST or None, initial=initial, fixed_idea=True, **scope)
    expected = expectation_forms(request.POST or None)
    return form_page(
        *(request, place, form),
        lambda: _follow(cycle, form, expected, request.user),
        template="cycle_plan",
        said=lambda cycle: "The next test is planned.",
        then=cycle_url,
        cancel_url=cycle_url(cycle),
        also=expected,
        title=f"Next test: {cycle.ramp.title}",
        before=cycle,
    )


def _follow(cycle, form, expected, by):
    return services.cycle_next(
        cycle=cycle,
        carried_learning=form.cleaned_data["carried_learning"],
        plan=form.plan_values(),
        measures=_measures(form),
        expectations=_expected(expected),
        submission_id=form.cleaned_data["submission_id"],
        by=by,
    )


@form_view
def prediction_add(request, reference, cycle_id):
    """An expectation on its own; once Do has begun it is kept as an amendment."""
    place = place_for_edit(request.user, reference)
    cycle = cycle_at(place, cycle_id)
    if cycle.act_decided_at:
        raise PermissionDenied("This test is decided; its expectations stay.")
    known = {row.pk: row for row in current_predictions(cycle)}
    form = AmendForm(request.POST or None, known=known)
    return form_page(
        *(request, place, form),
        lambda: _amend(cycle, form, request.user),
        template="prediction_form",
        said=lambda row: "Saved.",
        then=lambda row: cycle_url(cycle),
        cancel_url=cycle_url(cycle),
        cycle=cycle,
        title=cycle_title(cycle),
    )


def _amend(cycle, form, by):
    entry = form.expectation()
    return services.prediction_add(
        cycle=cycle,
        statement=entry.statement,
        question=entry.question,
        because=entry.because,
        direction=entry.direction,
        value=entry.value,
        confidence=entry.confidence,
        supersedes=entry.replaces,
        submission_id=entry.submission_id,
        by=by,
    )
