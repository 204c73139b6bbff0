"""Variation and assurance icons: one pair per series."""

import numpy as np

from .model import Bools, Codes, Floats, Ints, RowTable


def latest_points(valid: Bools) -> Ints:
    """Column of each series' last non-missing point, -1 without one."""
    if not valid.size:
        return np.full(len(valid), -1)
    latest = valid.shape[1] - 1 - valid[:, ::-1].argmax(axis=1)
    return np.where(valid.any(axis=1), latest, -1)


def variation_find(method: str, label: Codes, latest: Ints, signs: Codes) -> Codes:
    """The state of the latest point only (indices into VARIATION_ICONS)."""
    if method != "xmr" or not label.size:
        return np.zeros(len(latest), dtype=np.int8)
    code = label[np.arange(len(latest)), np.maximum(latest, 0)]
    high = code % 2 == 1
    good = np.where(high, 1, -1) == signs
    family = np.where(signs == 0, 6, np.where(good, 2, 4))
    icon = np.where(code > 0, family + ~high, 1)
    return np.where(latest >= 0, icon, 0).astype(np.int8)


def assurance_find(
    method: str,
    rows: RowTable,
    last_row: Ints,
    latest: Ints,
    signs: Codes,
    targets: Floats,
) -> Codes:
    """The target against the newest limits (indices into ASSURANCE_ICONS)."""
    upper, lower = rows.upper[last_row], rows.lower[last_row]
    tolerance = rows.tolerance[last_row]
    over, under = targets > upper + tolerance, targets < lower - tolerance
    passes = np.where(signs > 0, under, over)
    fails = np.where(signs > 0, over, under)
    icon = np.where(passes, 1, np.where(fails, 2, 3))
    known = (signs != 0) & np.isfinite(targets) & (latest >= 0) & (method == "xmr")
    return np.where(known, icon, 0).astype(np.int8)
