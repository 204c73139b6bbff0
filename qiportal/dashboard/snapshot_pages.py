"""Pages that show a published run: 304 while nothing they print has changed."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib.messages import get_messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.cache import get_conditional_response

from qiportal.dashboard.http import SignedRequest
from qiportal.dashboard.presenters.freshness import freshness
from qiportal.dashboard.selectors import BoardState, board_state, sees_units


def role_class(request: SignedRequest) -> str:
    """Who shares a page: those who see units, and everybody else."""
    return "units" if sees_units(request.user) else "trust"


def tag_of(request: SignedRequest, state: BoardState) -> str:
    """The page's ETag: code version, run, role class, and what else it prints.

    The person is part of it: a shared browser never shows one person's header to the
    next.
    """
    parts = (
        *(settings.VERSION, state.run_id, role_class(request), request.user.pk),
        *(state.seen_run or 0, freshness(state.published_at), state.stamp),
    )
    return 'W/"' + "-".join(str(part) for part in parts) + '"'


def snapshot_page(view: Callable) -> Callable:
    """Gives the view the board's state, answers 304, and sets the cache rule.

    Before the first run, or the first unit, the page says so instead. A waiting
    message is never lost to a 304.
    """

    @wraps(view)
    def page(request: SignedRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        state = board_state(request.user)
        if state is None or state.root_id is None:
            return render(request, "dashboard/no_run.html")
        tag = tag_of(request, state)
        if not len(get_messages(request)):
            unchanged = get_conditional_response(request, etag=tag)
            if unchanged is not None:
                return _marked(unchanged, tag)
        return _marked(view(request, state, *args, **kwargs), tag)

    return page


def _marked(response: HttpResponse, tag: str) -> HttpResponse:
    response["ETag"] = tag
    response["Cache-Control"] = "private, no-cache"
    return response
