"""A run in a few lines, for the command that computed it."""

from qiportal.dashboard.facts import Fact
from qiportal.dashboard.indicators import Indicator, indicator_find
from qiportal.dashboard.models import RollupRun
from qiportal.dashboard.presenters.numbers import HIDDEN, NO_DATA, shown
from qiportal.dashboard.selectors import newest_facts, top_units


def run_summary(run: RollupRun) -> dict:
    """Run, state, timings and the newest figure of each indicator at the top units."""
    return {
        "run": run.pk,
        "as_of": run.as_of,
        "state": run.state,
        "published": run.state == RollupRun.State.PUBLISHED,
        "rows": run.rows,
        "code_version": run.code_version,
        "timings": run.timings,
        "figures": [
            _figure(indicator, fact)
            for unit in top_units()
            for fact in newest_facts(run.pk, unit)
            if (indicator := indicator_find(fact.indicator))
        ],
    }


def _figure(indicator: Indicator, fact: Fact) -> dict:
    hidden = HIDDEN.format(k=indicator.floor) if fact.hidden else ""
    return {
        "indicator": fact.indicator,
        "label": indicator.label,
        "subgroup": fact.subgroup,
        "period_start": fact.period,
        "numerator": fact.numerator,
        "denominator": fact.denominator,
        "value": fact.value,
        "n": fact.n,
        "suppressed": fact.hidden,
        "text": hidden or shown(indicator, fact) or NO_DATA,
    }
