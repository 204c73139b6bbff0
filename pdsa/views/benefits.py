"""Benefits: what a project claims, and the matrix of a unit with all below it."""

from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from pdsa import services
from pdsa.forms.benefits import EditBenefitForm, NewBenefitForm
from pdsa.presenters import benefits as shown
from pdsa.selectors import (
    claim_at,
    claims_of,
    claims_to_overlap,
    overlaps_among,
    overlaps_kept,
    place_for_delete,
    place_for_edit,
    place_seen,
    project_measures,
    unit_claims,
)
from pdsa.selectors.team import team_unit
from pdsa.views.common import form_page, page, restored, undo_banner, with_undo
from projects.selectors import colleagues
from qiportal.accounts.audit import export_record
from qiportal.core.exports import csv_response
from qiportal.core.versions import Conflict

form_view = require_http_methods(["GET", "HEAD", "POST"])
ROWS = 50
OVERTAKEN = "Somebody changed this benefit meanwhile. Look at it again."


def benefits_url(reference: str) -> str:
    return reverse("project_benefits", args=[reference])


@require_safe
def project_benefits(request, reference):
    """What the project claims, by the strength of the evidence; never one sum."""
    place = place_seen(request.user, reference)
    claims = list(claims_of(place.project))
    overlaps = overlaps_among(claims)
    return page(
        *(request, place, "benefits"),
        groups=shown.claim_groups(place, request.user, claims, overlaps),
        count=len(claims),
        unit=place.project.unit,
        undo=undo_banner(request, reference),
    )


def _scope(request, place, claim=None) -> dict:
    """What a claim may choose from."""
    shows, improving = shown.measures_shown(project_measures(place.project))
    return {
        "project": place.project,
        "actor": request.user,
        "shows": shows,
        "improving": improving,
        "others": claims_to_overlap(request.user, place.project, claim),
        "names_people": place.stands.sees_people,
    }


def _words(request, place) -> dict:
    sees = place.stands.sees_people
    return {"colleagues": colleagues(request.user) if sees else ()}


@form_view
def benefit_new(request, reference):
    place = place_for_edit(request.user, reference)
    form = NewBenefitForm(request.POST or None, **_scope(request, place))
    return form_page(
        *(request, place, form),
        lambda: services.benefit_add(
            project=place.project,
            overlaps=list(form.cleaned_data.get("overlaps", ())),
            submission_id=form.cleaned_data["submission_id"],
            by=request.user,
            **form.told(),
        ),
        template="benefit_form",
        said=lambda claim: "The benefit is there.",
        then=lambda claim: f"{benefits_url(reference)}#benefit-{claim.pk}",
        cancel_url=benefits_url(reference),
        title="Add a benefit",
        draft_key="benefit_new",
        draft_object=reference,
        **_words(request, place),
    )


@form_view
def benefit_edit(request, reference, claim_id):
    place = place_for_edit(request.user, reference)
    claim = claim_at(place, claim_id)
    form = EditBenefitForm(
        request.POST or None,
        claim=claim,
        initial=shown.form_values(claim),
        **_scope(request, place, claim),
    )
    return form_page(
        *(request, place, form),
        lambda: _change(request, claim, form),
        template="benefit_form",
        said=lambda claim: "The benefit is saved.",
        then=lambda claim: f"{benefits_url(reference)}#benefit-{claim.pk}",
        cancel_url=benefits_url(reference),
        theirs=shown.values_now,
        title="Change a benefit",
        claim=claim,
        **_words(request, place),
    )


def _change(request, claim, form):
    """Overlaps with claims its editor cannot see stay as they are."""
    kept = overlaps_kept(claim, form.others)
    told = form.told()
    told.setdefault("validator", claim.validator)
    return services.benefit_change(
        claim=claim,
        version=form.cleaned_data["version"],
        overlaps=[*form.cleaned_data.get("overlaps", ()), *kept],
        by=request.user,
        **told,
    )


@require_POST
def benefit_check(request, reference, claim_id):
    """The QI team, or whom the team asked, says that the number was checked."""
    claim = claim_at(place_seen(request.user, reference), claim_id)
    checked = "undo" not in request.POST
    said = "Marked as checked." if checked else "The check is taken back."
    return restored(
        *(request, lambda: _check(request, claim, checked)),
        *(said, f"{benefits_url(reference)}#benefit-{claim.pk}"),
    )


def _check(request, claim, checked):
    """Of the claim as it stood on the page; one changed since is to be read again."""
    version = request.POST.get("version", "")
    try:
        return services.benefit_check(
            claim=claim,
            version=int(version) if version.isdecimal() else 0,
            checked=checked,
            by=request.user,
        )
    except Conflict as clash:
        raise ValidationError(OVERTAKEN) from clash


@require_POST
def benefit_delete(request, reference, claim_id):
    place = place_for_delete(request.user, reference)
    claim = claim_at(place, claim_id)
    services.benefit_delete(claim=claim, by=request.user)
    return redirect(with_undo(benefits_url(reference), "benefit", claim.pk))


@require_POST
def benefit_restore(request, reference, claim_id):
    place = place_for_delete(request.user, reference)
    claim = claim_at(place, claim_id, deleted=True)
    return restored(
        *(request, lambda: services.benefit_restore(claim=claim, by=request.user)),
        *("The benefit is back.", benefits_url(reference)),
    )


@require_safe
def unit_benefits(request, code):
    """Category by evidence, for a unit and all below it."""
    unit = team_unit(request.user, code)
    claims = list(unit_claims(request.user, unit))
    list_url = reverse("unit_benefit_list", args=[code])
    context = shown.matrix(claims, overlaps_among(claims), list_url)
    return render(request, "pdsa/benefit_matrix.html", {"unit": unit, **context})


def _asked(request) -> tuple[str, str]:
    """The cell asked for; Http404 for none."""
    asked = request.GET.get("kind", ""), request.GET.get("evidence", "")
    if not shown.is_place(*asked):
        raise Http404("The matrix has no such place.")
    return asked


@require_safe
def unit_benefit_list(request, code):
    """The claims behind one cell, and what of them can be added up."""
    unit = team_unit(request.user, code)
    kind, evidence = _asked(request)
    claims = shown.in_place(unit_claims(request.user, unit), kind, evidence)
    found = Paginator(claims, ROWS).get_page(request.GET.get("page"))
    word = shown.place_word(kind, evidence)
    context = {
        "unit": unit,
        "word": word,
        "sums": shown.sum_table(claims, overlaps_among(claims)),
        "table": shown.claim_table(found, word),
        "page_obj": found,
        "query": request.GET.urlencode(),
    }
    return render(request, "pdsa/benefit_list.html", context)


@require_safe
def unit_benefits_csv(request, code):
    """Every claim of the unit the reader sees, or those of one cell."""
    unit = team_unit(request.user, code)
    claims = list(unit_claims(request.user, unit))
    if "kind" in request.GET:
        claims = shown.in_place(claims, *_asked(request))
    rows = shown.csv_rows(claims, overlaps_among(claims))
    export_record(what="benefits", by=request.user, rows=len(rows))
    return csv_response(f"benefits-{unit.code}.csv", shown.CSV_HEADER, rows)
