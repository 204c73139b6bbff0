"""Small numbers are hidden by people, whichever way subgroups cut them."""

from datetime import date

import pytest

from qiportal.dashboard.checks import RollupRefused, check_numbers, check_sums
from qiportal.dashboard.facts import Leaf, Raw, medians, sum_up
from qiportal.dashboard.hiding import Concealer
from qiportal.dashboard.tree import Forest
from tests.qiportal.dashboard.test_facts import (
    APRIL,
    MARCH,
    MEDICINE,
    START,
    SURGERY,
    TRUST,
    WARD_A,
    WARD_B,
    figures,
    forest,
    path,
)

CODES = {TRUST: "RVB", MEDICINE: "MED", SURGERY: "SUR", WARD_A: "WA", WARD_B: "WB"}
HIDDEN = (None, "small_number")


def hidden(facts, mode, tree=None, base=None):
    Concealer(tree or forest(), CODES, 11).hide(facts, mode, base)
    return figures(facts, "n", "why")


def answers(unit, n, period=MARCH, subgroup=""):
    return Leaf(unit, period, subgroup, n // 2, n, n)


def test_a_small_ward_takes_its_neighbour_with_it():
    facts = sum_up("q", [answers(WARD_A, 10), answers(WARD_B, 30)], forest())
    found = hidden(facts, "separate")
    assert found[WARD_A, MARCH, ""] == HIDDEN
    assert found[WARD_B, MARCH, ""] == HIDDEN
    assert found[MEDICINE, MARCH, ""] == (40, "")


def test_ten_in_march_are_hidden_and_twelve_in_april_are_shown():
    leaves = [answers(MEDICINE, 10), answers(MEDICINE, 12, APRIL)]
    found = hidden(sum_up("q", leaves, forest()), "separate")
    assert found[MEDICINE, MARCH, ""] == HIDDEN
    assert found[TRUST, MARCH, ""] == HIDDEN
    assert found[MEDICINE, APRIL, ""] == (12, "")


def test_labels_share_the_mask_of_the_people_behind_them():
    leaves = [
        Leaf(WARD_A, MARCH, "", 3, 9, 9),
        Leaf(WARD_A, MARCH, "positive", 6, 9, 9),
        Leaf(WARD_B, MARCH, "", 3, 40, 40),
        Leaf(WARD_B, MARCH, "negative", 2, 40, 40),
    ]
    found = hidden(sum_up("comments.open", leaves, forest()), "labels")
    assert found[WARD_A, MARCH, ""] == found[WARD_B, MARCH, ""] == HIDDEN
    assert (WARD_A, MARCH, "positive") not in found
    assert (WARD_B, MARCH, "negative") not in found
    assert found[TRUST, MARCH, "negative"] == (40, "")


def test_staff_groups_are_published_for_the_whole_trust_only():
    leaves = [answers(WARD_A, 60)]
    leaves += [answers(WARD_A, 30, subgroup="medical")]
    leaves += [answers(TRUST, n, subgroup=g) for g, n in (("nursing", 30),)]
    found = hidden(sum_up("q", leaves, forest()), "cut")
    assert (WARD_A, MARCH, "medical") not in found
    assert found[TRUST, MARCH, "medical"] == (30, "")
    assert found[WARD_A, MARCH, ""] == (60, "")


def test_a_small_staff_group_is_hidden_with_the_one_that_would_give_it_away():
    leaves = [answers(TRUST, 60)]
    groups = (("estates", 5), ("medical", 25), ("nursing", 30))
    leaves += [answers(TRUST, n, subgroup=name) for name, n in groups]
    found = hidden(sum_up("q", leaves, forest()), "cut")
    assert found[TRUST, MARCH, "estates"] == HIDDEN
    assert found[TRUST, MARCH, "medical"] == HIDDEN
    assert found[TRUST, MARCH, "nursing"] == (30, "")
    assert found[TRUST, MARCH, ""] == (60, "")


def test_with_two_trusts_no_other_cut_is_published():
    tree = Forest([(TRUST, START, path(1)), (7, START, path(7))])
    leaves = [answers(TRUST, 60), answers(TRUST, 30, subgroup="medical")]
    facts = sum_up("q", leaves, tree)
    Concealer(tree, {TRUST: "RVB", 7: "XYZ"}, 11).hide(facts, "cut")
    assert list(figures(facts, "n")) == [(TRUST, MARCH, "")]


def test_a_theme_is_hidden_where_its_total_is():
    total = sum_up("comments.open", [answers(WARD_A, 9)], forest())
    hidden(total, "labels")
    theme = sum_up("comments.open.training", [answers(WARD_A, 12)], forest())
    assert hidden(theme, "labels", base=total)[WARD_A, MARCH, ""] == HIDDEN


def test_a_median_of_few_is_hidden_too():
    rows = [Raw(WARD_A, MARCH, "", day) for day in range(10)]
    rows += [Raw(SURGERY, MARCH, "", day) for day in range(30)]
    found = hidden(medians("days", rows, forest()), "separate")
    assert found[WARD_A, MARCH, ""] == HIDDEN
    assert found[TRUST, MARCH, ""] == (40, "")


def test_each_item_is_a_question_of_its_own():
    rows = [Raw(WARD_A, MARCH, "time", 3)] * 12 + [Raw(WARD_A, MARCH, "load", 3)] * 5
    found = hidden(medians("readiness", rows, forest()), "separate")
    assert found[WARD_A, MARCH, "time"] == (12, "")
    assert found[WARD_A, MARCH, "load"] == HIDDEN


def test_the_tree_of_each_period_decides():
    moved = (WARD_A, date(2026, 4, 10), path(1, 3, 4))
    tree = forest(moved)
    leaves = [answers(WARD_A, 5), answers(WARD_B, 30)]
    leaves += [answers(WARD_A, 5, APRIL), answers(WARD_B, 30, APRIL)]
    found = hidden(sum_up("q", leaves, tree), "separate", tree)
    assert found[WARD_B, MARCH, ""] == HIDDEN
    assert found[MEDICINE, APRIL, ""] == HIDDEN
    assert found[TRUST, APRIL, ""] == (35, "")


def test_what_a_publisher_hid_stays_hidden_and_unknown():
    leaves = [Leaf(WARD_A, MARCH, "", hidden=True), answers(WARD_B, 30)]
    found = hidden(sum_up("q", leaves, forest()), "cut")
    assert found[WARD_A, MARCH, ""] == HIDDEN
    assert found[WARD_B, MARCH, ""] == (30, "")


def test_nothing_to_hide_in_nothing():
    assert hidden(sum_up("q", [], forest()), "cut") == {}


def test_a_top_that_is_not_its_parts_stops_the_run():
    leaves = [answers(WARD_A, 20)]
    facts = sum_up("q", leaves, forest())
    check_sums(facts, leaves, forest())
    facts.numerator[facts.unit == TRUST] += 1
    with pytest.raises(RollupRefused, match="q: numerator of the top"):
        check_sums(facts, leaves, forest())


@pytest.mark.parametrize(
    ("column", "number", "words"),
    [
        ("numerator", float("nan"), "without its number"),
        ("denominator", float("inf"), "infinite"),
        ("n", -1.0, "below zero"),
    ],
)
def test_an_impossible_number_stops_the_run(column, number, words):
    facts = sum_up("q", [answers(WARD_A, 20)], forest())
    check_numbers(facts, "ratio")
    getattr(facts, column)[0] = number
    with pytest.raises(RollupRefused, match=words):
        check_numbers(facts, "ratio")


def test_a_hidden_figure_with_a_number_stops_the_run():
    facts = sum_up("q", [answers(WARD_A, 20)], forest())
    facts.hidden[0] = True
    with pytest.raises(RollupRefused, match="hidden figure holds a number"):
        check_numbers(facts, "ratio")
