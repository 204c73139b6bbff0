"""Every refusal of the API as application/problem+json (RFC 9457)."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied as DjangoDenied
from django.db import OperationalError
from django.http import Http404, HttpResponse
from rest_framework import exceptions
from rest_framework.views import set_rollback

from qiportal.core.json import json_dumps

MEDIA_TYPE = "application/problem+json"
SIGN_IN = 'Basic realm="QI Portal API", Bearer realm="QI Portal API"'
BUSY_SECONDS = 5


@dataclass(frozen=True)
class Kind:
    """One kind of refusal, as the page behind its `type` explains it."""

    slug: str
    status: int
    title: str
    advice: str


KINDS = {
    kind.slug: kind
    for kind in [
        Kind(
            "bad-parameter",
            400,
            "A parameter is unknown or cannot be read",
            "Check the spelling and the form of each parameter against the docs page.",
        ),
        Kind(
            "bad-cursor",
            400,
            "The cursor cannot be used",
            "Send the cursor exactly as it came, with the same filters and token.",
        ),
        Kind(
            "not-authenticated",
            401,
            "A valid token is needed",
            "Send a token as Bearer, X-API-Key, or Basic (the token's id and the whole "
            "token). It may have expired or been revoked.",
        ),
        Kind(
            "forbidden-scope",
            403,
            "The token may not do this",
            "Ask a system administrator for a token with the scope that is named.",
        ),
        Kind(
            "not-found",
            404,
            "There is nothing here",
            "The address is wrong, or the row is not visible to this token.",
        ),
        Kind(
            "method-not-allowed",
            405,
            "This address does not take that method",
            "The API reads with GET; data points alone are sent, with POST.",
        ),
        Kind(
            "not-acceptable",
            406,
            "This format is not offered here",
            "Ask for application/json, or for text/csv or application/x-ndjson where "
            "the docs page names them.",
        ),
        Kind(
            "cursor-expired",
            410,
            "The run this walk reads is no longer kept",
            "Begin again without a cursor.",
        ),
        Kind(
            "too-large",
            413,
            "The body is too large",
            "Send at most 1,000 rows and 2 MB at a time.",
        ),
        Kind(
            "unsupported-media-type",
            415,
            "The body is not JSON",
            "Send application/json in UTF-8.",
        ),
        Kind(
            "invalid",
            422,
            "The body cannot be used",
            "Each error points at what is wrong and says how to mend it.",
        ),
        Kind(
            "throttled",
            429,
            "Too many requests",
            "Wait as long as Retry-After says.",
        ),
        Kind(
            "unavailable",
            503,
            "The portal is busy",
            "Try again after a little while.",
        ),
    ]
}


class ApiProblem(exceptions.APIException):
    """A refusal by its kind; `errors` are {pointer, code, detail}."""

    def __init__(
        self,
        slug: str,
        detail: str = "",
        *,
        errors: Iterable[Mapping[str, str]] = (),
        wait: float | None = None,
    ):
        self.kind = KINDS[slug]
        self.status_code = self.kind.status
        self.errors = list(errors)
        self.wait = wait
        super().__init__(detail or self.kind.advice, slug)


def bad_parameter(name: str, code: str, detail: str) -> ApiProblem:
    """A refused query parameter."""
    error = {"pointer": f"/query/{name}", "code": code, "detail": detail}
    return ApiProblem("bad-parameter", detail, errors=[error])


SLUGS: dict[type[Exception], str] = {
    exceptions.NotAuthenticated: "not-authenticated",
    exceptions.AuthenticationFailed: "not-authenticated",
    exceptions.PermissionDenied: "forbidden-scope",
    DjangoDenied: "forbidden-scope",
    exceptions.NotFound: "not-found",
    Http404: "not-found",
    exceptions.MethodNotAllowed: "method-not-allowed",
    exceptions.NotAcceptable: "not-acceptable",
    exceptions.UnsupportedMediaType: "unsupported-media-type",
    exceptions.ParseError: "invalid",
    exceptions.Throttled: "throttled",
    OperationalError: "unavailable",
}


def problem_handler(error: Exception, context: dict[str, Any]) -> HttpResponse | None:
    """DRF's exception handler; None leaves a fault of ours to Django (500)."""
    problem = _problem(error)
    if problem is None:
        return None
    set_rollback()
    return problem_response(problem, context["request"].path)


def _problem(error: Exception) -> ApiProblem | None:
    if isinstance(error, ApiProblem):
        return error
    slug = next((s for kind, s in SLUGS.items() if isinstance(error, kind)), None)
    if slug is None:
        return None
    wait = getattr(error, "wait", None)
    if isinstance(error, exceptions.APIException) and slug != "unavailable":
        return ApiProblem(slug, str(error.detail), wait=wait)
    return ApiProblem(slug, wait=BUSY_SECONDS if slug == "unavailable" else None)


def problem_body(problem: ApiProblem, path: str) -> dict[str, Any]:
    return {
        "type": f"/api/v1/problems/{problem.kind.slug}/",
        "title": problem.kind.title,
        "status": problem.kind.status,
        "detail": str(problem.detail),
        "instance": path,
        "errors": problem.errors,
    }


def problem_response(problem: ApiProblem, path: str) -> HttpResponse:
    """The answer, with the headers its status asks for."""
    response = HttpResponse(
        json_dumps(problem_body(problem, path)),
        content_type=MEDIA_TYPE,
        status=problem.kind.status,
    )
    if problem.kind.status == 401:
        response["WWW-Authenticate"] = SIGN_IN
    if problem.wait is not None:
        response["Retry-After"] = str(max(1, math.ceil(problem.wait)))
    return response
