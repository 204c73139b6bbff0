"""Pages of training."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from qiportal.accounts.audit import audit_record
from qiportal.accounts.conflicts import conflict_page
from qiportal.accounts.drafts import draft_discard, draft_of, initial_for
from qiportal.accounts.permissions import Perm, has_permission, require
from qiportal.core.exports import csv_response
from qiportal.core.versions import Conflict
from training import presenters, selectors, services
from training.feeds import session_calendar
from training.forms import (
    CourseEditForm,
    CourseForm,
    RegisterForm,
    SessionEditForm,
    SessionFilter,
    SessionForm,
)
from training.models import Application


def training_list(request):
    form = SessionFilter(request.GET)
    sessions = selectors.upcoming_sessions(request.user)
    if form.is_valid():
        sessions = selectors.filter_sessions(sessions, **form.cleaned_data)
    page = Paginator(sessions, 50).get_page(request.GET.get("page"))
    mine = selectors.own_open_by_session(request.user)
    context = {
        "form": form,
        "page_obj": page,
        "cards": presenters.session_cards(page, mine),
        "unplanned": selectors.courses_without_session(request.user),
        "may_run": has_permission(request.user, Perm.TRAINING_RUN),
    }
    return render(request, "training/list.html", context)


def my_training(request):
    rows = selectors.own_applications(request.user)
    page = Paginator(rows, 50).get_page(request.GET.get("page"))
    return render(request, "training/mine.html", {"page_obj": page})


def session_detail(request, session_id):
    session = selectors.session_or_404(request.user, session_id)
    application = selectors.open_application(request.user, session)
    context = {
        "session": session,
        "when": presenters.when(session),
        "places": presenters.places_words(session),
        "application": application,
        "own": presenters.own_words(application),
        "is_open": session.starts_at > timezone.now() and session.status == "planned",
        "methods": session.course.methods.all(),
        "may_run": has_permission(request.user, Perm.TRAINING_RUN),
    }
    if context["may_run"]:
        figures = selectors.session_figures(session)
        context["figures"] = presenters.figure_rows(figures)
        context["waiting_rows"] = selectors.waiting_list(session)
    return render(request, "training/session.html", context)


@require_POST
def session_apply(request, session_id):
    session = selectors.session_or_404(request.user, session_id)
    try:
        made = services.application_make(
            session=session, applicant=request.user, by=request.user
        )
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, presenters.own_words(made) + ".")
    return redirect("session_detail", session_id=session.pk)


@require_POST
def course_interest(request, course_id):
    course = selectors.course_or_404(request.user, course_id)
    try:
        services.interest_note(course=course, applicant=request.user, by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, "Noted. You will be told when a date is planned.")
    return redirect("training_list")


def application_cancel(request, application_id):
    application = selectors.own_application_or_404(request.user, application_id)
    if request.method != "POST":
        context = {
            "title": "Give up this place?",
            "question": f"Cancel your application for {application.course}?",
            "consequences": ["Your place goes to whoever has waited longest."],
            "submit_label": "Yes, cancel it",
            "cancel_url": "/training/mine/",
        }
        return render(request, "pages/confirm.html", context)
    try:
        services.application_cancel(application=application, by=request.user)
        messages.success(request, "Cancelled. Thank you for freeing the place.")
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("my_training")


def session_calendar_file(request, session_id):
    session = selectors.session_or_404(request.user, session_id)
    response = HttpResponse(session_calendar(session), content_type="text/calendar")
    response["Content-Disposition"] = f'attachment; filename="session-{session.pk}.ics"'
    return response


# --- those who run training -----------------------------------------------------------


def course_new(request):
    require(request.user, Perm.TRAINING_RUN)
    kept = initial_for(request.user, "course")
    form = CourseForm(request.POST or None, user=request.user, initial=kept)
    if request.method == "POST" and form.is_valid():
        try:
            course = services.course_create(by=request.user, **form.values())
        except ValidationError as error:
            form.add_error(None, error)
        else:
            draft_discard(user=request.user, form_key="course")
            return redirect("session_new", course_id=course.pk)
    context = {"form": form, "heading": "New course", "draft_key": "course"}
    context["draft"] = draft_of(request.user, "course")
    return render(request, "training/form.html", context)


def course_edit(request, course_id):
    require(request.user, Perm.TRAINING_RUN)
    course = selectors.course_or_404(request.user, course_id)
    start = selectors.course_initial(course)
    form = CourseEditForm(request.POST or None, user=request.user, initial=start)
    if request.method == "POST" and form.is_valid():
        try:
            services.course_edit(course=course, by=request.user, **form.values())
        except Conflict as clash:
            return conflict_page(
                request, form=form, current=clash.current, cancel_url=request.path
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            return redirect("training_list")
    return render(request, "training/form.html", {"form": form, "heading": course})


def session_new(request, course_id):
    require(request.user, Perm.TRAINING_RUN)
    course = selectors.course_or_404(request.user, course_id)
    form = SessionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        session = services.session_create(
            course=course,
            by=request.user,
            submission_id=form.cleaned_data["submission_id"],
            **form.session_values(),
        )
        return redirect("session_detail", session_id=session.pk)
    context = {"form": form, "heading": "Plan a session", "caption": course.title}
    return render(request, "training/form.html", context)


def session_edit(request, session_id):
    require(request.user, Perm.TRAINING_RUN)
    session = selectors.session_or_404(request.user, session_id)
    form = SessionEditForm(
        request.POST or None, initial=selectors.session_initial(session)
    )
    if request.method == "POST" and form.is_valid():
        version = form.cleaned_data["version"]
        try:
            services.session_edit(
                session=session,
                version=version,
                by=request.user,
                **form.session_values(),
            )
        except Conflict as clash:
            return conflict_page(
                request,
                form=form,
                current=clash.current,
                cancel_url=request.path,
                theirs=selectors.session_initial(clash.current),
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            return redirect("session_detail", session_id=session.pk)
    context = {"form": form, "heading": "Change this session", "caption": session}
    return render(request, "training/form.html", context)


def session_cancel(request, session_id):
    require(request.user, Perm.TRAINING_RUN)
    session = selectors.session_or_404(request.user, session_id)
    if request.method == "POST":
        services.session_cancel(session=session, by=request.user)
        messages.success(request, "Cancelled. Everybody on it waits for the next date.")
        return redirect("session_detail", session_id=session.pk)
    context = {
        "title": "Cancel this session?",
        "question": f"Cancel {session.course}, {presenters.when(session)}?",
        "consequences": [
            f"{session.booked} people with a place and {session.waiting} waiting "
            "keep their position for the next date.",
            "Nobody will be counted as not attending.",
        ],
        "submit_label": "Yes, cancel the session",
        "cancel_url": f"/training/sessions/{session.pk}/",
    }
    return render(request, "pages/confirm.html", context)


def session_register(request, session_id):
    require(request.user, Perm.TRAINING_RUN)
    session = selectors.session_or_404(request.user, session_id)
    rows = list(selectors.register_rows(session))
    form = RegisterForm(request.POST or None, applications=rows)
    if request.method == "POST" and form.is_valid():
        try:
            saved = services.attendance_record(
                session=session, marks=form.marks(), by=request.user
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, f"Register saved: {saved} people marked.")
            return redirect("session_detail", session_id=session.pk)
    if request.method == "GET":
        audit_record(type="roster.read", target=session, by=request.user)
    context = {"session": session, "form": form, "when": presenters.when(session)}
    return render(request, "training/register.html", context)


def register_csv(request, session_id):
    require(request.user, Perm.TRAINING_RUN)
    session = selectors.session_or_404(request.user, session_id)
    audit_record(type="roster.exported", target=session, by=request.user)
    header, rows = selectors.register_table(session)
    return csv_response(f"register-{session.pk}.csv", header, rows)


def past_sessions(request):
    require(request.user, Perm.TRAINING_RUN)
    sessions = selectors.past_sessions(request.user)
    page = Paginator(sessions, 50).get_page(request.GET.get("page"))
    context = {"page_obj": page, "cards": presenters.session_cards(page, {})}
    return render(request, "training/past.html", context)


def course_list(request):
    require(request.user, Perm.TRAINING_RUN)
    rows = selectors.courses_with_demand(request.user)
    page = Paginator(rows, 50).get_page(request.GET.get("page"))
    open_words = Application.Status.WAITLISTED.label
    context = {"page_obj": page, "open_words": open_words}
    return render(request, "training/courses.html", context)
