"""What counts as positive, and scores, from option counts (SURVEYS section 1)."""

from collections.abc import Sequence

SCALES = {"agree5": 5, "yes_no": 2}
ITEM_POINTS = (0, 2.5, 5, 7.5, 10)


def valid_answers(counts: Sequence[int]) -> int:
    """How many gave a valid answer; not-applicable answers are never in the counts."""
    return sum(counts)


def positive_answers(counts: Sequence[int], scale: str) -> int:
    """Agree and strongly agree on the five-point scale; yes on the yes/no scale."""
    return counts[-2] + counts[-1] if scale == "agree5" else counts[-1]


def item_score(counts: Sequence[int], direction: str) -> float | None:
    """Score 0 to 10, higher always better; None without answers.

    Options are coded 0, 2.5, 5, 7.5, 10 from strongly disagree to strongly agree and
    reversed where agreeing is bad.
    """
    total = valid_answers(counts)
    if not total:
        return None
    points = ITEM_POINTS if direction == "up" else ITEM_POINTS[::-1]
    return sum(n * p for n, p in zip(counts, points, strict=True)) / total
