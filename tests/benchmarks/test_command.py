"""The benchmark command, with a small benchmark of the tests' own."""

import json
import sys
from types import ModuleType

import pytest

from benchmarks import __main__ as command
from benchmarks import ratio

REPORT_FIELDS = [
    "commit",
    "when",
    "python",
    "database",
    "cpu_count",
    "scale",
    "results",
]


@pytest.fixture
def tiny():
    """Register a benchmark whose goal is the module attribute GOAL."""
    module = ModuleType("benchmarks.search")
    module.GOAL = 1000.0
    module.SCALES = (1,)

    def run(scale):
        measured = ratio.compare({"ours": int, "floor": int}, base="floor", rounds=7)
        ours, floor = measured["ours"], measured["floor"]
        return [ratio.result("search", ours, floor, goal=module.GOAL, scale=scale)]

    module.run = run
    return module


def find(module):
    return {"search": module}.get


def test_report_is_written_with_its_documented_fields(tiny, tmp_path, capsys):
    target = tmp_path / "report.json"
    code = command.main(
        ["--only", "search", "--scale", "1,20", "--json", str(target)], find(tiny)
    )
    report = json.loads(target.read_text())
    assert code == 0
    assert list(report) == REPORT_FIELDS
    assert [row["scale"] for row in report["results"]] == [1]
    assert "search" in capsys.readouterr().out


def test_missed_goal_is_exit_status_one(tiny, capsys):
    tiny.GOAL = 0.0
    assert command.main(["--only", "search"], find(tiny)) == 1
    assert "MISSED" in capsys.readouterr().out


def test_missed_goal_is_only_printed_without_the_gate(tiny, capsys):
    tiny.GOAL = 0.0
    assert command.main(["--only", "search", "--no-gate"], find(tiny)) == 0
    assert "MISSED" in capsys.readouterr().out


def test_unwritten_benchmarks_are_said_so(tiny, capsys):
    assert command.main([], find(tiny)) == 0
    assert "rollup_full     not written yet" in capsys.readouterr().out


def test_every_module_of_the_package_is_a_named_benchmark():
    helpers = {"__init__", "__main__", "ratio", "database", "data"}
    modules = {path.stem for path in command.ROOT.glob("benchmarks/*.py")}
    assert modules - helpers <= set(command.NAMES)


def test_unknown_name_is_refused(capsys):
    with pytest.raises(SystemExit):
        command.main(["--only", "nothing"])
    assert "invalid choice" in capsys.readouterr().err
    assert "benchmarks.nothing" not in sys.modules
