"""What a person of the board leaves behind: what they saw, and what they took on."""

from datetime import date

from django.db import transaction

from projects.models import Barrier
from projects.services.care import barrier_take
from qiportal.accounts.audit import audit_record
from qiportal.accounts.models import User
from qiportal.accounts.permissions import Perm, require
from qiportal.dashboard.models import BoardAction, BoardVisit


def board_visit_record(*, user: User, run_id: int) -> None:
    """Remembers the run a person saw. Not audited: no data of the trust changes."""
    BoardVisit.objects.update_or_create(user=user, defaults={"run_id": run_id})


@transaction.atomic
def barrier_take_on(
    *, barrier: Barrier, type: str, text: str, due_on: date, by: User
) -> BoardAction:
    """Somebody of the board or QI team takes a barrier on; the leads are told.

    Raises PermissionDenied for others, ValidationError when it was resolved meanwhile.
    """
    require(by, Perm.BOARD_ACT)
    owned = barrier_take(barrier=barrier, by=by)
    action = BoardAction(barrier=owned, type=type, text=text, owner=by, due_on=due_on)
    action.full_clean()
    action.save()
    audit_record(
        type="board.action_taken",
        target=action,
        by=by,
        new={"barrier": owned.pk, "type": type, "due_on": due_on},
        unit_path=owned.project.unit.path,
    )
    return action
