"""Properties that hold for any series; values lie on a 0.1 grid."""

import re
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from qiportal.spc import DIRECTIONS, METHODS, analyse, analyse_many

from .cases import exact_labels

ALIKE = settings(deadline=None, max_examples=150, derandomize=True)

GRID = st.integers(-300, 300)
# few distinct values: ties, points on the mean and long runs turn up often
NARROW = st.integers(-4, 4)
WHOLE = st.one_of(
    st.lists(GRID, min_size=1, max_size=40), st.lists(NARROW, min_size=1, max_size=40)
)
GAPPY = st.lists(st.one_of(st.none(), NARROW, GRID), max_size=40)
DIRECTION = st.sampled_from(DIRECTIONS)


def tenths(values):
    return [None if v is None else v / 10 for v in values]


def xmr(values, **options):
    return analyse(values, method="xmr", **options)


def mirrored(word):
    """The label or icon of the same point in a series turned over."""
    swaps = [("high", "low"), ("Above", "Below"), ("Increasing", "Decreasing")]
    if word in ("Above UCL", "Below LCL"):
        return "Below LCL" if word == "Above UCL" else "Above UCL"
    for pair in swaps:
        for here, there in (pair, pair[::-1]):
            if word and re.search(rf"(^|[ _(]){here}", word):
                return word.replace(here, there)
    return word


@ALIKE
@given(WHOLE, st.booleans())
@example([0] * 6 + [1] * 7, True)
@example([1, 2, 3, 4, 5, 6, 7, 0, 1, 2, 3, 4, 5, 6, 7], False)
def test_labels_equal_an_exact_slow_reference(values, screen):
    found = xmr(tenths(values), screen_outliers=screen)
    assert list(found.special_cause) == exact_labels(values, screen)


@ALIKE
@given(WHOLE, DIRECTION, st.one_of(st.none(), GRID))
def test_turning_the_series_over_swaps_high_and_low(values, direction, target):
    opposite = {"increase": "decrease", "decrease": "increase"}
    ours = xmr(
        tenths(values),
        improvement_direction=direction,
        target=target if target is None else target / 10,
    )
    theirs = xmr(
        tenths([-v for v in values]),
        improvement_direction=opposite.get(direction, direction),
        target=target if target is None else -target / 10,
    )
    assert tuple(map(mirrored, ours.special_cause)) == theirs.special_cause
    assert mirrored(ours.variation_icon) == theirs.variation_icon
    assert ours.assurance_icon == theirs.assurance_icon
    if direction != "neutral":
        assert ours.point_type == theirs.point_type
    assert ours.notes == theirs.notes


@ALIKE
@given(WHOLE, GRID, st.sampled_from([0.1, 0.5, 3.0, 100.0]))
def test_moving_or_stretching_the_scale_changes_no_flag(values, shift, factor):
    ours = xmr(tenths(values))
    assert xmr(tenths([v + shift for v in values])).special_cause == ours.special_cause
    stretched = xmr([v / 10 * factor for v in values])
    assert stretched.special_cause == ours.special_cause
    runs = analyse(tenths(values), method="i").segments
    moved = analyse(tenths([v + shift for v in values]), method="i").segments
    assert [s.n_crossings for s in runs] == [s.n_crossings for s in moved]


@ALIKE
@given(GAPPY, GAPPY, GAPPY, st.sampled_from(["run", "xmr", "i", "mr", "c", "g"]))
def test_what_follows_a_rebase_changes_nothing_before_it(head, tail, other, method):
    at = len(head)
    first = analyse(tenths(head + tail), method=method, rebase_at=[at])
    second = analyse(tenths(head + other), method=method, rebase_at=[at])
    for name in ("y", "cl", "lcl", "ucl", "special_cause", "sigma_signal"):
        assert getattr(first, name)[:at] == getattr(second, name)[:at]


def matrices(draw, series, points, elements):
    cells = st.lists(elements, min_size=points, max_size=points)
    return np.array([draw(cells) for _ in range(series)])


@st.composite
def batches(draw):
    """Options of analyse_many and, row by row, the same for analyse."""
    series, points = draw(st.integers(1, 5)), draw(st.integers(1, 25))
    values = matrices(draw, series, points, st.integers(1, 60)) / 10
    mask = matrices(draw, series, points, st.sampled_from([True, True, True, False]))
    if draw(st.booleans()):  # ragged only: no gaps inside
        lengths = np.array([draw(st.integers(0, points)) for _ in range(series)])
        mask = np.arange(points) < lengths[:, None]
    rare = st.sampled_from([False] * 9 + [True])
    return {
        "values": values,
        "mask": mask,
        "denominators": matrices(draw, series, points, st.integers(0, 90)) * 1.0,
        "rebase": matrices(draw, series, points, rare) * draw(st.integers(0, 1)) > 0,
        "exclude": matrices(draw, series, points, rare) * draw(st.integers(0, 1)) > 0,
        "freeze": [draw(st.integers(0, points)) for _ in range(series)],
        "fix": draw(st.sampled_from([None, 12, 13])),
        "directions": [draw(DIRECTION) for _ in range(series)],
        "targets": [draw(st.integers(0, 60)) / 10 for _ in range(series)],
        "screens": [draw(st.booleans()) for _ in range(series)],
        "divide": draw(st.booleans()),
    }


@ALIKE
@given(batches(), st.sampled_from([m for m in METHODS if m not in ("xbar", "s")]))
def test_the_batch_equals_the_single_analysis_row_by_row(batch, method):
    sizes = batch["denominators"] if batch["divide"] else None
    found = analyse_many(
        batch["values"],
        batch["mask"],
        method=method,
        denominators=sizes,
        rebase=batch["rebase"],
        exclude=batch["exclude"],
        fix_after_n=batch["fix"],
        freeze_after_n=batch["freeze"],
        improvement_direction=batch["directions"],
        target=batch["targets"],
        screen_outliers=batch["screens"],
    )
    for k in range(len(batch["values"])):
        single = analyse(
            np.where(batch["mask"][k], batch["values"][k], np.nan),
            method=method,
            denominators=None if sizes is None else sizes[k],
            rebase_at=np.flatnonzero(batch["rebase"][k]).tolist(),
            exclude=np.flatnonzero(batch["exclude"][k]).tolist(),
            fix_after_n=batch["fix"],
            freeze_after_n=batch["freeze"][k],
            improvement_direction=batch["directions"][k],
            target=batch["targets"][k],
            screen_outliers=batch["screens"][k],
        )
        assert_same(found, k, single)


def assert_same(found, k, single):
    for name in ("y", "cl", "lcl", "ucl"):
        ours = getattr(found, name)[k]
        theirs = np.array(getattr(single, name), dtype=float)
        assert ours == pytest.approx(theirs, rel=1e-12, abs=1e-12, nan_ok=True)
    assert tuple(found.sigma_signal[k].tolist()) == single.sigma_signal
    assert found.variation_icons()[k] == single.variation_icon
    assert found.assurance_icons()[k] == single.assurance_icon
    codes = found.label[k].tolist()
    assert [c < 1 for c in codes] == [
        label in (None, "Common Cause") for label in single.special_cause
    ]
    rows = np.flatnonzero(found.rows.series == k)
    assert [found.rows.n[r] for r in rows] == [s.n for s in single.segments]
    assert [bool(found.rows.runs_signal[r]) for r in rows] == [
        s.runs_signal for s in single.segments
    ]


def run_figures(values):
    [segment] = analyse(values, method="run").segments
    return (
        *(segment.n_useful, segment.longest_run, segment.longest_run_max),
        *(segment.n_crossings, segment.n_crossings_min, segment.centre),
    )


@ALIKE
@given(WHOLE, st.lists(st.integers(0, 60), max_size=12))
def test_points_on_the_median_change_no_run_figure(values, places):
    values = tenths(values)
    plain = run_figures(values)
    for place in places:
        values.insert(min(place, len(values)), plain[-1])
    assert run_figures(values) == plain


@ALIKE
@given(WHOLE, st.lists(st.integers(0, 60), max_size=12))
def test_empty_rows_change_no_flag_or_limit(values, places):
    values = tenths(values)
    plain = xmr(values)
    for place in places:
        values.insert(min(place, len(values)), None)
    gapped = xmr(values)
    kept = [row for row, value in enumerate(values) if value is not None]
    for name in ("special_cause", "cl", "lcl", "ucl"):
        shown = tuple(getattr(gapped, name)[row] for row in kept)
        assert shown == getattr(plain, name)


@ALIKE
@given(WHOLE)
def test_screened_limits_are_never_wider(values):
    screened, plain = xmr(tenths(values)), xmr(tenths(values), screen_outliers=False)
    if plain.ucl[0] is not None:
        assert screened.ucl[0] <= plain.ucl[0] + 1e-9
        assert screened.lcl[0] >= plain.lcl[0] - 1e-9


def longest_stretch(signs, row):
    """Length of the unbroken stretch of one sign around a row."""
    start = end = row
    while start > 0 and signs[start - 1] == signs[row]:
        start -= 1
    while end + 1 < len(signs) and signs[end + 1] == signs[row]:
        end += 1
    return end - start + 1


@ALIKE
@given(st.lists(NARROW, min_size=7, max_size=60))
def test_trends_and_shifts_lie_in_stretches_of_seven(values):
    found = xmr(tenths(values))
    total, count = sum(values), len(values)
    sides = [(v * count > total) - (v * count < total) for v in values]
    steps = [(b > a) - (b < a) for a, b in pairwise(values)]
    for row, label in enumerate(found.special_cause):
        if "Trend" in label:
            around = [k for k in (row - 1, row) if 0 <= k < len(steps) and steps[k]]
            assert max(longest_stretch(steps, k) for k in around) >= 6
        if label.startswith("7 Points"):
            assert sides[row]
            assert longest_stretch(sides, row) >= 7


WILD = st.one_of(
    st.none(),
    st.floats(allow_nan=True, allow_infinity=True),
    st.sampled_from([0.0, 1e308, -1e308, 5e-324, 1.0]),
)


@ALIKE
@given(
    st.lists(WILD, max_size=15),
    st.sampled_from([m for m in METHODS if m not in ("xbar", "s", "t")]),
    st.lists(st.integers(-2, 20), max_size=4),
    st.lists(st.integers(-2, 20), max_size=4),
    st.one_of(st.none(), st.integers(-1, 20)),
)
def test_never_raises_and_never_shows_nan(values, method, rebase, exclude, freeze):
    found = analyse(
        values,
        method=method,
        denominators=values[::-1],
        rebase_at=rebase,
        exclude=exclude,
        freeze_after_n=freeze,
        target=1.0,
        improvement_direction="increase",
    )
    assert len(found.cl) == len(values)
    for line in (found.y, found.cl, found.lcl, found.ucl):
        assert all(x is None or np.isfinite(x) for x in line)


@ALIKE
@given(st.lists(st.one_of(st.none(), st.floats(1e-9, 1e12)), max_size=15))
def test_t_never_raises_for_positive_times(values):
    assert len(analyse(values, method="t").cl) == len(values)


@ALIKE
@given(
    st.lists(st.one_of(st.none(), st.lists(WILD, max_size=4)), max_size=10),
    st.sampled_from(["xbar", "s"]),
)
def test_subgroup_charts_never_raise(groups, method):
    found = analyse(None, subgroups=groups, method=method)
    assert len(found.cl) == len(groups)
    for line in (found.y, found.cl, found.lcl, found.ucl):
        assert all(x is None or np.isfinite(x) for x in line)


@pytest.mark.parametrize("method", [m for m in METHODS if m not in ("xbar", "s")])
def test_a_hundred_thousand_points(method):
    values = np.random.default_rng(1).gamma(5, 2, 100_000) + 0.1
    found = analyse(values, method=method, denominators=values * 2 + 1)
    assert found.n == 100_000
