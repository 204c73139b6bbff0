"""Live resources: the star tables as REST lists, each row with its own address."""

from dataclasses import replace

from django.db.models import Q, Subquery
from django.db.models.query import QuerySet

from qiportal.api.columns import COMPUTED, Column, date_, key, moment, text, whole
from qiportal.api.links import api_url
from qiportal.api.tables.base import Row, Table, Viewer
from qiportal.api.tables.common import listed_at
from qiportal.api.tables.cycles import FACT_PDSA_CYCLE
from qiportal.api.tables.figures import DIM_INDICATOR, FACT_INDICATOR
from qiportal.api.tables.library import DIM_METHOD
from qiportal.api.tables.lists import Made, MadeRows
from qiportal.api.tables.measures import DIM_MEASURE, FACT_DATA_POINT, FACT_PHASE
from qiportal.api.tables.places import DIM_UNIT
from qiportal.api.tables.projects import DIM_PROJECT, current_aim
from qiportal.api.tables.surveys import DIM_SURVEY_WAVE
from qiportal.api.tables.training import DIM_COURSE, FACT_TRAINING_SESSION
from qiportal.dashboard.models import RollupRun

SCOPE = "projects:read"
URL = text("url", "Where the API serves this row.", COMPUTED)


def live(star: Table, name: str, meaning: str, *more: Column, **changes) -> Table:
    """A star table as a live resource: the same columns, `more`, and `url`."""
    path = changes.pop("path", f"{name}/")
    return replace(
        star,
        name=name,
        path=path,
        meaning=meaning,
        own=(*star.own, *more, URL),
        scope=SCOPE,
        page_size=100,
        page_most=500,
        address=changes.pop("address", listed_at(star, path)),
        **changes,
    )


def project_address(row: Row) -> str:
    return api_url(f"projects/{row['reference']}/")


def aim_statement() -> Subquery:
    return current_aim("statement")


UNITS = live(DIM_UNIT, "units", "Units of the trust, as of now.")
METHODS = live(DIM_METHOD, "methods", "Published entries of the method library.")
PROJECTS = live(
    DIM_PROJECT,
    "projects",
    "Projects that everybody in the trust may see, as of now.",
    text("problem", "The problem in the team's words."),
    text("aim_statement", "The aim in the team's words.", aim_statement, null=True),
    address=project_address,
)
CYCLES = live(FACT_PDSA_CYCLE, "cycles", "Tests (PDSA cycles), as of now.")
MEASURES = live(DIM_MEASURE, "measures", "Measures with their newest analysis.")
DATA_POINTS = live(FACT_DATA_POINT, "data-points", "Numbers of all measures.")
MEASURE_POINTS = live(
    FACT_DATA_POINT,
    "measure-data-points",
    "Numbers of one measure.",
    path="measures/{id}/data-points/",
    address=listed_at(FACT_DATA_POINT, "data-points/"),
)
PHASES = live(FACT_PHASE, "phases", "Phases of measures: baselines and rebases.")
COURSES = live(DIM_COURSE, "courses", "Improvement courses.")
TRAINING_SESSIONS = live(
    FACT_TRAINING_SESSION, "training-sessions", "Runs of courses, as of now."
)
SURVEY_WAVES = live(DIM_SURVEY_WAVE, "survey-waves", "Fieldings of staff surveys.")
INDICATORS = live(DIM_INDICATOR, "indicators", "Indicators of the published run.")


def value_address(row: Row) -> str:
    kept = ("unit_key", "subgroup", "period_date_key")
    place = f"indicators/{row['indicator_code']}/values/"
    return api_url(place, **{name: row[name] for name in kept})


INDICATOR_VALUES = live(
    FACT_INDICATOR,
    "indicator-values",
    "Published values of one indicator.",
    path="indicators/{code}/values/",
    address=value_address,
)


def latest_run(viewer: Viewer) -> list[Made]:
    """The published run, if there is one."""
    runs: QuerySet = RollupRun.objects.filter(Q(pk=viewer.run_id))
    return [
        Made(
            viewer.run_at or viewer.moment,
            {
                "run_key": run.pk,
                "as_of_date": run.as_of,
                "published_at": viewer.run_at,
                "rows": run.rows,
                "code_version": run.code_version,
            },
        )
        for run in runs
    ]


LATEST_RUN = Table(
    name="rollup-run",
    path="rollup-runs/latest/",
    meaning="The published run that every figure now comes from.",
    own=(
        key("run_key", "The run's number."),
        date_("as_of_date", "Day its figures speak of."),
        moment("published_at", "When it was published."),
        whole("rows", "Figures it holds."),
        text("code_version", "Version of the portal that computed it."),
        URL,
    ),
    source=MadeRows(latest_run),
    scope=SCOPE,
    address=lambda row: api_url("rollup-runs/latest/"),
)

RESOURCES = (
    *(UNITS, METHODS, PROJECTS, CYCLES, MEASURES, DATA_POINTS, PHASES),
    *(COURSES, TRAINING_SESSIONS, SURVEY_WAVES, INDICATORS),
)
NESTED = (MEASURE_POINTS, INDICATOR_VALUES)
