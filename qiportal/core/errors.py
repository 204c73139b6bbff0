"""The answer to an unexpected failure: generic words and a reference, no details."""

from django.http import HttpRequest, HttpResponseServerError
from django.template import loader


def server_error(request: HttpRequest) -> HttpResponseServerError:
    """The 500 page. Runs no context processor, so that it cannot fail again."""
    context = {"reference": getattr(request, "id", "")}
    return HttpResponseServerError(loader.render_to_string("500.html", context))
