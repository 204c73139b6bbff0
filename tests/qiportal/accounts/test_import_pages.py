"""Importing on screen: check, report, import; files bound to their owner."""

import csv
import io
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from qiportal.accounts import import_desk, staging
from qiportal.accounts.imports import Checked, Written, import_run
from qiportal.accounts.models import AuditEvent, ImportBatch
from qiportal.core.tables import RowProblem
from qiportal.jobs.models import JobRun
from qiportal.organisation.models import Unit
from tests.factories import RoleAssignmentFactory, UserFactory

HEAD = "code,name,kind,parent_code\n"
UPLOAD = "/account/imports/units/new/"


@pytest.fixture(autouse=True)
def data_dir(settings, tmp_path):
    settings.DATA_DIR = tmp_path / "data"
    return settings.DATA_DIR


@pytest.fixture
def good(trust):
    return HEAD + f"W9,Ward 9,division,{trust.code}\n"


def upload(client, text, name="units.csv", url=UPLOAD, **more):
    data = text.encode() if isinstance(text, str) else text
    return client.post(url, {"file": SimpleUploadedFile(name, data), **more})


def staged_folders(data_dir):
    return list(Path(data_dir / "staged").glob("*"))


# --- the usual way ----------------------------------------------------------------


def test_check_report_import(signed_in, qi_team, good, data_dir):
    client = signed_in(qi_team)
    answer = upload(client, good)
    checked = ImportBatch.objects.get()
    assert answer.url == f"/account/imports/{checked.pk}/"
    assert not Unit.objects.filter(code="W9").exists()
    page = client.get(answer.url).content.decode()
    assert "The file reads well" in page
    assert "Nothing is written yet" in page
    answer = client.post(reverse("import_commit", args=[checked.pk]))
    done = ImportBatch.objects.get(state="committed")
    assert answer.url == f"/account/imports/{done.pk}/"
    assert Unit.objects.filter(code="W9").exists()
    assert "1 row written" in client.get(answer.url).content.decode()
    assert staged_folders(data_dir) == []


def test_pressing_import_twice_shows_the_first_result(signed_in, qi_team, good):
    client = signed_in(qi_team)
    upload(client, good)
    commit = reverse("import_commit", args=[ImportBatch.objects.get().pk])
    first = client.post(commit)
    assert client.post(commit).url == first.url
    assert ImportBatch.objects.filter(state="committed").count() == 1


def test_a_file_with_problems(signed_in, qi_team, good):
    client = signed_in(qi_team)
    answer = upload(client, good + "W8,Ward 8,wing,RVB\nW6,=1+1,team,NONE\n")
    page = client.get(answer.url).content.decode()
    assert "The file needs mending" in page
    assert "Use one of: trust, division, directorate, service, team." in page
    assert "Import now" not in page
    assert not Unit.objects.filter(code="W9").exists()
    batch = ImportBatch.objects.get()
    bad = client.get(reverse("import_rows", args=[batch.pk, "bad"]))
    rows = list(csv.reader(io.StringIO(bad.content.decode("utf-8-sig"))))
    assert rows[1][:2] == [
        "kind: Use one of: trust, division, directorate, service, team.",
        "W8",
    ]
    good_rows = client.get(reverse("import_rows", args=[batch.pk, "good"]))
    assert "attachment" in good_rows["Content-Disposition"]
    assert good_rows.content.decode("utf-8-sig").splitlines()[1].startswith("W9,")


def test_a_file_that_cannot_be_read(signed_in, qi_team):
    client = signed_in(qi_team)
    answer = upload(client, b"\x89PNG\x00")
    page = client.get(answer.url).content.decode()
    assert "This is not a text file" in page


def test_the_same_file_again_is_said_before_importing(signed_in, qi_team, good):
    client = signed_in(qi_team)
    upload(client, good)
    client.post(reverse("import_commit", args=[ImportBatch.objects.get().pk]))
    page = client.get(upload(client, good).url).content.decode()
    assert "Exactly this file was imported already" in page
    assert "Import now" not in page


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("units.csv", "", "The file is empty"),
        ("nhs number 9990000018.csv", HEAD, "holds what looks like an NHS number"),
    ],
)
def test_uploads_refused_at_once(signed_in, qi_team, name, text, words, data_dir):
    answer = upload(signed_in(qi_team), text, name=name)
    assert answer.status_code == 200
    assert words in answer.content.decode()
    assert staged_folders(data_dir) == []
    assert not ImportBatch.objects.exists()


def test_no_file_chosen(signed_in, qi_team):
    answer = signed_in(qi_team).post(UPLOAD, {})
    assert "Choose a file." in answer.content.decode()


def test_a_full_disk_is_said_in_words(signed_in, qi_team, good, data_dir):
    data_dir.mkdir()
    (data_dir / "staged").write_text("a file where the folder should be")
    answer = upload(signed_in(qi_team), good)
    assert answer.status_code == 200
    assert "disk of this service is full" in answer.content.decode()


def test_an_empty_file_with_the_columns(signed_in, qi_team):
    answer = signed_in(qi_team).get("/account/imports/units/template.csv")
    assert answer.content.decode("utf-8-sig") == (
        "code,name,kind,parent_code,opened_on,closed_on,ods_code,moved_on\r\n"
    )


# --- who may ------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["frontline", "lead", "board_member", "stranger"])
@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("", 403),
        ("units/new/", 403),
        ("training/new/", 403),
        ("units/template.csv", 403),
        ("nothing/new/", 404),
    ],
)
def test_others_import_nothing(who, path, status, signed_in, request, trust):
    client = signed_in(request.getfixturevalue(who))
    assert client.get(f"/account/imports/{path}").status_code == status


def test_sysadmins_import_units_only(signed_in, sysadmin):
    client = signed_in(sysadmin)
    assert client.get(UPLOAD).status_code == 200
    assert client.get("/account/imports/training/new/").status_code == 403
    assert "Training bookings" not in client.get("/account/imports/").content.decode()


def test_anonymous_visitors_sign_in_first(client, db):
    for path in ("", "units/new/", "1/", "units/template.csv"):
        assert client.get(f"/account/imports/{path}").status_code == 302


def test_a_file_belongs_to_whoever_uploaded_it(client, qi_team, trust, good):
    colleague = UserFactory(home_unit=trust)
    RoleAssignmentFactory(user=colleague, role="qi_team")
    client.force_login(qi_team)
    upload(client, good + "W8,x,wing,RVB\n")
    upload(client, good)
    refused, checked = ImportBatch.objects.order_by("pk")
    client.force_login(colleague)
    assert client.get(f"/account/imports/{refused.pk}/").status_code == 200
    for which in ("good", "bad"):
        rows = reverse("import_rows", args=[refused.pk, which])
        assert client.get(rows).status_code == 404
    answer = client.post(reverse("import_commit", args=[checked.pk]))
    assert answer.url == UPLOAD
    assert not Unit.objects.filter(code="W9").exists()


def test_a_report_needs_the_permission_of_its_kind(client, qi_team, frontline, good):
    client.force_login(qi_team)
    upload(client, good)
    batch = ImportBatch.objects.get()
    client.force_login(frontline)
    for name in ("import_report", "import_commit", "import_undo"):
        url = reverse(name, args=[batch.pk])
        method = client.get if name == "import_report" else client.post
        assert method(url).status_code == 403
    rows = reverse("import_rows", args=[batch.pk, "good"])
    assert client.get(rows).status_code == 403


def test_a_report_of_another_kind_is_not_found(client, qi_team, sysadmin, good):
    client.force_login(qi_team)
    batch = ImportBatch.objects.create(
        kind="training", file_sha256="x", by=qi_team, state="checked"
    )
    report = reverse("import_report", args=[batch.pk])
    assert client.get(report).status_code == 200
    client.force_login(sysadmin)
    assert client.get(report).status_code == 404


def test_changing_takes_a_post(signed_in, qi_team, good):
    client = signed_in(qi_team)
    upload(client, good)
    pk = ImportBatch.objects.get().pk
    assert client.get(reverse("import_commit", args=[pk])).status_code == 405
    assert client.get(reverse("import_undo", args=[pk])).status_code == 405


# --- kept for a day ----------------------------------------------------------------


def test_after_a_day_the_file_is_gone(client, qi_team, good, data_dir):
    start = datetime(2026, 11, 23, 9, tzinfo=UTC)
    with time_machine.travel(start, tick=False):
        client.force_login(qi_team)
        upload(client, good)
    pk = ImportBatch.objects.get().pk
    client.logout()
    with time_machine.travel(start + timedelta(hours=24, minutes=1), tick=False):
        client.force_login(qi_team)
        page = client.get(f"/account/imports/{pk}/").content.decode()
        assert "not kept any longer" in page
        answer = client.post(reverse("import_commit", args=[pk]))
        assert answer.url == UPLOAD
        assert staging.purge() == 1
    assert staged_folders(data_dir) == []


def test_purge_leaves_fresh_uploads_and_takes_broken_folders(qi_team, data_dir):
    fresh = staging.stage(
        kind="units", file_name="a.csv", data=b"x", options={}, user=qi_team
    )
    (data_dir / "staged" / "broken").mkdir()
    later = datetime.now(UTC) + timedelta(hours=23)
    with time_machine.travel(later, tick=False):
        assert staging.purge() == 0
    with time_machine.travel(later + timedelta(hours=2), tick=False):
        assert staging.purge() == 2
    assert not fresh.folder.exists()


def test_no_path_leads_out_of_the_folder(qi_team):
    for id_ in ("../../etc", "", "x" * 32, "0" * 31, "0" * 32):
        assert staging.staged_of(id_, qi_team) is None


# --- options, warnings, undo ---------------------------------------------------------


def import_notes(*, file_name, data, by, dry_run, options):
    """A handler of a domain that warns, takes options and can undo."""

    def check(table):
        warnings = [
            RowProblem(row.line, "note", "postcode", "This may be a postcode.")
            for row in table.rows
            if "LS1" in row.cells["note"]
        ]
        return Checked(list(table.rows), warnings=warnings)

    return import_run(
        kind="units",
        file_name=file_name,
        data=data,
        by=by,
        dry_run=dry_run,
        required=["note"],
        check=check,
        write=lambda rows, batch: Written(created=len(rows)),
        options=options,
    )


@pytest.fixture
def notes(settings):
    path = f"{__name__}.import_notes"
    settings.IMPORTS = {**settings.IMPORTS, "units": path}
    yield import_notes
    for name in ("undo", "option_fields"):
        import_notes.__dict__.pop(name, None)


def test_warnings_are_confirmed_once_and_audited_without_text(
    signed_in, qi_team, notes
):
    client = signed_in(qi_team)
    answer = upload(client, "note\nseen at LS1 4AP\nfine\n")
    assert "1 cell may hold" in client.get(answer.url).content.decode()
    batch = ImportBatch.objects.get()
    commit = reverse("import_commit", args=[batch.pk])
    page = client.post(commit)
    assert "Tick this if it is so" in page.content.decode()
    assert not ImportBatch.objects.filter(state="committed").exists()
    client.post(commit, {"not_a_patient": "on"})
    assert ImportBatch.objects.filter(state="committed").exists()
    event = AuditEvent.objects.get(type="identifier.confirmed_harmless")
    assert event.new == {
        "ticks": [{"type": "postcode", "field": "note"}],
        "count": 1,
    }


def test_options_of_a_handler_reach_it(signed_in, qi_team, notes, ward):
    from django import forms

    notes.option_fields = lambda: {
        "unit": forms.ModelChoiceField(Unit.objects.all()),
        "month": forms.DateField(),
    }
    client = signed_in(qi_team)
    answer = upload(client, "note\nx\n")
    assert answer.status_code == 200
    upload(client, "note\nx\n", unit=ward.pk, month="2026-10-01")
    batch = ImportBatch.objects.get()
    assert batch.options == {"unit": ward.code, "month": "2026-10-01"}


def test_undo_where_the_domain_knows_how(signed_in, qi_team, notes):
    taken_back = []
    client = signed_in(qi_team)
    upload(client, "note\nx\n")
    client.post(reverse("import_commit", args=[ImportBatch.objects.get().pk]))
    done = ImportBatch.objects.get(state="committed")
    undo = reverse("import_undo", args=[done.pk])
    assert client.post(undo).status_code == 404
    notes.undo = lambda *, batch, by: taken_back.append((batch.pk, by))
    report = reverse("import_report", args=[done.pk])
    assert "Undo this import" in client.get(report).content.decode()
    client.post(undo)
    assert client.post(undo).status_code == 404
    assert taken_back == [(done.pk, qi_team)]
    done.refresh_from_db()
    assert done.state == "undone"
    assert done.undone_at
    assert AuditEvent.objects.filter(type="import.undone").count() == 1


# --- large files ------------------------------------------------------------


def test_a_large_file_is_read_by_a_job(
    signed_in, qi_team, good, monkeypatch, django_capture_on_commit_callbacks
):
    monkeypatch.setattr(import_desk, "INLINE_BYTES", 10)
    client = signed_in(qi_team)
    with django_capture_on_commit_callbacks(execute=True):
        answer = upload(client, good)
    job = JobRun.objects.get(kind="import_file")
    assert (job.state, job.requested_by) == ("done", qi_team.email)
    batch = ImportBatch.objects.get()
    assert client.get(answer.url).url == f"/account/imports/{batch.pk}/"
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(reverse("import_commit", args=[batch.pk]))
    assert answer.url.endswith("/commit/")
    assert Unit.objects.filter(code="W9").exists()


def test_the_page_of_a_large_file_while_it_is_read(
    client, qi_team, sysadmin, good, monkeypatch
):
    monkeypatch.setattr(import_desk, "INLINE_BYTES", 10)
    client.force_login(qi_team)
    answer = upload(client, good)
    page = client.get(answer.url).content.decode()
    assert "Waiting" in page
    assert 'hx-trigger="every 2s"' in page
    JobRun.objects.update(state="dead", error="whatever")
    page = client.get(answer.url).content.decode()
    assert "could not be read" in page
    client.force_login(sysadmin)
    assert client.get(answer.url).status_code == 404


def test_a_job_done_twice_checks_once(qi_team, good):
    staged = staging.stage(
        kind="units", file_name="a.csv", data=good.encode(), options={}, user=qi_team
    )
    job = JobRun(
        kind="import_file", key=f"{staged.id}:check", requested_by=qi_team.email
    )
    first = import_desk.import_file_job(job)
    assert import_desk.import_file_job(job) == first
    assert ImportBatch.objects.count() == 1


def test_history_costs_the_same_for_2_and_20(
    signed_in, qi_team, django_assert_num_queries
):
    client = signed_in(qi_team)
    client.get("/account/imports/")
    for total in (2, 20):
        ImportBatch.objects.bulk_create(
            ImportBatch(kind="units", file_sha256=str(n), by=qi_team, state="checked")
            for n in range(ImportBatch.objects.count(), total)
        )
        with django_assert_num_queries(5):
            answer = client.get("/account/imports/")
        assert answer.content.decode().count("Checked only") == total
