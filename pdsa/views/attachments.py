"""Files of a project: list, add, hand out, delete, bring back."""

from django.http import FileResponse, Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from pdsa.forms.attachments import AttachmentForm
from pdsa.selectors import cycle_at, place_for_delete, place_for_edit, place_seen
from pdsa.selectors.attachments import (
    attachment_at,
    attachment_deleted_at,
    attachments_of,
)
from pdsa.services import attachments as services
from pdsa.views.common import form_page, page, restored
from qiportal.core.uploads import CONTENT_TYPES, store

form_view = require_http_methods(["GET", "HEAD", "POST"])


def files_url(reference: str) -> str:
    return reverse("attachment_list", args=[reference])


@require_safe
def attachment_list(request, reference):
    place = place_seen(request.user, reference)
    return page(
        request,
        place,
        "attachments",
        project=place.project,
        attachments=attachments_of(place.project),
        may_write=place.stands.can_write,
        may_delete=place.stands.can_delete_rows,
        undo=_undo(request.GET.get("undo", ""), reference),
    )


def _undo(key: str, reference: str) -> dict | None:
    """The banner after deleting; bringing back checks everything itself."""
    if not key.isdecimal() or len(key) > 15:
        return None
    url = reverse("attachment_restore", args=[reference, int(key)])
    return {"text": "The file was deleted.", "url": url}


@form_view
def attachment_add(request, reference):
    """`?cycle=12` attaches to that test of the project."""
    place = place_for_edit(request.user, reference)
    cycle = _cycle(place, request.GET.get("cycle", ""))
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = AttachmentForm(*sent)
    back = _back(place, cycle)
    return form_page(
        *(request, place, form),
        lambda: services.attachment_add(
            project=place.project, cycle=cycle, by=request.user, **form.cleaned_data
        ),
        template="attachment_form",
        said=lambda row: f"{row.name} is attached.",
        then=lambda row: back,
        cancel_url=back,
        drafted=False,
        title="Add a file",
    )


def _cycle(place, number: str):
    """The test named in the address, or None. Http404 for another project's."""
    if not number:
        return None
    if not number.isdecimal() or len(number) > 15:
        raise Http404
    return cycle_at(place, int(number))


def _back(place, cycle) -> str:
    reference = place.project.reference
    if cycle:
        return reverse("cycle_detail", args=[reference, cycle.pk])
    return files_url(reference)


@require_safe
def attachment_download(request, reference, attachment_id):
    """Always saved, never shown inside the portal, with the type it was checked for."""
    row = attachment_at(place_seen(request.user, reference), attachment_id)
    try:
        file = store.opened(row.stored_as)
    except FileNotFoundError as error:
        raise Http404("This file is lost.") from error
    response = FileResponse(
        file,
        as_attachment=True,
        filename=row.name,
        content_type=CONTENT_TYPES[row.kind],
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response


@require_POST
def attachment_delete(request, reference, attachment_id):
    place = place_for_delete(request.user, reference)
    row = attachment_at(place, attachment_id)
    services.attachment_delete(attachment=row, by=request.user)
    return redirect(f"{files_url(reference)}?undo={row.pk}")


@require_POST
def attachment_restore(request, reference, attachment_id):
    place = place_for_delete(request.user, reference)
    row = attachment_deleted_at(place, attachment_id)
    return restored(
        request,
        lambda: services.attachment_restore(attachment=row, by=request.user),
        "The file is back.",
        files_url(reference),
    )
