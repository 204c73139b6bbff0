"""Schema and docs: for a token or a browser session."""

from functools import cache
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from drf_spectacular.generators import SchemaGenerator
from rest_framework.exceptions import NotAuthenticated
from rest_framework.request import Request

from qiportal.api.auth import SessionReading, SignedInOrToken, TokenAuthentication
from qiportal.api.formats import JSON, wanted_format
from qiportal.api.guide import guide, problem_page
from qiportal.api.params import single
from qiportal.api.problems import KINDS, ApiProblem
from qiportal.api.schema import (
    Schema,
    operation,
    path_parameter,
    problem_responses,
    problem_schema,
)
from qiportal.api.views.base import ApiView
from qiportal.core.json import json_dumps

OPENAPI = "application/vnd.oai.openapi+json"
HTML = "text/html"


@cache
def openapi_text() -> str:
    """The schema as JSON; it depends on the code alone."""
    return json_dumps(SchemaGenerator().get_schema(request=None, public=True))


class AboutView(ApiView):
    """A page about the API: tokens and browser sessions may read it."""

    authentication_classes = (TokenAuthentication, SessionReading)
    permission_classes = (SignedInOrToken,)
    name = summary = media_type = ""
    in_path: tuple[Schema, ...] = ()
    refused: tuple[str, ...] = ()

    def components(self) -> dict[str, Schema]:
        return {"Problem": problem_schema()}

    def operation(self, method: str) -> Schema:
        kind = "object" if self.media_type == JSON else "string"
        content = {self.media_type: {"schema": {"type": kind}}}
        ok = {"description": self.summary, "content": content}
        about = "A browser session will do as well."
        refused = problem_responses("not-acceptable", *self.refused)
        return operation(
            *(self.name, self.summary, "About", ""),
            {"200": ok, **refused},
            about=about,
            parameters=list(self.in_path),
        )


class SchemaView(AboutView):
    """/api/v1/schema/: OpenAPI 3.1."""

    name, summary, media_type = "schema", "The API as OpenAPI 3.1.", JSON

    def get(self, request: Request) -> HttpResponseBase:
        chosen = wanted_format(request, (JSON, OPENAPI))
        single(request.GET, [])
        return HttpResponse(openapi_text(), content_type=chosen)


class PageView(AboutView):
    """A page for people; without a session a browser is sent to sign in."""

    media_type = HTML

    def handle_exception(self, exc: Exception) -> HttpResponseBase:
        wants_page = HTML in self.request.headers.get("Accept", "")
        if isinstance(exc, NotAuthenticated) and wants_page:
            return redirect_to_login(self.request.get_full_path())
        return super().handle_exception(exc)


class DocsView(PageView):
    """/api/v1/docs/: how to use the API, in words and without JavaScript."""

    name, summary = "docs", "How to use the API."

    def get(self, request: Request) -> HttpResponseBase:
        wanted_format(request, (HTML,))
        single(request.GET, [])
        return render(request._request, "api/docs.html", guide())


class ProblemView(PageView):
    """/api/v1/problems/<slug>/: what a kind of refusal means."""

    name, summary = "problem", "What a kind of refusal means."
    in_path = (
        path_parameter("slug", {"type": "string", "enum": list(KINDS)}, "The kind."),
    )
    refused = ("not-found",)

    def get(self, request: Request, slug: str) -> HttpResponseBase:
        wanted_format(request, (HTML,))
        single(request.GET, [])
        if slug not in KINDS:
            raise ApiProblem("not-found")
        context: dict[str, Any] = problem_page(KINDS[slug])
        return render(request._request, "api/problem.html", context)
