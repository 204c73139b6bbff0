"""Comments: redacted before anything is stored; the raw text is kept nowhere."""

import hashlib
import hmac
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.conf import settings

from qiportal.accounts.imports import Checked, ImportReport, Written, import_run
from qiportal.accounts.models import ImportBatch, User
from qiportal.core.dates import now
from qiportal.core.tables import Row, RowProblem, Table
from qiportal.jobs.services import job_ask
from qiportal.organisation.models import Unit
from surveys.cells import BadCell
from surveys.cells import month as month_cell
from surveys.models import Comment, Prompt, PromptType, Wave
from surveys.redaction import Redactor
from surveys.sentiment.rules import score
from surveys.waves import wave_settle

REQUIRED = ("text",)
OPTIONAL = ("prompt_type", "qtype", "unit_code", "month", "id")
LONGEST = 10_000
SPACES = re.compile(r"\s+")


@dataclass(frozen=True)
class CommentRow:
    """A comment already redacted; `mark` makes the same raw comment known again."""

    unit: Unit
    prompt_type: str
    month: date
    text: str
    counts: dict[str, int]
    is_nil: bool
    mark: str


def import_comments(
    *,
    file_name: str,
    data: bytes,
    by: User,
    dry_run: bool,
    wave: Wave,
    unit: Unit | None,
    month: date | None,
) -> ImportReport:
    """One row per comment: text, and prompt_type (or qtype), unit_code, month, id.

    Unit and month may be given once for the file. Asks the scoring job on commit.
    """
    return import_run(
        kind="survey",
        file_name=file_name,
        data=data,
        by=by,
        dry_run=dry_run,
        required=REQUIRED,
        optional=OPTIONAL,
        check=lambda table: _check(table, wave, unit, month),
        write=_writer(wave),
        options={
            "profile": "comments",
            "wave": wave.slug,
            "unit": unit and unit.code,
            "month": month and month.isoformat(),
        },
    )


def _check(table: Table, wave: Wave, unit: Unit | None, given: date | None) -> Checked:
    units = {row.code: row for row in Unit.objects.all()}
    staff = User.objects.pickable().values_list("full_name", flat=True)
    redactor = Redactor(staff_names=list(staff))
    repeats: Counter[tuple] = Counter()
    ready, problems = [], []
    for row in table.rows:
        try:
            ready.append(_comment(row, wave, units, unit, given, repeats, redactor))
        except BadCell as bad:
            problems.append(RowProblem(row.line, bad.column, bad.code, bad.message))
    return Checked(ready, problems)


def _comment(row: Row, wave, units, unit, given, repeats, redactor) -> CommentRow:
    cells = row.cells
    owner = units.get(cells["unit_code"]) if cells.get("unit_code") else unit
    if owner is None:
        raise BadCell("unit_code", "unknown_unit", "No unit has this code.")
    when = month_cell(cells["month"], "month") if cells.get("month") else given
    prompt = (cells.get("prompt_type") or cells.get("qtype") or "open").lower()
    if prompt not in PromptType.values:
        message = f"Use one of: {', '.join(PromptType.values)}."
        raise BadCell("prompt_type", "unknown_code", message)
    raw = _text(cells["text"])
    clean = redactor.redact(raw)
    return CommentRow(
        unit=owner,
        prompt_type=prompt,
        month=(when or wave.opens_on).replace(day=1),
        text=clean.text,
        counts=clean.counts,
        is_nil=score(raw, prompt).label == "nil",
        mark=_mark(owner, prompt, raw, cells.get("id", ""), repeats),
    )


def _text(cell: str) -> str:
    if not cell:
        raise BadCell("text", "missing", "This row has no comment. Remove the row.")
    if len(cell) > LONGEST:
        raise BadCell("text", "too_long", "A comment may have 10,000 characters.")
    return cell


def _mark(unit: Unit, prompt: str, raw: str, row_key: str, repeats: Counter) -> str:
    """HMAC of unit, prompt, text and row key, so that a file can come twice.

    Without a row key, equal comments of one unit are told apart by their count.
    """
    plain = SPACES.sub(" ", raw).strip().lower()
    if not row_key:
        repeats[(unit.pk, prompt, plain)] += 1
        row_key = f"#{repeats[(unit.pk, prompt, plain)]}"
    words = "\x1f".join([unit.code, prompt, plain, row_key])
    key = settings.SECRET_KEY.encode()
    return hmac.new(key, words.encode(), hashlib.sha256).hexdigest()


def _writer(wave: Wave) -> Callable[[list[CommentRow], ImportBatch], Written]:
    def write(rows: list[CommentRow], batch: ImportBatch) -> Written:
        wave_settle(wave)
        known = set(wave.comments.values_list("source_hash", flat=True))
        prompts = _prompts(wave, {row.prompt_type for row in rows})
        fresh = [
            Comment(
                wave=wave,
                unit=row.unit,
                prompt=prompts[row.prompt_type],
                redacted_text=row.text,
                redaction_counts=row.counts,
                source_hash=row.mark,
                month=row.month,
                is_nil=row.is_nil,
                batch=batch,
            )
            for row in {row.mark: row for row in rows}.values()
            if row.mark not in known
        ]
        Comment.objects.bulk_create(fresh, batch_size=2000)
        job_ask(
            kind="score_comments",
            key=f"batch-{batch.pk}",
            scheduled_for=now(),
            requested_by=batch.by.email,
        )
        return Written(created=len(fresh), unchanged=len(rows) - len(fresh))

    return write


def _prompts(wave: Wave, kinds: set[str]) -> dict[str, Prompt]:
    return {
        kind: Prompt.objects.get_or_create(
            survey=wave.survey,
            prompt_type=kind,
            defaults={"text": PromptType(kind).label},
        )[0]
        for kind in kinds
    }
