"""Benefit claims of a project, and of a unit with all below it."""

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404

from pdsa.models import BenefitClaim
from pdsa.selectors.access import Place
from projects.models import Project
from projects.permissions import Standing
from qiportal.accounts.models import User
from qiportal.organisation.models import Unit

RELATED = ("project__unit", "measure__state", "validator", "validated_by")


def claims_of(project: Project) -> QuerySet[BenefitClaim]:
    """A project's living claims, oldest first, with what a page prints of them."""
    rows = BenefitClaim.objects.filter(project=project, deleted_at=None)
    return rows.select_related(*RELATED).order_by("id")


def claim_at(place: Place, claim_id: int, *, deleted: bool = False) -> BenefitClaim:
    """One claim of the project; Http404 for another project's."""
    rows = BenefitClaim.objects.filter(
        project=place.project, deleted_at__isnull=not deleted
    )
    return get_object_or_404(rows.select_related(*RELATED), pk=claim_id)


def unit_claims(actor: User, unit: Unit) -> QuerySet[BenefitClaim]:
    """The claims of a unit and all below it, of projects the actor sees.

    Numbers of other organisations are no benefit of ours.
    """
    rows = BenefitClaim.objects.visible_to(actor).filter(
        project__unit__path__startswith=unit.path, project__is_public_data=False
    )
    order = ("project__unit__path", "project__reference", "id")
    return rows.select_related(*RELATED).order_by(*order)


def overlaps_among(claims: Iterable[BenefitClaim]) -> dict[int, set[int]]:
    """claim -> the claims among these that are about the same gain, in one query."""
    keys = [claim.pk for claim in claims]
    through = BenefitClaim.overlaps_with.through.objects
    pairs = through.filter(from_benefitclaim__in=keys, to_benefitclaim__in=keys)
    found: dict[int, set[int]] = defaultdict(set)
    for one, other in pairs.values_list("from_benefitclaim_id", "to_benefitclaim_id"):
        found[one].add(other)
    return dict(found)


def claims_to_overlap(
    actor: User, project: Project, claim: BenefitClaim | None = None
) -> QuerySet[BenefitClaim]:
    """What a claim may overlap with: the project's others, then those of its unit that
    the actor sees, and whatever it overlaps with already."""
    near = Q(project=project) | Q(project__unit=project.unit_id)
    if claim:
        near |= Q(overlaps_with=claim)
    rows = BenefitClaim.objects.visible_to(actor).filter(near)
    if claim:
        rows = rows.exclude(pk=claim.pk)
    return rows.select_related("project").distinct().order_by("project_id", "id")


def overlaps_kept(
    claim: BenefitClaim, offered: QuerySet[BenefitClaim]
) -> QuerySet[BenefitClaim]:
    """Overlaps its editor was not offered, such as of a project they cannot see."""
    return claim.overlaps_with.exclude(pk__in=offered.values("pk"))


def may_check(actor: User, claim: BenefitClaim, stands: Standing) -> bool:
    """The QI team, or whom the team asked; nobody checks their own team's claim."""
    asked = claim.validator_id == actor.pk
    return (stands.is_qi_team or asked) and not stands.can_write
