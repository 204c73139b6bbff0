"""The answer to an unexpected failure: generic words and a reference, no details."""

from django.http import HttpRequest, HttpResponseServerError
from django.template import loader

from qiportal.core.json import json_dumps

PROBLEM = "application/problem+json"


def server_error(request: HttpRequest) -> HttpResponseServerError:
    """The 500 page. Runs no context processor, so that it cannot fail again.

    Programs get the same words in the form of the API's other refusals.
    """
    reference = getattr(request, "id", "")
    if request.path.startswith("/api/"):
        body = json_dumps(_problem(request.path, reference))
        return HttpResponseServerError(body, content_type=PROBLEM)
    context = {"reference": reference}
    return HttpResponseServerError(loader.render_to_string("500.html", context))


def _problem(path: str, reference: str) -> dict[str, object]:
    return {
        "type": "about:blank",
        "title": "Something went wrong",
        "status": 500,
        "detail": f"The fault is ours. Reference: {reference}",
        "instance": path,
        "errors": [],
    }
