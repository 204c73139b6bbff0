"""Measure our way beside its floor, in the same run, so the answer fits any machine.

Every candidate runs once a round, in shuffled order; a ratio is formed inside each
round and the median of the rounds is reported with its bootstrap 90 % interval. CPU
counts this process, its children and the PostgreSQL backends that work for it.
"""

import gc
import math
import random
import resource
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

SHORT_MS = 5.0  # below this a candidate is repeated within its turn
MOST_REPEATS = 50
RESAMPLES = 2000

Work = Callable[[], object]
Backends = Callable[[], Iterable[int]]


@dataclass(frozen=True)
class Usage:
    """What one call cost, in milliseconds."""

    cpu_ms: float
    wall_ms: float


@dataclass(frozen=True)
class Ratio:
    """Median of the per-round ratios to the floor, with its 90 % interval."""

    middle: float
    low: float
    high: float


@dataclass(frozen=True)
class Measured:
    """A candidate's median cost and its ratios to the base candidate."""

    name: str
    cpu_ms: float
    wall_ms: float
    cpu: Ratio
    wall: Ratio


def compare(
    candidates: Mapping[str, Work],
    *,
    base: str,
    rounds: int = 9,
    backends: Backends = tuple,
    seed: int = 1,
) -> dict[str, Measured]:
    """Run every candidate `rounds` times, interleaved. Returns each by its name.

    `backends` gives the process ids of the PostgreSQL backends to count; it is asked
    once, after the warm round has opened the connections. Raises ValueError for an
    unknown base or fewer than seven rounds.
    """
    if base not in candidates or rounds < 7:
        raise ValueError("Name a candidate as base and give seven rounds or more.")
    shuffler = random.Random(seed)
    repeats = {name: warm(work) for name, work in candidates.items()}
    pids = tuple(backends())
    history: dict[str, list[Usage]] = {name: [] for name in candidates}
    for _ in range(rounds):
        order = list(candidates)
        shuffler.shuffle(order)
        for name in order:
            history[name].append(timed(candidates[name], repeats[name], pids))
    return {
        name: summary(name, history[name], history[base], shuffler)
        for name in candidates
    }


def warm(work: Work) -> int:
    """Run once unmeasured, once measured: how often to repeat within a turn."""
    work()
    cost = timed(work, 1, ()).wall_ms
    return max(1, min(MOST_REPEATS, math.ceil(SHORT_MS * 2 / max(cost, 0.001))))


def timed(work: Work, repeats: int, pids: Iterable[int]) -> Usage:
    """The cost of one call, averaged over `repeats`."""
    gc.collect()
    cpu, wall = cpu_ms(pids), time.perf_counter()
    for _ in range(repeats):
        work()
    spent = time.perf_counter() - wall
    return Usage((cpu_ms(pids) - cpu) / repeats, spent * 1000 / repeats)


def cpu_ms(pids: Iterable[int]) -> float:
    """CPU so far of this process, its finished children and the given backends."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    own = time.process_time() + children.ru_utime + children.ru_stime
    return own * 1000 + sum(backend_ms(pid) for pid in pids)


def backend_ms(pid: int) -> float:
    """CPU milliseconds of another process of this machine; Linux only."""
    nanoseconds = Path(f"/proc/{pid}/schedstat").read_text(encoding="ascii").split()[0]
    return int(nanoseconds) / 1e6


def summary(
    name: str, ours: list[Usage], floor: list[Usage], shuffler: random.Random
) -> Measured:
    pairs = list(zip(ours, floor, strict=True))
    return Measured(
        name,
        median(usage.cpu_ms for usage in ours),
        median(usage.wall_ms for usage in ours),
        interval([a.cpu_ms / b.cpu_ms for a, b in pairs], shuffler),
        interval([a.wall_ms / b.wall_ms for a, b in pairs], shuffler),
    )


def interval(ratios: list[float], shuffler: random.Random) -> Ratio:
    """The median and the middle 90 % of the medians of resampled rounds."""
    medians = sorted(
        median(shuffler.choices(ratios, k=len(ratios))) for _ in range(RESAMPLES)
    )
    cut = RESAMPLES // 20
    return Ratio(median(ratios), medians[cut], medians[-cut - 1])


def result(
    name: str,
    ours: Measured,
    floor: Measured,
    *,
    goal: float,
    scale: int = 1,
    gate: str = "cpu",
    at_least: bool = False,
    **extra: Any,
) -> dict[str, Any]:
    """One row of the report: gated on the CPU ratio, or on wall where that is named.

    A ceiling fails only when even the low end of the interval is above the goal; a
    goal to reach (`at_least`) only when even its high end is below.
    """
    ratio = ours.cpu if gate == "cpu" else ours.wall
    return {
        "name": name,
        "scale": scale,
        "ours_cpu_ms": ours.cpu_ms,
        "ours_wall_ms": ours.wall_ms,
        "floor_name": floor.name,
        "floor_cpu_ms": floor.cpu_ms,
        "floor_wall_ms": floor.wall_ms,
        "ratio": ratio.middle,
        "low": ratio.low,
        "high": ratio.high,
        "goal": goal,
        "ok": ratio.high >= goal if at_least else ratio.low <= goal,
        "queries": None,
        "bytes": None,
        "rows_per_s": None,
        **extra,
    }
