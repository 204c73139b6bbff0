"""Small charts side by side, and the matrix of variation by assurance."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.urls import reverse

from pdsa.charts import reading_make
from pdsa.charts.icons import (
    ASSURANCE_WORDS,
    NOT_ENOUGH,
    RUN_WORDS,
    VARIATION_WORDS,
    WORDS,
    Icon,
    assurance_of,
    variation_of,
)
from pdsa.charts.picture import chart_svg
from pdsa.charts.words import day_text, value_now
from pdsa.models import Measure
from pdsa.selectors.multiples import MatrixRow
from pdsa.selectors.series import Series

CHANCE = 0.016
CELL_ICONS = 30
CELL_NAMES = 12
UNTARGETED = "none"
COLUMNS = {**ASSURANCE_WORDS, UNTARGETED: "No target, or neither way is better"}
OUTSIDE = "outside"
OTHER_WORDS = {
    **{
        f"{OUTSIDE}.{key}": f"{word}: latest point outside its limits"
        for key, word in VARIATION_WORDS.items()
        if key != "common_cause"
    },
    **RUN_WORDS,
}


@dataclass(frozen=True)
class Marked:
    """A measure's state as icons read it, with the fields of the measure itself."""

    chart_type: str
    direction: str
    segment_n: int = 0
    last_value: float | None = None
    lower: float | None = None
    upper: float | None = None
    variation: str = ""
    assurance: str = ""
    run_signal: bool = False


def marked(measure: Measure) -> Marked:
    state = getattr(measure, "state", None)
    if state is None:
        return Marked(measure.chart_type, measure.direction)
    return Marked(
        *(measure.chart_type, measure.direction),
        *(state.segment_n, state.last_value, state.lower, state.upper),
        *(state.variation, state.assurance, state.run_signal),
    )


def icons_of(measure: Measure) -> list[Icon]:
    """One or two icons: of variation, and of assurance where there is a target."""
    row = marked(measure)
    return [icon for icon in (variation_of(row), assurance_of(row)) if icon]


# --- small charts -------------------------------------------------------------------


def chart_cards(
    measures: Iterable[Measure], series: dict[int, Series], *, named: bool
) -> list[dict]:
    """A card each; `named` tells whose measure it is, where projects are mixed."""
    return [_card(measure, series[measure.pk], named) for measure in measures]


def _card(measure: Measure, series: Series, named: bool) -> dict:
    project = measure.project
    state = getattr(measure, "state", None)
    last = state.last_at if state else None
    return {
        "name": measure.name,
        "url": measure_url(measure),
        "kind": measure.get_kind_display(),
        "project": project if named else None,
        "icons": icons_of(measure),
        "value": value_now(measure),
        "when": day_text(last, measure.frequency) if last else "",
        "svg": _drawing(series) if series.known else None,
    }


def _drawing(series: Series) -> dict:
    """The big chart, small; its name is the sentence the big one has beside it."""
    reading = reading_make(series)
    return chart_svg(reading, small=True, label=reading.sentence)


def measure_url(measure: Measure) -> str:
    return reverse("measure_detail", args=[measure.project.reference, measure.pk])


def kind_tabs(counts: dict[str, int], chosen: str, also: str) -> list[dict]:
    """All, then each kind there is; `also` is the rest of the query string."""
    kinds = [("", "All", sum(counts.values()))]
    kinds += [(k.value, k.label, counts.get(k.value, 0)) for k in Measure.Kind]
    return [
        {
            "label": label,
            "count": count,
            "url": "?" + "&".join(filter(None, (f"kind={key}" if key else "", also))),
            "current": key == chosen,
        }
        for key, label, count in kinds
        if count or key in ("", chosen)
    ]


# --- the matrix ---------------------------------------------------------------------


@dataclass
class Cell:
    """The measures of one place, in order, and where their list is."""

    key: str
    word: str
    icon: Icon
    url: str
    rows: list[MatrixRow] = field(default_factory=list)
    column: str = ""

    @property
    def count(self) -> int:
        return len(self.rows)

    @property
    def opened(self) -> bool:
        """Special cause is spelled out; what is usual waits to be asked for."""
        return self.icon.family in ("improvement", "concern", "neutral")

    @property
    def links(self) -> list[dict]:
        return [_link(row) for row in self.rows[:CELL_ICONS]]

    @property
    def named(self) -> list[dict]:
        return [_link(row) for row in self.rows[:CELL_NAMES]]

    @property
    def more(self) -> int:
        return max(self.count - CELL_ICONS, 0)

    @property
    def more_named(self) -> int:
        return max(self.count - CELL_NAMES, 0)


def _link(row: MatrixRow) -> dict:
    name = f"{row.name}: {row.unit}, {row.reference}"
    url = reverse("measure_detail", args=[row.reference, row.id])
    return {"name": name, "url": url, "measure": row.name, "unit": row.unit}


def place_of(row: MatrixRow) -> str:
    """The key of a measure's place: "concern_low.fail", or one of the other charts."""
    icon = variation_of(row)
    if icon.trial or icon.key == NOT_ENOUGH:
        return NOT_ENOUGH
    if row.variation:
        assured = assurance_of(row)
        return f"{row.variation}.{assured.key if assured else UNTARGETED}"
    return icon.key if icon.key in RUN_WORDS else f"{OUTSIDE}.{icon.key}"


def place_word(key: str) -> str:
    """A place in words: "Concern, low; will consistently pass"."""
    if key == NOT_ENOUGH:
        return WORDS[NOT_ENOUGH]
    if key in OTHER_WORDS:
        return OTHER_WORDS[key]
    row, _, column = key.partition(".")
    word = COLUMNS[column]
    return f"{VARIATION_WORDS[row]}; {word[0].lower()}{word[1:]}"


def is_place(key: str) -> bool:
    row, _, column = key.partition(".")
    standalone = key == NOT_ENOUGH or key in OTHER_WORDS
    return standalone or (row in VARIATION_WORDS and column in COLUMNS)


def by_place(rows: Iterable[MatrixRow]) -> dict[str, list[MatrixRow]]:
    """Place -> its measures, in the order they came in."""
    found: dict[str, list[MatrixRow]] = defaultdict(list)
    for row in rows:
        found[place_of(row)].append(row)
    return found


def matrix_context(rows: Sequence[MatrixRow], list_url: str) -> dict:
    """The matrix, the charts without icons, those with too few points, chance."""
    places = by_place(rows)

    def cell(key: str, icon: str, column: str = "") -> Cell:
        url = f"{list_url}{'&' if '?' in list_url else '?'}show={key}"
        found = places.get(key, [])
        return Cell(key, place_word(key), Icon(icon), url, found, column)

    table = [
        {
            "icon": Icon(name),
            "cells": [
                cell(f"{name}.{column}", name, COLUMNS[column]) for column in COLUMNS
            ],
        }
        for name in VARIATION_WORDS
    ]
    cells = [cell for row in table for cell in row["cells"] if cell.count]
    judged = sum(cell.count for cell in cells)
    others = [cell(key, key.removeprefix(f"{OUTSIDE}.")) for key in OTHER_WORDS]
    return {
        "total": len(rows),
        "columns": [_column(key) for key in COLUMNS],
        "table": table,
        "cells": cells,
        "judged": judged,
        "chance": chance_line(judged),
        "others": [cell for cell in others if cell.count],
        "other_count": sum(cell.count for cell in others),
        "few": cell(NOT_ENOUGH, NOT_ENOUGH),
    }


def _column(key: str) -> dict:
    return {"word": COLUMNS[key], "icon": None if key == UNTARGETED else Icon(key)}


def chance_line(judged: int) -> str:
    """What noise alone does to the last points of so many measures."""
    if not judged:
        return ""
    expected = round(CHANCE * judged)
    measures = "this 1 measure" if judged == 1 else f"these {judged:,} measures"
    if not expected:
        return f"Fewer than one of {measures} shows special cause by chance each month."
    return (
        f"About {expected} of {measures} "
        f"{'shows' if expected == 1 else 'show'} special cause by chance each month."
    )


def listed_table(measures: Iterable[Measure], word: str) -> dict:
    """The measures of one place, each with where it belongs and its newest number."""
    names = ("Measure", "Unit", "Project", "Newest number", "When")
    return {
        "caption": word,
        "caption_hidden": True,
        "row_headers": True,
        "columns": [{"label": name} for name in names],
        "rows": [_listed(measure) for measure in measures],
    }


def _listed(measure: Measure) -> list:
    project = measure.project
    state = getattr(measure, "state", None)
    last = state.last_at if state else None
    return [
        {"text": measure.name, "url": measure_url(measure)},
        project.unit.name,
        {"text": project.title, "url": project.get_absolute_url()},
        value_now(measure),
        day_text(last, measure.frequency) if last else "",
    ]
