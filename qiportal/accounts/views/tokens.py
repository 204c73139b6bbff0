"""API tokens: issued by a sysadmin, renewed and ended by whoever answers for them."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from qiportal.accounts import presenters, selectors
from qiportal.accounts.forms.tokens import TokenForm
from qiportal.accounts.permissions import Perm, has_permission, requires
from qiportal.accounts.snippets import snippets
from qiportal.accounts.tokens import token_issue, token_revoke, token_rotate
from qiportal.core.http import form_view

TOKENS = ("API tokens", "api_tokens")


@require_safe
def api_tokens(request):
    """One's own tokens; all of them for a sysadmin."""
    tokens = selectors.tokens_for(request.user)
    page = Paginator(tokens, 50).get_page(request.GET.get("page"))
    context = {
        "crumbs": presenters.crumbs(),
        "page_obj": page,
        "cards": presenters.token_cards(page, request.user),
        "may_issue": has_permission(request.user, Perm.TOKENS_ISSUE),
        "snippets": snippets(),
    }
    return render(request, "accounts/tokens.html", context)


@requires(Perm.TOKENS_ISSUE)
@never_cache
@form_view
def token_new(request):
    """Issues a token and shows it once, in the answer to this very request."""
    form = TokenForm(request.POST or None, actor=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            issued = token_issue(by=request.user, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, " ".join(error.messages))
        else:
            return _show(request, issued, "The token is ready")
    context = {"form": form, "crumbs": presenters.crumbs(TOKENS)}
    return render(request, "accounts/token_new.html", context)


def _show(request, issued, heading):
    context = {
        "heading": heading,
        "issued": issued,
        "crumbs": presenters.crumbs(TOKENS),
        "snippets": snippets(issued.token.prefix),
    }
    return render(request, "accounts/token_shown.html", context)


@never_cache
@form_view
def token_renew(request, prefix):
    """A new token with the same rights; the old one works 24 hours more."""
    token = selectors.own_token_or_404(request.user, prefix)
    if request.method == "POST":
        try:
            return _show(
                request,
                token_rotate(token=token, by=request.user),
                "The new token is ready",
            )
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            return redirect("api_tokens")
    return render(request, "pages/confirm.html", presenters.renew_page(token))


@form_view
def token_end(request, prefix):
    """Ends a token at once."""
    token = selectors.token_or_404(request.user, prefix)
    if request.method == "POST":
        token_revoke(token=token, by=request.user)
        messages.success(request, f"The token {token.name} no longer works.")
        return redirect("api_tokens")
    return render(request, "pages/confirm.html", presenters.revoke_page(token))
