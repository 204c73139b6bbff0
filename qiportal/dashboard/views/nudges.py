"""The answer to "still going?"."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from projects.presenters import project_frame
from projects.selectors import project_for_edit
from qiportal.dashboard.nudges import still_going


@require_http_methods(["GET", "HEAD", "POST"])
def still_going_page(request: Any, reference: str) -> HttpResponse:
    """GET asks, POST says yes. Resting and handing over have pages of their own."""
    project = project_for_edit(request.user, reference)
    if request.method == "POST":
        still_going(project=project, by=request.user)
        messages.success(request, "Good to know. You are not asked for a while.")
        return redirect(project)
    context = {"frame": project_frame(project, request.user, "still_going")}
    return render(request, "dashboard/still_going.html", context)
