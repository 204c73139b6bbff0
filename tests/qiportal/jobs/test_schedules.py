"""When recurring work is due, over both clock changes."""

from datetime import UTC, date, datetime, timedelta

import pytest

from qiportal.jobs.schedules import (
    beat_schedule,
    field_values,
    is_daily,
    key_of,
    latest_moment,
    moments_of,
    runs_on,
)

NIGHT = {"hour": 2, "minute": 0}
FIVE = {"minute": "*/5"}


def utc(*parts):
    return datetime(*parts, tzinfo=UTC)


@pytest.mark.parametrize(
    ("field", "size", "values"),
    [
        (2, 24, {2}),
        ("*", 3, {0, 1, 2}),
        ("*/20", 60, {0, 20, 40}),
        ("1,15,99", 60, {1, 15}),
    ],
)
def test_a_field_names_its_values(field, size, values):
    assert field_values(field, size) == values


def test_two_o_clock_is_one_utc_in_summer_and_two_utc_in_winter():
    assert moments_of(NIGHT, date(2026, 7, 1)) == [utc(2026, 7, 1, 1)]
    assert moments_of(NIGHT, date(2026, 12, 1)) == [utc(2026, 12, 1, 2)]


@pytest.mark.parametrize(
    ("day", "moment"),
    [
        (date(2026, 3, 29), utc(2026, 3, 29, 1)),  # 01:00 springs to 02:00
        (date(2026, 10, 25), utc(2026, 10, 25, 2)),  # 02:00 falls back to 01:00
    ],
)
def test_two_o_clock_comes_once_in_the_nights_the_clocks_change(day, moment):
    assert moments_of(NIGHT, day) == [moment]


def test_a_skipped_hour_never_comes_and_a_repeated_one_comes_twice():
    half_past = {"hour": 1, "minute": 30}
    assert moments_of(half_past, date(2026, 3, 29)) == []
    assert moments_of(half_past, date(2026, 10, 25)) == [
        utc(2026, 10, 25, 0, 30),
        utc(2026, 10, 25, 1, 30),
    ]


@pytest.mark.parametrize("day", [date(2026, 3, 29), date(2026, 10, 25)])
def test_minute_by_minute_through_a_clock_change_the_night_has_one_key(day):
    start = utc(day.year, day.month, day.day) - timedelta(hours=2)
    keys = {}
    for minute in range(8 * 60):
        at = start + timedelta(minutes=minute)
        moment = latest_moment(NIGHT, at)
        keys.setdefault(key_of(NIGHT, moment), moment)
    assert list(keys) == [(day - timedelta(days=1)).isoformat(), day.isoformat()]
    assert len(set(keys.values())) == 2


def test_every_five_minutes_never_pauses_while_the_clock_changes():
    for day in (date(2026, 3, 29), date(2026, 10, 25)):
        start = utc(day.year, day.month, day.day)
        for minutes in range(0, 240):
            at = start + timedelta(minutes=minutes)
            assert at - latest_moment(FIVE, at) < timedelta(minutes=5)


def test_the_latest_moment_may_be_yesterdays():
    assert latest_moment(NIGHT, utc(2026, 11, 23, 1, 59)) == utc(2026, 11, 22, 2)
    assert latest_moment(NIGHT, utc(2026, 11, 23, 2)) == utc(2026, 11, 23, 2)


def test_weekly_and_monthly_schedules():
    monday = {"day_of_week": 1, "hour": 7, "minute": 30}
    assert latest_moment(monday, utc(2026, 11, 29)) == utc(2026, 11, 23, 7, 30)
    first = {"day_of_month": 1, "hour": 3, "minute": 0}
    assert latest_moment(first, utc(2026, 11, 23)) == utc(2026, 11, 1, 3)
    assert not runs_on(first, date(2026, 11, 2))


def test_a_schedule_that_names_no_moment_has_no_latest_one():
    assert latest_moment({"hour": 99, "minute": 0}, utc(2026, 11, 23)) is None


def test_a_daily_run_is_named_by_its_london_date_others_by_their_minute():
    assert is_daily(NIGHT)
    assert not is_daily(FIVE)
    assert key_of({"hour": 0, "minute": 30}, utc(2026, 6, 30, 23, 30)) == "2026-07-01"
    assert key_of(FIVE, utc(2026, 11, 23, 9, 5)) == "2026-11-23T09:05Z"


def test_beat_gets_one_entry_per_recurring_job():
    jobs = {"night": {"handler": "a.b", "schedule": NIGHT}, "once": {"handler": "a.c"}}
    entries = beat_schedule(jobs)
    assert list(entries) == ["night"]
    assert entries["night"]["task"] == "jobs.run"
    assert entries["night"]["args"] == [0]
    assert entries["night"]["schedule"].hour == {2}
