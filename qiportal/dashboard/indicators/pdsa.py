"""Tests, measures and what the charts show."""

from pdsa.selectors.rollup import rollup_scale_grows
from qiportal.dashboard.indicators.model import CAPABILITY, PEOPLE, SYSTEMS, Indicator
from qiportal.dashboard.leaves import pdsa
from qiportal.dashboard.leaves.base import leaves

PDSA = (
    Indicator(
        code="pdsa.started",
        label="Tests started",
        meaning="PDSA cycles whose Do began in the month.",
        numerator_label="tests started",
        denominator_label=None,
        unit="count",
        direction="neither",
        kind="count",
        leaf_rows=pdsa.started,
        component=SYSTEMS,
    ),
    Indicator(
        code="pdsa.predicted_before",
        label="Prediction made before the test",
        meaning="Tests decided in the month whose prediction was saved before Do "
        "began, of all tests decided in it. Published reviews found 12.2 % (421 NHS "
        "cycles, McNicholas 2019): context, not a target.",
        numerator_label="tests with a prediction before",
        denominator_label="tests decided",
        unit="%",
        direction="up",
        leaf_rows=pdsa.predictions,
        component=CAPABILITY,
    ),
    Indicator(
        code="pdsa.scale_grows",
        label="Tests that start small and grow",
        meaning="Ramps of two tests or more whose scale never falls and grows before "
        "adopting, of all such ramps, by the month of their newest test. Published "
        "reviews found 29.7 % (19 of 64 ramps): context, not a target.",
        numerator_label="ramps that grow",
        denominator_label="ramps of two tests or more",
        unit="%",
        direction="up",
        leaf_rows=leaves(rollup_scale_grows, by_month=True),
        component=CAPABILITY,
    ),
    Indicator(
        code="pdsa.decisions",
        label="What became of tests",
        meaning="Tests decided in the month, by decision. To drop an idea that does "
        "not help is learning, not failing.",
        numerator_label="tests decided",
        denominator_label=None,
        unit="count",
        direction="neither",
        kind="count",
        leaf_rows=pdsa.decisions,
        component=PEOPLE,
    ),
    Indicator(
        code="projects.fresh_data",
        label="Live projects with fresh data",
        meaning="Live projects with a number from the last 60 days, of all live "
        "projects, at the end of the month.",
        numerator_label="with data in 60 days",
        denominator_label="live projects",
        unit="%",
        direction="up",
        leaf_rows=pdsa.fresh_data,
        stock=True,
        component=SYSTEMS,
    ),
    Indicator(
        code="measures.icons",
        label="What the charts show at their last point",
        meaning="Measures of live projects by the icon of their last point. Measures "
        "with fewer than 12 points are counted apart.",
        numerator_label="measures",
        denominator_label=None,
        unit="count",
        direction="neither",
        kind="count",
        leaf_rows=pdsa.icons,
        stock=True,
        frozen=True,
        component=SYSTEMS,
    ),
)
