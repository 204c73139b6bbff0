"""Tables of the register: projects, their states, methods and barriers."""

from collections.abc import Callable
from typing import Any

from django.db.models import (
    BooleanField,
    Case,
    Count,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from pdsa.models import ProgressScore
from projects.models import (
    Aim,
    Barrier,
    CoproductionRating,
    MethodUse,
    Project,
    ProjectMember,
    ProjectStatusChange,
    Relation,
    Status,
)
from qiportal.api.columns import (
    COMPUTED,
    date_,
    day,
    flag,
    key,
    link,
    local_date,
    num,
    text,
    whole,
)
from qiportal.api.links import public_url
from qiportal.api.tables.base import Row, Table, Viewer
from qiportal.api.tables.common import newest, shown_since
from qiportal.api.tables.gaps import gaps_closed
from qiportal.api.tables.gone import Gone
from qiportal.api.tables.rows import OrmRows

STATUSES = tuple(Status.values)
UNIT = "dim_unit.unit_key"
PROJECT = "dim_project.project_key"


def project_rows(viewer: Viewer) -> QuerySet:
    return Project.objects.visible_to(viewer.user)


def of_project(model: Any, path: str = "project") -> Callable[[Viewer], QuerySet]:
    """Rows of a model without rules of its own: those of visible projects."""

    def rows(viewer: Viewer) -> QuerySet:
        return model.objects.filter(**{f"{path}__in": project_rows(viewer)})

    return rows


def current_aim(field: str) -> Subquery:
    aims = Aim.objects.filter(project=OuterRef("pk"), is_current=True)
    return Subquery(aims.values(field)[:1])


def has_smart_aim() -> Exists:
    """Direction, quantity, population, target and date are all there."""
    complete = Aim.objects.filter(
        project=OuterRef("pk"),
        is_current=True,
        target__isnull=False,
        target_on__isnull=False,
    )
    return Exists(complete.exclude(Q(direction="") | Q(quantity="") | Q(population="")))


def latest_score(kind: str) -> Subquery:
    scores = ProgressScore.objects.filter(project=OuterRef("pk"), rater_kind=kind)
    return Subquery(scores.order_by("-on", "-pk").values("score")[:1])


def latest_rung() -> Subquery:
    ratings = CoproductionRating.objects.filter(project=OuterRef("pk"))
    return Subquery(ratings.order_by("-on", "-pk").values("rung")[:1])


def members() -> Coalesce:
    """People with an open part in the project, each counted once."""
    rows = ProjectMember.objects.filter(project=OuterRef("pk"), left_on=None)
    people = rows.order_by().values("project").annotate(n=Count("user", distinct=True))
    return Coalesce(Subquery(people.values("n")), 0)


def has_patient_partner() -> Case:
    """With an account, or counted on the co-production ladder."""
    member = ProjectMember.objects.filter(
        project=OuterRef("pk"), left_on=None, relation=Relation.PATIENT_PARTNER
    )
    rated = CoproductionRating.objects.filter(project=OuterRef("pk"), members__gt=0)
    return Case(
        When(Exists(member) | Exists(rated), then=Value(True)),
        default=Value(False),
        output_field=BooleanField(),
    )


def with_gap(rows: list[Row], viewer: Viewer) -> None:
    gaps = gaps_closed([row["project_key"] for row in rows])
    for row in rows:
        row["gap_closed"] = gaps.get(row["project_key"])


PROJECT_COLUMNS = (
    key("project_key", "The project's number.", "pk"),
    text("reference", "Its reference like QI-2026-0042."),
    text("title", "Its title."),
    link("unit_key", "The unit that owns it.", "unit_id", UNIT),
    link(
        "method_key",
        "Its main method.",
        "method_id",
        "dim_method.method_key",
        null=True,
    ),
    text("status", "Where it stands.", choices=STATUSES),
    date_("registered_on", "Day it was registered."),
    date_("started_on", "Day it started.", null=True),
    date_("target_end_on", "Day it is planned to end.", null=True),
    date_("closed_on", "Day it closed.", null=True),
    flag(
        "has_smart_aim",
        "Whether its aim says how much, for whom and by when.",
        has_smart_aim,
    ),
    num(
        "aim_baseline",
        "Where the aim starts from.",
        lambda: current_aim("baseline"),
        null=True,
    ),
    num("aim_target", "Where the aim leads.", lambda: current_aim("target"), null=True),
    date_(
        "aim_target_on",
        "By when the aim is to be reached.",
        lambda: current_aim("target_on"),
        null=True,
    ),
    num(
        "gap_closed",
        "Share of the way from baseline to target that its first outcome measure has "
        "gone, by the centre lines of its first and newest phase; below 0 it moved "
        "away. Null with fewer than 6 points in the newest phase.",
        COMPUTED,
        null=True,
    ),
    num(
        "progress_self",
        "Newest progress score of the team, 0.5 to 5.",
        lambda: latest_score("self"),
        null=True,
    ),
    num(
        "progress_coach",
        "Newest progress score of the coach, 0.5 to 5.",
        lambda: latest_score("coach"),
        null=True,
    ),
    whole(
        "coproduction_rung",
        "Newest rung on the co-production ladder, 1 to 7.",
        latest_rung,
        null=True,
    ),
    whole("members", "People who have a part in it now.", members),
    flag(
        "has_patient_partner",
        "Whether patients or carers are in the team.",
        has_patient_partner,
    ),
    date_(
        "last_activity_on",
        "Day of its last cycle, number or comment.",
        "last_activity_at",
        null=True,
        at=True,
    ),
    text(
        "page_url",
        "Its page in the portal.",
        "reference",
        convert=lambda reference: public_url(f"/projects/{reference}/"),
    ),
)

DIM_PROJECT = Table(
    name="dim_project",
    path="bi/dim_project/",
    meaning="One row per project that everybody in the trust may see.",
    own=PROJECT_COLUMNS,
    compute=with_gap,
    source=OrmRows(
        project_rows,
        F("updated_at"),
        unit_path="unit__path",
        gone=Gone(
            resource="project",
            keys=lambda row_key: {"project_key": int(row_key)},
        ),
    ),
)


def next_change(field: str) -> Subquery:
    """The step after this one in the same project."""
    later = ProjectStatusChange.objects.filter(
        Q(at__gt=OuterRef("at")) | Q(at=OuterRef("at"), pk__gt=OuterRef("pk")),
        project=OuterRef("project"),
    )
    return Subquery(later.order_by("at", "pk").values(field)[:1])


def with_days(rows: list[Row], viewer: Viewer) -> None:
    """How long each spell took; null while it lasts."""
    for row in rows:
        start, end = row["from_date_key"], row["to_date_key"]
        row["days"] = (local_date(end) - local_date(start)).days if end else None


FACT_PROJECT_STATUS = Table(
    name="fact_project_status",
    path="bi/fact_project_status/",
    meaning="One row per spell a project spent in a state.",
    own=(
        key("status_key", "The spell's number.", "pk"),
        link("project_key", "The project.", "project_id", PROJECT),
        link("unit_key", "The unit that owns the project.", "project__unit_id", UNIT),
        text("status", "The state.", "to_status", choices=STATUSES),
        day("from_date_key", "Day the state began.", "at", at=True),
        day(
            "to_date_key",
            "Day the next state began; null for the present one.",
            lambda: next_change("at"),
            null=True,
            at=True,
        ),
        whole("days", "Days the state lasted.", COMPUTED, null=True, unit="days"),
    ),
    compute=with_days,
    source=OrmRows(
        of_project(ProjectStatusChange),
        newest(F("project__updated_at"), shown_since("project__")),
        unit_path="project__unit__path",
        gone=Gone(
            project="project_id",
            born="at",
            resource="project_status",
            keys=lambda row_key: {"status_key": int(row_key)},
        ),
    ),
)


def method_use_keys(row_key: str) -> dict[str, int]:
    """ "12-3": project 12, method 3."""
    project, method = row_key.split("-")
    return {"project_key": int(project), "method_key": int(method)}


FACT_METHOD_USE = Table(
    name="fact_method_use",
    path="bi/fact_method_use/",
    meaning="One row per library entry that a project has put to use.",
    own=(
        key("project_key", "The project.", "project_id", references=PROJECT),
        key(
            "method_key",
            "The library entry.",
            "method_id",
            references="dim_method.method_key",
        ),
        day("attached_date_key", "Day it was attached.", "at", at=True),
        flag(
            "is_main",
            "Whether it is the project's main method.",
            lambda: Case(
                When(method=F("project__method"), then=Value(True)),
                default=Value(False),
                output_field=BooleanField(),
            ),
        ),
    ),
    source=OrmRows(
        of_project(MethodUse),
        newest(F("project__updated_at"), F("at")),
        unit_path="project__unit__path",
        gone=Gone(
            project="project_id",
            born="at",
            resource="method_use",
            keys=method_use_keys,
        ),
    ),
)

FACT_BARRIER = Table(
    name="fact_barrier",
    path="bi/fact_barrier/",
    meaning="One row per barrier a team raised, with what came of it.",
    own=(
        key("barrier_key", "The barrier's number.", "pk"),
        link("project_key", "The project.", "project_id", PROJECT),
        link("unit_key", "The unit that owns the project.", "project__unit_id", UNIT),
        text("type", "What stands in the way.", choices=tuple(Barrier.Type.values)),
        text(
            "level",
            "Who can move it.",
            choices=tuple(Barrier.Level.values),
        ),
        day("raised_date_key", "Day it was raised.", "raised_at", at=True),
        day(
            "resolved_date_key",
            "Day it was resolved.",
            "resolved_at",
            null=True,
            at=True,
        ),
        text("outcome", "What came of it.", null=True),
    ),
    source=OrmRows(
        of_project(Barrier),
        newest(F("updated_at"), shown_since("project__")),
        unit_path="project__unit__path",
        gone=Gone(
            project="project_id",
            resource="barrier",
            keys=lambda row_key: {"barrier_key": int(row_key)},
        ),
    ),
)
