"""Quotes for the board: one person proposes, a second approves, never the same."""

from django.core.exceptions import ValidationError
from django.db import transaction

from qiportal.accounts.audit import audit_record
from qiportal.accounts.models import User
from surveys.models import Comment

LONGEST_QUOTE = 30


def _words(comment: Comment) -> int:
    return len(comment.redacted_text.split())


@transaction.atomic
def quote_propose(*, comment: Comment, by: User) -> Comment:
    """Puts a short redacted comment forward. Raises ValidationError if it is long."""
    if _words(comment) > LONGEST_QUOTE:
        raise ValidationError("A quote has at most about 30 words.")
    if comment.release == Comment.Release.APPROVED:
        return comment
    comment.release, comment.proposed_by = Comment.Release.HELD, by
    comment.approved_by = None
    comment.save()
    audit_record(type="quote.proposed", target=comment, by=by)
    return comment


@transaction.atomic
def quote_decide(*, comment: Comment, approve: bool, by: User) -> Comment:
    """Approves or rejects a proposed quote; the proposer may not decide."""
    if comment.proposed_by_id is None:
        raise ValidationError("Somebody has to propose this quote first.")
    if comment.proposed_by_id == by.pk:
        raise ValidationError("Somebody else must approve this quote.")
    state = Comment.Release.APPROVED if approve else Comment.Release.REJECTED
    comment.release, comment.approved_by = state, by
    comment.full_clean()
    comment.save()
    audit_record(type=f"quote.{state}", target=comment, by=by)
    return comment
