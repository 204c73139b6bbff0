"""Parents are sums of parts; medians come from pooled rows; trees belong to periods."""

from datetime import date

import numpy as np
import pytest

from qiportal.dashboard.facts import (
    Leaf,
    Raw,
    as_given,
    medians,
    only_own_share,
    sum_up,
)
from qiportal.dashboard.tree import Forest, month_end, months_until, path_ids

MARCH, APRIL = date(2026, 3, 1), date(2026, 4, 1)
TRUST, MEDICINE, SURGERY, WARD_A, WARD_B = 1, 2, 3, 4, 5
START = date(2015, 4, 1)


def path(*units):
    return "".join(f"{unit:08d}/" for unit in units)


def forest(*moves):
    """Trust 1 over divisions 2 and 3; wards 4 and 5 in division 2, plus moves."""
    placed = [
        (TRUST, START, path(1)),
        (MEDICINE, START, path(1, 2)),
        (SURGERY, START, path(1, 3)),
        (WARD_A, START, path(1, 2, 4)),
        (WARD_B, START, path(1, 2, 5)),
    ]
    return Forest([*placed, *moves])


def figures(facts, *columns):
    """{(unit, period, subgroup): numbers} of facts."""
    found = {}
    for _, unit, sub, period, num, den, value, n, reason in facts.rows():
        numbers = {"num": num, "den": den, "value": value, "n": n, "why": reason}
        found[unit, period, sub] = tuple(numbers[name] for name in columns)
    return found


def test_a_path_names_its_units_root_first():
    assert path_ids("00000001/00000007/00000042/") == [1, 7, 42]


def test_months_and_their_ends():
    assert months_until(date(2026, 2, 27), 3) == [
        date(2025, 12, 1),
        date(2026, 1, 1),
        date(2026, 2, 1),
    ]
    assert month_end(date(2024, 2, 1)) == date(2024, 2, 29)
    assert month_end(date(2026, 12, 1)) == date(2026, 12, 31)


def test_half_and_ninety_per_cent_make_91_of_102_not_70_per_cent():
    leaves = [Leaf(WARD_A, MARCH, "", 1, 2, 2), Leaf(WARD_B, MARCH, "", 90, 100, 100)]
    facts = sum_up("attendance", leaves, forest())
    assert figures(facts, "num", "den", "n") == {
        (WARD_A, MARCH, ""): (1, 2, 2),
        (WARD_B, MARCH, ""): (90, 100, 100),
        (MEDICINE, MARCH, ""): (91, 102, 102),
        (TRUST, MARCH, ""): (91, 102, 102),
    }


def test_a_count_has_no_denominator_anywhere():
    facts = sum_up("live", [Leaf(WARD_A, MARCH, "", 3, None, 3)], forest())
    assert figures(facts, "den")[TRUST, MARCH, ""] == (None,)


def test_subgroups_and_periods_stay_apart():
    leaves = [
        Leaf(WARD_A, MARCH, "adopt", 1),
        Leaf(WARD_A, MARCH, "abandon", 2),
        Leaf(WARD_B, APRIL, "adopt", 4),
        Leaf(SURGERY, MARCH, "adopt", 8),
    ]
    found = figures(sum_up("decisions", leaves, forest()), "num")
    assert found[TRUST, MARCH, "adopt"] == (9,)
    assert found[TRUST, MARCH, "abandon"] == (2,)
    assert found[TRUST, APRIL, "adopt"] == (4,)
    assert found[MEDICINE, MARCH, "adopt"] == (1,)
    assert len(found) == 10


def test_a_moved_ward_leaves_last_months_figures_where_they_were():
    moved = (WARD_A, date(2026, 4, 10), path(1, 3, 4))
    leaves = [Leaf(WARD_A, MARCH, "", 5), Leaf(WARD_A, APRIL, "", 7)]
    found = figures(sum_up("live", leaves, forest(moved)), "num")
    assert found[MEDICINE, MARCH, ""] == (5,)
    assert found[SURGERY, APRIL, ""] == (7,)
    assert (SURGERY, MARCH, "") not in found
    assert (MEDICINE, APRIL, "") not in found


def test_a_figure_from_before_a_unit_was_placed_is_not_lost():
    new = (6, date(2026, 4, 20), path(1, 3, 6))
    found = figures(sum_up("live", [Leaf(6, MARCH, "", 2)], forest(new)), "num")
    assert found[TRUST, MARCH, ""] == (2,)


def test_a_unit_without_a_place_is_an_error():
    for unit in (99, 0):
        with pytest.raises(ValueError, match="no place in the tree"):
            sum_up("live", [Leaf(unit, MARCH, "", 2)], forest())


def test_no_leaves_make_no_figures():
    assert list(sum_up("live", [], forest()).rows()) == []
    assert list(medians("days", [], forest()).rows()) == []
    assert list(as_given("score", []).rows()) == []


def test_a_median_is_pooled_never_a_median_of_medians():
    rows = [Raw(WARD_A, MARCH, "", value) for value in (1, 2, 30)]
    rows += [Raw(WARD_B, MARCH, "", value) for value in (4, 6)]
    found = figures(medians("days", rows, forest()), "value", "n", "num")
    assert found == {
        (WARD_A, MARCH, ""): (2, 3, None),
        (WARD_B, MARCH, ""): (5, 2, None),
        (MEDICINE, MARCH, ""): (4, 5, None),
        (TRUST, MARCH, ""): (4, 5, None),
    }


def test_published_scores_stay_where_they_were_published():
    facts = as_given("q", [Leaf(TRUST, MARCH, "", 0.563, None, 480)])
    found = figures(facts, "value", "n", "num", "den")
    assert found == {(TRUST, MARCH, ""): (0.563, 480, None, None)}


def test_a_result_its_publisher_hid_comes_out_hidden_and_adds_to_nothing():
    leaves = [
        Leaf(WARD_A, MARCH, "", hidden=True),
        Leaf(WARD_B, MARCH, "", 20, 40, 40),
    ]
    found = figures(sum_up("q", leaves, forest()), "num", "n", "why")
    assert found[WARD_A, MARCH, ""] == (None, None, "small_number")
    assert found[MEDICINE, MARCH, ""] == (20, 40, "")


def test_results_published_at_several_levels_come_out_as_published():
    leaves = [
        Leaf(TRUST, MARCH, "", 300, 500, 500),
        Leaf(MEDICINE, MARCH, "", 60, 100, 100),
        Leaf(WARD_A, MARCH, "", 10, 30, 30),
        Leaf(SURGERY, APRIL, "", 1, 2, 2),
        Leaf(WARD_B, MARCH, "", hidden=True),
    ]
    tree = forest()
    found = figures(sum_up("q", only_own_share(leaves, tree), tree), "num", "den", "n")
    assert found[TRUST, MARCH, ""] == (300, 500, 500)
    assert found[MEDICINE, MARCH, ""] == (60, 100, 100)
    assert found[WARD_A, MARCH, ""] == (10, 30, 30)
    assert found[TRUST, APRIL, ""] == (1, 2, 2)


def test_hidden_rows_hold_no_number():
    facts = sum_up("q", [Leaf(WARD_A, MARCH, "", 3, 4, 4)], forest())
    facts.blank(facts.unit == WARD_A)
    found = figures(facts, "num", "den", "value", "n", "why")
    assert found[WARD_A, MARCH, ""] == (None, None, None, None, "small_number")
    assert found[MEDICINE, MARCH, ""] == (3, 4, None, 4, "")


def test_dropped_rows_are_gone():
    facts = sum_up("q", [Leaf(WARD_A, MARCH, "", 3, 4, 4)], forest())
    facts.keep(facts.unit == TRUST)
    assert list(figures(facts, "n")) == [(TRUST, MARCH, "")]
    assert len(facts) == 1


def test_a_forest_of_two_trusts_keeps_them_apart():
    other = (7, START, path(7))
    tree = forest(other)
    facts = sum_up("live", [Leaf(7, MARCH, "", 2), Leaf(WARD_A, MARCH, "", 3)], tree)
    assert figures(facts, "num")[7, MARCH, ""] == (2,)
    assert figures(facts, "num")[TRUST, MARCH, ""] == (3,)
    assert tree.on(MARCH).parents_by_id()[7] is None
    assert tree.on(MARCH).parents_by_id()[WARD_A] == MEDICINE
    assert np.array_equal(tree.units, [1, 2, 3, 4, 5, 7])
