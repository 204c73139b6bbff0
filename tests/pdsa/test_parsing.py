"""Days and numbers as people type them."""

from datetime import date
from decimal import Decimal

import pytest

from pdsa.parsing import Unreadable, parse_day, parse_number, period_start

NOV = date(2025, 11, 3)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2025-11-03", NOV),
        ("2025-11-03 00:00:00", NOV),
        ("2025-11-03T00:00:00Z", NOV),
        ("2025/11/3", NOV),
        ("03/11/2025", NOV),
        ("3/11/25", NOV),
        ("3.11.2025", NOV),
        ("3-11-2025", NOV),
        ("03/11/2025 00:00", NOV),
        ("3 November 2025", NOV),
        ("3rd Nov 2025", NOV),
        ("3-Nov-25", NOV),
        ("Mon 3 Nov 2025", NOV),
        ("Monday, 3 November 2025", NOV),
        ("Nov 2025", date(2025, 11, 1)),
        ("Nov-25", date(2025, 11, 1)),
        ("November 2025", date(2025, 11, 1)),
        ("11/2025", date(2025, 11, 1)),
        ("2025-11", date(2025, 11, 1)),
        ("Sept 2025", date(2025, 9, 1)),
        ("45964", NOV),
    ],
)
def test_days_are_read_the_british_way(text, day):
    assert parse_day(text) == day


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "day_missing"),
        ("next week", "day_unreadable"),
        ("31/02/2025", "day_unreadable"),
        ("3/25/2025", "day_unreadable"),
        ("Foo 2025", "day_unreadable"),
        ("3/11/2099", "day_future"),
        ("3/11/1925", "day_too_early"),
        ("=TODAY()", "day_unreadable"),
    ],
)
def test_days_that_cannot_be(text, code):
    with pytest.raises(Unreadable) as found:
        parse_day(text)
    assert found.value.code == code


def test_an_american_day_is_explained():
    with pytest.raises(Unreadable, match="The day comes first, then the month"):
        parse_day("3/25/2025")


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("6", "6"),
        (" 12.50 ", "12.5"),
        ("1,204", "1204"),
        ("1 204 000", "1204000"),
        ("94.5%", "94.5"),
        ("94.5 %", "94.5"),
        ("£3", "3"),
        ("-2", "-2"),
        ("\u22122", "-2"),
        (".5", "0.5"),
        ("1e3", "1000"),
        ("0.3333333333", "0.333333"),
    ],
)
def test_numbers(text, number):
    assert parse_number(text) == Decimal(number)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "number_missing"),
        ("=1+1", "number_formula"),
        ("six", "number_unreadable"),
        ("NaN", "number_unreadable"),
        ("inf", "number_unreadable"),
        ("1,2", "number_unreadable"),
        ("9e99", "number_too_large"),
    ],
)
def test_numbers_that_cannot_be(text, code):
    with pytest.raises(Unreadable) as found:
        parse_number(text)
    assert found.value.code == code


@pytest.mark.parametrize(
    ("frequency", "start"),
    [
        ("daily", date(2025, 11, 19)),
        ("weekly", date(2025, 11, 19)),
        ("monthly", date(2025, 11, 1)),
        ("quarterly", date(2025, 10, 1)),
    ],
)
def test_a_period_has_one_day(frequency, start):
    assert period_start(date(2025, 11, 19), frequency) == start
