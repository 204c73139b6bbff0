"""The people of a project: adding, leaving, joining, handing over."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import (
    require_GET,
    require_http_methods,
    require_POST,
)

from projects import presenters, selectors, services
from projects.forms import HandoverForm, MemberForm
from projects.views.common import (
    chosen,
    inner_form_page,
    project_page,
    saved,
    tried,
)
from qiportal.core.http import safe_next


@require_GET
def project_people(request: HttpRequest, reference: str) -> HttpResponse:
    project = selectors.project_or_404(request.user, reference)
    people = presenters.people_rows(project, request.user)
    return project_page(
        request, "projects/people.html", project, "people", people=people
    )


@require_http_methods(["GET", "POST"])
def member_add(request: HttpRequest, reference: str) -> HttpResponse:
    project = selectors.project_for_lead(request.user, reference)
    back = reverse("project_people", args=[reference])
    form = MemberForm(request.POST or None, actor=request.user)
    if request.method == "POST" and form.is_valid():
        person, part = form.cleaned_data["person"], form.cleaned_data["relation"]
        data = {"project": project, "user": person, "relation": part}
        if row := saved(request, form, services.member_add, **data):
            messages.success(request, f"{row.user} is in the project now.")
            return redirect(back)
    words = {"heading": "Add a person", "submit_label": "Add"}
    return _naming_page(request, project, form, cancel_url=back, **words)


def _remove(request: HttpRequest, member, back: str, gone: str) -> HttpResponse:
    if tried(request, services.member_remove, member=member):
        messages.success(request, gone)
    return redirect(back)


@require_http_methods(["GET", "POST"])
def member_remove(request: HttpRequest, reference: str, member_id: int) -> HttpResponse:
    project = selectors.project_for_lead(request.user, reference)
    member = selectors.member_of(project, member_id)
    back = reverse("project_people", args=[reference])
    if request.method == "POST":
        return _remove(request, member, back, f"{member.user} has left the project.")
    context = {
        "title": f"Take {member.user} off the project?",
        "question": f"{member.get_relation_display()} of {project.title}",
        "consequences": ["What they wrote stays, with their name."],
        "submit_label": "Take off",
        "cancel_url": back,
    }
    return render(request, "pages/confirm.html", context)


@require_http_methods(["GET", "POST"])
def project_leave(request: HttpRequest, reference: str) -> HttpResponse:
    """A person ends their own part; a draft may be out of sight afterwards."""
    project = selectors.project_or_404(request.user, reference)
    rows = selectors.own_rows_or_404(project, request.user)
    back = reverse("project_people", args=[reference])
    if request.method == "POST":
        answer = _remove(request, rows[0], back, "You have left the project.")
        seen = selectors.is_visible(request.user, project)
        return answer if seen else redirect("project_list")
    context = {
        "title": "Leave this project?",
        "question": f"You are {rows[0].get_relation_display().lower()} of "
        f"{project.title}.",
        "submit_label": "Leave",
        "cancel_url": back,
    }
    return render(request, "pages/confirm.html", context)


@require_POST
def project_join(request: HttpRequest, reference: str) -> HttpResponse:
    """One tap; whoever may not join is told to ask the lead (403)."""
    project = selectors.project_or_404(request.user, reference)
    services.project_join(project=project, by=request.user)
    messages.success(request, f"You are a member of {project.title}.")
    return redirect(safe_next(request, project.get_absolute_url()))


@require_http_methods(["GET", "POST"])
def handover(request: HttpRequest, reference: str) -> HttpResponse:
    """Offering the lead, or seeing the offer that stands."""
    project = selectors.project_for_lead(request.user, reference)
    if offer := selectors.open_handover(project):
        return project_page(
            request, "projects/handover.html", project, "people", offer=offer
        )
    form = HandoverForm(request.POST or None, actor=request.user)
    back = reverse("project_people", args=[reference])
    if request.method == "POST" and form.is_valid():
        data = {"to_user": form.cleaned_data["person"], **chosen(form, "note")}
        data["from_user"] = selectors.who_hands_over(request.user, project)
        if row := saved(
            request, form, services.handover_offer, project=project, **data
        ):
            messages.success(request, f"{row.to_user} was asked.")
            return redirect(back)
    words = {"heading": "Hand over the lead", "submit_label": "Ask"}
    return _naming_page(request, project, form, cancel_url=back, **words)


def _naming_page(request: HttpRequest, project, form, **words) -> HttpResponse:
    """A form that names somebody, with the colleagues one may mean."""
    named = selectors.colleagues(request.user)
    return inner_form_page(request, project, "people", form, colleagues=named, **words)


@require_POST
def handover_withdraw(request: HttpRequest, reference: str) -> HttpResponse:
    project = selectors.project_for_lead(request.user, reference)
    offer = selectors.open_handover(project)
    if offer and tried(request, services.handover_end, offer=offer):
        messages.success(request, "The offer is taken back.")
    return redirect("project_people", reference)


@require_http_methods(["GET", "POST"])
def handover_answer(request: HttpRequest, reference: str) -> HttpResponse:
    """The person asked accepts or declines."""
    offer = selectors.handover_for(request.user, reference)
    if request.method == "GET":
        return render(request, "projects/handover_answer.html", {"offer": offer})
    if request.POST.get("answer") == "yes":
        if tried(request, services.handover_accept, offer=offer):
            messages.success(request, f"You now lead {offer.project.title}.")
        return redirect(offer.project)
    if tried(request, services.handover_end, offer=offer):
        messages.success(request, f"{offer.from_user} is told that you cannot.")
    return redirect("project_list")
