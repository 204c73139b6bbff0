"""My work, and the search that asks several lists at once."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from qiportal.dashboard.http import SignedRequest
from qiportal.dashboard.presenters.search import search_context
from qiportal.dashboard.presenters.work import work_context


@require_GET
def my_work(request: SignedRequest) -> HttpResponse:
    return render(request, "dashboard/my_work.html", work_context(request.user))


@require_GET
def search_page(request: SignedRequest) -> HttpResponse:
    words = request.GET.get("q", "").strip()
    return render(request, "dashboard/search.html", search_context(request.user, words))
