"""What every view of the API shares: who may ask, how often, and the headers."""

from datetime import timedelta
from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.views import APIView

from qiportal.api.auth import PER_MINUTE, HasScope, TokenAuthentication, TokenRate
from qiportal.api.formats import JSON
from qiportal.api.schema import DeclaredSchema
from qiportal.api.tables.base import Viewer
from qiportal.core.dates import now
from qiportal.core.json import json_dumps
from qiportal.dashboard.selectors import published

LATE_COMMITS = timedelta(minutes=5)


class ApiView(APIView):
    """Tokens only, counted before anything is read; GET unless a view says more."""

    authentication_classes: tuple[Any, ...] = (TokenAuthentication,)
    permission_classes: tuple[Any, ...] = (HasScope,)
    throttle_classes: tuple[Any, ...] = (TokenRate,)
    http_method_names: tuple[str, ...] = ("get", "head")
    schema: DeclaredSchema | None = DeclaredSchema()
    scope = ""
    cache_rule = "no-store"

    def scope_of(self, request: Request) -> str:
        """The scope a request needs; "" for any token."""
        return self.scope

    def cache_rule_of(self) -> str:
        return self.cache_rule

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """As in DRF, but requests are counted before they can be refused."""
        request.accepted_renderer = JSONRenderer()
        request.accepted_media_type = JSON
        self.perform_authentication(request)
        self.check_throttles(request)
        self.check_permissions(request)

    def finalize_response(
        self, request: Request, response: HttpResponseBase, *args: Any, **kwargs: Any
    ) -> HttpResponseBase:
        response = super().finalize_response(request, response, *args, **kwargs)
        response.setdefault("Cache-Control", self.cache_rule_of())
        patch_vary_headers(response, ("Accept", "Authorization", "X-API-Key"))
        rate = getattr(request._request, "rate", None)
        if rate is not None:
            left, seconds = rate
            response["RateLimit-Policy"] = f'"token";q={PER_MINUTE};w=60'
            response["RateLimit"] = f'"token";r={left};t={seconds}'
        return response


def viewer_of(request: Request) -> Viewer:
    """The token's view of the data, with the published run as it is now."""
    token, pointer = request.auth, published()
    return Viewer(
        user=request.user,
        limit=token.unit.path if token.unit else "",
        moment=now(),
        run_id=pointer.run_id if pointer else None,
        run_at=pointer.published_at if pointer else None,
    )


def json_response(body: Any) -> HttpResponse:
    return HttpResponse(json_dumps(body), content_type=JSON)
