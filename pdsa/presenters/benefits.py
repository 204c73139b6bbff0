"""Benefits in words: cards by evidence, the matrix, its lists and files."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from django.urls import reverse

from pdsa.benefits import (
    ROWS,
    UNSAID,
    Total,
    amount_text,
    number_text,
    row_key,
    totals,
    with_period,
)
from pdsa.charts.icons import NO_UNUSUAL_RUN, NOT_ENOUGH, UNUSUAL_RUN, variation_of
from pdsa.models import BenefitClaim, Measure
from pdsa.presenters.multiples import marked
from pdsa.selectors import Place, may_check
from projects.models import Project
from qiportal.accounts.models import User

Kind, Money, Proof = BenefitClaim.Category, BenefitClaim.Money, BenefitClaim.Evidence
STRONGEST_FIRST = (Proof.FINANCE, Proof.SPC_SIGNAL, Proof.MEASURED, Proof.ANECDOTE)
MEANINGS = {
    Proof.FINANCE: "Somebody outside the team has checked the number.",
    Proof.SPC_SIGNAL: "The team points to special cause on a chart.",
    Proof.MEASURED: "The team counted before and after.",
    Proof.ANECDOTE: "What people say. Not added up.",
}
CELL_SUMS = 3
NO_KIND = f"{Kind.COST.value}."


def measure_shows(measure: Measure) -> tuple[str, bool]:
    """What a measure's chart shows now, in a few words, and whether it may bear a
    claim: special cause for the better, or an unusual run, which has no direction."""
    icon = variation_of(marked(measure))
    if icon.family == "improvement":
        return f"shows {icon.word.lower()}", True
    if icon.key == UNUSUAL_RUN:
        return "shows an unusual run: look which way", True
    words = {
        NOT_ENOUGH: "has not enough points yet",
        NO_UNUSUAL_RUN: "shows no unusual run",
        "common_cause": "shows usual variation",
    }
    return words.get(icon.key, f"shows {icon.word.lower()}"), False


def measures_shown(measures: Iterable[Measure]) -> tuple[dict[int, str], bool]:
    """measure -> what it shows, those that may bear a claim first; whether any may."""
    rows = [(row.pk, *measure_shows(row)) for row in measures]
    rows.sort(key=lambda row: not row[2])
    return {key: said for key, said, _ in rows}, any(good for *_, good in rows)


def kind_text(claim: BenefitClaim) -> str:
    """The category; for money its kind, and whether cash is released."""
    return _kind(claim.category, claim.money, claim.cash_releasing)


def _kind(category: str, money: str, cash: bool) -> str:
    if category != Kind.COST:
        return str(Kind(category).label)
    label = str(Money(money).label) if money else UNSAID
    return f"{label}, {'cash released' if cash else 'no cash released'}"


def total_text(total: Total) -> str:
    """ "12 hours, a week" and, where claims overlap, that the sum is a least figure."""
    words = with_period(amount_text(total.amount, total.unit_text), total.period)
    return f"at least {words}" if total.left_out else words


def form_values(claim: BenefitClaim) -> dict:
    """A claim as its form shows it. What is checked is at least measured."""
    names = ("what", "unit_text", "period", "baseline", "cash_releasing", "version")
    checked = claim.evidence == Proof.FINANCE
    quantity = claim.quantity
    return {
        **{name: getattr(claim, name) for name in names},
        "kind": row_key(claim),
        "quantity": None if quantity is None else f"{quantity.normalize():f}",
        "evidence": str(Proof.MEASURED) if checked else claim.evidence,
        "measure": claim.measure_id,
        "overlaps": [row.pk for row in claim.overlaps_with.all()],
        "validator": claim.validator.email if claim.validator else "",
    }


def values_now(claim: BenefitClaim) -> dict:
    """A claim as the page of two texts shows it, where the form names it otherwise."""
    checked = claim.evidence == Proof.FINANCE
    return {
        "kind": row_key(claim),
        "overlaps": list(claim.overlaps_with.all()),
        "evidence": str(Proof.MEASURED) if checked else claim.evidence,
    }


# --- a project's page ---------------------------------------------------------------


def claim_groups(
    place: Place,
    actor: User,
    claims: Sequence[BenefitClaim],
    overlaps: Mapping[int, set[int]],
) -> list[dict]:
    """A project's claims by the strength of their evidence, with what adds up."""
    names = {claim.pk: str(claim) for claim in claims}
    groups = []
    for proof in STRONGEST_FIRST:
        rows = [claim for claim in claims if claim.evidence == proof]
        if not rows:
            continue
        cards = [_card(place, actor, row, overlaps, names) for row in rows]
        groups.append(
            {
                "key": proof.value,
                "title": proof.label,
                "meaning": MEANINGS[proof],
                "cards": cards,
                "sums": _sums(rows, overlaps),
            }
        )
    return groups


def _sums(rows: Sequence[BenefitClaim], overlaps: Mapping[int, set[int]]) -> list[str]:
    """Sums of two claims or more; one claim is its own sum. Anecdotes are not added."""
    found = [t for t in totals(rows, overlaps) if t.counted + t.left_out > 1]
    return [
        f"{_kind(t.alike.category, t.alike.money, t.alike.cash_releasing)}: "
        f"{total_text(t)} ({claims_text(t)})"
        for t in found
        if t.alike.evidence != Proof.ANECDOTE
    ]


def claims_text(total: Total) -> str:
    """ "3 claims", "2 claims; 1 more overlaps with them and is left out"."""
    said = f"{total.counted} claim{'' if total.counted == 1 else 's'}"
    if total.left_out:
        more = "overlaps and is" if total.left_out == 1 else "overlap and are"
        said = f"{said}; {total.left_out} more {more} left out"
    return said


def _card(
    place: Place,
    actor: User,
    claim: BenefitClaim,
    overlaps: Mapping[int, set[int]],
    names: Mapping[int, str],
) -> dict:
    reference = place.project.reference
    checks = may_check(actor, claim, place.stands)
    return {
        "claim": claim,
        "number": number_text(claim),
        "kind": kind_text(claim),
        "chart": _chart(claim, reference),
        "checked": _checked(claim, place) if claim.validated_by else "",
        "asked": _asked(claim, place) if not claim.validated_by else "",
        "overlaps": [names[key] for key in sorted(overlaps.get(claim.pk, ()))],
        "may_check": checks and claim.quantity is not None,
    }


def _chart(claim: BenefitClaim, reference: str) -> dict | None:
    """The measure named, and plainly whether its chart bears the claim."""
    measure = claim.measure
    if measure is None or measure.deleted_at:
        missing = claim.evidence == Proof.SPC_SIGNAL
        return {"name": "", "missing": True} if missing else None
    said, good = measure_shows(measure)
    return {
        "name": measure.name,
        "url": reverse("measure_detail", args=[reference, measure.pk]),
        "shows": said,
        "doubted": claim.evidence == Proof.SPC_SIGNAL and not good,
    }


def _checked(claim: BenefitClaim, place: Place) -> str:
    """Who checked; a patient partner is shown no names of other people."""
    named = place.stands.sees_people
    return str(claim.validated_by) if named else "somebody outside the team"


def _asked(claim: BenefitClaim, place: Place) -> str:
    if claim.validator is None or not place.stands.sees_people:
        return ""
    return str(claim.validator)


# --- the matrix ---------------------------------------------------------------------


COLUMNS = {proof.value: str(proof.label) for proof in reversed(STRONGEST_FIRST)}


def matrix(
    claims: Sequence[BenefitClaim], overlaps: Mapping[int, set[int]], list_url: str
) -> dict:
    """Category by evidence: how many claims, and the sums of what is alike."""
    places: dict[tuple[str, str], list[BenefitClaim]] = defaultdict(list)
    for claim in claims:
        places[row_key(claim), claim.evidence].append(claim)
    table = [
        {
            "label": label,
            "cells": [
                _cell(places.get((row, column), []), overlaps, list_url, row, column)
                for column in COLUMNS
            ],
        }
        for row, label in _rows(places).items()
    ]
    return {"columns": list(COLUMNS.values()), "table": table, "count": len(claims)}


def _rows(places: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Every kind; money of a kind that nobody said has a row where there is some."""
    unsaid = any(row == NO_KIND for row, _ in places)
    return ROWS | ({NO_KIND: UNSAID} if unsaid else {})


def _cell(
    rows: list[BenefitClaim],
    overlaps: Mapping[int, set[int]],
    list_url: str,
    row: str,
    column: str,
) -> dict:
    sums = [] if column == Proof.ANECDOTE else totals(rows, overlaps)
    return {
        "count": len(rows),
        "url": f"{list_url}?kind={row}&evidence={column}",
        "label": f"{_word(row)}, {COLUMNS[column].lower()}",
        "column": COLUMNS[column],
        "sums": [_in_cell(total) for total in sums[:CELL_SUMS]],
        "more": max(len(sums) - CELL_SUMS, 0),
    }


def _in_cell(total: Total) -> str:
    cash = ", cash released" if total.alike.cash_releasing else ""
    return f"{total_text(total)}{cash}"


def in_place(
    claims: Iterable[BenefitClaim], kind: str, evidence: str
) -> list[BenefitClaim]:
    """The claims of one cell."""
    return [row for row in claims if row_key(row) == kind and row.evidence == evidence]


def is_place(kind: str, evidence: str) -> bool:
    return (kind in ROWS or kind == NO_KIND) and evidence in COLUMNS


def _word(kind: str) -> str:
    return ROWS.get(kind, UNSAID)


def place_word(kind: str, evidence: str) -> str:
    """ "Time savings: measured"."""
    return f"{_word(kind)}: {COLUMNS[evidence].lower()}"


def sum_table(
    claims: Sequence[BenefitClaim], overlaps: Mapping[int, set[int]]
) -> dict | None:
    """The sums behind a cell; None where nothing can be added."""
    found = totals(claims, overlaps)
    if not found or found[0].alike.evidence == Proof.ANECDOTE:
        return None
    columns = [{"label": "Sum"}, {"label": "Cash"}, {"label": "Made of"}]
    return {
        "caption": "What can be added up",
        "columns": columns,
        "row_headers": True,
        "rows": [[total_text(t), _cash(t), claims_text(t)] for t in found],
    }


def _cash(total: Total) -> str:
    if total.alike.category != Kind.COST:
        return "Not money"
    return "Released" if total.alike.cash_releasing else "Not released"


def claim_table(claims: Iterable[BenefitClaim], caption: str) -> dict:
    """The claims behind a cell, each with where it belongs."""
    names = ("Benefit", "How much", "Compared with", "Project", "Unit")
    return {
        "caption": caption,
        "caption_hidden": True,
        "row_headers": True,
        "columns": [{"label": name} for name in names],
        "rows": [_listed(claim) for claim in claims],
    }


def _listed(claim: BenefitClaim) -> list:
    project: Project = claim.project
    page = reverse("project_benefits", args=[project.reference])
    return [
        {"text": str(claim), "url": f"{page}#benefit-{claim.pk}"},
        number_text(claim) or "No number",
        claim.baseline or "Not said",
        {"text": project.title, "url": project.get_absolute_url()},
        project.unit.name,
    ]


CSV_HEADER = (
    *("claim", "reference", "project", "unit", "benefit", "category", "money_kind"),
    *("cash_releasing", "quantity", "unit_of_quantity", "period", "baseline"),
    *("evidence", "chart_shows_now", "overlaps_with"),
)


def csv_rows(
    claims: Iterable[BenefitClaim], overlaps: Mapping[int, set[int]]
) -> list[list]:
    """One row a claim; no sums, and no names of people."""
    return [
        [
            *(claim.pk, claim.project.reference, claim.project.title),
            *(claim.project.unit.name, claim.what, claim.get_category_display()),
            claim.get_money_display(),
            claim.cash_releasing if claim.category == Kind.COST else None,
            *(claim.quantity, claim.unit_text, claim.period, claim.baseline),
            claim.get_evidence_display(),
            measure_shows(claim.measure)[0] if claim.measure else "",
            ", ".join(str(key) for key in sorted(overlaps.get(claim.pk, ()))),
        ]
        for claim in claims
    ]
