"""The API's allow-list, by the privacy classes of the fields its columns read."""

import pytest
from django.core.exceptions import FieldDoesNotExist

from qiportal.accounts.models import User
from qiportal.api.tables import NESTED, RESOURCES, STAR
from qiportal.api.tables.base import Viewer
from qiportal.api.tables.rows import OrmRows
from qiportal.core.dates import now
from qiportal.core.privacy import is_own, privacy_of

# What people typed and the contract promises: titles, definitions, reasons, lineage.
# Never a cycle's words, a comment, a note, a name or an address.
TYPED = {
    *("Project.title", "Project.problem", "Aim.statement", "Barrier.outcome"),
    *("Measure.name", "Measure.operational_definition", "Measure.unit_of_measure"),
    *("DataPoint.exclusion_reason", "DataPoint.source", "DataPoint.source_ref"),
    *("Phase.label", "Course.title", "Method.title", "Wave.label", "Survey.title"),
    *("Question.label", "Question.code", "Question.wording_key", "Question.scale"),
    *("Question.subscore", "Question.theme", "IndicatorSnapshot.subgroup"),
    *("IndicatorSnapshot.indicator",),
}
TABLES = [
    table for table in (*STAR, *RESOURCES, *NESTED) if isinstance(table.source, OrmRows)
]


def field_at(model, path):
    """The field at the end of a path, or None for an annotation."""
    for step in path.split("__"):
        name = model._meta.pk.name if step == "pk" else step
        try:
            field = model._meta.get_field(name)
        except FieldDoesNotExist:
            field = next(
                (f for f in model._meta.concrete_fields if f.attname == name), None
            )
        if field is None:
            return None, None
        owner, model = model, field.related_model or model
    return owner, field


@pytest.mark.django_db
@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_no_column_reads_a_field_about_a_person(table):
    viewer = Viewer(user=User(kind="service"), limit="", moment=now())
    model = table.source.rows(viewer).model
    sources = [column.source or column.name for column in table.own]
    paths = [*sources, *table.reads.values()]
    for path in [path for path in paths if isinstance(path, str)]:
        owner, field = field_at(model, path)
        if field is None or not is_own(owner._meta.app_config.name):
            continue
        kind = privacy_of(owner)[field.name]
        told = f"{owner.__name__}.{field.name}"
        assert kind == "plain" or told in TYPED, f"{table.name}: {told} is {kind}"
