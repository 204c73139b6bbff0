"""What people paste from Excel."""

from datetime import date
from decimal import Decimal

import pytest

from pdsa.models import Measure
from pdsa.paste import paste_read

COUNT = Measure(data_type="count", frequency="monthly")
SHARE = Measure(data_type="proportion", frequency="weekly")


def read(text, measure=COUNT):
    pasted = paste_read(measure, text)
    return [
        (p.period_start, p.numerator, p.denominator, p.note) for p in pasted.points
    ], [(row.line, row.problem) for row in pasted.bad]


def test_two_columns_with_tabs():
    points, bad = read("Mar 2026\t6\nApr 2026\t1,204\n")
    assert points == [
        (date(2026, 3, 1), Decimal(6), None, ""),
        (date(2026, 4, 1), Decimal(1204), None, ""),
    ]
    assert not bad


def test_three_columns_and_a_note():
    points, _ = read("05/01/2026\t4\t5\tsnow\r\n12/01/2026\t5\t5\r\n", SHARE)
    assert points == [
        (date(2026, 1, 5), Decimal(4), Decimal(5), "snow"),
        (date(2026, 1, 12), Decimal(5), Decimal(5), ""),
    ]


@pytest.mark.parametrize("mark", ["\t", ",", ";", "|"])
def test_other_delimiters(mark):
    points, bad = read(f"2026-01-01{mark}6{mark}a note\n2026-02-01{mark}7\n")
    assert [p[1] for p in points] == [6, 7]
    assert not bad


def test_headings_and_empty_lines_are_passed_over():
    points, bad = read("\nMonth\tFalls\n\nMar 2026\t6\n\t\n")
    assert [p[1] for p in points] == [6]
    assert not bad


def test_a_heading_with_a_digit_is_known_by_its_first_word():
    points, bad = read("Date\tFalls 2026\nMar 2026\t6")
    assert [p[1] for p in points] == [6]
    assert not bad


def test_each_bad_row_says_what_is_wrong():
    points, bad = read(
        "Mar 2026\t6\nsoon\t7\nApr 2026\t\nMay 2026\tsix\nMar 2026\t8\n"
        "Jun 2026\t-1\nJul 2026\t=A1\nAug 2026\t5\t\t9"
    )
    assert len(points) == 1
    assert [line for line, _ in bad] == [2, 3, 4, 5, 6, 7, 8]
    words = [problem for _, problem in bad]
    assert words[0].startswith("This is not a date.")
    assert words[1:] == [
        "The number is missing.",
        "The number is not a number.",
        "Line 1 has the same date.",
        "This cannot be less than 0.",
        "This is a formula. Paste its value.",
        "This row has more than 3 columns.",
    ]


def test_two_days_of_one_month_are_one_period():
    _, bad = read("3/3/2026\t6\n17/3/2026\t7")
    assert bad == [(2, "Line 1 has the same date.")]


def test_a_percentage_needs_its_second_number():
    _, bad = read("5/1/2026\t4", SHARE)
    assert bad == [(1, "The “out of” number is missing.")]


def test_more_than_all_is_impossible():
    _, bad = read("5/1/2026\t6\t5", SHARE)
    assert bad == [(1, "This is more than the number it is out of.")]


def test_a_note_about_a_patient_stops_the_row():
    _, bad = read("Mar 2026\t6\tNHS number 999 000 0018")
    assert bad == [(1, "The note may identify a patient. Take it out.")]


def test_nothing_to_read():
    assert paste_read(COUNT, "Date\tFalls\n").problem
    assert not paste_read(COUNT, " \n ").ok


def test_too_many_rows():
    pasted = paste_read(COUNT, "Mar 2026\t6\n" * 2001)
    assert pasted.problem == "Paste at most 2,000 rows at a time."


def test_old_mac_line_ends_and_nul():
    points, _ = read("Mar 2026\t6\rApr 2026\t7\x00")
    assert [p[1] for p in points] == [6, 7]
