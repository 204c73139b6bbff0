"""Numbers sent by another system: checked row by row, written in one transaction.

The natural key is (measure, period): sending a row again changes nothing. What a
person entered is theirs: a feed replaces it only when told to, and old and new are
audited. A feed never makes measures or phases, and an excluded point stays excluded.
"""

import hashlib
import json
import uuid
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import transaction

from pdsa.models import DataPoint, Measure
from pdsa.parsing import EARLIEST, period_start
from pdsa.services.points import point_problems
from pdsa.services.states import measure_state_refresh
from projects.services import project_touch
from qiportal.accounts.audit import audit_record
from qiportal.accounts.models import ApiToken, ImportBatch, User
from qiportal.accounts.safe_forms import hospital_pattern, spoken
from qiportal.core.dates import now, today
from qiportal.core.identifiers import scan
from qiportal.core.json import json_dumps

KIND = "api"
KEPT = timedelta(hours=24)
BIGGEST_KEY = 2**63 - 1
UPDATED = (
    *("numerator", "denominator", "note", "entered_via", "source", "source_ref"),
    *("token", "batch", "version", "updated_at"),
)
Key = tuple[int, date]


class Fault(NamedTuple):
    """Why a row failed. `field` is the row's field, for a pointer."""

    code: str
    field: str
    detail: str


@dataclass
class FeedRow:
    """One row as it came; what could not be read is None and stands in `faults`.

    `note` None keeps the note a point has.
    """

    index: int
    measure_id: int | None
    period_start: date | None
    numerator: Decimal | None
    denominator: Decimal | None = None
    note: str | None = None
    source_ref: str = ""
    faults: list[Fault] = field(default_factory=list)
    status: str = ""
    point: DataPoint | None = None

    @property
    def key(self) -> Key | None:
        if self.measure_id is None or self.period_start is None:
            return None
        return self.measure_id, self.period_start


@dataclass(frozen=True)
class Feed:
    """A whole request. `mode` is partial or all; `receipt` makes it repeatable."""

    rows: Sequence[FeedRow]
    source: str
    mode: str = "partial"
    overwrite: bool = False
    receipt: "Receipt | None" = None


@dataclass(frozen=True)
class Receipt:
    """What tells a repeated request: the client's key, and what it sent with it."""

    id: uuid.UUID
    body_sha: str


@dataclass(frozen=True)
class Answer:
    """What the client is told; `refused`: nothing was written because rows failed."""

    body: dict[str, Any]
    refused: bool


class KeyReused(Exception):
    """The key came before with another body."""


def receipt_for(*, by: User, key: str, body: bytes) -> Receipt:
    """The receipt of a request; the account is part of it, so keys never collide."""
    return Receipt(
        uuid.uuid5(uuid.NAMESPACE_URL, f"feed:{by.pk}:{key}"),
        hashlib.sha256(body).hexdigest(),
    )


def feed_replay(receipt: Receipt) -> Answer | None:
    """The stored answer of the last 24 hours, or None. Raises KeyReused."""
    kept = ImportBatch.objects.filter(submission_id=receipt.id, at__gte=now() - KEPT)
    options = kept.values_list("options", flat=True).first()
    if options is None:
        return None
    if options["body"] != receipt.body_sha:
        raise KeyReused
    return Answer(json.loads(options["answer"]), options["refused"])


@transaction.atomic
def data_points_feed(*, feed: Feed, token: ApiToken, by: User) -> Answer:
    """Checks all rows, writes the good ones, and gives the answer for the client.

    Nothing is written when every row failed, or one did and the mode is "all". A
    token limited to a unit finds no measure outside it. Raises IntegrityError when a
    request with the same receipt is answered at this moment.
    """
    measures = _measures(feed.rows, token)
    there = _existing(measures)
    for row in feed.rows:
        _judge(row, measures, there, feed)
    _refuse_twins(feed.rows)
    failed = [row for row in feed.rows if row.faults]
    refused = len(failed) == len(feed.rows) or (feed.mode == "all" and bool(failed))
    changes = any(row.status in ("created", "updated") for row in feed.rows)
    batch = None
    if feed.receipt or (changes and not refused):
        batch = _batch(feed, by, refused)
    if refused:
        _take_back(feed.rows)
    elif batch is not None and changes:
        _write(feed, batch, measures, token, by)
    body = _body(feed.rows, batch, refused)
    if feed.receipt and batch is not None:
        told = {"body": feed.receipt.body_sha, "refused": refused}
        batch.options = {**told, "answer": json_dumps(body)}  # text keeps its order
        batch.save(update_fields=["options"])
    return Answer(body, refused)


def _measures(rows: Iterable[FeedRow], token: ApiToken) -> dict[int, Measure]:
    """The living measures of the request, held until the end of the transaction."""
    wanted = {row.measure_id for row in rows if row.measure_id is not None}
    known = Measure.objects.filter(
        pk__in=[pk for pk in wanted if 0 < pk <= BIGGEST_KEY],
        deleted_at=None,
        project__deleted_at=None,
        project__unit__path__startswith=token.unit.path if token.unit else "",
    )
    related = known.select_for_update(of=("self",)).select_related("project__unit")
    return {measure.pk: measure for measure in related.order_by("pk")}


def _existing(measures: dict[int, Measure]) -> dict[Key, DataPoint]:
    points = DataPoint.objects.filter(measure__in=measures.values(), deleted_at=None)
    return {(point.measure_id, point.period_start): point for point in points}


def _judge(
    row: FeedRow,
    measures: dict[int, Measure],
    there: dict[Key, DataPoint],
    feed: Feed,
) -> None:
    """Finds a row's faults, or what writing it would do."""
    measure = measures.get(row.measure_id or 0)
    if measure is None:
        detail = "There is no measure of this number for this token."
        row.faults.insert(0, Fault("unknown_measure", "measure", detail))
        return
    row.faults += _faults(row, measure)
    point = there.get(row.key) if row.key else None
    if row.faults or row.numerator is None:
        return
    row.point = point
    if point is None:
        row.status = "created"
    elif _same(row, point, feed.source):
        row.status = "unchanged"
    elif point.entered_via == DataPoint.EnteredVia.API or feed.overwrite:
        row.status = "updated"
    else:
        detail = "A person entered another number. Send overwrite to replace it."
        row.faults.append(Fault("held_by_person", "numerator", detail))


def _faults(row: FeedRow, measure: Measure) -> list[Fault]:
    found = []
    if measure.project.is_closed:
        detail = "The measure's project is closed."
        found.append(Fault("measure_closed", "measure", detail))
    if row.period_start is not None:
        found += _period_faults(row.period_start, measure)
        if row.numerator is not None and not row.faults:
            found += _number_faults(row, measure, row.period_start, row.numerator)
    for name, text in (("note", row.note), ("source_ref", row.source_ref)):
        if text and (hits := scan(text, hospital_pattern=hospital_pattern())):
            detail = f"This looks like {spoken(hits)}. Take it out."
            found.append(Fault("identifier_found", name, detail))
    return found


def _period_faults(day: date, measure: Measure) -> list[Fault]:
    if day > today():
        return [Fault("bad_period", "period_start", "This date lies in the future.")]
    if day < EARLIEST:
        return [Fault("bad_period", "period_start", "This date lies before 1990.")]
    if day != period_start(day, measure.frequency):
        detail = f"This measure is {measure.frequency}: send the first day of a period."
        return [Fault("bad_period", "period_start", detail)]
    return []


def _number_faults(
    row: FeedRow, measure: Measure, day: date, numerator: Decimal
) -> list[Fault]:
    problems = point_problems(measure, day, numerator, row.denominator)
    problems.pop("period_start", None)
    return [
        Fault(_number_code(name, measure, numerator, row.denominator), name, text)
        for name, text in problems.items()
    ]


def _number_code(
    name: str, measure: Measure, numerator: Decimal, denominator: Decimal | None
) -> str:
    if name == "denominator":
        if denominator is None:
            return "missing_denominator"
        return "denominator_not_positive" if measure.has_denominator else "bad_number"
    is_share = measure.data_type == Measure.DataType.PROPORTION
    too_many = is_share and denominator is not None and numerator > denominator
    return "numerator_over_denominator" if too_many else "bad_number"


def _same(row: FeedRow, point: DataPoint, source: str) -> bool:
    """Whether the point says what the row says; of a person's, only the figures."""
    figures = (point.numerator, point.denominator) == (row.numerator, row.denominator)
    if point.entered_via != DataPoint.EnteredVia.API:
        return figures
    told = (point.source, point.source_ref) == (source, row.source_ref)
    return figures and told and row.note in (None, point.note)


def _refuse_twins(rows: Sequence[FeedRow]) -> None:
    """The same measure and period twice: both rows fail."""
    counts = Counter(row.key for row in rows)
    detail = "This measure and period is in the request more than once."
    for row in rows:
        if row.key is not None and counts[row.key] > 1:
            row.faults.append(Fault("duplicate_in_request", "period_start", detail))


def _take_back(rows: Iterable[FeedRow]) -> None:
    """A refused request changes nothing, so its good rows stay as they were."""
    for row in rows:
        row.status = "unchanged"


def _batch(feed: Feed, by: User, refused: bool) -> ImportBatch:
    receipt_id = feed.receipt.id if feed.receipt else None
    if receipt_id:  # a key older than 24 hours may be used again
        ImportBatch.objects.filter(
            submission_id=receipt_id, at__lt=now() - KEPT
        ).update(submission_id=None)
    state = ImportBatch.State.REFUSED if refused else ImportBatch.State.COMMITTED
    counts = Counter(row.status for row in feed.rows if not row.faults)
    return ImportBatch.objects.create(
        kind=KIND,
        file_name=feed.source,
        file_sha256=uuid.uuid4().hex,
        by=by,
        state=state,
        submission_id=receipt_id,
        rows_ok=sum(counts.values()),
        rows_changed=0 if refused else counts["created"] + counts["updated"],
        rows_skipped=counts["unchanged"],
        rows_failed=sum(bool(row.faults) for row in feed.rows),
    )


def _write(
    feed: Feed,
    batch: ImportBatch,
    measures: dict[int, Measure],
    token: ApiToken,
    by: User,
) -> None:
    good = [row for row in feed.rows if not row.faults]
    old = {row.key: _figures(row.point) for row in good if row.status == "updated"}
    lineage = {
        "entered_via": DataPoint.EnteredVia.API,
        "source": feed.source,
        "token": token,
        "batch": batch,
    }
    fresh = [row for row in good if row.status == "created"]
    for row in fresh:
        measure = measures[row.measure_id or 0]
        row.point = _filled(DataPoint(measure=measure, created_by=by), row, lineage)
    DataPoint.objects.bulk_create([row.point for row in fresh if row.point])
    changed = [
        _filled(row.point, row, lineage)
        for row in good
        if row.status == "updated" and row.point
    ]
    for point in changed:
        point.version, point.updated_at = point.version + 1, now()
    DataPoint.objects.bulk_update(changed, UPDATED, batch_size=100)
    _settle(good, old, measures, by)


def _filled(point: DataPoint, row: FeedRow, lineage: dict[str, Any]) -> DataPoint:
    values = {"numerator": row.numerator, "denominator": row.denominator, **lineage}
    values |= {"period_start": row.period_start, "source_ref": row.source_ref}
    for name, value in values.items():
        setattr(point, name, value)
    if row.note is not None:
        point.note = row.note
    return point


def _figures(point: DataPoint | None) -> list[Any]:
    return [point.numerator, point.denominator] if point else []


def _settle(
    rows: Iterable[FeedRow],
    old: dict[Key | None, list[Any]],
    measures: dict[int, Measure],
    by: User,
) -> None:
    """State, heartbeat and one audit event for each measure that changed."""
    written: dict[int, list[FeedRow]] = {}
    for row in rows:
        if row.status != "unchanged" and row.measure_id is not None:
            written.setdefault(row.measure_id, []).append(row)
    for measure_id, parts in written.items():
        measure = measures[measure_id]
        measure_state_refresh(measure=measure)
        project_touch(project=measure.project)
        audit_record(
            type="data_points.fed",
            target=measure,
            by=by,
            old={
                str(row.period_start): old[row.key] for row in parts if row.key in old
            },
            new={str(row.period_start): _figures(row.point) for row in parts},
            unit_path=measure.project.unit.path,
        )


def _body(
    rows: Sequence[FeedRow], batch: ImportBatch | None, refused: bool
) -> dict[str, Any]:
    """The body of the answer; its counts add up to the number of rows."""
    statuses = ["failed" if row.faults else row.status for row in rows]
    counts = Counter(statuses)
    return {
        "created": counts["created"],
        "updated": counts["updated"],
        "unchanged": counts["unchanged"],
        "failed": counts["failed"],
        "batch": batch.file_sha256 if batch and not refused else None,
        "rows": [
            {
                "index": row.index,
                "status": status,
                "point": row.point.pk if row.point and not row.faults else None,
                "errors": [
                    {
                        "code": fault.code,
                        "pointer": f"/rows/{row.index}/{fault.field}",
                        "detail": fault.detail,
                    }
                    for fault in row.faults
                ],
            }
            for row, status in zip(rows, statuses, strict=True)
        ],
    }
