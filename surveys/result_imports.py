"""Results of our own units: option counts, or published percentages."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from qiportal.accounts.imports import Checked, ImportReport, Written, import_run
from qiportal.accounts.models import ImportBatch, User
from qiportal.core.tables import Row, RowProblem, Table
from qiportal.organisation.models import Unit
from surveys.cells import (
    BadCell,
    count,
    is_suppressed,
    looks_like_fractions,
    number,
    percentage,
)
from surveys.models import Question, SurveyResult, Wave
from surveys.questions import KNOWN, LOWER_IS_BETTER, YES_NO, key_of, label_of
from surveys.waves import wave_settle

REQUIRED = ("question",)
AGREE5 = ("strongly_disagree", "disagree", "neither", "agree", "strongly_agree")
YESNO = ("no", "yes")
OPTIONAL = ("unit_code", "subgroup", "n", "positive_pct", "weighted", *AGREE5, *YESNO)
CHANGEABLE = ("n", "option_counts", "published_score", "suppressed")


@dataclass(frozen=True)
class ResultRow:
    unit: Unit
    code: str
    subgroup: str
    weighted: bool
    n: int | None
    option_counts: list[int]
    published_score: Decimal | None
    suppressed: bool


def import_results(
    *,
    file_name: str,
    data: bytes,
    by: User,
    dry_run: bool,
    wave: Wave,
    unit: Unit | None,
    month: date | None,
) -> ImportReport:
    """One row per unit and question: five option counts, or n and positive_pct."""
    return import_run(
        kind="survey",
        file_name=file_name,
        data=data,
        by=by,
        dry_run=dry_run,
        required=REQUIRED,
        optional=OPTIONAL,
        check=lambda table: _check(table, unit),
        write=_writer(wave),
        options={"profile": "results", "wave": wave.slug, "unit": unit and unit.code},
    )


def _check(table: Table, unit: Unit | None) -> Checked:
    units = {row.code: row for row in Unit.objects.all()}
    try:
        factor = _factor(table)
    except BadCell as bad:
        return Checked([], [RowProblem(1, bad.column, bad.code, bad.message)])
    ready, problems, warnings, seen = [], [], [], {}
    for row in table.rows:
        try:
            result = _result(row, units, unit, factor)
            _once(row, result, seen)
        except BadCell as bad:
            problems.append(RowProblem(row.line, bad.column, bad.code, bad.message))
            continue
        ready.append(result)
        if result.code not in KNOWN:
            words = "This question is not known; it joins no other year."
            warnings.append(RowProblem(row.line, "question", "unknown_question", words))
    return Checked(ready, problems, warnings)


def _factor(table: Table) -> int:
    shares = []
    for row in table.rows:
        cell = row.cells.get("positive_pct", "")
        if not is_suppressed(cell):
            try:
                shares.append(number(cell, "positive_pct"))
            except BadCell:
                continue  # told by line when the row itself is read
    return 100 if looks_like_fractions(shares) else 1


def _once(row: Row, result: ResultRow, seen: dict[tuple, int]) -> None:
    key = (result.unit.pk, result.code, result.subgroup, result.weighted)
    if key in seen:
        message = f"This unit and question stand on line {seen[key]} too. Keep one."
        raise BadCell("question", "duplicate_row", message)
    seen[key] = row.line


def _result(row: Row, units, given: Unit | None, factor: int) -> ResultRow:
    cells = row.cells
    code = cells["question"].lower()
    if not code:
        raise BadCell("question", "missing", "Give the question's number, as q3f.")
    unit = units.get(cells["unit_code"]) if cells.get("unit_code") else given
    if unit is None:
        raise BadCell("unit_code", "unknown_unit", "No unit has this code.")
    numbers = _counts(cells, code) or _published(cells, factor)
    return ResultRow(
        unit=unit,
        code=code,
        subgroup=_subgroup(cells.get("subgroup", ""), unit),
        weighted=cells.get("weighted", "").lower() in ("yes", "true", "1"),
        **numbers,
    )


def _subgroup(name: str, unit: Unit) -> str:
    """Staff groups are published at trust level only: never group x team."""
    if name and unit.kind != Unit.Kind.TRUST:
        message = "Staff groups are kept for the whole trust only."
        raise BadCell("subgroup", "subgroup_below_trust", message)
    return name[:40]


def _counts(cells: dict[str, str], code: str) -> dict | None:
    names = YESNO if code in YES_NO else AGREE5
    given = [cells.get(name) for name in names]
    if not any(given):
        return None
    if any(is_suppressed(cell or "") for cell in given):
        return _hidden()
    counts = [count(cell or "", name) for cell, name in zip(given, names, strict=True)]
    return {
        "n": sum(counts),
        "option_counts": counts,
        "published_score": None,
        "suppressed": False,
    }


def _published(cells: dict[str, str], factor: int) -> dict:
    share, n = cells.get("positive_pct", ""), cells.get("n", "")
    if is_suppressed(share) or is_suppressed(n):
        return _hidden()
    scaled = str(number(share, "positive_pct") * factor)
    return {
        "n": count(n, "n"),
        "option_counts": [],
        "published_score": percentage(scaled, "positive_pct"),
        "suppressed": False,
    }


def _hidden() -> dict:
    return {
        "n": None,
        "option_counts": [],
        "published_score": None,
        "suppressed": True,
    }


def _writer(wave: Wave) -> Callable[[list[ResultRow], ImportBatch], Written]:
    def write(rows: list[ResultRow], batch: ImportBatch) -> Written:
        wave_settle(wave)
        questions = _questions(wave, {row.code for row in rows})
        stored = {_key(result): result for result in wave.results.all()}
        fresh, changed, unchanged = [], [], 0
        for row in rows:
            result = _model(row, wave, questions[row.code], batch)
            earlier = stored.get(_key(result))
            if earlier is None:
                fresh.append(result)
            elif all(getattr(earlier, f) == getattr(result, f) for f in CHANGEABLE):
                unchanged += 1
            else:
                result.pk = earlier.pk
                changed.append(result)
        SurveyResult.objects.bulk_create(fresh, batch_size=2000)
        SurveyResult.objects.bulk_update(changed, [*CHANGEABLE, "batch"], 500)
        return Written(len(fresh), len(changed), unchanged)

    return write


def _key(result: SurveyResult) -> tuple:
    return (result.unit_id, result.question_id, result.subgroup, result.weighted)


def _model(row: ResultRow, wave: Wave, question: Question, batch) -> SurveyResult:
    return SurveyResult(
        wave=wave,
        unit=row.unit,
        question=question,
        subgroup=row.subgroup,
        weighted=row.weighted,
        n=row.n,
        option_counts=row.option_counts,
        published_score=row.published_score,
        suppressed=row.suppressed,
        batch=batch,
    )


def _questions(wave: Wave, codes: set[str]) -> dict[str, Question]:
    """The wave's questions by number; new ones get our label and stable key."""
    found = wave.survey.questions.filter(year=wave.year, code__in=codes)
    known = {question.code: question for question in found}
    for code in sorted(codes - set(known)):
        known[code] = Question.objects.create(
            survey=wave.survey,
            year=wave.year,
            code=code,
            wording_key=key_of(code),
            label=label_of(code),
            scale="yes_no" if code in YES_NO else "agree5",
            direction="down" if code in LOWER_IS_BETTER else "up",
            theme=KNOWN[code][2] if code in KNOWN else "",
            subscore=KNOWN[code][3] if code in KNOWN else "",
            is_local=wave.survey.kind == "local",
        )
    return known
