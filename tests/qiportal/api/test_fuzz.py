"""Generated requests, the same in every run: no fault of ours, no broken promise."""

import json

import pytest
import requests
import schemathesis
from django.core.cache import cache
from django.test import Client
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.core.transport import Response
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from qiportal.api.views.about import openapi_text

pytestmark = pytest.mark.django_db
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
SCHEMA = schemathesis.openapi.from_dict(json.loads(openapi_text()))
OPERATIONS = [result.ok() for result in SCHEMA.get_all_operations()]
FIXED = settings(
    max_examples=4,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def sent(case, token):
    """The case through Django's client, as the response schemathesis checks."""
    prepared = requests.Request(**case.as_transport_kwargs(base_url="http://127.0.0.1"))
    request = prepared.prepare()
    kept = {"Idempotency-Key", "Accept"}
    headers = {k: v for k, v in request.headers.items() if k in kept}
    client = Client(raise_request_exception=False)
    answer = client.generic(
        request.method,
        request.path_url,
        request.body or b"",
        content_type=request.headers.get("Content-Type", "application/json"),
        headers={**headers, "Authorization": f"Bearer {token}"},
    )
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return Response(
        status_code=answer.status_code,
        headers={name: [value] for name, value in answer.headers.items()},
        content=body,
        request=request,
        elapsed=0.0,
        verify=True,
    )


def test_no_generated_request_breaks_a_promise(api, world):
    assert len(OPERATIONS) > 70
    for operation in OPERATIONS:  # a failure names its request

        @FIXED
        @given(operation.as_strategy())
        def run(case):
            cache.clear()
            response = sent(case, api.secret)
            case.validate_response(response, checks=CHECKS)

        run()
