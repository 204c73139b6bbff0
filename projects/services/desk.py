"""A person's own desk: named filters, and the audit of what they took away."""

from django.db import transaction

from qiportal.accounts.audit import audit_record
from qiportal.accounts.models import SavedFilter, User


@transaction.atomic
def filter_save(*, by: User, page: str, name: str, query_string: str) -> SavedFilter:
    """Names a list's filters; the same name again replaces them."""
    row, _ = SavedFilter.objects.update_or_create(
        user=by, page=page, name=name, defaults={"query_string": query_string}
    )
    audit_record(type="filter.saved", target=row, by=by, new={"page": page})
    return row


@transaction.atomic
def filter_delete(*, row: SavedFilter, by: User) -> None:
    audit_record(type="filter.deleted", target=row, by=by, old={"page": row.page})
    row.delete()


@transaction.atomic
def projects_exported(*, by: User, kind: str, rows: int, query: str) -> None:
    """Audits that somebody took a list of projects away as a file."""
    audit_record(
        type="projects.exported",
        target=by,
        by=by,
        new={"kind": kind, "rows": rows, "filters": query[:500]},
    )
