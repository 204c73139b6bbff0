"""Which mail I get, and the link that stops one kind without signing in."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from qiportal.accounts import presenters
from qiportal.accounts.forms.mail import MailPreferencesForm
from qiportal.accounts.mail import (
    KINDS,
    mail_kind_set,
    mail_wanted_set,
    off_kinds,
    stop_token_read,
)

form_view = require_http_methods(["GET", "HEAD", "POST"])


@form_view
def mail_preferences(request):
    user = request.user
    on = [code for code in KINDS if code not in off_kinds(user)]
    sent = request.POST if request.method == "POST" else None
    form = MailPreferencesForm(sent, initial={"wanted": on})
    if form.is_valid():
        mail_wanted_set(user=user, wanted=form.cleaned_data["wanted"], by=user)
        messages.success(request, "Saved.")
        return redirect("account_home")
    context = {"form": form, "crumbs": presenters.crumbs()}
    return render(request, "accounts/mail.html", context)


@login_not_required
@csrf_exempt
@never_cache
@form_view
def mail_stop(request, token):
    """GET asks, POST stops (`start` begins again); mail programs POST by themselves.

    The signed link in the mail is what entitles to this; it can do nothing else.
    """
    found = stop_token_read(token)
    if found is None:
        raise Http404("This link is not valid.")
    user, kind = found
    state = "asked"
    if request.method == "POST":
        starts = "start" in request.POST
        mail_kind_set(user=user, kind=kind, wanted=starts, by=user)
        state = "started" if starts else "stopped"
    return render(request, "accounts/mail_stop.html", {"kind": kind, "state": state})
