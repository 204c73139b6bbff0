"""dim_unit: the trust's structure as it is now, each unit with those above it."""

from qiportal.api.columns import date_, key, link, text, whole
from qiportal.api.tables.base import Table, Viewer
from qiportal.api.tables.lists import Made, MadeRows
from qiportal.organisation.models import Unit

LEVELS = ("trust", "division", "directorate", "service", "team")


def unit_rows(viewer: Viewer) -> list[Made]:
    """Units in structure order; a change above a unit counts as its own."""
    units = list(Unit.objects.visible_to(viewer.user).in_structure_order())
    by_id = {unit.pk: unit for unit in units}
    return [_made(unit, by_id) for unit in units]


def _made(unit: Unit, by_id: dict[int, Unit]) -> Made:
    line = [by_id[int(step)] for step in unit.path.rstrip("/").split("/")]
    names = {f"{above.kind}_name": above.name for above in line}
    row = {
        "unit_key": unit.pk,
        "code": unit.code,
        "ods_code": unit.ods_code,
        "name": unit.name,
        "kind": unit.kind,
        "level": unit.depth + 1,
        "parent_unit_key": unit.parent_id,
        "path": unit.path,
        **{f"{level}_name": names.get(f"{level}_name") for level in LEVELS},
        "trust_name": line[0].name,
        "opened_on": unit.opened_on,
        "closed_on": unit.closed_on,
        "merged_into_unit_key": unit.merged_into_id,
    }
    return Made(max(above.updated_at for above in line), row, unit.path)


DIM_UNIT = Table(
    name="dim_unit",
    path="bi/dim_unit/",
    meaning="One row per unit, from the trust down to wards and teams, as of now.",
    own=(
        key("unit_key", "The unit's number."),
        text("code", "The unit's code."),
        text("ods_code", "Its ODS code, where it has one.", null=True),
        text("name", "Its name."),
        text("kind", "What kind of unit it is.", choices=LEVELS),
        whole("level", "1 for the trust, one more for each step down."),
        link(
            "parent_unit_key", "The unit above.", None, "dim_unit.unit_key", null=True
        ),
        text("path", "Numbers from the trust down; units below begin with it."),
        text("trust_name", "Name of the trust."),
        text("division_name", "Name of its division.", null=True),
        text("directorate_name", "Name of its directorate.", null=True),
        text("service_name", "Name of its service.", null=True),
        text("team_name", "Name of the team, for a team.", null=True),
        date_("opened_on", "First day of the unit."),
        date_("closed_on", "Day it closed.", null=True),
        link(
            "merged_into_unit_key",
            "The unit it became part of.",
            None,
            "dim_unit.unit_key",
            null=True,
        ),
    ),
    source=MadeRows(unit_rows, has_unit=True),
)
