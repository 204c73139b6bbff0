"""Output shaping of the import pages."""

from collections import Counter
from collections.abc import Iterable

from django.urls import reverse

from qiportal.accounts.import_kinds import LABELS, ImportKind
from qiportal.accounts.models import ImportBatch
from qiportal.accounts.models import ImportError as ImportErrorRow
from qiportal.core.templatetags.qi import nhs_datetime
from qiportal.jobs.models import JobRun

BATCH_TONES = {
    ImportBatch.State.CHECKED: "quiet",
    ImportBatch.State.REFUSED: "attention",
    ImportBatch.State.COMMITTED: "strong",
    ImportBatch.State.UNDONE: "plain",
}


def code_words(code: str) -> str:
    """An error's class in words: "ragged row"."""
    return code.replace("_", " ")


def problem_table(problems: Iterable[ImportErrorRow]) -> dict:
    """Problems of an import by line and column, with the remedy."""
    columns = [
        {"label": "Line", "numeric": True},
        {"label": "Column"},
        {"label": "Kind of problem"},
        {"label": "What to do"},
    ]
    rows = [
        [row.line, row.column or "Whole row", code_words(row.code), row.message]
        for row in problems
    ]
    caption = "What needs mending"
    hidden = {"caption_hidden": True}
    return {"caption": caption, **hidden, "columns": columns, "rows": rows}


def problem_counts(codes: Iterable[str]) -> list[str]:
    """Each class of problem with how often it occurs, the most frequent first."""
    counts = Counter(codes).most_common()
    return [f"{code_words(code)}: {count}" for code, count in counts]


def warning_table(warnings: list[dict]) -> dict:
    """What may be a patient identifier, by line and column; at most 50 rows."""
    columns = [
        {"label": "Line", "numeric": True},
        {"label": "Column"},
        {"label": "What it may be"},
    ]
    rows = [[w["line"], w["column"], w["message"]] for w in warnings[:50]]
    caption = "Cells that may identify a patient"
    return {"caption": caption, "columns": columns, "rows": rows}


def batch_rows(batch: ImportBatch) -> list[dict]:
    """The summary list at the head of a report."""
    written = batch.state in (ImportBatch.State.COMMITTED, ImportBatch.State.UNDONE)
    return [
        {"key": "File", "value": batch.file_name},
        {"key": "Good rows", "value": str(batch.rows_ok)},
        {"key": "Rows with problems", "value": str(batch.rows_failed)},
        {"key": "Rows already up to date", "value": str(batch.rows_skipped)},
        *(
            [{"key": "Rows written", "value": str(batch.rows_changed)}]
            if written
            else []
        ),
    ]


def batch_table(batches: Iterable[ImportBatch]) -> dict:
    """The history of imports."""
    columns = [
        {"label": "File"},
        {"label": "Kind"},
        {"label": "Result"},
        {"label": "Rows written", "numeric": True},
        {"label": "Rows with problems", "numeric": True},
        {"label": "By"},
        {"label": "When"},
    ]
    rows = [
        [
            {"text": batch.file_name, "url": reverse("import_report", args=[batch.pk])},
            LABELS.get(batch.kind, batch.kind),
            {"text": batch.get_state_display(), "tone": BATCH_TONES[batch.state]},
            batch.rows_changed,
            batch.rows_failed,
            batch.by.display_name,
            nhs_datetime(batch.at),
        ]
        for batch in batches
    ]
    return {"caption": "Imports so far", "columns": columns, "rows": rows}


def column_rows(kind: ImportKind) -> list[dict]:
    """Which columns a file needs and which it may have."""
    rows = [{"key": "Needed columns", "value": ", ".join(kind.required)}]
    if kind.optional:
        rows.append({"key": "Optional columns", "value": ", ".join(kind.optional)})
    return rows if kind.required else []


def wait_page(job: JobRun, batch: ImportBatch | None, *, poll_url: str) -> dict:
    """The progress page of a large file."""
    failed = job.state == JobRun.State.DEAD
    finished = job.state == JobRun.State.DONE
    message = ""
    if failed or (finished and batch is None):
        failed, message = True, "The file could not be read. Please upload it again."
    done = finished and batch is not None
    return {
        "title": "Reading the file",
        "poll_url": poll_url,
        "state_label": "Done" if done else job.get_state_display(),
        "finished": done,
        "failed": failed,
        "message": message,
        "result_url": reverse("import_report", args=[batch.pk]) if done else "",
    }
