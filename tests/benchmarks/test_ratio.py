"""The method of the benchmarks, on work whose cost is known. No time is asserted."""

import os
import random
import subprocess
import sys

import pytest

from benchmarks import ratio
from benchmarks.ratio import Measured, Ratio, Usage

FIELDS = [
    "name",
    "scale",
    "ours_cpu_ms",
    "ours_wall_ms",
    "floor_name",
    "floor_cpu_ms",
    "floor_wall_ms",
    "ratio",
    "low",
    "high",
    "goal",
    "ok",
    "queries",
    "bytes",
    "rows_per_s",
]


def test_every_candidate_runs_in_every_round_and_the_order_changes():
    calls = []
    candidates = {name: lambda name=name: calls.append(name) for name in "abc"}
    measured = ratio.compare(candidates, base="a", rounds=7)
    assert set(measured) == {"a", "b", "c"}
    turns = [name for name, before in zip(calls, [None, *calls], strict=False)
             if name != before]  # fmt: skip
    assert turns.count("a") >= 7
    assert len({tuple(turns[i : i + 3]) for i in range(3, len(turns) - 3, 3)}) > 1


def test_base_has_a_ratio_of_one():
    measured = ratio.compare({"a": lambda: sum(range(50_000))}, base="a", rounds=7)
    assert measured["a"].cpu == Ratio(1.0, 1.0, 1.0)


@pytest.mark.parametrize(("base", "rounds"), [("b", 7), ("a", 6)])
def test_unknown_base_and_too_few_rounds_are_refused(base, rounds):
    with pytest.raises(ValueError, match="seven rounds"):
        ratio.compare({"a": int}, base=base, rounds=rounds)


def test_ratio_is_formed_inside_each_round():
    """A machine twice as slow in one round changes both arms and no ratio."""
    floor = [Usage(1.0, 2.0), Usage(2.0, 4.0), Usage(1.0, 2.0)]
    ours = [Usage(3.0, 2.0), Usage(6.0, 4.0), Usage(3.0, 2.0)]
    measured = ratio.summary("ours", ours, floor, random.Random(1))
    assert measured.cpu == Ratio(3.0, 3.0, 3.0)
    assert measured.wall == Ratio(1.0, 1.0, 1.0)
    assert (measured.cpu_ms, measured.wall_ms) == (3.0, 2.0)


def test_interval_holds_the_median_and_ignores_one_outlier():
    found = ratio.interval([1.0, 1.1, 1.2, 1.3, 1.4, 1.5, 9.0], random.Random(1))
    assert found.middle == 1.3
    assert 1.0 <= found.low <= 1.3 <= found.high < 9.0
    assert found.low < found.high


def row(low, high, **options):
    ours = Measured("ours", 2.0, 3.0, Ratio(2.0, low, high), Ratio(7.0, 6.0, 8.0))
    floor = Measured("floor", 1.0, 1.5, Ratio(1, 1, 1), Ratio(1, 1, 1))
    return ratio.result("x", ours, floor, **options)


@pytest.mark.parametrize(
    ("low", "high", "options", "ok"),
    [
        (1.9, 2.1, {"goal": 2.0}, True),
        (2.1, 2.2, {"goal": 2.0}, False),
        (0.7, 0.85, {"goal": 0.8, "at_least": True}, True),
        (0.7, 0.75, {"goal": 0.8, "at_least": True}, False),
        (1.0, 1.0, {"goal": 5.0, "gate": "wall"}, False),
    ],
)
def test_goal_fails_only_when_the_whole_interval_is_beyond_it(low, high, options, ok):
    assert row(low, high, **options)["ok"] is ok


def test_row_has_the_documented_fields_and_takes_extra_ones():
    made = row(1.0, 1.0, goal=2.0, scale=20, queries=4)
    assert list(made) == FIELDS
    assert (made["scale"], made["queries"], made["floor_name"]) == (20, 4, "floor")


def test_cpu_counts_another_process():
    busy = "sum(range(3_000_000)); print('done', flush=True); input()"
    with subprocess.Popen(
        [sys.executable, "-c", busy],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as other:
        assert other.stdout.readline() == "done\n"
        spent = ratio.backend_ms(other.pid)
        own = ratio.cpu_ms(())
        assert spent > 1
        assert ratio.cpu_ms((other.pid,)) >= own + spent
        other.communicate("\n")


def test_own_schedstat_can_be_read_and_only_grows():
    before = ratio.backend_ms(os.getpid())
    sum(range(1_000_000))
    assert ratio.backend_ms(os.getpid()) >= before > 0
