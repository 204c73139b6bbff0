"""What is new since a person last looked: at most three sentences."""

from collections.abc import Iterator
from datetime import date

from qiportal.core.dates import plain
from qiportal.dashboard.presenters.figures import Figure

MOST = 3


def since_sentences(
    tiles: list[tuple[str, list[Figure]]], before: list[tuple[str, list[Figure]]]
) -> list[str]:
    """Figures whose verdict turned unusual or back first, then those that moved."""
    old = {figure.code: figure for _, figures in before for figure in figures}
    now = [figure for _, figures in tiles for figure in figures]
    found = [*_verdicts(now, old), *_moved(now, old)]
    return found[:MOST]


def _verdicts(now: list[Figure], old: dict[str, Figure]) -> Iterator[str]:
    for figure in now:
        earlier = old.get(figure.code)
        if earlier and figure.word and figure.word != earlier.word:
            said = f"{figure.value} {figure.words}"
            yield f"{said}: {figure.word}, before {earlier.word or 'not judged'}."


def _moved(now: list[Figure], old: dict[str, Figure]) -> Iterator[str]:
    for figure in now:
        earlier = old.get(figure.code)
        if earlier is None or earlier.word != figure.word or not figure.value:
            continue
        if figure.value != earlier.value:
            before = earlier.value or "not shown"
            yield f"{figure.value} {figure.words}; before {before}."


def greeting(seen: date | None, as_of: date) -> str:
    """The words above the sentences."""
    if seen is None:
        return "This is your first visit. From the next one on, changes are named here."
    if seen == as_of:
        return f"Nothing new since you last looked: the figures are of {plain(as_of)}."
    return f"Since you last looked (figures of {plain(seen)}):"


def quiet() -> str:
    return "No figure on this page has changed."
