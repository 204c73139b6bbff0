"""The page behind a ward's QR code: add a number, add to a test, we're stuck."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from pdsa.forms.library import LINKS
from pdsa.forms.stuck import StuckForm
from pdsa.presenters.team import qr_code, qr_svg, team_address, team_context
from pdsa.selectors import place_for_log
from pdsa.selectors.team import team_read, team_unit
from pdsa.views.common import done, page_draft, put_back, saved
from projects.services import barrier_raise
from qiportal.library.field_links import link_fields


@require_safe
def team_page(request, code):
    team = team_read(request.user, code)
    return render(request, "pdsa/team_page.html", team_context(team))


@require_http_methods(["GET", "HEAD", "POST"])
def team_stuck(request, code):
    """What is in the way, said in one request; joining happens on saving."""
    team = team_read(request.user, code)
    projects = [row for row in team.projects if team.may_log(row.pk)]
    form = StuckForm(request.POST or None, projects=projects)
    draft = page_draft(request)
    if request.method == "POST" and form.is_valid():
        place = place_for_log(request.user, form.cleaned_data["project"])
        values = form.barrier_values()
        raised = saved(
            *(request, form),
            lambda: barrier_raise(project=place.project, by=request.user, **values),
            place=place,
        )
        if raised:
            draft.discard()
            said = "Saved. The board and the QI team can see it."
            return done(request, said, place.project.get_absolute_url())
    link_fields([form], LINKS)
    context = {"unit": team.unit, "form": form, "projects": projects}
    put_back(draft, [form])
    context |= draft.words()
    return render(request, "pdsa/team_stuck.html", context)


@require_safe
def team_poster(request, code):
    """A page to print and hang on the huddle board."""
    unit = team_unit(request.user, code)
    context = {
        "unit": unit,
        "svg": qr_svg(unit.code),
        "address": team_address(unit.code),
    }
    return render(request, "pdsa/team_poster.html", context)


@require_safe
def team_qr(request, code):
    """The code as a PNG, for other posters."""
    unit = team_unit(request.user, code)
    answer = HttpResponse(content_type="image/png")
    qr_code(unit.code).make_image().save(answer, "PNG")
    answer["Content-Disposition"] = f'attachment; filename="qr-{unit.pk}.png"'
    return answer
