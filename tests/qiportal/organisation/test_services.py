"""The tree over time: moves, closing and merging never rewrite what was."""

from datetime import date

import pytest
import time_machine
from django.core.exceptions import ValidationError

from qiportal.organisation.models import Unit, UnitPlacement
from qiportal.organisation.selectors import (
    grouped_unit_choices,
    placements_on,
    same_team,
    unit_choices,
)
from qiportal.organisation.services import unit_place_new, unit_replace, unit_shut
from tests.factories import UnitFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def day():
    with time_machine.travel(date(2026, 11, 23), tick=False):
        yield


@pytest.fixture
def tree():
    trust = UnitFactory(code="RVB", name="Riverbourne")
    medicine = UnitFactory(code="MED", name="Medicine", kind="division", parent=trust)
    surgery = UnitFactory(code="SUR", name="Surgery", kind="division", parent=trust)
    acute = UnitFactory(code="ACU", name="Acute", kind="directorate", parent=medicine)
    UnitFactory(code="W7", name="Ward 7", kind="team", parent=acute)
    UnitFactory(code="W12", name="Ward 12", kind="team", parent=surgery)
    return {unit.code: unit for unit in Unit.objects.all()}


def paths(day):
    codes = dict(Unit.objects.values_list("pk", "code"))
    return {
        codes[pk]: "/".join(codes[int(step)] for step in path.rstrip("/").split("/"))
        for pk, path in placements_on(day).items()
    }


def test_a_move_takes_everything_beneath_and_keeps_last_years_tree(tree):
    unit_replace(unit=tree["ACU"], parent=tree["SUR"], on=date(2026, 10, 1))
    assert Unit.objects.get(code="W7").path.startswith(tree["SUR"].path)
    assert paths(date(2026, 9, 30))["W7"] == "RVB/MED/ACU/W7"
    assert paths(date(2026, 10, 1))["W7"] == "RVB/SUR/ACU/W7"
    assert paths(date(2026, 10, 1))["W12"] == "RVB/SUR/W12"


def test_moving_back_makes_a_third_spell(tree):
    unit_replace(unit=tree["ACU"], parent=tree["SUR"], on=date(2026, 10, 1))
    unit_replace(unit=tree["ACU"], parent=tree["MED"], on=date(2026, 11, 1))
    spells = UnitPlacement.objects.filter(unit=tree["W7"]).order_by("valid_from")
    assert [(s.valid_from, s.valid_to) for s in spells] == [
        (date(2015, 4, 1), date(2026, 10, 1)),
        (date(2026, 10, 1), date(2026, 11, 1)),
        (date(2026, 11, 1), None),
    ]


def test_a_second_move_on_the_same_day_corrects_the_first(tree):
    unit_replace(unit=tree["ACU"], parent=tree["SUR"], on=date(2026, 10, 1))
    unit_replace(unit=tree["ACU"], parent=tree["MED"], on=date(2026, 10, 1))
    assert UnitPlacement.objects.filter(unit=tree["W7"]).count() == 2
    assert paths(date(2026, 10, 1))["W7"] == "RVB/MED/ACU/W7"


def test_a_unit_opened_after_the_move_keeps_one_spell(tree):
    unit_place_new(
        code="W8",
        name="Ward 8",
        kind="team",
        parent=tree["ACU"],
        opened_on=date(2026, 11, 1),
    )
    unit_replace(unit=tree["ACU"], parent=tree["SUR"], on=date(2026, 10, 1))
    spell = UnitPlacement.objects.get(unit__code="W8")
    assert (spell.valid_from, spell.valid_to) == (date(2026, 11, 1), None)
    assert paths(date(2026, 11, 1))["W8"] == "RVB/SUR/ACU/W8"


@pytest.mark.parametrize(
    ("code", "parent", "on", "field"),
    [
        ("MED", "ACU", date(2026, 10, 1), "parent"),
        ("MED", "MED", date(2026, 10, 1), "parent"),
        ("ACU", "W12", date(2026, 10, 1), "parent"),
        ("ACU", "SUR", date(2026, 11, 24), "on"),
        ("ACU", "SUR", date(2015, 3, 31), "on"),
    ],
)
def test_moves_that_make_no_sense(tree, code, parent, on, field):
    with pytest.raises(ValidationError) as caught:
        unit_replace(unit=tree[code], parent=tree[parent], on=on)
    assert list(caught.value.message_dict) == [field]


def test_nothing_moves_beneath_a_closed_unit(tree):
    unit_shut(unit=tree["W12"], on=date(2026, 10, 1))
    unit_shut(unit=tree["SUR"], on=date(2026, 10, 1))
    with pytest.raises(ValidationError, match="closed on 1 October 2026"):
        unit_replace(unit=tree["ACU"], parent=tree["SUR"], on=date(2026, 10, 2))


def test_closing_ends_its_place_on_that_day(tree):
    unit_shut(unit=tree["W12"], on=date(2026, 10, 1))
    assert "W12" in paths(date(2026, 9, 30))
    assert "W12" not in paths(date(2026, 10, 1))


def test_closing_on_the_day_it_opened_leaves_no_place(tree):
    unit_shut(unit=tree["W12"], on=date(2015, 4, 1))
    assert not UnitPlacement.objects.filter(unit=tree["W12"]).exists()


def test_closed_units_move_with_their_parent_but_stay_closed(tree):
    unit_shut(unit=tree["W7"], on=date(2026, 9, 1))
    unit_replace(unit=tree["ACU"], parent=tree["SUR"], on=date(2026, 10, 1))
    ward = Unit.objects.get(code="W7")
    assert ward.path.startswith(tree["SUR"].path)
    assert "W7" not in paths(date(2026, 10, 1))


@pytest.mark.parametrize(
    ("code", "on", "into"),
    [
        ("MED", date(2026, 10, 1), None),
        ("W12", date(2026, 11, 24), None),
        ("W12", date(2015, 3, 31), None),
        ("W12", date(2026, 10, 1), "W12"),
    ],
)
def test_closings_that_make_no_sense(tree, code, on, into):
    with pytest.raises(ValidationError):
        unit_shut(unit=tree[code], on=on, merged_into=tree.get(into))
    assert Unit.objects.get(code=code).closed_on is None


def test_a_merge_names_the_heir_which_must_be_open(tree):
    merged = unit_shut(unit=tree["W12"], on=date(2026, 10, 1), merged_into=tree["W7"])
    assert merged.merged_into == tree["W7"]
    with pytest.raises(ValidationError):
        unit_shut(unit=tree["W7"], on=date(2026, 10, 2), merged_into=merged)
    with pytest.raises(ValidationError, match="closed already"):
        unit_shut(unit=merged, on=date(2026, 10, 2))


def test_same_team_is_the_unit_or_what_stands_beneath(tree):
    assert same_team(home=tree["W7"], owner=tree["W7"])
    assert same_team(home=tree["W7"], owner=tree["MED"])
    assert not same_team(home=tree["MED"], owner=tree["W7"])
    assert not same_team(home=tree["W12"], owner=tree["W7"])
    assert not same_team(home=None, owner=tree["W7"])


def test_choices_stand_in_structure_order(tree):
    names = [name.strip() for _, name in unit_choices(Unit.objects.all())]
    assert names == ["Riverbourne", "Medicine", "Acute", "Ward 7", "Surgery", "Ward 12"]


def test_choices_by_division_leave_out_closed_units(tree):
    unit_shut(unit=tree["W12"], on=date(2026, 10, 1))
    groups = grouped_unit_choices(Unit.objects.all())
    assert [(group, [name for _, name in units]) for group, units in groups] == [
        ("Whole trust", ["Riverbourne"]),
        ("Medicine", ["Medicine", "Acute", "Ward 7 (Acute)"]),
        ("Surgery", ["Surgery"]),
    ]
