"""The one write: numbers of measures, sent by another system."""

from dataclasses import replace

from django.db import IntegrityError
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from rest_framework.request import Request

from pdsa.services.feeds import (
    Answer,
    Feed,
    KeyReused,
    Receipt,
    data_points_feed,
    feed_replay,
    receipt_for,
)
from qiportal.api.bodies import body_of, feed_of, idempotency_key
from qiportal.api.formats import JSON, wanted_format
from qiportal.api.params import single
from qiportal.api.problems import ApiProblem
from qiportal.api.schema import Schema
from qiportal.api.schema_points import points_components, points_operation
from qiportal.api.views.tables import TableView
from qiportal.core.json import json_dumps

WRITE = "measures:write"


class PointsView(TableView):
    """The numbers of all measures; POST sends new ones."""

    http_method_names = ("get", "head", "post")

    def scope_of(self, request: Request) -> str:
        return WRITE if request.method == "POST" else super().scope_of(request)

    def post(self, request: Request) -> HttpResponseBase:
        """Writes 1 to 1,000 rows; a request may be repeated as often as one likes."""
        wanted_format(request, (JSON,))
        single(request.GET, [])
        raw, key = body_of(request), idempotency_key(request)
        receipt = receipt_for(by=request.user, key=key, body=raw) if key else None
        if receipt and (kept := replayed(receipt)):
            return answered(kept, replay=True)
        feed = feed_of(raw)
        return self.written(request, feed, receipt)

    def written(
        self, request: Request, feed: Feed, receipt: Receipt | None
    ) -> HttpResponseBase:
        feed = replace(feed, receipt=receipt)
        try:
            answer = data_points_feed(feed=feed, token=request.auth, by=request.user)
        except IntegrityError as error:
            if receipt and (kept := replayed(receipt)):
                return answered(kept, replay=True)
            raise ApiProblem("unavailable", wait=1) from error
        return answered(answer)

    def components(self) -> dict[str, Schema]:
        return {**super().components(), **points_components()}

    def operation(self, method: str) -> Schema:
        return points_operation() if method == "POST" else super().operation(method)


def replayed(receipt: Receipt) -> Answer | None:
    """The answer given before. Raises ApiProblem when the body was another."""
    try:
        return feed_replay(receipt)
    except KeyReused as error:
        detail = "This Idempotency-Key came before with another body."
        problem = {"pointer": "", "code": "key_reused", "detail": detail}
        raise ApiProblem("invalid", detail, errors=[problem]) from error


def answered(answer: Answer, *, replay: bool = False) -> HttpResponse:
    """200, or 422 with the same body when nothing was written."""
    response = HttpResponse(
        json_dumps(answer.body),
        content_type=JSON,
        status=422 if answer.refused else 200,
    )
    if replay:
        response["Idempotency-Replayed"] = "true"
    return response
