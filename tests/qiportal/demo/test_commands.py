"""The commands demo and load_public_data, and what manage.py sets for a demo."""

import os
import socket
from io import StringIO

import pytest
from django.conf import settings as live_settings
from django.core.management import CommandError, call_command
from django.db import transaction

import manage
from projects.models import Project
from qiportal.dashboard.models import IndicatorSnapshot, PublishedRun
from qiportal.demo.seed import TRUST_CODE
from qiportal.organisation.models import Unit
from surveys.models import Benchmark, Comment
from surveys.selectors import group_years

SAMPLE = live_settings.SAMPLE_DATA_DIR


@pytest.fixture
def taken_port():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield other.getsockname()[1]


def test_a_taken_port_is_told_before_anything_is_made(db, taken_port):
    with pytest.raises(CommandError) as refusal:
        call_command("demo", port=taken_port, stdout=StringIO())
    assert f"Port {taken_port} is taken" in str(refusal.value)
    assert f"--port {taken_port + 1}" in str(refusal.value)
    assert not Unit.objects.exists()


def test_a_real_trust_is_left_alone(trust):
    with pytest.raises(CommandError, match="holds real people or units"):
        call_command("demo", no_serve=True, stdout=StringIO())
    assert list(Unit.objects.values_list("code", flat=True)) == ["RVB"]


def test_demo_makes_the_trust_once_and_tells_how_to_sign_in(db, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    first, second = StringIO(), StringIO()
    call_command("demo", no_serve=True, scale=0.05, stdout=first)
    told = first.getvalue()
    for word in ("amina@", "ben@", "carol@", "dev@", "sade@", "BI token of Dev: qip_"):
        assert word in told
    assert "invented" in told
    assert PublishedRun.objects.count() == 1
    call_command("demo", no_serve=True, scale=0.05, stdout=second)
    assert "there already" in second.getvalue()
    assert PublishedRun.objects.get().run.attempt == 1


@pytest.mark.parametrize("scale", ["0", "fast", "21"])
def test_impossible_sizes_are_refused(scale):
    with pytest.raises(CommandError, match="give a number"):
        call_command("demo", "--no-serve", f"--scale={scale}")


def test_manage_sets_the_demo_apart(monkeypatch):
    for name in ("DEMO", "MFA_REQUIRED", "PUBLIC_URL"):
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)
    manage.demo_settings(["manage.py", "demo", "--port", "8123"])
    assert os.environ["DEMO"] == "1"
    assert os.environ["MFA_REQUIRED"] == "0"
    assert os.environ["PUBLIC_URL"] == "http://127.0.0.1:8123"


def test_manage_keeps_what_the_environment_says(monkeypatch):
    monkeypatch.setenv("MFA_REQUIRED", "1")
    monkeypatch.setenv("DEMO", "1")
    monkeypatch.setenv("PUBLIC_URL", "http://portal.test")
    manage.demo_settings(["manage.py", "demo"])
    assert os.environ["MFA_REQUIRED"] == "1"
    assert os.environ["PUBLIC_URL"] == "http://portal.test"


def test_public_data_needs_its_folder(db, settings, tmp_path):
    settings.SAMPLE_DATA_DIR = ""
    with pytest.raises(CommandError, match="SAMPLE_DATA_DIR"):
        call_command("load_public_data")
    with pytest.raises(CommandError, match="has no measures"):
        call_command("load_public_data", "--from", str(tmp_path))
    assert not Unit.objects.exists()


@pytest.mark.skipif(not SAMPLE, reason="SAMPLE_DATA_DIR is not set")
def test_public_data_reaches_charts_benchmarks_and_the_board(db):
    told = StringIO()
    with transaction.atomic():
        call_command("load_public_data", stdout=told)
    projects = Project.objects.filter(is_public_data=True)
    assert projects.count() > 100
    assert not projects.exclude(unit__code="PUBLIC").exists()
    assert Benchmark.objects.filter(question="q3f").count() == 1075
    acute = "Acute and Acute & Community Trusts"
    middle = {row.year: row.middle for row in group_years(group=acute, question="q3f")}
    assert round(middle[2024], 1) == 55.7
    assert Comment.objects.filter(unit__code="PUBLIC").count() == 3567
    facts = IndicatorSnapshot.objects.filter(unit__code="PUBLIC")
    assert facts.filter(indicator="comments.open", numerator__isnull=False).exists()
    assert "/surveys/benchmarks/" in told.getvalue()
    assert not Unit.objects.filter(code=TRUST_CODE).exists()
    again = StringIO()
    call_command("load_public_data", stdout=again)
    assert again.getvalue().count("imported before") == 3
