"""The sentence beside a chart: what the chart says, in words.

It states timing and never a cause; a test bans causal words.
"""

from .few import few_points_status, run_verdict_allowed
from .model import FULL_POINTS, LABELS, Analysis, Segment
from .signals import Signal, signal_latest, signals_find
from .words import (
    CENTRE_WORDS,
    RULE_WORDS,
    Context,
    better_or_worse,
    count_write,
    date_write,
    number_write,
    outside_label,
    periods_between,
)

MAX_PERIODS_AFTER = 6
UNJUDGED = "cannot be judged: there are no limits yet."


def sentence_write(analysis: Analysis, context: Context) -> str:
    """The whole sentence of a chart; parts that do not apply are left out."""
    if not analysis.n:
        return _nothing_yet(analysis, context)
    status = few_points_status(analysis.segments[-1].n, analysis.method)
    if status == "too_few":
        return f"{_opening(analysis, context)} Too few points to judge."
    if analysis.method == "run":
        parts = [_run_verdict(analysis), _target(context)]
    elif analysis.method == "xmr":
        parts = [_variation(analysis, context), _assurance(analysis, context)]
    else:
        parts = [_variation(analysis, context), _run_verdict(analysis)]
        parts.append(_target(context))
    parts += [*_signal(analysis, context), _trial(analysis, status)]
    return " ".join([_opening(analysis, context), *(part for part in parts if part)])


def _nothing_yet(analysis: Analysis, context: Context) -> str:
    missing = f", {analysis.missing} missing" if analysis.missing else ""
    return f"{context.measure}: no points yet{missing}."


def _opening(analysis: Analysis, context: Context) -> str:
    shown = [row for row, y in enumerate(analysis.y) if y is not None]
    rhythm = context.rhythm
    noun = f"{rhythm.adjective} point".strip()
    first, last = (date_write(context.dates[r], rhythm) for r in (shown[0], shown[-1]))
    span = first if len(shown) == 1 else f"{first} to {last}"
    missing = f", {analysis.missing} missing" if analysis.missing else ""
    return f"{context.measure}: {count_write(analysis.n, noun)}, {span}{missing}."


def _latest(analysis: Analysis) -> int:
    return max(row for row, y in enumerate(analysis.y) if y is not None)


def _variation(analysis: Analysis, context: Context) -> str:
    row = _latest(analysis)
    subject = f"The latest point ({number_write(analysis.y[row], context)})"
    if analysis.ucl[row] is None:
        return f"{subject} {UNJUDGED}"
    label = _label(analysis, row)
    if label != LABELS[0]:
        side = "high" if LABELS.index(label) % 2 else "low"
        verdict = better_or_worse(side, context.direction)
        change = (
            f"an unusual change for the {verdict}" if verdict else "an unusual change"
        )
        rule = _rule(analysis, label, row)
        return f"{subject} is {change} (special cause, {side}): {rule}."
    if analysis.segments[-1].runs_signal:
        return f"{subject} is within the limits."
    return f"{subject} is within the usual range (common cause variation)."


def _label(analysis: Analysis, row: int) -> str:
    """The point's label; outside the limits is the only one of Shewhart methods."""
    if analysis.method == "xmr":
        return analysis.special_cause[row] or LABELS[0]
    if not analysis.sigma_signal[row]:
        return LABELS[0]
    return outside_label(analysis, row)


def _rule(analysis: Analysis, label: str, row: int) -> str:
    """The rule in words; a trend's or shift's length is that of its stretch."""
    kind = "trend" if "Trend" in label else "shift"
    lengths = [
        signal.points
        for signal in signals_find(analysis)
        if signal.kind == kind and signal.start <= row <= signal.end
    ]
    return RULE_WORDS[label].format(k=max(lengths, default=0))


def _assurance(analysis: Analysis, context: Context) -> str:
    icon = analysis.assurance_icon
    if icon is None:
        return _target(context)
    target, segment = number_write(context.target, context), analysis.segments[-1]
    if segment.ucl is None:
        return f"The target of {target} {UNJUDGED}"
    low, high = (number_write(x, context) for x in (segment.lcl, segment.ucl))
    if icon == "hit_or_miss":
        return (
            f"The target of {target} lies inside the limits ({low} to {high}), so it "
            f"will be met {context.rhythm.some} and missed others."
        )
    outcome = "met" if icon == "pass" else "missed unless the process changes"
    return (
        f"The target of {target} lies outside the limits ({low} to {high}): it will "
        f"be consistently {outcome}."
    )


def _target(context: Context) -> str:
    if context.target is None:
        return "No target is set."
    return f"The target is {number_write(context.target, context)}."


def _run_verdict(analysis: Analysis) -> str:
    segment = analysis.segments[-1]
    if analysis.method == "mr":
        return ""  # neighbouring ranges share a point, so their runs say nothing
    if not segment.n_useful:
        return "Every point lies on the centre line."
    if not run_verdict_allowed(segment.n, segment.n_useful):
        return "Too few points away from the centre line to judge its runs."
    return (
        f"{_run_judgement(segment)}: longest run {segment.longest_run} "
        f"(limit {segment.longest_run_max}), "
        f"{count_write(segment.n_crossings or 0, 'crossing')} "
        f"(at least {segment.n_crossings_min} expected)."
    )


def _run_judgement(segment: Segment) -> str:
    if not segment.runs_signal:
        return "No unusual run"
    if (segment.longest_run or 0) > (segment.longest_run_max or 0):
        return "An unusual run"
    return "Unusually few crossings"


def _signal(analysis: Analysis, context: Context) -> list[str]:
    """The latest sustained signal and, when close, the cycle it followed."""
    signal = signal_latest(analysis)
    if signal is None:
        return []
    return [_signal_words(signal, analysis, context), _timing(signal, context)]


def _signal_words(signal: Signal, analysis: Analysis, context: Context) -> str:
    first, last = (
        date_write(context.dates[row], context.rhythm)
        for row in (signal.start, signal.end)
    )
    if signal.kind == "trend":
        way = "rising" if signal.side == "high" else "falling"
        return f"A {way} trend of {signal.points} points, {first} to {last}."
    way = "above" if signal.side == "high" else "below"
    centre = CENTRE_WORDS.get(analysis.method, "centre line")
    return (
        f"A {signal.kind} of {signal.points} points {way} the {centre}, "
        f"{first} to {last}."
    )


def _timing(signal: Signal, context: Context) -> str:
    """Timing after the latest cycle begun up to six periods before the signal."""
    start = context.dates[signal.start]
    near = [
        (do_on, number, periods)
        for number, do_on in context.cycles
        if (periods := periods_between(do_on, start, context.rhythm)) is not None
        and 0 <= periods <= MAX_PERIODS_AFTER
    ]
    if not near:
        return ""
    _, number, periods = max(near)
    if not periods:
        return f"It began {context.rhythm.within} PDSA cycle {number} started."
    after = count_write(periods, context.rhythm.period)
    return f"It began {after} after PDSA cycle {number} started."


def _trial(analysis: Analysis, status: str) -> str:
    if status == "full" or analysis.method == "run":
        return ""
    return f"Trial limits: {analysis.segments[-1].n} points, {FULL_POINTS} needed."
