"""The board page, its units, one indicator, and what waits for the board."""

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from qiportal.accounts.permissions import Perm, require
from qiportal.accounts.safe_forms import record_ticks
from qiportal.core.exports import csv_response
from qiportal.dashboard.forms import TakeForm
from qiportal.dashboard.http import SignedRequest
from qiportal.dashboard.indicators import Indicator, indicator_find
from qiportal.dashboard.presenters.board import board_context
from qiportal.dashboard.presenters.indicator import indicator_context, indicator_rows
from qiportal.dashboard.presenters.needs import needs_context
from qiportal.dashboard.selectors import (
    BoardState,
    barrier_or_404,
    board_unit_or_404,
    needs_us,
    unit_kept,
)
from qiportal.dashboard.services import barrier_take_on, board_visit_record
from qiportal.dashboard.snapshot_pages import role_class, snapshot_page
from qiportal.organisation.models import Unit


@require_GET
@snapshot_page
def board(request: SignedRequest, state: BoardState) -> HttpResponse:
    unit = unit_kept(state.root_id)
    context = board_context(state, unit, role_class(request), settings.VERSION)
    if state.seen_run != state.run_id:
        board_visit_record(user=request.user, run_id=state.run_id)
    return render(request, "dashboard/board.html", context)


@require_GET
@snapshot_page
def board_unit(request: SignedRequest, state: BoardState, code: str) -> HttpResponse:
    unit = _unit(request, state, code)
    context = board_context(state, unit, role_class(request), settings.VERSION)
    return render(request, "dashboard/board.html", context)


def _unit(request: SignedRequest, state: BoardState, code: str | None) -> Unit:
    """The trust, or a unit below it for those who may see units (else 403)."""
    if not code:
        return unit_kept(state.root_id)
    unit = board_unit_or_404(request.user, code)
    if unit.pk != state.root_id:
        require(request.user, Perm.BOARD_UNITS)
    return unit


def _indicator(code: str) -> Indicator:
    indicator = indicator_find(code)
    if indicator is None:
        raise Http404("There is no such indicator.")
    return indicator


@require_GET
@snapshot_page
def board_indicator(
    request: SignedRequest, state: BoardState, code: str
) -> HttpResponse:
    unit = _unit(request, state, request.GET.get("unit"))
    context = indicator_context(_indicator(code), state, unit)
    return render(request, "dashboard/indicator.html", context)


@require_GET
@snapshot_page
def board_indicator_csv(
    request: SignedRequest, state: BoardState, code: str
) -> HttpResponse:
    unit = _unit(request, state, request.GET.get("unit"))
    header, rows = indicator_rows(_indicator(code), state, unit)
    return csv_response(f"{code}-{unit.code}-run-{state.run_id}.csv", header, rows)


@require_GET
def board_needs_us(request: SignedRequest) -> HttpResponse:
    require(request.user, Perm.BOARD_ACT)
    context = needs_context(needs_us(request.user), request.GET.get("page"))
    return render(request, "dashboard/needs_us.html", context)


def barrier_take_view(request: SignedRequest, barrier_id: int) -> HttpResponse:
    require(request.user, Perm.BOARD_ACT)
    barrier = barrier_or_404(request.user, barrier_id)
    form = TakeForm(request.POST or None)
    if form.is_valid():
        try:
            values = form.cleaned_values()
            action = barrier_take_on(barrier=barrier, by=request.user, **values)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            record_ticks(form, target=action, by=request.user)
            messages.success(request, "You took this on. The project's leads are told.")
            return redirect("board_needs_us")
    return render(
        request, "dashboard/barrier_take.html", {"form": form, "barrier": barrier}
    )
