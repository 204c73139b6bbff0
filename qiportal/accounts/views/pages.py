"""Pages of the footer."""

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import render
from django.views.decorators.http import require_safe


@login_not_required
@require_safe
def accessibility(request):
    """How far the portal meets WCAG 2.2 AA, how that was tested, and what does not."""
    return render(request, "accounts/accessibility.html")


@login_not_required
@require_safe
def contact(request):
    """Whom to ask."""
    return render(request, "accounts/contact.html")
