"""Rows of a formset as a draft holds them, or a page sent to get one more row."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

MOST = 12


def kept_rows(
    kept: Mapping[str, Any], prefix: str, told: Sequence[str]
) -> list[dict] | None:
    """Row by row what was typed; None where the formset was not on the page.

    A row in which none of the fields `told` holds anything is left out.
    """
    if f"{prefix}-TOTAL_FORMS" not in kept:
        return None
    rows: dict[int, dict] = {}
    for name, value in kept.items():
        if found := re.fullmatch(rf"{prefix}-(\d{{1,3}})-(\w+)", name):
            rows.setdefault(int(found[1]), {})[found[2]] = value
    filled = [rows[n] for n in sorted(rows) if any(rows[n].get(f) for f in told)]
    return filled[:MOST]
