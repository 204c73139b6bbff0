"""The rollup command: computes, publishes, and prints what it found."""

import json

import pytest
from django.core.management import CommandError, call_command

from projects.models import ProjectStatusChange
from qiportal.core.dates import now
from qiportal.dashboard.management.commands import rollup as command
from qiportal.dashboard.models import RollupRun
from qiportal.dashboard.services import RollupBusy
from tests.factories import ProjectFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _noon(time_machine):
    time_machine.move_to("2026-11-23T12:00:00Z", tick=False)


@pytest.fixture
def live(project, lead):
    ProjectStatusChange.objects.create(
        project=project, to_status="active", at=now(), by=lead
    )


def run(capsys, *options):
    call_command("rollup", *options)
    return capsys.readouterr().out


def test_it_prints_the_newest_figures_of_the_trust(capsys, live):
    said = run(capsys)
    assert "as of 2026-11-23:" in said
    assert "published." in said
    assert "2026-11-01  Live projects: 1" in said


def test_json_has_run_state_times_and_figures(capsys, live):
    found = json.loads(run(capsys, "--json"))
    stored = RollupRun.objects.get()
    assert (found["run"], found["state"], found["published"]) == (
        stored.pk,
        "published",
        True,
    )
    assert found["rows"] == stored.rows
    assert set(found["timings"]) == set(stored.timings)
    (figure,) = [row for row in found["figures"] if row["indicator"] == "projects.live"]
    assert (figure["numerator"], figure["period_start"]) == (1, "2026-11-01")
    assert figure["suppressed"] is False


def test_a_past_day_is_printed_and_not_published(capsys, ward):
    ProjectFactory(unit=ward)
    run(capsys)
    found = json.loads(run(capsys, "--as-of", "2026-10-31", "--json"))
    assert (found["as_of"], found["published"]) == ("2026-10-31", False)
    assert "a later run is" in run(capsys, "--as-of", "2026-10-31")
    months = {row["period_start"] for row in found["figures"]}
    assert max(months) <= "2026-10-31"


def test_a_wrong_day_is_explained():
    with pytest.raises(CommandError, match="give a day as YYYY-MM-DD"):
        call_command("rollup", "--as-of", "yesterday")


def test_while_another_computes_there_is_nothing_to_do(capsys, monkeypatch):
    def busy(**kwargs):
        raise RollupBusy

    monkeypatch.setattr(command, "rollup", busy)
    assert "Another process is computing a run" in run(capsys)
