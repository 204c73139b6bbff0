"""dim_method: published entries of the method library."""

from django.db.models import Case, F, Q, QuerySet, Value, When
from django.db.models.fields import CharField

from qiportal.api.columns import date_, flag, key, text, whole
from qiportal.api.tables.base import Table, Viewer
from qiportal.api.tables.common import newest
from qiportal.api.tables.rows import OrmRows
from qiportal.library.models import Method

STATUS = Case(
    When(Q(retired_on=None), then=Value("published")),
    default=Value("retired"),
    output_field=CharField(),
)


def method_rows(viewer: Viewer) -> QuerySet:
    return Method.objects.visible_to(viewer.user)


DIM_METHOD = Table(
    name="dim_method",
    path="bi/dim_method/",
    meaning="One row per published entry of the method library.",
    own=(
        key("method_key", "The entry's number.", "pk"),
        text("slug", "Its short name in addresses."),
        text("title", "Its title."),
        text("category", "What it is for.", choices=tuple(Method.Category.values)),
        text("family", "School it comes from.", choices=tuple(Method.Family.values)),
        text("stage", "Stage of a project it serves."),
        text("level", "Level of learning it needs."),
        flag("is_house_method", "Whether it is the trust's own method.", "is_house"),
        whole("version", "Number of the edition.", "current_version__number"),
        text(
            "status", "Whether it is in use.", STATUS, choices=("published", "retired")
        ),
        date_(
            "published_on",
            "Day this edition was published.",
            "current_version__published_at",
            at=True,
        ),
        date_(
            "review_due_on",
            "Day by which it is to be reviewed.",
            "current_version__review_due_on",
        ),
    ),
    source=OrmRows(
        method_rows, newest(F("updated_at"), F("current_version__updated_at"))
    ),
)
