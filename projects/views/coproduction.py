"""Who shapes the work: the ladder of co-production, stage by stage."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from projects import presenters, selectors, services
from projects.forms import CoproductionForm
from projects.models import CoproductionRating
from projects.views.common import (
    both_texts,
    chosen,
    inner_form_page,
    project_page,
    saved,
)
from qiportal.core.versions import Conflict

STAGES = CoproductionRating.Stage


@require_GET
def project_coproduction(request: HttpRequest, reference: str) -> HttpResponse:
    project = selectors.project_or_404(request.user, reference)
    stages = presenters.ladder(selectors.coproduction_of(project))
    return project_page(
        request, "projects/coproduction.html", project, "people", stages=stages
    )


@require_http_methods(["GET", "POST"])
def coproduction_rate(request: HttpRequest, reference: str, stage: str) -> HttpResponse:
    if stage not in STAGES.values:
        raise Http404
    project = selectors.project_for_edit(request.user, reference)
    back = reverse("project_coproduction", args=[reference])
    told = selectors.coproduction_today(project, stage)
    form = CoproductionForm(request.POST or None, initial=told)
    if request.method == "POST" and form.is_valid():
        data = chosen(form, *form.base_fields)
        service = services.coproduction_rate
        try:
            if saved(request, form, service, project=project, stage=stage, **data):
                messages.success(request, "Saved.")
                return redirect(back)
        except Conflict as clash:
            return both_texts(request, form, clash, back)
    words = {
        "heading": STAGES(stage).label,
        "intro": "How did patients, carers or families take part in this stage?",
        "cancel_url": back,
    }
    return inner_form_page(request, project, "people", form, **words)
