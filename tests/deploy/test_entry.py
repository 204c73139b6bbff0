"""The container roles: decisions here, real starts in test_roles.py."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from qiportal import entry

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("argv", [[], ["webb"], ["--help"]])
def test_unknown_role_is_refused_with_the_list(argv, capsys):
    assert entry.main(argv) == 2
    assert "web | worker | beat | migrate | backup | health" in capsys.readouterr().err


def test_silent_web_is_not_well(monkeypatch, capsys):
    monkeypatch.setenv("WEB_BIND", "127.0.0.1:9")
    assert entry.main(["health"]) == 1
    assert "not well" in capsys.readouterr().err


@pytest.mark.parametrize(("age_s", "code"), [(60, 0), (1000, 1)])
def test_beat_is_well_while_it_writes_its_schedule(tmp_path, monkeypatch, age_s, code):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    written = tmp_path / "qiportal-beat-schedule.db"
    written.touch()
    os.utime(written, (time.time() - age_s,) * 2)
    assert entry.main(["health", "beat"]) == code


def test_beat_that_never_wrote_is_not_well(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    assert entry.main(["health", "beat"]) == 1


@pytest.mark.parametrize(("age_h", "code"), [(25, 0), (27, 1)])
def test_backup_is_well_while_it_is_fresh(tmp_path, monkeypatch, age_h, code):
    monkeypatch.setenv("BACKUP_DIR", str(tmp_path))
    manifest = tmp_path / "2026-03-29T020000Z/manifest.json"
    manifest.parent.mkdir()
    manifest.touch()
    os.utime(manifest, (time.time() - age_h * 3600,) * 2)
    assert entry.main(["health", "backup"]) == code


def test_old_backups_are_thinned_and_nothing_else(tmp_path, monkeypatch):
    monkeypatch.setenv("BACKUP_DIR", str(tmp_path))
    for day in ("01", "02", "03"):
        (tmp_path / f"2026-03-{day}T020000Z").mkdir()
        (tmp_path / f"2026-03-{day}T020000Z/manifest.json").touch()
    (tmp_path / "kept-by-hand").mkdir()
    (tmp_path / "kept-by-hand/manifest.json").touch()
    entry.thin(2)
    names = sorted(path.name for path in tmp_path.iterdir())
    assert names == ["2026-03-02T020000Z", "2026-03-03T020000Z", "kept-by-hand"]


def role(tmp_path, *arguments):
    env = {k: v for k, v in os.environ.items() if not k.startswith(("DATABASE", "CEL"))}
    env |= {
        "DATA_DIR": str(tmp_path / "data"),
        "BACKUP_DIR": str(tmp_path / "backups"),
        "SCRATCH_DATABASE_URL": f"sqlite:///{tmp_path / 'scratch.sqlite3'}",
    }
    return subprocess.run(
        [sys.executable, "-m", "qiportal.entry", *arguments],
        cwd=ROOT,
        env=env,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_migrate_twice_then_backup_and_rehearsal(tmp_path):
    for _ in range(2):
        migrated = role(tmp_path, "migrate")
        assert migrated.returncode == 0, migrated.stderr
    saved = role(tmp_path, "backup", "--once")
    assert saved.returncode == 0, saved.stderr
    assert "every table equals the backup" in saved.stdout
    (manifest,) = (tmp_path / "backups").glob("*/manifest.json")
    assert json.loads(manifest.read_text())["engine"] == "sqlite"
    assert role(tmp_path, "health", "backup").returncode == 0
