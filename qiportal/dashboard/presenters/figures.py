"""One figure of a tile: number, words, small line; or why there is none."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from django.urls import reverse

from pdsa.charts import Reading
from qiportal.core.svg import sparkline
from qiportal.dashboard.facts import Fact
from qiportal.dashboard.indicators import Indicator, indicator_find
from qiportal.dashboard.presenters.numbers import (
    HIDDEN,
    NO_DATA,
    net_interval,
    parts,
    period_text,
    shown,
    whole,
)
from qiportal.dashboard.presenters.series import (
    complete,
    indicator_reading,
    spc_word,
    with_zeros,
)
from qiportal.dashboard.presenters.tiles import FigureSpec

SPARK_POINTS = 24
CHANCE = 0.016


@dataclass
class Figure:
    """What the template prints. `word` is the engine's verdict; `notes` small lines."""

    code: str
    value: str = ""
    words: str = ""
    word: str = ""
    svg: dict | None = None
    url: str = ""
    reason: str = ""
    notes: list[str] = field(default_factory=list)

    @property
    def sentence(self) -> str:
        """The figure as one plain sentence, for print, notes and comparisons."""
        text = self.reason or f"{self.value} {self.words}".strip()
        return f"{text}: {self.word}." if self.word else f"{text}."


@dataclass(frozen=True)
class Ground:
    """Where figures are read: one unit's facts by code, and the run's day."""

    facts: dict[str, list[Fact]]
    as_of: date
    unit_code: str = ""

    def rows(self, code: str, subgroup: str = "") -> list[Fact]:
        found = self.facts.get(code, [])
        return [row for row in found if row.subgroup == subgroup]

    def url(self, code: str) -> str:
        here = reverse("board_indicator", args=[code])
        return f"{here}?unit={self.unit_code}" if self.unit_code else here


def figure_make(spec: FigureSpec, ground: Ground) -> Figure | None:
    """The figure of a spec; None when the run knows nothing of its indicator."""
    code = spec.code
    if spec.instead and not ground.facts.get(code):
        code, spec = spec.instead, replace(spec, phrase=spec.phrase_instead)
    indicator = indicator_find(code)
    if indicator is None or not ground.facts.get(code):
        return None
    make: dict[str, Callable] = {
        "icons": icons_figure,
        "decisions": decisions_figure,
        "net": net_figure,
    }
    figure = make.get(spec.style, plain_figure)(spec, indicator, ground)
    figure.url = ground.url(code)
    return figure


def latest(indicator: Indicator, rows: Sequence[Fact], as_of: date) -> Fact | None:
    """The newest complete period; for counts a month without rows is a 0."""
    found = with_zeros(complete(rows, indicator, as_of), indicator, as_of)
    return found[-1] if found else None


def plain_figure(spec: FigureSpec, indicator: Indicator, ground: Ground) -> Figure:
    rows = ground.rows(indicator.code, spec.subgroup)
    fact = latest(indicator, rows, ground.as_of)
    about = spec.about or indicator.label
    if fact is None:
        return Figure(indicator.code, reason=f"{about}: {NO_DATA.lower()}")
    if fact.hidden:
        hidden = hidden_figure(indicator)
        return replace(hidden, reason=f"{about}. {hidden.reason}")
    value = shown(indicator, fact)
    if not value:
        period = period_text(fact.period, ground.as_of, stock=indicator.stock)
        reason = f"{about}: {NO_DATA.lower()} for {period}"
        return Figure(indicator.code, reason=reason)
    reading = indicator_reading(indicator, rows, ground.as_of)
    return Figure(
        indicator.code,
        value=value,
        words=one_or_many(value, _phrase(spec, indicator, fact, ground.as_of)),
        word=spc_word(reading),
        svg=spark(reading),
    )


def one_or_many(value: str, words: str) -> str:
    """ "tests begun" after any number but 1, which has "test begun"."""
    noun, rest = words.split(" ", 1)
    return f"{noun.removesuffix('s')} {rest}" if value == "1" else words


def hidden_figure(indicator: Indicator) -> Figure:
    return Figure(indicator.code, reason=HIDDEN.format(k=indicator.floor))


def _phrase(spec: FigureSpec, indicator: Indicator, fact: Fact, as_of: date) -> str:
    return spec.phrase.format(
        parts=parts(fact),
        num=whole(fact.numerator),
        den=whole(fact.denominator),
        n=whole(fact.n),
        period=period_text(fact.period, as_of, stock=indicator.stock),
    )


def spark(reading: Reading) -> dict | None:
    """The small line beside a number: the last two years and their mean."""
    if len(reading.series.known) < 2:
        return None
    levels = [level for level in reading.centre if level is not None]
    return sparkline(
        reading.y[-SPARK_POINTS:],
        width=96,
        height=28,
        centre=levels[-1] if levels else None,
    )


BETTER = ("improvement_high", "improvement_low")
WORSE = ("concern_high", "concern_low")
NEUTRAL = ("neutral_high", "neutral_low")
USUAL = ("common_cause", "no_unusual_run")


def by_chance(judged: int) -> str:
    """How many last points chance alone lets stand out, in words."""
    expected = round(CHANCE * judged)
    some = f"About {expected}" if expected else "Fewer than one"
    return f"{some} would stand out by chance."


def icons_figure(spec: FigureSpec, indicator: Indicator, ground: Ground) -> Figure:
    """Measures by the icon of their last point, never "charts with a flag"."""
    rows = ground.facts[indicator.code]
    newest = max(row.period for row in rows)
    counts = Counter(
        {row.subgroup: int(row.numerator or 0) for row in rows if row.period == newest}
    )
    few = counts.pop("not_enough_points", 0)
    judged = sum(counts.values())
    if not judged:
        return Figure(indicator.code, reason="No measure has 12 points yet")
    notes = [by_chance(judged)]
    if few:
        notes.append(f"{whole(few)} more have too few points.")
    unusual = judged - sum(counts[name] for name in USUAL)
    return Figure(
        indicator.code,
        value=whole(unusual),
        words=f"of {whole(judged)} measures stand out now: {_kinds(counts)}",
        notes=notes,
    )


def _kinds(counts: Counter) -> str:
    """ "3 for the better, 1 for the worse, 2 with an unusual run"."""
    named = [
        (sum(counts[name] for name in BETTER), "for the better"),
        (sum(counts[name] for name in WORSE), "for the worse"),
        (sum(counts[name] for name in NEUTRAL), "in neither direction"),
        (counts["unusual_run"], "by an unusual run"),
    ]
    said = [f"{whole(n)} {word}" for n, word in named[:2]]
    return ", ".join([*said, *(f"{whole(n)} {word}" for n, word in named[2:] if n)])


DECISIONS = (("adopt", "adopted"), ("adapt", "adapted"), ("abandon", "dropped"))


def decisions_figure(spec: FigureSpec, indicator: Indicator, ground: Ground) -> Figure:
    """Tests decided in the newest complete month, by decision."""
    by_kind = {
        kind: latest(indicator, ground.rows(indicator.code, kind), ground.as_of)
        for kind, _ in DECISIONS
    }
    known = [fact for fact in by_kind.values() if fact]
    if not known:
        return Figure(indicator.code, reason=NO_DATA)
    counts = {kind: int(f.numerator or 0) if f else 0 for kind, f in by_kind.items()}
    period = period_text(max(f.period for f in known), ground.as_of, stock=False)
    said = ", ".join(f"{whole(counts[kind])} {word}" for kind, word in DECISIONS)
    value = whole(sum(counts.values()))
    return Figure(
        indicator.code,
        value=value,
        words=one_or_many(value, f"{spec.phrase.format(period=period)}: {said}"),
    )


def net_figure(spec: FigureSpec, indicator: Indicator, ground: Ground) -> Figure:
    """Net comment sentiment with its interval, n, and empty answers apart."""
    rows = ground.rows(indicator.code)
    fact = latest(indicator, rows, ground.as_of)
    if fact is None:
        return Figure(indicator.code, reason=NO_DATA)
    if fact.hidden:
        figure = hidden_figure(indicator)
        figure.reason = f"{spec.phrase.capitalize()}: {figure.reason[0].lower()}"
        figure.reason += hidden_figure(indicator).reason[1:]
        return figure
    if not fact.denominator or fact.numerator is None:
        return Figure(indicator.code, reason=f"{NO_DATA} {spec.phrase}")
    counts = _labels(indicator.code, fact.period, ground)
    net = fact.numerator / fact.denominator
    opinions = counts.get("positive", 0) + counts.get("negative", 0)
    low, high = net_interval(net, opinions, fact.denominator)
    ends = f"{low:+.2f} to {high:+.2f}".replace("-", "\u2212")
    nil = counts.get("nil", 0)
    silent = f", {whole(nil)} more said nothing" if nil else ""
    period = period_text(fact.period, ground.as_of, stock=False)
    return Figure(
        indicator.code,
        value=shown(indicator, fact),
        words=f"{spec.phrase} ({ends}), {period}: {whole(fact.n)} comments{silent}",
        word=spc_word(indicator_reading(indicator, rows, ground.as_of)),
    )


def _labels(code: str, period: date, ground: Ground) -> dict[str, float]:
    return {
        row.subgroup: row.numerator or 0
        for row in ground.facts[code]
        if row.period == period and row.subgroup
    }
