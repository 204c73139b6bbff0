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
from pdsa.forms.tasks import task_forms
from pdsa.presenters.conflicts import expected_pair, plan_now
from pdsa.presenters.cycles import cycle_tasks, cycle_title
from pdsa.selectors import cycle_at, place_for_edit, project_measures, team_people
from pdsa.selectors.cycles import current_predictions
from pdsa.views.common import form_page
from projects.selectors import project_ideas
from projects.services import idea_add
from projects.views.common import Drafted
from qiportal.accounts.drafts import as_initial

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


MORE = "add_task"


class _Written:
    """What fills the forms of a plan: what is sent, else what was kept of it.

    The button for one more task sends the page too; nothing is checked or saved then,
    the page comes back with a row more.
    """

    def __init__(self, request, place, key: str, number: str | int):
        self.user, self.draft = request.user, Drafted(request, key, number)
        self.more = request.method == "POST" and MORE in request.POST
        self.sent = None if self.more else request.POST or None
        posted = as_initial(dict(request.POST.lists()))
        self.kept = posted if self.more else self.draft.initial()
        self.place = place

    def rows(self, cycle=None, copied=()) -> tuple[dict, list]:
        """The formsets as the template names them, and those that were on the page."""
        named = {
            "expected": expectation_forms(self.sent, cycle, self.kept),
            "tasks": task_forms(
                self.sent,
                people=team_people(self.place, self.user),
                me=self.user,
                kept=self.kept,
                copied=copied,
                more=self.more,
            ),
        }
        return named, [formset for formset in named.values() if formset is not None]


def _row_values(rows: dict) -> dict:
    """What the rows of a valid page say, as the services take it."""
    expected, tasks = rows["expected"], rows["tasks"]
    return {
        "expectations": expected.expectations() if expected is not None else [],
        "tasks": tasks.tasks() if tasks is not None else [],
    }


@form_view
def cycle_new(request, reference):
    place = place_for_edit(request.user, reference)
    written = _Written(request, place, "cycle_new", reference)
    given = {name: request.GET[name] for name in ("idea",) if name in request.GET}
    form = NewPlanForm(written.sent, initial=written.kept | given, **_scope(place))
    rows, also = written.rows()
    return form_page(
        *(request, place, form),
        lambda: _open(place, form, rows, request.user),
        template="cycle_plan",
        said=lambda cycle: "The test is planned.",
        then=cycle_url,
        cancel_url=place.project.get_absolute_url(),
        also=also,
        draft=written.draft,
        title="Plan a test",
        **rows,
    )


def _open(place, form, rows, by):
    """The test and, where it is new, its change idea."""
    idea, submission = form.chosen_idea(), form.cleaned_data["submission_id"]
    if title := form.new_idea_title():
        idea = idea_add(
            project=place.project, title=title, submission_id=submission, by=by
        )
    return services.cycle_plan(
        project=place.project,
        plan=form.plan_values(),
        change_idea=idea,
        measures=_measures(form),
        submission_id=submission,
        by=by,
        **_row_values(rows),
    )


@form_view
def cycle_plan(request, reference, cycle_id):
    place = place_for_edit(request.user, reference)
    cycle = cycle_at(place, cycle_id)
    if cycle.do_started_at and request.method != "POST":  # what was typed is kept
        return redirect(cycle_url(cycle))
    written = _Written(request, place, "cycle_plan", cycle.pk)
    initial, scope = _initial(cycle) | written.kept, _scope(place)
    form = EditPlanForm(written.sent, initial=initial, fixed_idea=True, **scope)
    rows, also = written.rows(cycle)
    return form_page(
        *(request, place, form),
        lambda: _change(cycle, form, rows, request.user),
        template="cycle_plan",
        said=lambda cycle: "The plan is saved.",
        then=cycle_url,
        cancel_url=cycle_url(cycle),
        also=also,
        draft=written.draft,
        theirs=plan_now,
        beside=lambda now: expected_pair(now, rows["expected"]),
        title=f"Plan: {cycle_title(cycle)}",
        standing=cycle_tasks(cycle),
        **rows,
    )


def _change(cycle, form, rows, by):
    return services.cycle_plan_change(
        cycle=cycle,
        version=form.cleaned_data["version"],
        plan=form.plan_values(),
        measures=_measures(form),
        other_change_ideas=list(cycle.other_change_ideas.all()),
        by=by,
        **_row_values(rows),
    )


@form_view
def cycle_next(request, reference, cycle_id):
    place = place_for_edit(request.user, reference)
    cycle = cycle_at(place, cycle_id)
    if cycle.study_finished_at is None:
        return redirect("cycle_study", reference, cycle.pk)
    written = _Written(request, place, "cycle_next", cycle.pk)
    initial, scope = _next_initial(cycle) | written.kept, _scope(place)
    form = NextPlanForm(written.sent, initial=initial, fixed_idea=True, **scope)
    rows, also = written.rows(copied=services.tasks_copy(cycle, by=request.user))
    return form_page(
        *(request, place, form),
        lambda: _follow(cycle, form, rows, request.user),
        template="cycle_plan",
        said=lambda cycle: "The next test is planned.",
        then=cycle_url,
        cancel_url=cycle_url(cycle),
        also=also,
        draft=written.draft,
        title=f"Next test: {cycle.ramp.title}",
        before=cycle,
        **rows,
    )


def _follow(cycle, form, rows, by):
    return services.cycle_next(
        cycle=cycle,
        carried_learning=form.cleaned_data["carried_learning"],
        plan=form.plan_values(),
        measures=_measures(form),
        submission_id=form.cleaned_data["submission_id"],
        by=by,
        **_row_values(rows),
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
