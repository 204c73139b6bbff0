"""What was deleted lately in a project, to be brought back."""

from django.views.decorators.http import require_safe

from pdsa.presenters.deleted import deleted_rows
from pdsa.selectors import place_seen
from pdsa.selectors.deleted import deleted_in
from pdsa.views.common import page


@require_safe
def recently_deleted(request, reference):
    """The team's deleted rows; for others who see the project their own comments."""
    place = place_seen(request.user, reference)
    rows = deleted_rows(place, deleted_in(place, request.user))
    return page(request, place, "deleted", rows=rows)
