"""Claims of benefit: the team claims, somebody outside it checks."""

import uuid
from collections.abc import Collection
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from pdsa.models import BenefitClaim
from pdsa.selectors.benefits import may_check
from pdsa.services import base
from projects.models import Project
from projects.permissions import can_write, standing_of
from projects.selectors import is_visible
from projects.services import project_lock, project_touch, tell
from qiportal.accounts.audit import audit_record
from qiportal.accounts.models import User
from qiportal.core.dates import today
from qiportal.core.versions import Conflict

RESOURCE = "benefit"
POUNDS = "£"
TOLD = (
    *("what", "category", "money", "quantity", "unit_text", "period", "baseline"),
    *("evidence", "measure", "cash_releasing", "validator"),
)
CHECKED = (
    *("category", "money", "quantity", "unit_text", "period", "baseline"),
    *("measure", "cash_releasing"),
)
UNCHECKED = {"validated_by": None, "validated_on": None}
Kind, Proof = BenefitClaim.Category, BenefitClaim.Evidence


@transaction.atomic
def benefit_add(
    *,
    project: Project,
    overlaps: Collection[BenefitClaim] = (),
    submission_id: uuid.UUID | None = None,
    by: User,
    **told: Any,
) -> BenefitClaim:
    """Claims a benefit (DOMAIN N14). `told` holds the fields named in TOLD.

    Nobody claims "checked": that is `benefit_check`. Raises ValidationError.
    """
    project_lock(project)
    if before := base.earlier(BenefitClaim, submission_id):
        return before
    values = _values(project, told)
    claim = BenefitClaim(
        project=project, submission_id=submission_id, created_by=by, **values
    )
    base.created(claim)
    claim.overlaps_with.set(overlaps)
    _ask(claim)
    new = {name: base.audited(value) for name, value in values.items()}
    _settle(claim, "benefit.claimed", by, new=new | {"overlaps": _keys(overlaps)})
    return claim


def _values(project: Project, told: dict[str, Any]) -> dict[str, Any]:
    """What is kept of a claim; ValidationError for what would claim too much."""
    if unknown := set(told) - set(TOLD):
        raise TypeError(f"Unknown fields: {', '.join(sorted(unknown))}.")
    values = {name: getattr(BenefitClaim(), name) for name in TOLD} | told
    if values["category"] == Kind.COST:
        values["unit_text"] = POUNDS
    for check in (_check_money, _check_number, _check_evidence):
        check(values)
    _check_rows(project, values)
    return values


def _check_money(values: dict[str, Any]) -> None:
    """Saving, avoidance and revenue stay apart; avoiding a cost releases no cash."""
    is_cost = values["category"] == Kind.COST
    if is_cost and not values["money"]:
        raise ValidationError({"money": "Say which kind of money it is."})
    if not is_cost and values["money"]:
        raise ValidationError({"money": "Only for a cost reduction. Leave it empty."})
    avoided = values["money"] == BenefitClaim.Money.AVOIDANCE
    if values["cash_releasing"] and (avoided or not is_cost):
        raise ValidationError(
            {"cash_releasing": "Only a cost saving or revenue can release cash."}
        )


def _check_number(values: dict[str, Any]) -> None:
    quantity = values["quantity"]
    if quantity is None:
        return
    if quantity == 0 or (quantity < 0 and values["category"] != Kind.UNINTENDED):
        raise ValidationError({"quantity": "Write a number above 0."})
    needed = {
        "unit_text": "Say what is counted, such as hours.",
        "period": "Say over what time, such as a month.",
        "baseline": "Say compared with what.",
    }
    if missing := {name: said for name, said in needed.items() if not values[name]}:
        raise ValidationError(missing)


def _check_evidence(values: dict[str, Any]) -> None:
    evidence = values["evidence"]
    if evidence == Proof.FINANCE:
        raise ValidationError(
            {"evidence": "Somebody outside the team marks a benefit as checked."}
        )
    if evidence != Proof.ANECDOTE and values["quantity"] is None:
        raise ValidationError({"quantity": "What was measured has a number."})
    if evidence == Proof.SPC_SIGNAL and values["measure"] is None:
        raise ValidationError({"measure": "Choose the measure whose chart shows it."})


def _check_rows(project: Project, values: dict[str, Any]) -> None:
    measure, validator = values["measure"], values["validator"]
    if measure and (measure.project_id != project.pk or measure.deleted_at):
        raise ValidationError({"measure": "Choose a measure of this project."})
    if validator is None:
        return
    if not is_visible(validator, project):
        raise ValidationError({"validator": "This person cannot see the project."})
    if can_write(validator, project):
        raise ValidationError({"validator": "Name somebody outside the team."})


def _ask(claim: BenefitClaim) -> None:
    """A line to whoever is asked to check it."""
    if claim.validator:
        told = {"kind": "task_benefit", "key": f"benefit:{claim.pk}"}
        title = f"Check a benefit of {claim.project.title}"
        tell(users=[claim.validator], project=claim.project, title=title, **told)


def _keys(claims: Collection[BenefitClaim]) -> list[int]:
    return sorted(claim.pk for claim in claims)


@transaction.atomic
def benefit_change(
    *,
    claim: BenefitClaim,
    version: int,
    overlaps: Collection[BenefitClaim] = (),
    by: User,
    **told: Any,
) -> BenefitClaim:
    """Changes a claim. A check lapses with the figures it was about.

    Raises Conflict, ValidationError.
    """
    claim = _held(claim, version)
    values = _values(claim.project, told)
    lapses = any(getattr(claim, name) != values[name] for name in CHECKED)
    if claim.validated_by and not lapses:
        values["evidence"] = Proof.FINANCE
    elif claim.validated_by:
        values |= UNCHECKED
    asked = values["validator"] and values["validator"] != claim.validator
    before = _keys(claim.overlaps_with.all())
    claim.overlaps_with.set(overlaps)
    claim = base.changed(
        claim,
        version=version,
        type="benefit.changed",
        by=by,
        values=values,
        unit=claim.project.unit.path,
        beside={"overlaps": (before, _keys(overlaps))},
    )
    if asked:
        _ask(claim)
    project_touch(project=claim.project)
    return claim


def _held(claim: BenefitClaim, version: int) -> BenefitClaim:
    """The claim, locked and still at the version its editor looked at."""
    held = base.locked(claim, "project__unit")
    if held.version != version:
        raise Conflict(held)
    return held


@transaction.atomic
def benefit_check(
    *, claim: BenefitClaim, version: int, checked: bool, by: User
) -> BenefitClaim:
    """Marks a claim as checked by finance, or takes the mark away.

    For the QI team and for whom the team asked, never for somebody of the team
    (SECURITY section 1). Raises Conflict, PermissionDenied, ValidationError.
    """
    claim = base.locked(claim, "project__unit")
    if not may_check(by, claim, standing_of(by, claim.project)):
        raise PermissionDenied("The QI team, or whom the team asked, checks a benefit.")
    claim = _held(claim, version)
    if checked and claim.quantity is None:
        raise ValidationError("There is no number to check yet.")
    values: dict[str, Any] = {"evidence": Proof.MEASURED, **UNCHECKED}
    if checked:
        values = {"evidence": Proof.FINANCE, "validated_by": by}
        values["validated_on"] = today()
    return base.changed(
        claim,
        version=version,
        type="benefit.checked" if checked else "benefit.unchecked",
        by=by,
        values=values,
        unit=claim.project.unit.path,
    )


@transaction.atomic
def benefit_delete(*, claim: BenefitClaim, by: User) -> BenefitClaim:
    """Takes a claim away; it can be brought back for a while."""
    unit = claim.project.unit.path
    return base.deleted(
        claim, resource=RESOURCE, type="benefit.deleted", by=by, unit=unit
    )


@transaction.atomic
def benefit_restore(*, claim: BenefitClaim, by: User) -> BenefitClaim:
    """Brings a deleted claim back. Raises ValidationError when it is too late."""
    unit = claim.project.unit.path
    return base.restored(
        claim, resource=RESOURCE, type="benefit.restored", by=by, unit=unit
    )


def _settle(claim: BenefitClaim, type: str, by: User, new: dict) -> None:
    project_touch(project=claim.project)
    unit = claim.project.unit.path
    audit_record(type=type, target=claim, by=by, new=new, unit_path=unit)
