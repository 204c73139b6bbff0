"""The aim as a sentence, and what makes it testable."""

from datetime import date
from decimal import Decimal

import pytest

from projects.aims import AimParts, checks, figure, sentence

WHOLE = AimParts(
    direction="decrease",
    quantity="falls",
    population="adults",
    place="Ward 7",
    baseline=Decimal("6.0000"),
    target=Decimal("3.0000"),
    unit_text="a month",
    target_on=date(2027, 3, 31),
)


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        (
            WHOLE,
            "Decrease falls for adults in Ward 7 from 6 to 3 a month by 31 March 2027.",
        ),
        (
            AimParts("increase", "screening", target=Decimal("95"), unit_text="%"),
            "Increase screening to 95%.",
        ),
        (
            AimParts("increase", "screening", "", "", Decimal(62), Decimal(95), "%"),
            "Increase screening from 62% to 95%.",
        ),
        (AimParts(quantity="delays"), "delays."),
        (AimParts(direction="decrease"), ""),
        (AimParts(), ""),
    ],
)
def test_the_sentence_says_what_is_known(parts, expected):
    assert sentence(parts) == expected


@pytest.mark.parametrize(
    ("value", "unit", "expected"),
    [
        (Decimal("0"), "%", "0%"),
        (Decimal("4.50"), "days", "4.5 days"),
        (Decimal("1000"), "", "1000"),
        (Decimal("0.001"), "", "0.001"),
        (None, "%", ""),
    ],
)
def test_figures(value, unit, expected):
    assert figure(value, unit) == expected


def test_a_whole_aim_meets_every_check():
    assert {check["state"] for check in checks(WHOLE)} == {"met"}


def test_an_empty_aim_meets_none():
    assert {check["state"] for check in checks(AimParts())} == {"not_yet"}


def test_a_target_of_nought_counts_as_a_target():
    states = {c["label"]: c["state"] for c in checks(AimParts(target=Decimal(0)))}
    assert states["By how much"] == "met"
