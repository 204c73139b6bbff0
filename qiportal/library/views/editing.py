"""Writing the library, for the QI team."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from qiportal.accounts.conflicts import conflict_page
from qiportal.accounts.drafts import draft_discard as typed_discard
from qiportal.accounts.drafts import draft_of, initial_for
from qiportal.accounts.permissions import Perm, requires
from qiportal.accounts.safe_forms import record_ticks
from qiportal.core.http import form_view
from qiportal.core.versions import Conflict
from qiportal.library import forms, presenters, selectors, services
from qiportal.library.views.reading import CRUMBS, crumbs_of

editors_only = requires(Perm.LIBRARY_EDIT)


@editors_only
@require_safe
def library_desk(request):
    """What the QI team has to look at: reviews due, drafts, retired entries."""
    context = {
        "crumbs": CRUMBS,
        "reviews": presenters.review_table(selectors.reviews_due(request.user)),
        "drafts": presenters.draft_table(selectors.open_versions(request.user)),
        "retired": selectors.retired_entries(request.user),
    }
    return render(request, "library/desk.html", context)


@editors_only
@form_view
def library_new(request):
    """A new entry; nobody else sees it before it is published."""
    initial = initial_for(request.user, "library-new")
    form = forms.MethodNewForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        method = services.method_create(
            particulars=form.particulars(),
            text=form.text(),
            submission_id=form.cleaned_data["submission_id"],
            by=request.user,
        )
        record_ticks(form, target=method, by=request.user)
        typed_discard(user=request.user, form_key="library-new")
        return redirect("library_draft", slug=method.slug)
    draft = draft_of(request.user, "library-new")
    context = {"form": form, "crumbs": CRUMBS, "draft": draft}
    return render(request, "library/new.html", context)


@editors_only
@form_view
def library_edit(request, slug):
    """The text of the draft; begins one from what is published."""
    method = selectors.method_for_edit(request.user, slug)
    draft = selectors.open_version(method)
    base = draft or method.current_version
    initial = {name: getattr(base, name) for name in services.TEXT_FIELDS}
    initial |= {"version": draft.version if draft else 0}
    typed = initial_for(request.user, "library-text", method.slug)
    form = forms.MethodTextForm(request.POST or None, initial=initial | typed)
    if request.method == "POST" and form.is_valid():
        return _write(request, method, form)
    context = {
        "crumbs": crumbs_of(method),
        "method": method,
        "form": form,
        "draft": draft_of(request.user, "library-text", method.slug),
    }
    return render(request, "library/edit.html", context)


def _write(request, method, form):
    version = form.cleaned_data["version"]
    try:
        services.draft_write(
            method=method, text=form.text(), version=version, by=request.user
        )
    except Conflict as conflict:
        back = f"/library/{method.slug}/"
        return conflict_page(
            request, form=form, current=conflict.current, cancel_url=back
        )
    record_ticks(form, target=method, by=request.user)
    typed_discard(user=request.user, form_key="library-text", object_key=method.slug)
    messages.success(request, "The draft is saved. Readers see it once you publish it.")
    return redirect("library_draft", slug=method.slug)


@editors_only
@form_view
def library_draft(request, slug):
    """The draft as readers will see it, what it changes, and publishing it."""
    draft = selectors.draft_or_404(request.user, slug)
    form = forms.PublishForm(request.POST or None, initial=presenters.publish_initial())
    if request.method == "POST" and form.is_valid():
        try:
            services.draft_publish(draft=draft, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, " ".join(error.messages))
        else:
            messages.success(request, "Published. Everybody reads this version now.")
            return redirect("library_detail", slug=slug)
    before = selectors.version_before(draft)
    context = {
        "crumbs": crumbs_of(draft.method),
        "method": draft.method,
        "version": draft,
        "form": form,
        "before": before,
        "changes": presenters.differences(draft, before) if before else [],
    }
    return render(request, "library/draft.html", context)


@editors_only
@require_POST
def library_review(request, slug):
    """Asks a colleague to read the draft."""
    services.draft_to_review(
        draft=selectors.draft_or_404(request.user, slug), by=request.user
    )
    messages.success(request, "Marked as ready for review.")
    return redirect("library_draft", slug=slug)


@editors_only
@form_view
def library_discard(request, slug):
    """Throws the draft away."""
    draft = selectors.draft_or_404(request.user, slug)
    if request.method == "POST":
        services.draft_discard(draft=draft, by=request.user)
        messages.success(request, "The draft was thrown away.")
        return redirect("library_desk")
    context = {
        "title": "Throw this draft away",
        "question": f"{draft.method.title}, version {draft.number}",
        "consequences": ["What is published stays as it is.", "This is final."],
        "submit_label": "Throw it away",
        "cancel_url": f"/library/{slug}/draft/",
    }
    return render(request, "pages/confirm.html", context)


@editors_only
@form_view
def library_particulars(request, slug):
    """Title, kind and the like."""
    method = selectors.method_for_edit(request.user, slug)
    names = (*services.METHOD_FIELDS, "version")
    initial = {name: getattr(method, name) for name in names}
    form = forms.MethodParticularsForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            services.method_describe(
                method=method,
                particulars=form.particulars(),
                version=form.cleaned_data["version"],
                by=request.user,
            )
        except Conflict as conflict:
            back = f"/library/{slug}/"
            return conflict_page(
                request, form=form, current=conflict.current, cancel_url=back
            )
        record_ticks(form, target=method, by=request.user)
        messages.success(request, "Saved.")
        return redirect("library_detail", slug=slug)
    context = {"crumbs": crumbs_of(method), "method": method, "form": form}
    return render(request, "library/particulars.html", context)


@editors_only
@require_POST
def library_state(request, slug, act):
    """Retires an entry, puts it back, or makes it the house method."""
    acts = {
        "retire": (services.method_retire, "Retired. It is no longer on the list."),
        "restore": (services.method_restore, "Back on the list."),
        "house": (services.house_method_set, "This is the house method now."),
    }
    service, words = acts[act]
    method = selectors.method_for_edit(request.user, slug)
    try:
        service(method=method, by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, words)
    return redirect("library_detail", slug=slug)
