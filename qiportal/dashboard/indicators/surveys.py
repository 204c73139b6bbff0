"""Staff surveys: results per wave, comments per month."""

from qiportal.dashboard.indicators.model import PEOPLE, Indicator
from qiportal.dashboard.leaves import surveys

SURVEYS = (
    Indicator(
        code="survey.",
        label="Staff survey",
        meaning="Positive answers of all valid answers to this question, as counted.",
        numerator_label="positive answers",
        denominator_label="valid answers",
        unit="%",
        direction="up",
        leaf_rows=surveys.results,
        hide="cut",
        prefix=True,
        several_levels=True,
        component=PEOPLE,
    ),
    Indicator(
        code="survey.",
        label="Staff survey, score",
        meaning="Mean score of the answers from 0 to 10; higher is always better.",
        numerator_label="points",
        denominator_label="valid answers",
        unit="score",
        direction="up",
        leaf_rows=surveys.scores,
        hide="cut",
        prefix=True,
        several_levels=True,
        component=PEOPLE,
    ),
    Indicator(
        code="survey.",
        label="Staff survey, weighted",
        meaning="Share of positive answers as published, weighted by occupation. It "
        "does not follow from the counts.",
        numerator_label="positive answers",
        denominator_label=None,
        unit="%",
        direction="up",
        kind="given",
        leaf_rows=surveys.weighted,
        hide="cut",
        prefix=True,
        component=PEOPLE,
    ),
    Indicator(
        code="comments.",
        label="Comments",
        meaning="Comments read by machine: (positive - negative) / (positive + mixed + "
        "negative), between -1 and 1. Answers that say nothing are counted apart.",
        numerator_label="positive less negative",
        denominator_label="comments that say something",
        unit="score",
        direction="up",
        leaf_rows=surveys.comments,
        hide="labels",
        prefix=True,
        component=PEOPLE,
    ),
)
