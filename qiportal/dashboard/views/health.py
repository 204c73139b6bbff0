"""Two answers for machines, in words, without signing in and without any data."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from qiportal.dashboard.readiness import problems_now


def _words(text: str, status: int) -> HttpResponse:
    return HttpResponse(f"{text}\n", status=status, content_type="text/plain")


@login_not_required
@require_safe
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return _words("ok", 200)


@login_not_required
@require_safe
@never_cache
def readyz(request: HttpRequest) -> HttpResponse:
    """Database, migrations and the age of the figures; 503 when one is not well."""
    problems, notes = problems_now()
    if problems:
        return _words("not ready: " + "; ".join(problems), 503)
    return _words("; ".join(["ready", *notes]), 200)
