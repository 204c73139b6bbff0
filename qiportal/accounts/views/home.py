"""One's own account: profile, unit, devices."""

from allauth.mfa.utils import is_mfa_enabled
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from qiportal.accounts import presenters, selectors
from qiportal.accounts.conflicts import conflict_page
from qiportal.accounts.devices import is_own_phone, mark_device, unmark_device
from qiportal.accounts.forms.home import OwnPhoneForm, PickUnitForm, ProfileForm
from qiportal.accounts.permissions import is_privileged
from qiportal.accounts.safe_forms import record_ticks
from qiportal.accounts.services import profile_edit, unit_pick
from qiportal.accounts.subject_access import ABSENT, rows_about, subject_access_zip
from qiportal.core.http import form_view, safe_next
from qiportal.core.versions import Conflict


@require_safe
def account_home(request):
    """What the portal knows about me, and where I can change it."""
    user = request.user
    context = {
        "rows": presenters.profile_rows(user),
        "needs_unit": user.home_unit_id is None,
        "has_password": user.has_usable_password(),
        "has_second_step": is_mfa_enabled(user),
        "own_phone": is_own_phone(request),
        "is_privileged": is_privileged(user),
        "token_count": selectors.own_token_count(user),
        "desks": presenters.desk_links(user),
    }
    return render(request, "accounts/home.html", context)


@form_view
def profile(request):
    """Job title, staff group and site."""
    user = request.user
    initial = {name: getattr(user, name) for name in ("job_title", "staff_group")}
    initial |= {"site": user.site_id, "version": user.version}
    form = ProfileForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        version = form.cleaned_data["version"]
        try:
            profile_edit(user=user, version=version, by=user, **form.values())
        except Conflict as conflict:
            return conflict_page(
                request, form=form, current=conflict.current, cancel_url="/account/"
            )
        record_ticks(form, target=user, by=user)
        messages.success(request, "Saved.")
        return redirect("account_home")
    context = {"form": form, "crumbs": presenters.crumbs()}
    return render(request, "accounts/profile.html", context)


@form_view
def pick_unit(request):
    """Asked once, at the first sign-in of somebody without a unit."""
    if request.user.home_unit_id:
        return redirect(safe_next(request, "/"))
    form = PickUnitForm(request.POST or None, actor=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            unit_pick(user=request.user, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            return redirect(safe_next(request, "/"))
    context = {"form": form, "next": safe_next(request, "/")}
    return render(request, "accounts/pick_unit.html", context)


@form_view
def own_phone(request):
    """Marks this device as one's own, or as shared again."""
    current = "own" if is_own_phone(request) else "shared"
    form = OwnPhoneForm(request.POST or None, initial={"own": current})
    if request.method == "POST" and form.is_valid():
        is_own = form.cleaned_data["own"] == "own"
        words = "your own device" if is_own else "a shared device"
        messages.success(request, f"This is now {words}.")
        response = redirect("account_home")
        (mark_device if is_own else unmark_device)(request, response)
        return response
    context = {
        "form": form,
        "crumbs": presenters.crumbs(),
        "is_privileged": is_privileged(request.user),
    }
    return render(request, "accounts/own_phone.html", context)


@form_view
def my_data(request):
    """How many rows of each kind name me; on POST all of them as a zip file."""
    user = request.user
    if request.method == "POST":
        response = HttpResponse(
            subject_access_zip(user=user, by=user), content_type="application/zip"
        )
        response["Content-Disposition"] = 'attachment; filename="my-data.zip"'
        return response
    rows = rows_about(user)
    context = {
        "crumbs": presenters.crumbs(),
        "absent": ABSENT,
        "total": sum(len(found) for found in rows.values()),
        "table": presenters.my_data_table(rows),
    }
    return render(request, "accounts/my_data.html", context)
