"""The board page: nine tiles at most, from the published run alone."""

from dataclasses import dataclass
from datetime import date

from django.core.cache import cache
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString

from qiportal.dashboard.indicators import indicator_label
from qiportal.dashboard.presenters.changes import greeting, quiet, since_sentences
from qiportal.dashboard.presenters.figures import Figure, Ground, figure_make
from qiportal.dashboard.presenters.freshness import next_refresh, warning
from qiportal.dashboard.presenters.tiles import MOST_TILES, TILES, board_codes
from qiportal.dashboard.selectors import BoardState, child_units, facts_of, run_kept
from qiportal.organisation.models import Unit

FRAGMENT_S = 26 * 3600


@dataclass
class Tile:
    key: str
    title: str
    why: str
    figures: list[Figure]


def tiles_of(ground: Ground) -> list[Tile]:
    """The tiles the run knows something of; an unbuilt feature has none."""
    found = []
    for spec in TILES:
        made = [figure_make(figure, ground) for figure in spec.figures]
        figures = [figure for figure in made if figure]
        if figures:
            found.append(Tile(spec.key, spec.title, spec.why, figures))
    return found[:MOST_TILES]


def tiles_html(state: BoardState, unit: Unit, role: str, version: str) -> SafeString:
    """The tiles as HTML, kept for everybody who may see the same run and unit."""
    key = f"board:{version}:{state.run_id}:{unit.pk}:{role}"
    html = cache.get(key)
    if html is None:
        tiles = tiles_of(ground_of(state.run_id, state.as_of, unit))
        context = {"tiles": tiles, "acts": role == "units"}
        html = render_to_string("dashboard/tiles.html", context)
        cache.set(key, html, FRAGMENT_S)
    return html


def ground_of(run_id: int, as_of: date, unit: Unit) -> Ground:
    code = "" if unit.parent_id is None else unit.code
    return Ground(facts_of(run_id, unit.pk, board_codes()), as_of, code)


def changes_of(state: BoardState, unit: Unit, version: str) -> dict:
    """What changed since the run this person last saw, kept per pair of runs."""
    key = f"board-since:{version}:{state.run_id}:{state.seen_run}:{unit.pk}"
    found = cache.get(key)
    if found is None:
        found = _changes(state, unit)
        cache.set(key, found, FRAGMENT_S)
    return found


def _changes(state: BoardState, unit: Unit) -> dict:
    seen = run_kept(state.seen_run)
    if seen is None or seen.pk == state.run_id:
        words = greeting(seen.as_of if seen else None, state.as_of)
        return {"greeting": words, "sentences": []}
    sentences = since_sentences(
        _named(ground_of(state.run_id, state.as_of, unit)),
        _named(ground_of(seen.pk, seen.as_of, unit)),
    )
    words = greeting(seen.as_of, state.as_of)
    if seen.as_of == state.as_of:
        words = "Since you last looked, the figures were calculated again:"
    return {"greeting": words, "sentences": sentences or [quiet()]}


def _named(ground: Ground) -> list[tuple[str, list[Figure]]]:
    return [(tile.key, tile.figures) for tile in tiles_of(ground)]


def board_context(state: BoardState, unit: Unit, role: str, version: str) -> dict:
    """Everything the board page prints for a unit."""
    return {
        "state": state,
        "unit": unit,
        "is_top": unit.parent_id is None,
        "tiles": tiles_html(state, unit, role, version),
        "changes": changes_of(state, unit, version) if unit.parent_id is None else None,
        "next_refresh": next_refresh(state.published_at),
        "warning": warning(state.published_at),
        "skipped": [indicator_label(code) for code in state.skipped],
        "acts": role == "units",
        "units": list(child_units(unit)) if role == "units" else [],
        "projects_url": f"{reverse('project_list')}?unit={unit.pk}",
    }
