"""Backup and restore: every table back as it was, or nothing changed."""

import hashlib
import json
import threading
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection, connections

from pdsa.models import DataPoint
from qiportal.accounts.audit import audit_record
from qiportal.core.backup import archive, rows
from qiportal.core.engine import consistent_read
from qiportal.jobs.models import JobRun
from qiportal.organisation.models import Unit
from tests.factories import DataPointFactory, MemberFactory, UnitFactory, UserFactory

pytestmark = pytest.mark.django_db(transaction=True)


def some_rows():
    """A few linked rows with each kind of value: key, text, time, decimal, JSON."""
    user = UserFactory(full_name="Zoë ‘Quote’ O'Hara\nsecond line")
    point = DataPointFactory(numerator=Decimal("12.5"))
    MemberFactory(project=point.measure.project, user=user)
    audit_record(type="point.seen", target=point, by=user, new={"b": [1, None], "a": 2})
    JobRun.objects.create(
        kind="rollup", key="2026-03-29", scheduled_for=now_utc(), stats={"rows": 0}
    )
    return point


def now_utc():
    return datetime(2026, 3, 29, 1, 30, 15, 123456, tzinfo=UTC)


def table_bytes(folder):
    return {path.name: path.read_bytes() for path in (folder / "tables").iterdir()}


def tamper(folder, table, old, new):
    """Change a table file and its sha256 in the manifest, as a forger would."""
    path = folder / "tables" / f"{table}.ndjson"
    changed = path.read_bytes().replace(old, new)
    assert changed != path.read_bytes()
    path.write_bytes(changed)
    manifest = json.loads((folder / "manifest.json").read_text())
    for entry in manifest["tables"]:
        if entry["table"] == table:
            entry["sha256"] = hashlib.sha256(changed).hexdigest()
    (folder / "manifest.json").write_text(json.dumps(manifest))


def test_restored_database_saves_to_the_same_bytes(tmp_path):
    point = some_rows()
    first = archive.backup(tmp_path / "first")
    changed_at = DataPoint.objects.values_list("updated_at", flat=True).get()
    call_command("flush", interactive=False, inhibit_post_migrate=True)
    archive.restore(tmp_path / "first", force=True)
    archive.backup(tmp_path / "second")
    assert table_bytes(tmp_path / "second") == table_bytes(tmp_path / "first")
    assert {"pdsa_datapoint.ndjson", "accounts_auditevent.ndjson"} <= set(
        table_bytes(tmp_path / "first")
    )
    counts = {entry["table"]: entry["rows"] for entry in first["tables"]}
    assert counts["pdsa_datapoint"] == 1
    assert counts["accounts_user"] >= 1
    restored = DataPoint.objects.get()
    assert (restored.pk, restored.numerator) == (point.pk, Decimal("12.5"))
    assert restored.updated_at == changed_at


def test_new_rows_follow_the_restored_keys(tmp_path):
    some_rows()
    archive.backup(tmp_path / "saved")
    archive.restore(tmp_path / "saved", force=True)
    highest = Unit.objects.order_by("-pk").values_list("pk", flat=True)[0]
    assert UnitFactory(code="NEW").pk > highest


def test_fresh_database_needs_no_force(tmp_path):
    UnitFactory(code="ONLY")
    archive.backup(tmp_path / "saved")
    call_command("flush", interactive=False, verbosity=0)
    archive.restore(tmp_path / "saved")
    assert list(Unit.objects.values_list("code", flat=True)) == ["ONLY"]


def test_database_with_rows_is_refused_without_force(tmp_path):
    UnitFactory(code="SAVED")
    archive.backup(tmp_path / "saved")
    UnitFactory(code="LATER")
    with pytest.raises(CommandError, match="not empty .*organisation_unit"):
        call_command("restore", str(tmp_path / "saved"))
    assert set(Unit.objects.values_list("code", flat=True)) == {"SAVED", "LATER"}


@pytest.mark.parametrize("fault", ["changed", "missing"])
def test_damaged_table_is_refused_before_anything_changes(tmp_path, fault):
    UnitFactory(code="SAVED")
    archive.backup(tmp_path / "saved")
    path = tmp_path / "saved/tables/organisation_unit.ndjson"
    path.write_bytes(b"[]\n") if fault == "changed" else path.unlink()
    with pytest.raises(archive.BackupError, match=r"organisation_unit\.ndjson"):
        archive.restore(tmp_path / "saved", force=True)
    assert Unit.objects.get().code == "SAVED"


def test_rows_that_come_back_differently_undo_the_restore(tmp_path):
    some_rows()
    archive.backup(tmp_path / "saved")
    JobRun.objects.update(key="kept")
    tamper(tmp_path / "saved", "jobs_jobrun", b"123456+00:00", b"123456Z")
    with pytest.raises(archive.BackupError, match="jobs_jobrun did not come back"):
        archive.restore(tmp_path / "saved", force=True)
    assert JobRun.objects.get().key == "kept"


def test_rows_the_database_refuses_undo_the_restore(tmp_path):
    some_rows()
    archive.backup(tmp_path / "saved")
    tamper(tmp_path / "saved", "jobs_jobrun", b'"rollup"', b"null")
    with pytest.raises(archive.BackupError, match="The database refused"):
        archive.restore(tmp_path / "saved", force=True)
    assert JobRun.objects.get().kind == "rollup"


def test_backup_of_another_release_is_refused(tmp_path):
    archive.backup(tmp_path / "saved")
    manifest = json.loads((tmp_path / "saved/manifest.json").read_text())
    manifest["migrations"].append("pdsa.9999_later")
    (tmp_path / "saved/manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(archive.BackupError, match="different releases"):
        archive.restore(tmp_path / "saved")


def test_folder_that_is_no_backup_is_refused(tmp_path):
    with pytest.raises(CommandError, match="no readable manifest"):
        call_command("restore", str(tmp_path))


def test_backup_never_writes_over_another_one(tmp_path):
    (tmp_path / "saved").mkdir()
    (tmp_path / "saved/other").touch()
    with pytest.raises(CommandError, match="not an empty folder"):
        call_command("backup", str(tmp_path / "saved"))
    assert [path.name for path in tmp_path.iterdir()] == ["saved"]


def test_failed_backup_leaves_nothing_behind(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(archive.BackupError, match="Cannot write"):
        archive.backup(tmp_path / "file" / "saved")
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_backup_is_closed_to_other_users(tmp_path):
    archive.backup(tmp_path / "saved")
    assert (tmp_path / "saved").stat().st_mode & 0o077 == 0


def test_uploads_are_saved_checked_and_put_back(tmp_path):
    upload = settings.MEDIA_ROOT / "2026/chart.png"
    upload.parent.mkdir(parents=True)
    upload.write_bytes(b"picture")
    archive.backup(tmp_path / "saved")
    upload.unlink()
    archive.restore(tmp_path / "saved")
    assert upload.read_bytes() == b"picture"
    (tmp_path / "saved/uploads/2026/chart.png").write_bytes(b"other")
    with pytest.raises(archive.BackupError, match="2026/chart.png"):
        archive.restore(tmp_path / "saved")


def test_sessions_are_left_out():
    names = [model._meta.db_table for model in rows.tables()]
    assert "django_session" not in names
    assert {"organisation_unit", "auth_permission"} < set(names)


def test_reading_sees_one_moment_and_stops_no_writer():
    UnitFactory(code="BEFORE")
    with consistent_read():
        assert Unit.objects.count() == 1
        writer = threading.Thread(target=add_unit_elsewhere)
        writer.start()
        writer.join(timeout=15)
        assert not writer.is_alive()
        assert Unit.objects.count() == 1
    assert Unit.objects.count() == 2


def add_unit_elsewhere():
    UnitFactory(code="DURING")
    connections.close_all()


def test_batches_stay_below_the_parameter_limit(monkeypatch):
    monkeypatch.setattr(rows, "PARAMETERS", 25)
    UnitFactory.create_batch(5)
    saved = list(rows.lines(JobRun)) + list(rows.lines(Unit))
    with connection.constraint_checks_disabled():
        call_command("flush", interactive=False, verbosity=0)
        assert rows.insert(Unit, saved) == 5
    assert list(rows.lines(Unit)) == saved
