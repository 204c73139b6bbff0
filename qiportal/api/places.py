"""Addresses with a value in them: what it is, and what it narrows a table to."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from pdsa.models import Measure
from qiportal.api.problems import ApiProblem
from qiportal.api.schema import BIGGEST, Schema, path_parameter
from qiportal.api.tables.base import Viewer
from qiportal.api.tables.figures import is_public

Fix = Callable[[Viewer, Mapping[str, Any]], dict[str, Any]]


@dataclass(frozen=True)
class Place:
    """`route` with one named group; `fix` gives the filter or refuses with 404."""

    route: str
    in_path: tuple[Schema, ...]
    fix: Fix | None = None


def of_measure(viewer: Viewer, path: Mapping[str, Any]) -> dict[str, Any]:
    """The points of one measure that the token may see."""
    number = int(path["id"])
    measures = Measure.objects.visible_to(viewer.user).filter(
        pk=number, project__unit__path__startswith=viewer.limit
    )
    if not measures.exists():
        raise ApiProblem("not-found")
    return {"measure_key": number}


def of_indicator(viewer: Viewer, path: Mapping[str, Any]) -> dict[str, Any]:
    code = path["code"]
    if not is_public(code):
        raise ApiProblem("not-found")
    return {"indicator_code": code}


NUMBER: Schema = {"type": "integer", "minimum": 0, "maximum": BIGGEST}
CODE: Schema = {"type": "string", "pattern": r"^[a-z0-9_.\-]{1,120}$"}
REFERENCE: Schema = {"type": "string", "pattern": r"^[A-Za-z0-9\-]{1,16}$"}

OF_MEASURE = Place(
    "measures/(?P<id>[0-9]{1,18})/data-points",
    (path_parameter("id", NUMBER, "Number of the measure."),),
    of_measure,
)
OF_INDICATOR = Place(
    r"indicators/(?P<code>[a-z0-9_.\-]{1,120})/values",
    (path_parameter("code", CODE, "Code of the indicator."),),
    of_indicator,
)
BY_REFERENCE = Place(
    r"projects/(?P<reference>[A-Za-z0-9\-]{1,16})",
    (path_parameter("reference", REFERENCE, "Reference like QI-2026-0042."),),
)
