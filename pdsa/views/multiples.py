"""Many charts side by side, and the matrix of variation by assurance."""

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from pdsa.models import Measure
from pdsa.presenters.multiples import (
    by_place,
    chart_cards,
    is_place,
    kind_tabs,
    listed_table,
    matrix_context,
    place_word,
)
from pdsa.selectors import place_seen
from pdsa.selectors.multiples import (
    in_structure,
    kinds_counted,
    light_series,
    matrix_rows,
    measures_listed,
    programme_charts,
    project_charts,
    unit_charts,
)
from pdsa.selectors.team import team_unit
from pdsa.views.common import page
from projects.selectors.programmes import programme_or_404

CHARTS = 24
ROWS = 50
ENDED = "ended=1"


def charts_context(request: HttpRequest, measures, *, named: bool) -> dict:
    """A page of charts; the kinds to choose from are counted over all pages."""
    kind = request.GET.get("kind", "")
    kind = kind if kind in Measure.Kind.values else ""
    chosen = measures.filter(kind=kind) if kind else measures
    found = Paginator(in_structure(chosen), CHARTS).get_page(request.GET.get("page"))
    shown = list(found.object_list)
    also = ENDED if has_ended(request) else ""
    return {
        "cards": chart_cards(shown, light_series(shown), named=named),
        "tabs": kind_tabs(kinds_counted(measures), kind, also),
        "kind": Measure.Kind(kind).label.lower() if kind else "",
        "page_obj": found,
        "ended": bool(also),
    }


def has_ended(request: HttpRequest) -> bool:
    return request.GET.get("ended") == "1"


@require_safe
def measure_charts(request, reference):
    place = place_seen(request.user, reference)
    charts = charts_context(request, project_charts(place.project), named=False)
    return page(request, place, "measure_charts", **charts)


@require_safe
def unit_multiples(request, code):
    unit = team_unit(request.user, code)
    measures = unit_charts(request.user, unit, ended=has_ended(request))
    context = {
        "title": unit.name,
        "matrix_url": reverse("unit_matrix", args=[code]),
        "back": {"label": unit.name, "url": reverse("team_page", args=[code])},
        **charts_context(request, measures, named=True),
    }
    return render(request, "pdsa/multiples.html", context)


@require_safe
def programme_multiples(request, programme_id):
    programme = programme_or_404(programme_id)
    measures = programme_charts(request.user, programme, ended=has_ended(request))
    url = reverse("programme_detail", args=[programme_id])
    context = {
        "title": programme.name,
        "back": {"label": programme.name, "url": url},
        **charts_context(request, measures, named=True),
    }
    return render(request, "pdsa/multiples.html", context)


@require_safe
def unit_matrix(request, code):
    unit = team_unit(request.user, code)
    ended = has_ended(request)
    rows = matrix_rows(unit_charts(request.user, unit, ended=ended))
    list_url = reverse("unit_matrix_list", args=[code])
    context = {
        "unit": unit,
        "ended": ended,
        **matrix_context(rows, f"{list_url}?{ENDED}" if ended else list_url),
    }
    return render(request, "pdsa/matrix.html", context)


@require_safe
def unit_matrix_list(request, code):
    """The measures of one place of the matrix, by name of unit."""
    unit = team_unit(request.user, code)
    key = request.GET.get("show", "")
    if not is_place(key):
        raise Http404("The matrix has no such place.")
    ended = has_ended(request)
    rows = by_place(matrix_rows(unit_charts(request.user, unit, ended=ended)))
    found = Paginator(rows[key], ROWS).get_page(request.GET.get("page"))
    measures = measures_listed([row.id for row in found])
    context = {
        "unit": unit,
        "word": place_word(key),
        "table": listed_table(measures, place_word(key)),
        "page_obj": found,
        "back_query": f"?{ENDED}" if ended else "",
    }
    return render(request, "pdsa/matrix_list.html", context)
