"""Who may do what to a project (SECURITY section 1). Rights add up; none is taken."""

from dataclasses import dataclass

from projects.models import Project, ProjectMember, Relation, Visibility
from projects.models.register import WRITERS
from qiportal.accounts.models import User
from qiportal.accounts.permissions import Perm, Role, has_permission, has_role
from qiportal.organisation.selectors import same_team


@dataclass(frozen=True)
class Standing:
    """How one person stands to one project, read once for a page or a service."""

    relations: frozenset[str]
    is_qi_team: bool
    in_team: bool
    visibility: str

    @property
    def can_write(self) -> bool:
        """Cycles, measures, ideas, drivers: lead, members and patient partners."""
        return bool(self.relations & set(WRITERS))

    @property
    def can_lead(self) -> bool:
        """Charter, visibility, people, closing, handover: the lead or the QI team."""
        return self.is_qi_team or Relation.LEAD in self.relations

    @property
    def may_join(self) -> bool:
        """One tap: a trust- or team-visible project of one's own team."""
        open_to_join = self.visibility in (Visibility.TRUST, Visibility.TEAM)
        return self.in_team and open_to_join and not self.can_write

    @property
    def sees_history(self) -> bool:
        return self.is_qi_team or bool(self.relations)

    @property
    def sees_people(self) -> bool:
        """A patient partner is shown no list of other people."""
        return self.is_qi_team or self.relations != {Relation.PATIENT_PARTNER}

    @property
    def sees_dropped_names(self) -> bool:
        """Names of authors of dropped ideas stay inside the team."""
        return bool(self.relations)

    @property
    def can_delete_rows(self) -> bool:
        """Ideas and drivers, for a while: who writes, and the QI team."""
        return self.can_write or self.is_qi_team

    @property
    def can_delete_project(self) -> bool:
        is_draft = self.visibility == Visibility.DRAFT
        return self.is_qi_team or (is_draft and Relation.LEAD in self.relations)


def standing_of(user: User, project: Project) -> Standing:
    """One query: the person's open relations to the project."""
    rows = ProjectMember.objects.filter(project=project, user=user, left_on=None)
    return Standing(
        relations=frozenset(rows.values_list("relation", flat=True)),
        is_qi_team=has_role(user, Role.QI_TEAM),
        in_team=same_team(home=user.home_unit, owner=project.unit),
        visibility=project.visibility,
    )


def can_write(user: User, project: Project) -> bool:
    """True for the lead, members and patient partners of the project."""
    return standing_of(user, project).can_write


def can_lead(user: User, project: Project) -> bool:
    """True for the lead and for the QI team."""
    return standing_of(user, project).can_lead


def may_join(user: User, project: Project) -> bool:
    """True when the person may make themselves a member in one tap."""
    return standing_of(user, project).may_join


def can_restore(user: User, project: Project) -> bool:
    """Who may bring a deleted project back: the QI team, or the lead who deleted it."""
    stands = standing_of(user, project)
    own = project.deleted_by_id == user.pk and Relation.LEAD in stands.relations
    return project.deleted_at is not None and (stands.is_qi_team or own)


def can_take_barriers(user: User) -> bool:
    """The board and the QI team take and resolve what teams are stuck on."""
    return has_permission(user, Perm.BOARD_ACT)
