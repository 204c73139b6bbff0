"""Training: demand, attendance, use, waiting, and what came of it."""

from qiportal.dashboard.indicators.model import CAPABILITY, Indicator, Plain
from qiportal.dashboard.leaves import training
from qiportal.dashboard.leaves.base import leaves, observations
from training import rollups

TRAINING = (
    Indicator(
        code="training.applications",
        label="Training applications",
        meaning="Applications for improvement courses made in the month, with or "
        "without a place, by the applicant's unit.",
        numerator_label="applications",
        denominator_label=None,
        unit="count",
        direction="neither",
        kind="count",
        leaf_rows=leaves(rollups.rollup_applications),
        component=CAPABILITY,
    ),
    Indicator(
        code="training.places",
        label="Training places",
        meaning="Places in sessions that begin in the month and were not cancelled. "
        "Places belong to the whole trust.",
        numerator_label="places",
        denominator_label=None,
        unit="count",
        direction="neither",
        kind="count",
        leaf_rows=leaves(rollups.rollup_places),
        component=CAPABILITY,
    ),
    Indicator(
        code="training.demand",
        label="Applications per place",
        meaning="Applications made in the month for each place of sessions that begin "
        "in it. Above 1, more people want to learn than can.",
        numerator_label="applications",
        denominator_label="places",
        unit="ratio",
        direction="neither",
        leaf_rows=leaves(rollups.rollup_demand),
        component=CAPABILITY,
    ),
    Indicator(
        code="training.offered",
        label="Applications offered a place",
        meaning="Of the applications made in the month, those offered a place so far.",
        numerator_label="offered a place",
        denominator_label="applications",
        unit="%",
        direction="up",
        leaf_rows=leaves(rollups.rollup_offered),
        component=CAPABILITY,
    ),
    Indicator(
        code="training.attendance",
        label="Training attendance",
        meaning="People who came, of those who came or did not attend. Late "
        "cancellations are not counted.",
        numerator_label="came",
        denominator_label="came or did not attend",
        unit="%",
        direction="up",
        leaf_rows=leaves(rollups.rollup_attendance),
        component=CAPABILITY,
    ),
    Indicator(
        code="training.utilisation",
        label="Training places used",
        meaning="People who came, of all places in sessions that have begun.",
        numerator_label="came",
        denominator_label="places",
        unit="%",
        direction="up",
        leaf_rows=leaves(rollups.rollup_utilisation),
        component=CAPABILITY,
    ),
    Indicator(
        code="training.days_waiting",
        label="Days from application to offer",
        meaning="Median of the days from application to first offer, among offers "
        "made in the month.",
        numerator_label="days",
        denominator_label=None,
        unit="days",
        direction="down",
        kind="median",
        leaf_rows=observations(rollups.rollup_waiting_days),
        hide="separate",
        component=CAPABILITY,
    ),
    Indicator(
        code="training.conversion",
        label="From training to practice in 180 days",
        meaning="People who came to training and are on a project with a test begun "
        "within 180 days after, of all who came. A month counts once its 180 days "
        "are over.",
        numerator_label="in a test within 180 days",
        denominator_label="came to training",
        unit="%",
        direction="up",
        leaf_rows=training.conversion,
        component=CAPABILITY,
    ),
)


def by_course(code: str, label: str, query: Plain, kind: str = "count") -> Indicator:
    """A figure with the course's number as subgroup, for the table of months."""
    return Indicator(
        code=f"course.{code}",
        label=label,
        meaning=f"{label}, by course (the subgroup is the course's number).",
        numerator_label="people",
        denominator_label=None,
        unit="days" if kind == "median" else "count",
        direction="down" if kind == "median" else "neither",
        kind=kind,
        leaf_rows=query,
        hide="separate" if kind == "median" else "",
        component=CAPABILITY,
    )


COURSES = (
    by_course("applications", "Applications", training.course_applications),
    by_course("offered", "Applications offered a place", training.course_offered),
    by_course("booked", "Bookings", training.course_booked),
    by_course("attended", "People who came", training.course_attended),
    by_course("did_not_attend", "People who did not come", training.course_absent),
    by_course("converted_180d", "In a test in 180 days", training.course_converted),
    by_course("days_waiting", "Days to an offer", training.course_waiting, "median"),
)
