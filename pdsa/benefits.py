"""Adding benefits up honestly (DOMAIN N14). Pure: claims in, sums out.

Only what is alike is added: category, kind of money, whether cash is released, unit,
period, evidence and sign. Of claims that overlap the largest alone counts, so a sum
is a least figure. There is no sum over different things, and never one sum of money.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from pdsa.models import BenefitClaim

RUNS_ON = ("a", "an", "per", "each", "every", "in", "since", "over")


Kind, Money = BenefitClaim.Category, BenefitClaim.Money
UNSAID = "Cost, kind not said"
ROWS = {
    **{k.value: str(k.label) for k in Kind if k not in (Kind.COST, Kind.UNINTENDED)},
    **{f"{Kind.COST.value}.{m.value}": str(m.label) for m in Money},
    Kind.UNINTENDED.value: str(Kind.UNINTENDED.label),
}


def row_key(claim: BenefitClaim) -> str:
    """The kind a claim is of: money has three that are never put together."""
    if claim.category != Kind.COST:
        return claim.category
    return f"{claim.category}.{claim.money}"


@dataclass(frozen=True)
class Alike:
    """What claims must share to be added up."""

    category: str
    money: str
    cash_releasing: bool
    unit: str
    period: str
    evidence: str
    below_zero: bool


@dataclass(frozen=True)
class Total:
    """A sum of like claims: how many count, and how many were left out as overlaps."""

    alike: Alike
    unit_text: str
    period: str
    amount: Decimal
    counted: int
    left_out: int


def alike(claim: BenefitClaim) -> Alike:
    """The key of a claim that has a number; spelling and spaces do not matter."""
    assert claim.quantity is not None  # noqa: S101 - callers leave the others out
    return Alike(
        claim.category,
        claim.money,
        claim.cash_releasing,
        _plain(claim.unit_text),
        _plain(claim.period),
        claim.evidence,
        claim.quantity < 0,
    )


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())


def totals(
    claims: Iterable[BenefitClaim], overlaps: Mapping[int, Collection[int]]
) -> list[Total]:
    """The sums of claims by unit, the latest period first, never by their size.

    `overlaps`: id -> other ids.
    """
    groups: dict[Alike, list[BenefitClaim]] = defaultdict(list)
    for claim in claims:
        if claim.quantity is not None:
            groups[alike(claim)].append(claim)
    found = [_total(key, rows, overlaps) for key, rows in groups.items()]
    latest_first = sorted(found, key=lambda t: t.alike.period, reverse=True)
    return sorted(latest_first, key=lambda t: t.alike.unit)


def _total(
    key: Alike, rows: list[BenefitClaim], overlaps: Mapping[int, Collection[int]]
) -> Total:
    counted = [max(cluster, key=_size) for cluster in clusters(rows, overlaps)]
    amount = sum((row.quantity or Decimal() for row in counted), Decimal())
    first = rows[0]
    left_out = len(rows) - len(counted)
    return Total(key, first.unit_text, first.period, amount, len(counted), left_out)


def _size(claim: BenefitClaim) -> Decimal:
    return abs(claim.quantity or Decimal())


def clusters(
    rows: list[BenefitClaim], overlaps: Mapping[int, Collection[int]]
) -> list[list[BenefitClaim]]:
    """Claims that overlap, directly or through one another, together."""
    by_id = {row.pk: row for row in rows}
    seen: set[int] = set()
    found = []
    for row in rows:
        if row.pk in seen:
            continue
        cluster, waiting = [], [row.pk]
        while waiting:
            key = waiting.pop()
            if key in seen or key not in by_id:
                continue
            seen.add(key)
            cluster.append(by_id[key])
            waiting += overlaps.get(key, ())
        found.append(cluster)
    return found


def amount_text(amount: Decimal, unit: str) -> str:
    """ "12.5 hours", "£4,200", "−3 calls"."""
    size = f"{abs(amount):,f}"
    size = size.rstrip("0").rstrip(".") if "." in size else size
    sign = "−" if amount < 0 else ""
    return f"{sign}£{size}" if unit == "£" else f"{sign}{size} {unit}".strip()


def with_period(amount: str, period: str) -> str:
    """ "4 hours a week", "£900, 2026/27"."""
    if not period:
        return amount
    runs_on = period.split()[0].casefold() in RUNS_ON
    return f"{amount} {period}" if runs_on else f"{amount}, {period}"


def number_text(claim: BenefitClaim) -> str:
    """The number a claim makes, "" for none."""
    if claim.quantity is None:
        return ""
    return with_period(amount_text(claim.quantity, claim.unit_text), claim.period)
