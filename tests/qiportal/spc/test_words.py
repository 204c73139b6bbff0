"""Numbers, dates, periods and point statuses in words."""

from datetime import date

import pytest

from qiportal.spc import Context, analyse, point_words
from qiportal.spc.words import FREQUENCIES, date_write, number_write, periods_between


def shown(value, **options):
    return number_write(value, Context("Falls", (), **options))


def test_numbers():
    assert shown(2.25) == "2.3"
    assert shown(2.5, decimals=0) == "3"
    assert shown(-0.04) == "0.0"
    assert shown(-2.25) == "-2.3"
    assert shown(1234567.891, decimals=2) == "1,234,567.89"
    assert shown(0.1234, factor=100, unit="%") == "12.3%"
    assert shown(3, unit="days", decimals=0) == "3 days"
    assert shown(1e-7, decimals=4) == "0.0000"
    assert shown(None) == "no value"
    assert shown(1e22, decimals=0) == "10,000,000,000,000,000,000,000"


@pytest.mark.parametrize(
    ("frequency", "text"),
    [("monthly", "Mar 2025"), ("quarterly", "Mar 2025"), ("weekly", "3 Mar 2025")],
)
def test_dates(frequency, text):
    assert date_write(date(2025, 3, 3), FREQUENCIES[frequency]) == text


@pytest.mark.parametrize(
    ("frequency", "earlier", "start", "periods"),
    [
        ("monthly", date(2025, 1, 31), date(2025, 1, 1), 0),
        ("monthly", date(2024, 11, 30), date(2025, 1, 1), 2),
        ("monthly", date(2025, 2, 1), date(2025, 1, 1), -1),
        ("quarterly", date(2025, 3, 31), date(2025, 1, 1), 0),
        ("quarterly", date(2024, 12, 31), date(2025, 1, 1), 1),
        ("weekly", date(2025, 3, 9), date(2025, 3, 3), 0),
        ("weekly", date(2025, 3, 10), date(2025, 3, 3), -1),
        ("weekly", date(2025, 3, 2), date(2025, 3, 3), 1),
        ("fortnightly", date(2025, 2, 17), date(2025, 3, 3), 1),
        ("daily", date(2025, 3, 1), date(2025, 3, 3), 2),
        ("event", date(2025, 3, 1), date(2025, 3, 3), None),
    ],
)
def test_periods_between(frequency, earlier, start, periods):
    assert periods_between(earlier, start, FREQUENCIES[frequency]) == periods


def test_points_in_words_on_an_xmr_chart():
    found = analyse(
        [9, 11] * 6 + [16, None, 16, 3],
        method="xmr",
        fix_after_n=12,
        exclude=[14],
        improvement_direction="increase",
    )
    assert point_words(found, "increase")[10:] == (
        "usual variation",
        "usual variation",
        "unusual, better: above the upper limit",
        "missing",
        "unusual, better: above the upper limit (left out of the limits)",
        "unusual, worse: below the lower limit",
    )
    assert point_words(found, "neutral")[12] == "unusual: above the upper limit"


def test_points_of_a_shift_in_words():
    found = analyse([9, 11] * 6 + [12] * 6, method="xmr", fix_after_n=12)
    assert point_words(found, "decrease")[-1] == (
        "unusual, worse: part of a shift above the mean"
    )


def test_points_in_words_on_other_charts():
    counts = analyse([20, 22] * 6 + [2, 90], method="c", freeze_after_n=12)
    assert point_words(counts, "decrease")[-3:] == (
        "usual variation",
        "unusual, better: below the lower limit",
        "unusual, worse: above the upper limit",
    )
    assert point_words(analyse([1, None], method="run"), "neutral") == ("", "missing")
