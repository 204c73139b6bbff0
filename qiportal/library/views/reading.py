"""Reading the library."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from qiportal.accounts.permissions import Perm, has_permission
from qiportal.library import presenters, selectors
from qiportal.library.forms import LibraryFilter

CRUMBS = [{"label": "Library", "url": "/library/"}]


@require_safe
def library_list(request):
    """Entries by kind, with search and filters."""
    form = LibraryFilter(request.GET or None)
    filters = form.cleaned_data if form.is_valid() else {}
    entries = list(selectors.entries_for(request.user, **filters))
    context = {
        "form": form,
        "count": len(entries),
        "groups": presenters.grouped(entries),
        "house": selectors.house_method(request.user),
        "may_edit": has_permission(request.user, Perm.LIBRARY_EDIT),
    }
    return render(request, "library/list.html", context)


@require_safe
def library_detail(request, slug):
    """One entry as everybody reads it; the QI team sees the draft of a new one."""
    method = selectors.method_or_404(request.user, slug)
    may_edit = has_permission(request.user, Perm.LIBRARY_EDIT)
    draft = selectors.open_version(method) if may_edit else None
    version = method.current_version or draft
    context = {
        "crumbs": CRUMBS,
        "method": method,
        "version": version,
        "draft": draft,
        "facts": presenters.facts(method, version),
        "resources": version.resources.order_by("title"),
        "may_edit": may_edit,
    }
    return render(request, "library/detail.html", context)


@require_safe
def library_history(request, slug):
    """All versions of an entry."""
    method = selectors.method_or_404(request.user, slug)
    may_edit = has_permission(request.user, Perm.LIBRARY_EDIT)
    versions = selectors.versions_of(method, with_open=may_edit)
    context = {
        "crumbs": crumbs_of(method),
        "method": method,
        "table": presenters.version_table(method, versions),
    }
    return render(request, "library/history.html", context)


@require_safe
def library_version(request, slug, number):
    """One version, and what it changed."""
    method = selectors.method_or_404(request.user, slug)
    version = selectors.version_or_404(request.user, method, number)
    before = selectors.version_before(version)
    context = {
        "crumbs": crumbs_of(method),
        "method": method,
        "version": version,
        "before": before,
        "changes": presenters.differences(version, before) if before else [],
    }
    return render(request, "library/version.html", context)


def crumbs_of(method):
    return [*CRUMBS, {"label": method.title, "url": f"/library/{method.slug}/"}]
