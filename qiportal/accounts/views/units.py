"""The unit tree: looked at, added to, renamed, moved, merged, closed."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from qiportal.accounts import presenters
from qiportal.accounts.conflicts import conflict_page
from qiportal.accounts.forms.desk import (
    UnitCloseForm,
    UnitMoveForm,
    UnitNameForm,
    UnitNewForm,
)
from qiportal.accounts.permissions import Perm, requires
from qiportal.accounts.selectors import desk
from qiportal.accounts.services import (
    unit_close,
    unit_create,
    unit_merge,
    unit_move,
    unit_rename,
)
from qiportal.core.http import form_view
from qiportal.core.versions import Conflict

UNITS = ("Units", "unit_list")


@requires(Perm.UNITS_MANAGE)
@require_safe
def unit_list(request):
    """The tree in structure order."""
    with_closed = request.GET.get("closed") == "1"
    units = desk.tree(request.user, with_closed=with_closed)
    page = Paginator(units, 200).get_page(request.GET.get("page"))
    context = {
        "crumbs": presenters.crumbs(),
        "page_obj": page,
        "rows": presenters.tree_rows(page),
        "with_closed": with_closed,
    }
    return render(request, "accounts/units.html", context)


@requires(Perm.UNITS_MANAGE)
@require_safe
def unit_detail(request, unit_id):
    """One unit: what it is, where it stood and what can be changed."""
    unit = desk.unit_or_404(request.user, unit_id)
    context = {
        "crumbs": presenters.crumbs(UNITS),
        "unit": unit,
        "rows": presenters.unit_rows(unit),
        "people": desk.people_in(unit),
        "table": presenters.spell_table(desk.spells_of(unit)),
    }
    return render(request, "accounts/unit.html", context)


def _form_page(request, form, act, *, heading, submit_label, unit=None):
    """One form, one service; what the service refuses stands at its field."""
    if request.method == "POST" and form.is_valid():
        try:
            saved = act(form.cleaned_data)
        except ValidationError as error:
            _add_errors(form, error)
        else:
            messages.success(request, "Saved.")
            return redirect("unit_detail", unit_id=saved.pk)
    context = {
        "crumbs": presenters.crumbs(UNITS),
        "form": form,
        "heading": heading,
        "unit": unit,
        "submit_label": submit_label,
    }
    return render(request, "accounts/unit_form.html", context)


def _add_errors(form, error):
    by_field = error.message_dict if hasattr(error, "error_dict") else {}
    for name, words in (by_field or {None: error.messages}).items():
        form.add_error(name if name in form.fields else None, words)


@requires(Perm.UNITS_MANAGE)
@form_view
def unit_new(request):
    initial = {"parent": request.GET.get("parent")}
    form = UnitNewForm(request.POST or None, initial=initial, actor=request.user)
    return _form_page(
        request,
        form,
        lambda data: unit_create(by=request.user, **data),
        heading="Add a unit",
        submit_label="Add the unit",
    )


@requires(Perm.UNITS_MANAGE)
@form_view
def unit_edit(request, unit_id):
    """The name from now on; figures and history keep the unit itself."""
    unit = desk.unit_or_404(request.user, unit_id)
    initial = {name: getattr(unit, name) for name in ("name", "ods_code", "version")}
    form = UnitNameForm(request.POST or None, initial=initial)
    try:
        return _form_page(
            request,
            form,
            lambda data: unit_rename(unit=unit, by=request.user, **data),
            heading=f"Rename {unit.name}",
            submit_label="Save",
            unit=unit,
        )
    except Conflict as conflict:
        back = f"/account/units/{unit_id}/"
        return conflict_page(
            request, form=form, current=conflict.current, cancel_url=back
        )


@requires(Perm.UNITS_MANAGE)
@form_view
def unit_move_page(request, unit_id):
    unit = desk.unit_or_404(request.user, unit_id)
    form = UnitMoveForm(request.POST or None, actor=request.user)
    return _form_page(
        request,
        form,
        lambda data: unit_move(unit=unit, by=request.user, **data),
        heading=f"Move {unit.name}",
        submit_label="Move it",
        unit=unit,
    )


@requires(Perm.UNITS_MANAGE)
@form_view
def unit_close_page(request, unit_id):
    """Closes a unit; naming another makes it a merge."""
    unit = desk.unit_or_404(request.user, unit_id)
    form = UnitCloseForm(request.POST or None, actor=request.user)
    return _form_page(
        request,
        form,
        lambda data: _close(unit, request.user, **data),
        heading=f"Close {unit.name}",
        submit_label="Close it",
        unit=unit,
    )


def _close(unit, by, *, on, into):
    if into:
        return unit_merge(unit=unit, into=into, on=on, by=by)
    return unit_close(unit=unit, on=on, by=by)
