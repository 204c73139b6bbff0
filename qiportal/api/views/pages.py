"""Pages for people about the data."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from qiportal.api.guide import data_page


@require_safe
def data_and_api(request: HttpRequest) -> HttpResponse:
    """Where the data is, how to reach it, and code to copy."""
    return render(request, "api/data.html", data_page())
