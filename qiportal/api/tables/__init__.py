"""The declared tables: the star schema of /bi/ and the live resources."""

from qiportal.api.tables.base import ROW, SNAPSHOT, Filters, Found, Row, Table, Viewer
from qiportal.api.tables.calendar import DIM_DATE
from qiportal.api.tables.cycles import FACT_PDSA_CYCLE, FACT_PDSA_RAMP
from qiportal.api.tables.figures import DIM_INDICATOR, FACT_INDICATOR
from qiportal.api.tables.library import DIM_METHOD
from qiportal.api.tables.live import (
    DATA_POINTS,
    INDICATOR_VALUES,
    LATEST_RUN,
    MEASURE_POINTS,
    NESTED,
    PROJECTS,
    RESOURCES,
)
from qiportal.api.tables.measures import DIM_MEASURE, FACT_DATA_POINT, FACT_PHASE
from qiportal.api.tables.places import DIM_UNIT
from qiportal.api.tables.projects import (
    DIM_PROJECT,
    FACT_BARRIER,
    FACT_METHOD_USE,
    FACT_PROJECT_STATUS,
)
from qiportal.api.tables.sentiment import FACT_SURVEY_SENTIMENT
from qiportal.api.tables.surveys import (
    DIM_QUESTION,
    DIM_SURVEY_WAVE,
    FACT_SURVEY_RESULT,
)
from qiportal.api.tables.training import (
    DIM_COURSE,
    FACT_TRAINING_MONTH,
    FACT_TRAINING_SESSION,
)

__all__ = [
    "DATA_POINTS",
    "INDICATOR_VALUES",
    "LATEST_RUN",
    "MEASURE_POINTS",
    "NESTED",
    "PROJECTS",
    "RESOURCES",
    "ROW",
    "SNAPSHOT",
    "STAR",
    "Filters",
    "Found",
    "Row",
    "Table",
    "Viewer",
]

STAR = (
    *(DIM_DATE, DIM_UNIT, DIM_PROJECT, DIM_METHOD, DIM_MEASURE, DIM_COURSE),
    *(DIM_SURVEY_WAVE, DIM_QUESTION, DIM_INDICATOR),
    *(FACT_PROJECT_STATUS, FACT_METHOD_USE, FACT_PDSA_CYCLE, FACT_PDSA_RAMP),
    *(FACT_DATA_POINT, FACT_PHASE, FACT_TRAINING_SESSION, FACT_TRAINING_MONTH),
    *(FACT_SURVEY_RESULT, FACT_SURVEY_SENTIMENT, FACT_BARRIER, FACT_INDICATOR),
)
