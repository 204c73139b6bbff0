"""Pages of surveys."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from qiportal.accounts.audit import audit_record
from qiportal.accounts.permissions import Perm, has_permission, require
from qiportal.organisation.models import Unit
from surveys import charts, quotes, selectors
from surveys.forms import BenchmarkFilter, CommentFilter, SurveyImportForm
from surveys.imports import import_survey
from surveys.models import Comment
from surveys.waves import wave_publish


def survey_list(request):
    page = Paginator(selectors.waves(request.user), 50)
    context = {
        "page_obj": page.get_page(request.GET.get("page")),
        "may_run": has_permission(request.user, Perm.SURVEYS_RUN),
    }
    return render(request, "surveys/list.html", context)


def wave_detail(request, slug):
    wave = selectors.wave_or_404(request.user, slug)
    context = {
        "wave": wave,
        "questions": selectors.wave_questions(wave),
        "prompts": selectors.prompt_types_of(wave),
        "may_run": has_permission(request.user, Perm.SURVEYS_RUN),
        "may_read": has_permission(request.user, Perm.COMMENTS_READ),
    }
    return render(request, "surveys/wave.html", context)


def wave_publish_view(request, slug):
    require(request.user, Perm.SURVEYS_RUN)
    wave = selectors.wave_or_404(request.user, slug)
    if request.method != "POST":
        context = {
            "title": "Publish this wave?",
            "question": f"Publish {wave.label}?",
            "consequences": [
                "The wave is frozen: no later answers, no corrections.",
                "Figures appear on the board page after the next nightly run.",
            ],
            "submit_label": "Publish and freeze",
            "cancel_url": f"/surveys/{wave.slug}/",
        }
        return render(request, "pages/confirm.html", context)
    try:
        wave_publish(wave=wave, by=request.user)
        messages.success(request, "Published. The wave is frozen now.")
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("wave_detail", slug=wave.slug)


def survey_benchmarks(request):
    form = BenchmarkFilter(request.GET, user=request.user)
    form.is_valid()
    question, group = form.data["question"], form.data["group"]
    code = form.data.get("organisation", "")
    names = dict(form.fields["organisation"].choices)
    own = selectors.benchmark_years_of(code=code, question=question) if code else {}
    chart = charts.benchmark_chart(
        title=f"{dict(form.fields['question'].choices).get(question, '')}: {group}",
        years=selectors.group_years(group=group, question=question),
        own=own,
        own_name=names.get(code, "") if code else "",
    )
    context = {"form": form, "chart": chart, "any": bool(group)}
    return render(request, "surveys/benchmarks.html", context)


def survey_import(request):
    require(request.user, Perm.SURVEYS_RUN)
    form = SurveyImportForm(request.POST or None, request.FILES or None)
    report = None
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            report = import_survey(
                file_name=upload.name,
                data=upload.read(),
                by=request.user,
                dry_run="check" in request.POST,
                options=form.options(),
            )
        except ValidationError as error:
            form.add_error(None, error.messages)
    context = {"form": form, "report": report}
    return render(request, "surveys/import.html", context)


def comments(request, slug):
    require(request.user, Perm.COMMENTS_READ)
    wave = selectors.wave_or_404(request.user, slug)
    form = CommentFilter(request.GET, wave=wave, user=request.user)
    form.is_valid()
    unit = get_object_or_404(
        Unit.objects.visible_to(request.user), pk=form.data["unit"] or 0
    )
    context = {"wave": wave, "form": form, "unit": unit}
    try:
        rows = selectors.readable_comments(
            request.user, wave, unit, form.data["prompt"]
        )
    except PermissionDenied as hidden:
        return render(request, "surveys/comments.html", {**context, "hidden": hidden})
    context["page_obj"] = Paginator(rows, 50).get_page(request.GET.get("page"))
    audit_record(
        type="comments.read", target=wave, by=request.user, new={"unit": unit.code}
    )
    return render(request, "surveys/comments.html", context)


@require_POST
def quote_step(request, slug, comment_id, step):
    require(request.user, Perm.COMMENTS_READ)
    comment = get_object_or_404(
        Comment.objects.visible_to(request.user), pk=comment_id, wave__slug=slug
    )
    try:
        if step == "propose":
            quotes.quote_propose(comment=comment, by=request.user)
        else:
            approve = step == "approve"
            quotes.quote_decide(comment=comment, approve=approve, by=request.user)
        messages.success(request, "Saved.")
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("comments", slug=slug)
