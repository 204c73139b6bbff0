"""Suppression against an attacker who solves the published figures exactly."""

import random
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qiportal.dashboard.suppression import (
    K,
    determined,
    leaks,
    suppress,
    tree_build,
    unsafe_cells,
)

NAN = float("nan")


def hidden_codes(parents, n, extra_cuts=None, **options):
    tree = tree_build(parents, extra_cuts)
    mask = suppress(tree, [n[code] for code in tree.codes], **options)
    return {code for code, is_hidden in zip(tree.codes, mask, strict=True) if is_hidden}


# --- the fixtures of the rule ---------------------------------------------------------


def test_division_of_30_and_10_hides_both_parts_and_shows_the_division():
    parents = {"div": None, "a": "div", "b": "div"}
    assert hidden_codes(parents, {"div": 40, "a": 30, "b": 10}) == {"a", "b"}


def test_units_of_25_9_and_6_hide_the_two_small_ones():
    parents = {"div": None, "a": "div", "b": "div", "c": "div"}
    assert hidden_codes(parents, {"div": 40, "a": 25, "b": 9, "c": 6}) == {"b", "c"}


def test_months_are_judged_one_by_one():
    tree = tree_build({"u": None})
    assert suppress(tree, [[10, 12]]).tolist() == [[True, False]]


@pytest.mark.parametrize(("n", "is_hidden"), [(10, True), (11, False), (0, False)])
def test_leaf_at_the_edge(n, is_hidden):
    assert suppress(tree_build({"u": None}), [n]).tolist() == [is_hidden]


# --- the rule in detail ---------------------------------------------------------------


def test_the_smallest_part_is_blanked_and_a_tie_goes_by_code():
    parents = {"div": None, "c": "div", "b": "div", "a": "div", "s": "div"}
    n = {"div": 55, "c": 20, "b": 15, "a": 15, "s": 5}
    assert hidden_codes(parents, n) == {"s", "a"}


def test_ties_do_not_depend_on_the_order_of_the_input():
    parents = {"s": "div", "a": "div", "b": "div", "div": None}
    assert hidden_codes(parents, {"div": 35, "b": 15, "a": 15, "s": 5}) == {"s", "a"}


def test_own_people_of_an_inner_unit_count_towards_its_rest():
    parents = {"div": None, "a": "div"}
    assert hidden_codes(parents, {"div": 35, "a": 30}) == {"a"}
    assert hidden_codes(parents, {"div": 41, "a": 30}) == set()


def test_hiding_a_unit_that_its_teams_add_up_to_goes_on_to_its_teams():
    parents = {"t": None, "a": "t", "a1": "a", "a2": "a", "b": "t"}
    n = {"t": 40, "a": 36, "a1": 12, "a2": 24, "b": 4}
    assert hidden_codes(parents, n) == {"b", "a", "a1"}


def test_hiding_below_a_hidden_unit():
    parents = {"t": None, "d": "t", "a": "d", "e": "t"}
    n = {"t": 45, "d": NAN, "a": 14, "e": 25}
    assert hidden_codes(parents, n) == {"d", "a"}


def test_zero_cells_are_shown_and_never_spent():
    parents = {"div": None, "a": "div", "b": "div", "z": "div"}
    assert hidden_codes(parents, {"div": 40, "a": 30, "b": 10, "z": 0}) == {"a", "b"}


def test_cell_the_publisher_hid_counts_as_hidden():
    parents = {"div": None, "a": "div", "b": "div"}
    assert hidden_codes(parents, {"div": 40, "a": 35, "b": NAN}) == {"a", "b"}
    assert hidden_codes(parents, {"div": 60, "a": 35, "b": NAN}) == {"b"}


def test_parts_that_exceed_their_whole_are_blanked():
    parents = {"div": None, "a": "div", "b": "div"}
    assert hidden_codes(parents, {"div": 30, "a": 20, "b": 16}) == {"a", "b"}


def test_cluster_of_small_teams_is_an_ordinary_node():
    parents = {"div": None, "big": "div", "cluster": "div", "x": "cluster"}
    parents |= {"y": "cluster"}
    n = {"div": 45, "big": 30, "cluster": 15, "x": 8, "y": 7}
    assert hidden_codes(parents, n) == {"x", "y"}


def test_minimum_may_be_raised_but_not_lowered():
    assert K == 11
    tree = tree_build({"u": None})
    assert suppress(tree, [15], k=20).tolist() == [True]
    with pytest.raises(ValueError, match="never lowered"):
        suppress(tree, [15], k=10)


# --- several cuts ---------------------------------------------------------------------

UNITS = {"t": None, "a": "t", "b": "t"}
GROUPS = {"staff_group": ["g:nurse", "g:other"]}


def test_staff_groups_are_a_second_sum_of_the_trust():
    n = {"t": 60, "a": 30, "b": 30, "g:nurse": 52, "g:other": 8}
    assert hidden_codes(UNITS, n, GROUPS) == {"g:nurse", "g:other"}


def test_trust_total_known_from_units_only_still_protects_the_groups():
    n = {"t": NAN, "a": 30, "b": 30, "g:nurse": 52, "g:other": 8}
    assert hidden_codes(UNITS, n, GROUPS) == {"t", "g:nurse", "g:other"}


def test_trust_total_known_from_groups_only_still_protects_the_units():
    n = {"t": NAN, "a": 55, "b": 5, "g:nurse": 30, "g:other": 30}
    assert hidden_codes(UNITS, n, GROUPS) == {"t", "a", "b"}


def test_trust_total_known_from_nowhere_needs_no_more():
    n = {"t": NAN, "a": 55, "b": 5, "g:nurse": 52, "g:other": 8}
    assert hidden_codes(UNITS, n, GROUPS) == {"t", "b", "g:other"}


def test_groups_without_units_below_the_trust():
    n = {"t": 60, "g:nurse": 52, "g:other": 8}
    assert hidden_codes({"t": None}, n, GROUPS) == {"g:nurse", "g:other"}


# --- checks before publishing ---------------------------------------------------------


def test_unsafe_cells_names_node_and_column():
    tree = tree_build({"div": None, "a": "div", "b": "div"})
    n = [[40, 60], [30, 30], [10, 30]]
    naive = (np.array(n) > 0) & (np.array(n) < K)
    assert unsafe_cells(tree, n, naive) == [("div", 0)]
    assert leaks(tree, n, naive) == [("b", 0)]
    safe = suppress(tree, n)
    assert unsafe_cells(tree, n, safe) == []
    assert leaks(tree, n, safe) == []


def test_leaks_are_listed_for_every_column_with_the_same_mask():
    tree = tree_build({"div": None, "a": "div", "b": "div"})
    n = [[40, 41], [30, 31], [10, 10]]
    naive = (np.array(n) > 0) & (np.array(n) < K)
    assert leaks(tree, n, naive) == [("b", 0), ("b", 1)]


def test_leak_across_cuts_is_seen_by_both_checks():
    tree = tree_build(UNITS, GROUPS)
    n = [60, 30, 30, 52, 8]
    shown_groups = np.array([True, False, False, False, True])
    assert unsafe_cells(tree, n, shown_groups) == [("t", 0)]
    assert leaks(tree, n, shown_groups) == [("g:other", 0)]


def test_nothing_published_determines_nothing():
    assert determined(np.zeros((0, 2)), np.eye(2)).tolist() == [False, False]


def test_sum_and_difference_are_determined():
    known = np.array([[1.0, 1.0, 0.0], [0.0, 1.0, 0.0]])
    assert determined(known, np.eye(3)).tolist() == [True, True, False]


# --- refusals -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("parents", "cuts", "message"),
    [
        ({"a": "x"}, None, "unknown parent"),
        ({"t": None, "a": "b", "b": "a"}, None, "loop"),
        ({"a": "a"}, None, "loop"),
        ({"t": None}, {"g": ["t"]}, "twice"),
        ({"t": None, "u": None}, {"g": ["x"]}, "one root"),
    ],
)
def test_broken_trees_are_refused(parents, cuts, message):
    with pytest.raises(ValueError, match=message):
        tree_build(parents, cuts)


@pytest.mark.parametrize(
    ("n", "message"),
    [
        ([1], "one row per node"),
        (5, "one row per node"),
        ([[[1]], [[1]]], "one row per node"),
        ([-1, 0], "not negative"),
        ([float("inf"), 0], "finite"),
    ],
)
def test_broken_counts_are_refused(n, message):
    with pytest.raises(ValueError, match=message):
        suppress(tree_build({"t": None, "a": "t"}), n)


def test_forest_of_two_roots_and_empty_tree():
    assert hidden_codes({"a": None, "b": None}, {"a": 30, "b": 5}) == {"b"}
    assert hidden_codes({}, {}) == set()


# --- the attacker ---------------------------------------------------------------------


def _reduced(rows):
    """Row echelon form over the rationals: list of (pivot, row)."""
    basis = []
    for row in rows:
        left = _remainder(basis, [Fraction(v) for v in row])
        pivot = next((i for i, v in enumerate(left) if v), None)
        if pivot is not None:
            basis.append((pivot, [v / left[pivot] for v in left]))
    return basis


def _remainder(basis, row):
    for pivot, known in basis:
        if row[pivot]:
            factor = row[pivot]
            row = [a - factor * b for a, b in zip(row, known, strict=True)]
    return row


def attack(cells, n, hidden):
    """Hidden codes with fewer than K people that the shown codes determine.

    `cells`: code -> 0/1 membership of the smallest parts (unit x staff group).
    """
    basis = _reduced(row for code, row in cells.items() if code not in hidden)
    small = [code for code in hidden if 0 < n[code] < K]
    return [
        c for c in small if not any(_remainder(basis, list(map(Fraction, cells[c]))))
    ]


def survey(parents, people, groups):
    """Membership rows and counts; `people[(unit, group)]` counts a smallest part."""
    parts = sorted(people)
    cells = {code: [0] * len(parts) for code in [*parents, *groups]}
    for i, (unit, group) in enumerate(parts):
        if groups:
            cells[group][i] = 1
        while unit is not None:
            cells[unit][i] = 1
            unit = parents[unit]
    sizes = [people[part] for part in parts]
    n = {
        code: sum(size for size, member in zip(sizes, row, strict=True) if member)
        for code, row in cells.items()
    }
    return cells, n


def random_survey(rng, least=1):
    """A tree of up to 14 units with 0 to 3 staff groups and mostly small teams."""
    size = rng.randint(least, 14)
    names = rng.sample(range(100), size)
    codes = [f"u{i:02d}" for i in names]
    parents = {codes[0]: None}
    for i in range(1, size):
        parents[codes[i]] = codes[rng.randint(max(0, i - 6), i - 1)]
    groups = [f"g{i}" for i in range(rng.choice([0, 0, 2, 3]))]
    inner = set(parents.values())
    staffed = [c for c in codes if c not in inner or rng.random() < 0.3]
    people = {
        (code, group): rng.choice([0, 1, 3, 5, 8, 12, 25, 40])
        for code in staffed
        for group in groups or [""]
    }
    return parents, people, groups


def hide_survey(parents, n, groups):
    return hidden_codes(parents, n, {"staff_group": groups} if groups else None)


def test_attacker_breaks_the_naive_rule_in_most_trees_and_this_one_in_none():
    rng = random.Random(79)
    naive_broken = 0
    for _ in range(400):
        parents, people, groups = random_survey(rng, least=8)
        cells, n = survey(parents, people, groups)
        naive = {code for code, count in n.items() if 0 < count < K}
        naive_broken += bool(attack(cells, n, naive))
        hidden = hide_survey(parents, n, groups)
        assert naive <= hidden
        assert attack(cells, n, hidden) == []
    assert naive_broken > 200


@settings(max_examples=150, deadline=None)
@given(seed=st.integers(0, 2**32), unknown=st.integers(0, 3))
def test_no_small_cell_follows_even_when_the_publisher_hid_some(seed, unknown):
    rng = random.Random(seed)
    parents, people, groups = random_survey(rng)
    cells, n = survey(parents, people, groups)
    gone = rng.sample(sorted(n), min(unknown, len(n)))
    given_n = {code: NAN if code in gone else count for code, count in n.items()}
    hidden = hide_survey(parents, given_n, groups)
    assert set(gone) <= hidden
    visible_small = [c for c in attack(cells, n, hidden) if c not in gone]
    assert visible_small == []


@settings(max_examples=100, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_the_linear_check_agrees_with_the_attacker_on_any_mask(seed):
    rng = random.Random(seed)
    parents, people, groups = random_survey(rng)
    cells, n = survey(parents, people, groups)
    hidden = {code for code in n if rng.random() < 0.4}
    tree = tree_build(parents, {"staff_group": groups} if groups else None)
    mask = np.array([code in hidden for code in tree.codes])
    counts = [n[code] for code in tree.codes]
    found = {code for code, _ in leaks(tree, counts, mask)}
    exact = set(attack(cells, n, hidden))
    assert exact <= found
    if all(count > 0 for count in people.values()):
        assert exact == found


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 2**32), columns=st.integers(1, 6))
def test_columns_together_equal_columns_alone(seed, columns):
    rng = random.Random(seed)
    parents, people, groups = random_survey(rng)
    tree = tree_build(parents, {"staff_group": groups} if groups else None)
    waves = []
    for _ in range(columns):
        counts = {part: rng.choice([0, 2, 9, 14, 30]) for part in people}
        _, n = survey(parents, counts, groups)
        waves.append([n[code] for code in tree.codes])
    together = suppress(tree, np.array(waves).T)
    alone = np.array([suppress(tree, wave) for wave in waves]).T
    assert (together == alone).all()
    assert unsafe_cells(tree, np.array(waves).T, together) == []
