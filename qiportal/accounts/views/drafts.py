"""Drafts: saved by the browser while somebody types, thrown away on request."""

from django.core.exceptions import ValidationError
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from qiportal.accounts.drafts import draft_discard, draft_of, draft_save
from qiportal.core.dates import clock
from qiportal.core.http import safe_next

OBJECT = "_object"
MAX_KEY = 60


@require_http_methods(["GET", "POST", "DELETE"])
def draft_save_view(request, form_key):
    """GET reads, POST keeps and DELETE throws away one's own draft of a form."""
    given = request.POST if request.method == "POST" else request.GET
    object_key = given.get(OBJECT, "")
    if max(len(form_key), len(object_key)) > MAX_KEY or "\x00" in object_key:
        return JsonResponse({"error": "There is no such form."}, status=400)
    handler = {"GET": _read, "POST": _keep, "DELETE": _drop}[request.method]
    return handler(request, form_key, object_key)


def _read(request, form_key, object_key):
    draft = draft_of(request.user, form_key, object_key)
    fields = draft.payload if draft else {}
    saved_at = clock(draft.saved_at) if draft else None
    return JsonResponse({"saved_at": saved_at, "fields": fields})


def _keep(request, form_key, object_key):
    try:
        draft = draft_save(
            user=request.user,
            form_key=form_key,
            object_key=object_key,
            fields=dict(request.POST.lists()),
        )
    except ValidationError as error:
        return JsonResponse({"error": " ".join(error.messages)}, status=413)
    return JsonResponse({"saved_at": clock(draft.saved_at) if draft else None})


def _drop(request, form_key, object_key):
    draft_discard(user=request.user, form_key=form_key, object_key=object_key)
    return HttpResponse(status=204)


@require_POST
def draft_discard_view(request, form_key):
    """The "Throw it away" button of the banner; works without JavaScript."""
    object_key = request.POST.get(OBJECT, "").replace("\x00", "")
    draft_discard(user=request.user, form_key=form_key, object_key=object_key)
    return redirect(safe_next(request, "/"))
