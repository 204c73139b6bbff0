"""python -m benchmarks [--scale 1,20] [--only NAME] [--json FILE] [--no-gate]

A benchmark is a module of this package with run(scale), which returns its rows
(benchmarks.ratio.result), and NEEDS_DATABASE where it does. Exit status 1 when a goal
is missed.
"""

import argparse
import importlib
import importlib.util
import json
import os
import platform
import subprocess
import sys
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import Any

from benchmarks.database import own_database

Find = Callable[[str], ModuleType | None]
ROOT = Path(__file__).resolve().parent.parent
NAMES = (
    "rollup_full",
    "rollup_slope",
    "board_warm",
    "board_cold",
    "project_page",
    "post_cycle",
    "post_point",
    "export_csv",
    "export_ndjson",
    "api_json",
    "import_points",
    "portfolio_spc",
    "spc_kernel",
    "chart_json",
    "search",
)


def load(name: str) -> ModuleType | None:
    """The benchmark's module, or None while nobody has written it."""
    if importlib.util.find_spec(f"benchmarks.{name}") is None:
        return None
    return importlib.import_module(f"benchmarks.{name}")


def main(argv: list[str], find: Find = load) -> int:
    """Run what was asked for, print the table, write the JSON."""
    arguments = parser().parse_args(argv)
    wanted = [arguments.only] if arguments.only else list(NAMES)
    found = {name: find(name) for name in wanted}
    rows: list[dict[str, Any]] = []
    with ExitStack() as stack:
        if any(getattr(module, "NEEDS_DATABASE", False) for module in found.values()):
            stack.enter_context(own_database())
        for name, module in found.items():
            if module is None:
                print(f"{name:15} not written yet")
                continue
            for row in run(module, arguments.scale):
                print(line(row), flush=True)
                rows.append(row)
    if arguments.json:
        arguments.json.write_text(json.dumps(report(rows, arguments.scale), indent=1))
    return 0 if arguments.no_gate or all(row["ok"] for row in rows) else 1


def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(prog="python -m benchmarks")
    made.add_argument("--scale", type=scales, default=[1], help="such as 1,20")
    made.add_argument("--only", choices=NAMES)
    made.add_argument("--json", type=Path)
    made.add_argument("--no-gate", action="store_true", help="print, never fail")
    return made


def scales(text: str) -> list[int]:
    return [int(part) for part in text.split(",")]


def run(module: ModuleType, wanted: list[int]) -> list[dict[str, Any]]:
    """Its rows at each scale; one that does not scale (SCALES = (1,)) runs once."""
    allowed = getattr(module, "SCALES", tuple(wanted))
    rows: list[dict[str, Any]] = []
    for scale in [scale for scale in wanted if scale in allowed] or allowed[:1]:
        rows += module.run(scale)
    return rows


def line(row: dict[str, Any]) -> str:
    """One row as text, the ratio first."""
    verdict = "ok" if row["ok"] else "MISSED"
    return (
        f"{row['name']:15} x{row['scale']:<3} {row['ratio']:7.2f} "
        f"[{row['low']:.2f}-{row['high']:.2f}] goal {row['goal']:<5} {verdict:7}"
        f"ours {row['ours_cpu_ms']:.2f} ms CPU, {row['ours_wall_ms']:.2f} ms; "
        f"floor ({row['floor_name']}) {row['floor_cpu_ms']:.2f} ms CPU"
    )


def report(rows: list[dict[str, Any]], wanted: list[int]) -> dict[str, Any]:
    return {
        "commit": commit(),
        "when": datetime.now(UTC).isoformat(timespec="seconds"),
        "python": platform.python_version(),
        "database": database(),
        "cpu_count": os.cpu_count(),
        "scale": wanted,
        "results": rows,
    }


def database() -> str:
    """The engine in use, or 'none' when no benchmark needed one."""
    if "django" not in sys.modules:
        return "none"
    from django.db import connection

    return connection.vendor


def commit() -> str:
    done = subprocess.run(
        ["git", "rev-parse", "HEAD"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout.strip() or "unknown"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
