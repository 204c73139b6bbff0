"""How a chart is made and what its few points allow to say."""

from pdsa.charts.reading import Reading, fixed_stretches
from pdsa.charts.words import METHODS, SCREENED, centre_word, day_text, fixed_text
from pdsa.models import Measure

RULES = {
    "run": "Anhøj: a longer run or fewer crossings of the median than the number of "
    "points allows",
    "xmr": "NHS “Making Data Count”: outside a limit; 7 in a row on one side; 7 in a "
    "row rising or falling; 2 of 3 near a limit",
}
SHEWHART_RULES = (
    "Outside a limit; and Anhøj: a longer run or fewer crossings of the centre line "
    "than the number of points allows"
)
MOST_GAPS = 6


def banner(reading: Reading) -> str:
    """What too few numbers allow to say; stands above the chart. "" for enough."""
    count = reading.analysis.segments[-1].n if reading.stretches else 0
    since = " since the step change" if len(reading.stretches) > 1 else ""
    centre = centre_word(reading).lower()
    run = reading.analysis.method == "run"
    if reading.status == "too_few":
        return (
            f"Too few points to judge: {count}{since}. The chart shows the line and "
            f"its {centre}; {'it' if run else 'limits on trial'} may be judged from "
            f"{'10' if run else '8'}, and in full from 12."
        )
    if reading.status == "trial" and not run:
        return (
            f"Trial limits: {count} points{since}, 12 needed. The dotted limits will "
            "still move."
        )
    return ""


def kind_of(reading: Reading) -> str:
    """ "run chart", "XmR chart", "p chart": the chart shown, within a sentence."""
    name = Measure.ChartType(reading.analysis.method).label
    return name.replace("Run", "run")


def method_rows(reading: Reading) -> list[dict]:
    """How the chart is made, for those who want to check it."""
    analysis = reading.analysis
    rows = [
        ("Chart", METHODS[analysis.method]),
        ("Rules", RULES.get(analysis.method, SHEWHART_RULES)),
        ("Screening", _screening(reading)),
        ("Baseline", _baseline(reading)),
        ("Points used", _points_used(reading)),
        ("Missing", _missing(reading)),
        ("Engine", f"Version {analysis.engine_version}"),
    ]
    return [{"key": key, "value": value} for key, value in rows if value]


def _screening(reading: Reading) -> str:
    if reading.analysis.method not in SCREENED:
        return "Not used on this chart"
    if not reading.measure.screen:
        return "Off: all moving ranges set the limits"
    out = sum(segment.screened_out for segment in reading.analysis.segments)
    left = f"{out} left out" if out else "none was that large"
    return f"On: moving ranges of 3.267 times their mean or more do not count; {left}"


def _baseline(reading: Reading) -> str:
    if not reading.stretches:
        return ""
    first = reading.stretches[0]
    days = [
        day_text(reading.days[row], reading.measure.frequency)
        for row in (first.start, first.end)
    ]
    if first.phase is None:
        return "None set: all points share one centre line"
    fixed = [row for row in fixed_stretches(reading) if row.first <= first.end]
    if fixed:
        return fixed_text(reading, fixed[0])
    return f"{first.phase.label}, {days[0]} to {days[1]}"


def _points_used(reading: Reading) -> str:
    """How many points set the newest centre line, of how many there are."""
    segments = reading.analysis.segments
    if not segments:
        return ""
    used, count = segments[-1].n_used, reading.analysis.n
    since = " since the newest step change" if len(segments) > 1 else ""
    out = sum(
        1
        for row, y in enumerate(reading.y)
        if y is not None and reading.analysis.excluded[row]
    )
    left = f"; {out} left out with a reason" if out else ""
    return f"{used}{since} set the centre line and limits, of {count} in all{left}"


def _missing(reading: Reading) -> str:
    gaps = [
        day_text(day, reading.measure.frequency)
        for day, y in zip(reading.days, reading.y, strict=True)
        if y is None
    ]
    if not gaps:
        return "None"
    more = f" and {len(gaps) - MOST_GAPS} more" if len(gaps) > MOST_GAPS else ""
    return f"{len(gaps)}: {', '.join(gaps[:MOST_GAPS])}{more}"
