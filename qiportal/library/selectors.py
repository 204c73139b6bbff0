"""Reads of the method library."""

from datetime import timedelta

from django.db.models import Q, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from qiportal.accounts.models import User
from qiportal.core.dates import today
from qiportal.core.search import search
from qiportal.library.models import Method, MethodVersion

SEARCHED = (
    "title",
    "current_version__summary",
    "current_version__when_to_use",
    "time_needed",
    "people_needed",
)
DUE_SOON = timedelta(days=60)


def entries_for(actor: User, *, q: str = "", **choices: str) -> QuerySet[Method]:
    """Published entries that are not retired, in the library's order.

    `choices` narrows by category, family, stage and level; empty ones do not.
    """
    wanted = {name: value for name, value in choices.items() if value}
    found = Method.objects.visible_to(actor).live().filter(**wanted)
    if q:
        found = search(found, q, fields=SEARCHED)
    return found.with_version().with_use().in_order()


def house_method(actor: User) -> Method | None:
    """The trust's own way of working, if it has named one."""
    houses = Method.objects.visible_to(actor).live().filter(is_house=True)
    return houses.with_version().first()


def method_or_404(actor: User, slug: str) -> Method:
    """An entry the actor may read; the QI team also finds unpublished ones."""
    seen = Method.objects.visible_to(actor) | Method.objects.editable_by(actor)
    return get_object_or_404(seen.with_version().with_use(), slug=slug)


def method_for_edit(actor: User, slug: str) -> Method:
    """An entry for somebody whose view has checked that they may edit."""
    return get_object_or_404(
        Method.objects.editable_by(actor).with_version(), slug=slug
    )


def open_version(method: Method) -> MethodVersion | None:
    """The draft, or the version in review, of an entry."""
    return method.versions.open().select_related("author", "method").first()


def draft_or_404(actor: User, slug: str) -> MethodVersion:
    """The open version of an entry, for the QI team."""
    draft = open_version(method_for_edit(actor, slug))
    if draft is None:
        raise Http404("There is no draft of this entry.")
    return draft


def versions_of(method: Method, *, with_open: bool) -> QuerySet[MethodVersion]:
    """The versions of an entry, newest first; drafts for those who may see them."""
    versions = method.versions.all() if with_open else method.versions.published()
    people = ("author", "published_by", "reviewed_by")
    return versions.select_related(*people).order_by("-number")


def version_or_404(actor: User, method: Method, number: int) -> MethodVersion:
    """One version; unpublished ones are found by the QI team alone."""
    may_edit = Method.objects.editable_by(actor).filter(pk=method.pk).exists()
    versions = versions_of(method, with_open=may_edit)
    return get_object_or_404(versions, number=number)


def version_before(version: MethodVersion) -> MethodVersion | None:
    """The published version that came before, to compare with."""
    earlier = version.method.versions.published().filter(number__lt=version.number)
    return earlier.order_by("-number").first()


def reviews_due(actor: User) -> QuerySet[Method]:
    """Entries whose review is due within 60 days or late, the latest first."""
    until = today() + DUE_SOON
    due = Q(current_version__review_due_on__lte=until, retired_on=None)
    entries = Method.objects.editable_by(actor).filter(due)
    return entries.with_version().order_by("current_version__review_due_on", "title")


def open_versions(actor: User) -> QuerySet[MethodVersion]:
    """Drafts and versions in review, for the QI team's desk."""
    methods = Method.objects.editable_by(actor)
    versions = MethodVersion.objects.open().filter(method__in=methods)
    return versions.select_related("method", "author").order_by("-updated_at")


def retired_entries(actor: User) -> QuerySet[Method]:
    """Entries off the list, for the QI team's desk."""
    methods = Method.objects.editable_by(actor).exclude(retired_on=None)
    return methods.order_by("title")
