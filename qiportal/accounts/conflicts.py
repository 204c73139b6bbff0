"""The page that shows both texts when two people changed the same row."""

from collections.abc import Sequence
from decimal import Decimal

from django import forms
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from qiportal.accounts.models import AuditEvent, User
from qiportal.accounts.safe_forms import TICK
from qiportal.accounts.typed import draft_named


def last_editor(row: models.Model) -> str:
    """The name of whoever changed the row last, or ""."""
    events = AuditEvent.objects.filter(
        target_model=row._meta.label, target_id=str(row.pk)
    )
    email = events.order_by("-id").values_list("actor", flat=True).first()
    person = User.objects.filter(email=email or "").first()
    return person.display_name if person else ""


def _shown(value: object, field: forms.Field) -> str:
    """A value as the page prints it: choices by their label, rows by their name."""
    if value is None or value == "":
        return ""
    if isinstance(value, list | tuple | models.QuerySet):
        return ", ".join(str(part) for part in value)
    if isinstance(value, models.Model):
        return str(value)
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"  # 5 and 5.00 are one number
    for key, label in getattr(field, "choices", None) or ():
        if str(key) == str(value):
            return str(label).strip()
    return str(value)


def conflict_page(
    request: HttpRequest,
    *,
    form: forms.Form,
    current: models.Model,
    cancel_url: str,
    theirs: dict | None = None,
    beside: Sequence[dict] = (),
    hidden: Sequence[tuple[str, str]] = (),
) -> HttpResponse:
    """Both versions of what differs, with the form's own boxes to choose or merge.

    `form` is bound and valid; `theirs` gives values where form fields are not named
    like the row's attributes. `beside` are texts that travel with the form but have
    no box here: dicts of label, theirs, yours and what saving does. Fields that agree
    travel along hidden, as do the pairs in `hidden` (rows of a formset, say). Status
    409.
    """
    fields, agreed = [], []
    for bound in form.visible_fields():
        saved = (theirs or {}).get(bound.name, getattr(current, bound.name, None))
        pair = _pair(bound, saved, form.cleaned_data.get(bound.name))
        same = bound.name == TICK or pair["theirs"] == pair["yours"]
        agreed.append(bound) if same else fields.append(pair)
    context = {
        "fields": fields,
        "agreed": agreed + [b for b in form.hidden_fields() if b.name != "version"],
        "theirs_by": last_editor(current),
        "theirs_at": current.updated_at,
        "version": current.version,
        "cancel_url": cancel_url,
        "beside": [pair for pair in beside if pair["theirs"] != pair["yours"]],
        "hidden": hidden,
        **draft_named(request),
    }
    return render(request, "pages/conflict.html", context, status=409)


def _pair(bound: forms.BoundField, saved: object, typed: object) -> dict:
    is_text = isinstance(bound.field.widget, forms.Textarea | forms.TextInput)
    return {
        "name": bound.html_name,
        "label": bound.label,
        "theirs": _shown(saved, bound.field),
        "yours": _shown(typed, bound.field),
        "control": None if is_text else bound,
    }
