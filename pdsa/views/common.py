"""What the views of the log share."""

from collections.abc import Callable, Sequence
from itertools import chain
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse

from pdsa.forms.library import LINKS
from pdsa.selectors import Place
from projects.presenters import project_frame
from projects.services import project_join
from projects.views.common import Drafted
from qiportal.accounts.conflicts import conflict_page
from qiportal.accounts.safe_forms import record_ticks
from qiportal.core.forms import Formsets
from qiportal.core.versions import Conflict
from qiportal.library.field_links import link_fields

FORMSET_PREFIXES = ("expect-", "task-")
LATER = "later"  # the button that saves without finishing a stage
UNDOABLE = {
    "cycle": ("The test was deleted.", "cycle_restore"),
    "measure": ("The measure was deleted.", "measure_restore"),
    "point": ("The number was deleted.", "point_restore"),
    "comment": ("Your comment was deleted.", "comment_restore"),
    "task": ("The task was deleted.", "task_restore"),
    "benefit": ("The benefit was deleted.", "benefit_restore"),
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
    rows: Sequence[Any] = (),
) -> Any:
    """What the service made, or None with its refusal on the form.

    Somebody of the project's own team who is no member yet joins in the same
    transaction. Ticks that harmless text is harmless are audited, those of the formsets
    `rows` too. Conflict passes.
    """
    try:
        with transaction.atomic():
            if place and place.joining:
                project_join(project=place.project, by=request.user)
            row = action()
            for typed in [form, *chain.from_iterable(rows)]:
                if hasattr(typed, "identifier_ticks"):
                    record_ticks(typed, target=row, by=request.user)
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
    request: HttpRequest,
    form: forms.Form,
    error: Conflict,
    cancel_url: str,
    theirs: Callable[[Any], dict] | None = None,
    beside: Callable[[Any], list[dict]] | None = None,
) -> HttpResponse:
    """Both texts side by side. Rows of a formset travel along, and so does which
    button was pressed. `theirs` gives what is saved now where the form's fields are
    not the row's own, `beside` both texts of what travels along."""
    now = error.current
    if now is None:
        messages.error(request, "This was deleted while you were working on it.")
        return redirect(cancel_url)
    rows = [
        (name, value)
        for name, values in request.POST.lists()
        if name.startswith(FORMSET_PREFIXES) or name == LATER
        for value in values
    ]
    return conflict_page(
        request,
        form=form,
        current=now,
        cancel_url=cancel_url,
        theirs=theirs(now) if theirs else None,
        beside=beside(now) if beside else (),
        hidden=rows,
    )


def first_row(formset: forms.BaseFormSet) -> list[forms.Form]:
    """The row that carries the links to the library; once is enough."""
    return formset.forms[:1]


def page_draft(request: HttpRequest) -> Drafted:
    """The page's draft: named like the page, kept under what stands in its address."""
    found = request.resolver_match
    parts = [str(value) for value in found.kwargs.values()]
    return Drafted(request, str(found.url_name), "-".join(parts))


def put_back(draft: Drafted, forms_shown: Sequence[forms.Form]) -> None:
    """Puts what a draft holds into the forms of its page."""
    typed = draft.initial()
    for form in forms_shown:
        known = {name: form.add_prefix(name) for name in form.fields}
        kept = {name: typed[key] for name, key in known.items() if key in typed}
        if any(kept.values()):
            form.initial = {**(form.initial or {}), **kept}


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
    also: Sequence[Any] = (),
    join: bool = False,
    draft: Drafted | None = None,
    drafted: bool = True,
    theirs: Callable[[Any], dict] | None = None,
    beside: Callable[[Any], list[dict]] | None = None,
    **context: Any,
) -> HttpResponse:
    """Shows a form; when it is sent and right, runs the service and goes on.

    With `join`, somebody of the project's own team becomes a member as they save.
    `also` are formsets to validate with it. `said` and `then` give the message and the
    next address from what the service made, which ends the draft. What was typed on an
    earlier visit is in the form again: by `draft` where the view reads it itself, else
    put there by the page's own, unless it is not `drafted`. A form that somebody else
    overtook becomes the page with both texts; `theirs` maps the row as it now stands
    to the values of form fields that are not the row's own, `beside` to both texts of
    what the page carries along.
    """
    own = page_draft(request) if drafted and draft is None else None
    if request.method == "POST" and all(part.is_valid() for part in (form, *also)):
        try:
            joins = place if join else None
            row = saved(request, form, action, place=joins, rows=also)
        except Conflict as error:
            return conflicted(request, form, error, cancel_url, theirs, beside)
        if row is not None:
            if kept := draft or own:
                kept.discard()
            return done(request, said(row), then(row))
    link_fields([form, *chain.from_iterable(map(first_row, also))], LINKS)
    context |= {"form": form, "formset": Formsets(also), "cancel_url": cancel_url}
    if own:
        put_back(own, [form, *chain.from_iterable(also)])
    if kept := draft or own:
        context |= kept.words()
    return page(request, place, template, **context)
