"""Links from a form's fields to the library entries that explain them.

Each app says in one table, `forms/library.py`, which field leads where. A page asks
once which of the entries are published; the field template prints the links.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.forms import BaseForm
from django.urls import reverse

from qiportal.library.models import Method


@dataclass(frozen=True)
class MethodLink:
    """An entry, and the question it answers for whoever fills the field in."""

    slug: str
    words: str

    @property
    def url(self) -> str:
        return reverse("library_detail", args=[self.slug])


Links = Mapping[type[BaseForm], Mapping[str, MethodLink]]


def links_of(form: BaseForm, declared: Links) -> dict[str, MethodLink]:
    """The links of a form's own fields, those of the forms it extends included."""
    found: dict[str, MethodLink] = {}
    for parent in reversed(type(form).__mro__):
        found |= declared.get(parent, {})
    return {name: link for name, link in found.items() if name in form.fields}


def link_fields(forms: Iterable[BaseForm], declared: Links) -> None:
    """Gives forms the links to published entries; one query, or none without links."""
    wanted = [(form, links_of(form, declared)) for form in forms]
    slugs = {link.slug for _, links in wanted for link in links.values()}
    if not slugs:
        return
    entries = Method.objects.live().filter(slug__in=slugs)
    published = set(entries.values_list("slug", flat=True))
    for form, links in wanted:
        form.library_links = {
            name: link for name, link in links.items() if link.slug in published
        }
