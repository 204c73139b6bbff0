"""Writing entries: a draft, its review, its publication. What is published stays."""

from datetime import date
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.text import slugify

from qiportal.accounts.audit import audit_record
from qiportal.accounts.models import User
from qiportal.core.dates import now, today
from qiportal.core.versions import Conflict, versioned_save
from qiportal.library.models import Method, MethodVersion
from qiportal.library.services.fields import TEXT_FIELDS

State = MethodVersion.State
RESERVED = {("desk",), ("new",)}  # addresses of pages
PUBLISHED_STAYS = "A published version never changes. Start a new one."


@transaction.atomic
def method_create(
    *,
    particulars: dict[str, Any],
    text: dict[str, str],
    by: User,
    submission_id: UUID | None = None,
) -> Method:
    """A new entry with its first draft; nobody but the QI team sees it yet.

    The same submission twice gives the same entry. Raises ValidationError.
    """
    sent = MethodVersion.objects.filter(submission_id=submission_id).first()
    if submission_id and sent:
        return sent.method
    method = Method(
        slug=_free_slug(particulars["title"]), owner=by, created_by=by, **particulars
    )
    method.full_clean()
    method.save()
    _draft_add(method, text, by, submission_id=submission_id)
    new = {"title": method.title, "slug": method.slug}
    audit_record(type="method.created", target=method, by=by, new=new)
    return method


def _free_slug(title: str) -> str:
    """An address made of the title; a number is added where it is taken."""
    stem = slugify(title)[:50] or "entry"
    taken = RESERVED | set(
        Method.objects.filter(slug__startswith=stem).values_list("slug")
    )
    candidates = [stem, *(f"{stem}-{number}" for number in range(2, len(taken) + 3))]
    return next(slug for slug in candidates if (slug,) not in taken)


def _draft_add(
    method: Method, text: dict[str, str], by: User, submission_id: UUID | None = None
) -> MethodVersion:
    last = method.versions.order_by("-number").first()
    draft = MethodVersion(
        method=method,
        number=last.number + 1 if last else 1,
        author=by,
        created_by=by,
        change_note="" if last else "First edition",
        submission_id=submission_id,
        **_picked(text),
    )
    draft.full_clean(exclude=["change_note"])
    draft.save()
    return draft


def _picked(text: dict[str, str]) -> dict[str, str]:
    return {name: text[name].strip() for name in TEXT_FIELDS}


@transaction.atomic
def draft_write(
    *, method: Method, text: dict[str, str], version: int, by: User
) -> MethodVersion:
    """Saves the draft of an entry, beginning one where there is none.

    `version` is that of the draft the person saw, 0 if there was none. Raises Conflict
    when somebody else began or changed it meanwhile.
    """
    method = Method.objects.select_for_update().get(pk=method.pk)
    draft = method.versions.open().first()
    if draft is None and version:
        raise Conflict(method.current_version)
    if draft is None:
        draft = _draft_add(method, text, by)
    elif version != draft.version:
        raise Conflict(draft)
    else:
        _draft_change(draft, text, by)
    new = {"number": draft.number}
    audit_record(type="method.draft_saved", target=method, by=by, new=new)
    return draft


def _draft_change(draft: MethodVersion, text: dict[str, str], by: User) -> None:
    for name, value in _picked(text).items():
        setattr(draft, name, value)
    draft.author, draft.state = by, State.DRAFT
    draft.full_clean(exclude=["change_note"])
    fields = [*TEXT_FIELDS, "author", "state"]
    versioned_save(draft, expected=draft.version, fields=fields)


@transaction.atomic
def draft_to_review(*, draft: MethodVersion, by: User) -> MethodVersion:
    """Asks a colleague to read a draft before it is published."""
    draft = _open(draft)
    draft.state = State.REVIEW
    versioned_save(draft, expected=draft.version, fields=["state"])
    new = {"number": draft.number}
    audit_record(type="method.sent_to_review", target=draft.method, by=by, new=new)
    return draft


@transaction.atomic
def draft_discard(*, draft: MethodVersion, by: User) -> None:
    """Throws an unpublished version away; its entry too, if it has no other."""
    draft = _open(draft)
    method = draft.method
    old = {"number": draft.number, "title": method.title}
    audit_record(type="method.draft_discarded", target=method, by=by, old=old)
    draft.delete()
    if not method.versions.exists():
        method.delete()


@transaction.atomic
def draft_publish(
    *, draft: MethodVersion, change_note: str, review_due_on: date, by: User
) -> MethodVersion:
    """Makes a draft the version everybody reads.

    Raises ValidationError without a change note, for a review date that is not in the
    future, and for a version published already.
    """
    draft = _open(draft)
    if review_due_on <= today():
        raise ValidationError({"review_due_on": "Choose a day in the future."})
    draft.reviewed_by = by if draft.author_id != by.pk else None
    draft.change_note, draft.review_due_on = change_note.strip(), review_due_on
    draft.state, draft.published_at, draft.published_by = State.PUBLISHED, now(), by
    draft.full_clean()
    versioned_save(draft, expected=draft.version)
    method = draft.method
    method.current_version, method.retired_on = draft, None
    versioned_save(method, expected=method.version)
    new = {"number": draft.number, "note": draft.change_note, "review": review_due_on}
    audit_record(type="method.published", target=method, by=by, new=new)
    return draft


def _open(draft: MethodVersion) -> MethodVersion:
    draft = MethodVersion.objects.select_for_update().get(pk=draft.pk)
    if draft.is_published:
        raise ValidationError(PUBLISHED_STAYS)
    return draft
