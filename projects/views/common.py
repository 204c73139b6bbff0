"""What the register's views share."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import cached_property

from projects.forms import add_errors
from projects.forms.library import LINKS
from projects.models import Project
from projects.presenters import project_frame
from qiportal.accounts.conflicts import conflict_page
from qiportal.accounts.drafts import as_initial, draft_discard, draft_of
from qiportal.accounts.models import Draft
from qiportal.accounts.safe_forms import SafeTextForm, record_ticks
from qiportal.core.versions import Conflict
from qiportal.library.field_links import link_fields


def project_page(
    request: HttpRequest, template: str, project: Project, current: str, **context: Any
) -> HttpResponse:
    """A page inside a project's frame; a form's fields lead to the library."""
    if form := context.get("form"):
        link_fields([form], LINKS)
    frame = project_frame(project, request.user, current)
    return render(request, template, {"frame": frame, "project": project, **context})


def saved(
    request: HttpRequest, form: forms.Form, service: Callable, **fields: Any
) -> Any:
    """Runs a service on a valid form: its row, or None with the errors on the form.

    What the person confirmed as harmless is audited with the row.
    """
    try:
        row = service(by=request.user, **fields)
    except ValidationError as error:
        add_errors(form, error)
        return None
    if isinstance(form, SafeTextForm):
        record_ticks(form, target=row, by=request.user)
    return row


def tried(request: HttpRequest, service: Callable, **fields: Any) -> bool:
    """Runs a service behind a button; what stands against it is told on the page."""
    try:
        service(by=request.user, **fields)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return False
    return True


def chosen(form: forms.Form, *names: str) -> dict[str, Any]:
    """The named answers of a valid form."""
    return {name: form.cleaned_data[name] for name in names}


class Drafted:
    """What somebody typed on an earlier visit: offered again, gone when saved."""

    def __init__(self, request: HttpRequest, key: str, reference: str | int):
        self.user, self.key, self.reference = request.user, key, str(reference)
        self.reading = request.method == "GET"

    @cached_property
    def kept(self) -> Draft | None:
        if not self.reading:
            return None
        return draft_of(self.user, self.key, self.reference)

    def initial(self) -> dict[str, Any]:
        """The draft's answers, on the way in only."""
        return as_initial(self.kept.payload) if self.kept else {}

    def words(self) -> dict[str, Any]:
        """What the page needs to offer the draft and to go on saving it."""
        return {
            "draft": self.kept,
            "draft_key": self.key,
            "draft_object": self.reference,
        }

    def discard(self) -> None:
        draft_discard(user=self.user, form_key=self.key, object_key=self.reference)


def both_texts(
    request: HttpRequest, form: forms.Form, clash: Conflict, back: str, **theirs: Any
) -> HttpResponse:
    """The page with both texts; a row that is gone meanwhile is a 404."""
    if clash.current is None:
        raise Http404
    return conflict_page(
        request, form=form, current=clash.current, cancel_url=back, theirs=theirs
    )


def inner_form_page(
    request: HttpRequest, project: Project, current: str, form: forms.Form, **words: Any
) -> HttpResponse:
    """A form on a page of its own, inside a project's frame.

    `words`: heading, cancel_url and, if wanted, intro, submit_label, colleagues.
    """
    return project_page(
        request, "projects/form.html", project, current, form=form, **words
    )
