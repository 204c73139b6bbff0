"""What the views of the log share."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse

from pdsa.selectors import Place
from projects.presenters import project_frame
from projects.services import project_join
from qiportal.accounts.conflicts import conflict_page
from qiportal.accounts.safe_forms import record_ticks
from qiportal.core.versions import Conflict

FORMSET_PREFIX = "expect-"
UNDOABLE = {
    "cycle": ("The test was deleted.", "cycle_restore"),
    "measure": ("The measure was deleted.", "measure_restore"),
    "point": ("The number was deleted.", "point_restore"),
    "comment": ("Your comment was deleted.", "comment_restore"),
    "task": ("The task was deleted.", "task_restore"),
}


def page(
    request: HttpRequest, place: Place, template: str, **context: Any
) -> HttpResponse:
    """A page of the log inside its project's frame."""
    frame = project_frame(place.project, request.user, "log", place.stands)
    return render(request, f"pdsa/{template}.html", {"frame": frame, **context})


def tell(form: forms.Form, error: ValidationError) -> None:
    """Puts a service's refusal on the fields it speaks of, else above the form."""
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for name, problems in error.error_dict.items():
        form.add_error(name if name in form.fields else None, problems)


def saved(
    request: HttpRequest,
    form: forms.Form,
    action: Callable[[], Any],
    *,
    place: Place | None = None,
) -> Any:
    """What the service made, or None with its refusal on the form.

    Somebody of the project's own team who is no member yet joins in the same
    transaction. Ticks that harmless text is harmless are audited. Conflict passes.
    """
    try:
        with transaction.atomic():
            if place and place.joining:
                project_join(project=place.project, by=request.user)
            row = action()
            if hasattr(form, "identifier_ticks"):
                record_ticks(form, target=row, by=request.user)
    except ValidationError as error:
        tell(form, error)
        return None
    return row


def done(request: HttpRequest, text: str, url: str) -> HttpResponse:
    """Says what was saved and goes on."""
    messages.success(request, text)
    return redirect(url)


def restored(
    request: HttpRequest, action: Callable[[], Any], text: str, url: str
) -> HttpResponse:
    """Does something small and goes on, or says why that cannot be."""
    try:
        action()
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect(url)
    return done(request, text, url)


def with_undo(url: str, kind: str, key: int) -> str:
    """An address whose page offers to bring a deleted row back."""
    return f"{url}?undo={kind}.{key}"


def undo_banner(request: HttpRequest, *place: str | int) -> dict | None:
    """The banner asked for in the address; restoring checks everything itself.

    `place` is what comes before the row's number in the address of its restoring.
    """
    kind, _, key = request.GET.get("undo", "").partition(".")
    if kind not in UNDOABLE or not key.isdecimal() or len(key) > 15:
        return None
    text, name = UNDOABLE[kind]
    try:
        return {"text": text, "url": reverse(name, args=[*place, int(key)])}
    except NoReverseMatch:
        return None  # the banner of another kind of page


def conflicted(
    request: HttpRequest, form: forms.Form, error: Conflict, cancel_url: str
) -> HttpResponse:
    """Both texts side by side; rows of a formset travel along."""
    now = error.current
    if now is None:
        messages.error(request, "This was deleted while you were working on it.")
        return redirect(cancel_url)
    rows = [
        (name, value)
        for name, values in request.POST.lists()
        if name.startswith(FORMSET_PREFIX)
        for value in values
    ]
    return conflict_page(
        request, form=form, current=now, cancel_url=cancel_url, hidden=rows
    )


def form_page(
    request: HttpRequest,
    place: Place,
    form: forms.Form,
    action: Callable[[], Any],
    *,
    template: str,
    said: Callable[[Any], str],
    then: Callable[[Any], str],
    cancel_url: str,
    also: Any = None,
    join: bool = False,
    **context: Any,
) -> HttpResponse:
    """Shows a form; when it is sent and right, runs the service and goes on.

    With `join`, somebody of the project's own team becomes a member as they save.
    `also` is a second form or formset to validate. `said` and `then` give the message
    and the next address from what the service made. A form that somebody else
    overtook becomes the page with both texts.
    """
    valid = request.method == "POST" and form.is_valid()
    if valid and (also is None or also.is_valid()):
        try:
            row = saved(request, form, action, place=place if join else None)
        except Conflict as error:
            return conflicted(request, form, error, cancel_url)
        if row is not None:
            return done(request, said(row), then(row))
    context |= {"form": form, "formset": also, "cancel_url": cancel_url}
    return page(request, place, template, **context)
