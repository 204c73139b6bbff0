"""People and roles, for sysadmins."""

from allauth.mfa.utils import is_mfa_enabled
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from qiportal.accounts import presenters, services
from qiportal.accounts.conflicts import conflict_page
from qiportal.accounts.forms.people import (
    RoleForm,
    UserEditForm,
    UserFilter,
    UserNewForm,
)
from qiportal.accounts.permissions import Perm, requires
from qiportal.accounts.safe_forms import record_ticks
from qiportal.accounts.selectors import people
from qiportal.core.http import form_view
from qiportal.core.versions import Conflict

PEOPLE = ("People", "user_list")


@requires(Perm.PEOPLE_MANAGE)
@require_safe
def user_list(request):
    """Accounts with search and filters."""
    form = UserFilter(request.GET or None, actor=request.user)
    filters = form.cleaned_data if form.is_valid() else {}
    found = people.people_for(request.user, **filters)
    page = Paginator(found, 50).get_page(request.GET.get("page"))
    users = list(page)
    context = {
        "crumbs": presenters.crumbs(),
        "form": form,
        "page_obj": page,
        "table": presenters.people_table(users, people.roles_by_user(users)),
    }
    return render(request, "accounts/people.html", context)


@requires(Perm.PEOPLE_MANAGE)
@form_view
def user_new(request):
    """Makes an account; its owner sets the password by mail or signs in by SSO."""
    form = UserNewForm(request.POST or None, actor=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            made = services.user_create(by=request.user, **form.values())
        except ValidationError as error:
            form.add_error(None, error)
        else:
            record_ticks(form, target=made, by=request.user)
            messages.success(request, f"{made.full_name} has an account.")
            return redirect("user_detail", user_id=made.pk)
    context = {"form": form, "crumbs": presenters.crumbs(PEOPLE)}
    return render(request, "accounts/user_new.html", context)


@requires(Perm.PEOPLE_MANAGE)
@form_view
def user_detail(request, user_id):
    """One account: what it is, its roles, and what can be done."""
    user = people.account_or_404(request.user, user_id)
    form = RoleForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.role_grant(user=user, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, " ".join(error.messages))
        else:
            messages.success(request, "The role was given. It holds at once.")
            return redirect("user_detail", user_id=user.pk)
    context = {
        "crumbs": presenters.crumbs(PEOPLE),
        "person": user,
        "rows": presenters.account_rows(user),
        "roles": presenters.role_rows(people.assignments_of(user)),
        "form": form,
        "is_self": user == request.user,
        "has_second_step": is_mfa_enabled(user),
    }
    return render(request, "accounts/user.html", context)


@requires(Perm.PEOPLE_MANAGE)
@form_view
def user_edit(request, user_id):
    """Name, team, job title, staff group and site of an account."""
    user = people.account_or_404(request.user, user_id)
    names = ("full_name", "home_unit", "job_title", "staff_group", "site", "version")
    initial = {name: getattr(user, name) for name in names}
    form = UserEditForm(request.POST or None, initial=initial, actor=request.user)
    if request.method == "POST" and form.is_valid():
        return _save_user(request, user, form)
    return _user_form(request, user, form)


def _save_user(request, user, form):
    version = form.cleaned_data["version"]
    try:
        services.user_edit(user=user, version=version, by=request.user, **form.values())
    except Conflict as conflict:
        back = f"/account/users/{user.pk}/"
        return conflict_page(
            request, form=form, current=conflict.current, cancel_url=back
        )
    except ValidationError as error:
        form.add_error(None, error)
        return _user_form(request, user, form)
    record_ticks(form, target=user, by=request.user)
    messages.success(request, "Saved.")
    return redirect("user_detail", user_id=user.pk)


def _user_form(request, user, form):
    context = {"form": form, "person": user, "crumbs": presenters.crumbs(PEOPLE)}
    return render(request, "accounts/user_edit.html", context)


def _confirmed(request, page, act, done):
    """Asks first; on POST acts, says what was done, and goes back."""
    if request.method != "POST":
        return render(request, "pages/confirm.html", page)
    try:
        act()
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, done)
    return redirect(page["cancel_url"])


@requires(Perm.PEOPLE_MANAGE)
@form_view
def user_deactivate(request, user_id):
    user = people.account_or_404(request.user, user_id)
    return _confirmed(
        request,
        presenters.deactivate_page(user),
        lambda: services.user_deactivate(user=user, by=request.user),
        f"{user.display_name} can no longer sign in.",
    )


@requires(Perm.PEOPLE_MANAGE)
@require_POST
def user_reactivate(request, user_id):
    user = people.account_or_404(request.user, user_id)
    services.user_reactivate(user=user, by=request.user)
    messages.success(request, f"{user.display_name} can sign in again, without roles.")
    return redirect("user_detail", user_id=user.pk)


@requires(Perm.PEOPLE_MANAGE)
@form_view
def second_step_remove(request, user_id):
    user = people.account_or_404(request.user, user_id)
    return _confirmed(
        request,
        presenters.second_step_page(user),
        lambda: services.second_factor_remove(user=user, by=request.user),
        "The second step was removed.",
    )


@requires(Perm.PEOPLE_MANAGE)
@form_view
def role_end(request, user_id, assignment_id):
    assignment = people.assignment_or_404(request.user, user_id, assignment_id)
    return _confirmed(
        request,
        presenters.role_end_page(assignment),
        lambda: services.role_end(assignment=assignment, by=request.user),
        "The role has ended.",
    )
