"""My work, and the search that asks several lists at once."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from qiportal.dashboard.presenters.search import search_context
from qiportal.dashboard.presenters.work import work_context


@require_GET
def my_work(request: HttpRequest) -> HttpResponse:
    return render(request, "dashboard/my_work.html", work_context(request.user))


@require_GET
def search_page(request: HttpRequest) -> HttpResponse:
    words = request.GET.get("q", "").strip()
    return render(request, "dashboard/search.html", search_context(request.user, words))
