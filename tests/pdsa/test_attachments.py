"""Files of a project: who may add, take and remove them, and how they come back."""

import os
import uuid
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import Image

from pdsa.models import Attachment
from pdsa.services.attachments import (
    attachment_add,
    attachment_delete,
    attachment_restore,
    uploads_sweep,
)
from projects.models import Project
from qiportal.accounts.models import AuditEvent
from qiportal.core.uploads import check_upload, store
from qiportal.demo.factories import (
    CycleFactory,
    MemberFactory,
    ProjectFactory,
    RampFactory,
)
from tests.qiportal.core import files
from tests.qiportal.core.test_uploads import HOSTILE

pytestmark = pytest.mark.django_db


def attached(project, by, name="board.png", data=None, **more) -> Attachment:
    checked = check_upload(name, data or files.png())
    return attachment_add(project=project, file=checked, by=by, **more)


def sent(name="board.jpg", data=None, **more) -> dict:
    data = files.half_and_half(6) if data is None else data
    file = SimpleUploadedFile(name, data)
    return {"file": file, "submission_id": uuid.uuid4(), **more}


def add_url(project, cycle=None) -> str:
    url = reverse("attachment_add", args=[project.reference])
    return f"{url}?cycle={cycle.pk}" if cycle else url


def url_of(name, row) -> str:
    return reverse(f"attachment_{name}", args=[row.project.reference, row.pk])


def fetched(client, row, url=""):
    """The answer to a download; its bytes, if there are any, in `body`."""
    response = client.get(url or url_of("download", row))
    if response.streaming:
        response.body = response.getvalue()
    return response


def kept_files(settings) -> list[Path]:
    return [p for p in Path(settings.MEDIA_ROOT).rglob("*") if p.is_file()]


def cycle_of(project):
    return CycleFactory(ramp=RampFactory(project=project))


def test_file_is_kept_under_a_random_name(project, lead, settings):
    row = attached(project, lead, "Ward 7 board.png")
    path = kept_files(settings)[0]
    assert "Ward" not in str(path.relative_to(settings.MEDIA_ROOT))
    assert path.stat().st_mode & 0o077 == 0
    assert (row.name, row.kind) == ("Ward 7 board.png", "png")
    assert path == store.path_of(row.stored_as)
    assert row.size == path.stat().st_size


def test_adding_is_audited_and_a_sign_of_life(project, lead):
    Project.objects.update(last_activity_at=project.last_activity_at - timedelta(20))
    row = attached(project, lead)
    event = AuditEvent.objects.get(type="attachment.added")
    assert (event.actor, event.target_id) == (lead.email, str(row.pk))
    assert event.new == {"kind": "png", "size": row.size, "sha256": row.sha256}
    assert event.unit_path == project.unit.path
    before = project.last_activity_at - timedelta(days=1)
    assert Project.objects.get().last_activity_at > before


def test_same_sending_twice_is_one_file(project, lead, settings):
    key = uuid.uuid4()
    first = attached(project, lead, submission_id=key)
    second = attached(project, lead, submission_id=key)
    assert first == second
    assert len(kept_files(settings)) == 1


def test_another_projects_test_is_refused(project, lead, settings):
    cycle = cycle_of(ProjectFactory())
    with pytest.raises(ValidationError, match="test of this project"):
        attached(project, lead, cycle=cycle)
    assert kept_files(settings) == []


def test_a_project_has_at_most_200_files(project, lead):
    rows = [
        Attachment(
            project=project, name="a", kind="png", size=1, sha256="", created_by=lead
        )
        for _ in range(200)
    ]
    Attachment.objects.bulk_create(rows)
    with pytest.raises(ValidationError, match="200 files"):
        attached(project, lead)


def test_row_that_cannot_be_written_leaves_no_file(project, lead, settings):
    checked = check_upload("a.png", files.png())
    lead.email = ""  # so the audit event cannot be written, after the row was
    with pytest.raises(ValueError, match="actor"):
        attachment_add(project=project, file=checked, by=lead)
    assert kept_files(settings) == []


def test_full_disk_is_said_in_words(project, lead, settings):
    settings.MEDIA_ROOT = Path(settings.MEDIA_ROOT) / "file"
    settings.MEDIA_ROOT.parent.mkdir(parents=True)
    settings.MEDIA_ROOT.write_text("in the way")
    with pytest.raises(ValidationError, match="disk"):
        attached(project, lead)
    assert not Attachment.objects.exists()


def test_delete_and_restore(project, lead):
    row = attached(project, lead)
    attachment_delete(attachment=row, by=lead)
    assert not Attachment.objects.visible_to(lead).exists()
    attachment_restore(attachment=row, by=lead)
    assert Attachment.objects.visible_to(lead).get() == row
    types = AuditEvent.objects.order_by("id").values_list("type", flat=True)
    assert list(types)[-2:] == ["attachment.deleted", "attachment.restored"]


def test_after_30_days_it_stays_deleted(project, lead):
    row = attached(project, lead)
    attachment_delete(attachment=row, by=lead)
    later = Attachment.objects.get().deleted_at + timedelta(days=30)
    with time_machine.travel(later, tick=False), pytest.raises(ValidationError):
        attachment_restore(attachment=row, by=lead)


def test_sweep_takes_old_files_without_a_row_only(project, lead, settings):
    row = attached(project, lead)
    deleted = attached(project, lead)
    attachment_delete(attachment=deleted, by=lead)
    old, fresh = store.keep(b"old"), store.keep(b"fresh")
    two_days_ago = store.path_of(old).stat().st_mtime - 2 * 24 * 3600
    for place in (old, row.stored_as, deleted.stored_as):
        os.utime(store.path_of(place), (two_days_ago, two_days_ago))
    assert uploads_sweep() == {"deleted": 1}
    assert not store.path_of(old).exists()
    for place in (fresh, row.stored_as, deleted.stored_as):
        assert store.path_of(place).exists()


@pytest.mark.parametrize(
    "place",
    ["../secret_key", "ab/../../x", "/etc/passwd", "", "ab/x", "AB/" + "0" * 38],
)
def test_store_opens_its_own_names_only(place):
    with pytest.raises(FileNotFoundError):
        store.opened(place)


def test_phone_photo_is_attached_in_one_request(project, lead, signed_in):
    response = signed_in(lead).post(add_url(project), sent("Board.JPG"), follow=True)
    row = Attachment.objects.get()
    assert row.name == "Board.jpg"
    assert b"Board.jpg is attached." in response.content
    with Image.open(store.path_of(row.stored_as)) as picture:
        assert picture.size == (20, 40)
        assert dict(picture.getexif()) == {}


def test_file_of_a_test_goes_back_to_the_test(project, lead, signed_in):
    cycle = cycle_of(project)
    response = signed_in(lead).post(add_url(project, cycle), sent())
    assert Attachment.objects.get().cycle == cycle
    assert response.url == reverse("cycle_detail", args=[project.reference, cycle.pk])


@pytest.mark.parametrize("number", ["999999", "x", "-1", "9" * 30, "²"])
def test_unknown_test_is_not_found(number, project, lead, signed_in):
    url = f"{add_url(project)}?cycle={number}"
    assert signed_in(lead).get(url).status_code == 404


def test_another_projects_test_is_not_found(project, lead, signed_in):
    cycle = cycle_of(ProjectFactory())
    response = signed_in(lead).post(add_url(project, cycle), sent())
    assert response.status_code == 404
    assert not Attachment.objects.exists()


@pytest.mark.parametrize("case", HOSTILE)
def test_hostile_file_is_refused_on_its_field(case, project, lead, signed_in, settings):
    name, data = HOSTILE[case]
    response = signed_in(lead).post(add_url(project), sent(name, data))
    assert response.status_code == 200
    assert response.context["form"].errors["file"]
    assert not Attachment.objects.exists()
    assert kept_files(settings) == []


def test_no_file_at_all(project, lead, signed_in):
    response = signed_in(lead).post(add_url(project), {})
    assert "Choose a file." in response.content.decode()


def test_name_that_may_name_a_patient_needs_a_tick(project, lead, signed_in):
    client = signed_in(lead)
    response = client.post(add_url(project), sent("Mrs Miller.jpg"))
    assert "None of this is about a patient" in response.content.decode()
    assert not Attachment.objects.exists()
    client.post(add_url(project), sent("Mrs Miller.jpg", not_a_patient="on"))
    row = Attachment.objects.get()
    event = AuditEvent.objects.get(type="identifier.confirmed_harmless")
    assert event.target_id == str(row.pk)
    assert event.new == {"ticks": [{"type": "person_name", "field": "file"}]}


def test_form_asks_phones_for_jpeg_and_sends_files(project, lead, signed_in):
    page = signed_in(lead).get(add_url(project)).content.decode()
    assert 'accept="image/jpeg,image/png,.pdf' in page
    assert 'enctype="multipart/form-data"' in page


def test_download_is_always_saved_never_shown(project, lead, signed_in):
    row = attached(project, lead, "Für alle.pdf", files.pdf())
    response = fetched(signed_in(lead), row)
    assert response.body == files.pdf()
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == (
        "attachment; filename*=utf-8''F%C3%BCr%20alle.pdf"
    )
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response["Content-Security-Policy"]
    assert response["Cache-Control"] == "no-store"
    assert response["Content-Length"] == str(len(files.pdf()))


def test_table_with_formulas_is_handed_out_as_it_came(project, lead, signed_in):
    data = b"a,b\n=1+1,@SUM(A1)\n"
    row = attached(project, lead, "t.csv", data)
    response = fetched(signed_in(lead), row)
    assert response.body == data
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Content-Disposition"].startswith("attachment")


def test_uploads_are_under_no_address(project, lead, signed_in, settings):
    row = attached(project, lead)
    client = signed_in(lead)
    for prefix in ("/media/", "/uploads/", "/static/", "/static/../uploads/", "/"):
        assert client.get(prefix + row.stored_as).status_code == 404


def test_lost_file_is_not_found(project, lead, signed_in):
    row = attached(project, lead)
    store.drop(row.stored_as)
    assert fetched(signed_in(lead), row).status_code == 404


def test_stranger_does_not_learn_of_a_team_projects_file(
    project, lead, stranger, signed_in
):
    row = attached(project, lead)
    Project.objects.update(visibility="team")
    client = signed_in(stranger)
    for name in ("list", "add"):
        url = reverse(f"attachment_{name}", args=[project.reference])
        assert client.get(url).status_code == 404
    assert fetched(client, row).status_code == 404
    assert client.post(add_url(project), sent()).status_code == 404
    for name in ("delete", "restore"):
        assert client.post(url_of(name, row)).status_code == 404
    assert Attachment.objects.get().deleted_at is None


def test_who_sees_the_project_may_read_but_not_write(
    project, lead, frontline, signed_in
):
    row = attached(project, lead)
    client = signed_in(frontline)
    assert fetched(client, row).status_code == 200
    assert client.get(add_url(project)).status_code == 403
    assert client.post(add_url(project), sent()).status_code == 403
    assert client.post(url_of("delete", row)).status_code == 403
    page = client.get(reverse("attachment_list", args=[project.reference]))
    assert "Delete" not in page.content.decode()
    assert "Add a file" not in page.content.decode()
    assert Attachment.objects.get().deleted_at is None


def test_file_is_reached_through_its_own_project_only(project, lead, signed_in):
    row = attached(project, lead)
    other = ProjectFactory(unit=project.unit)
    MemberFactory(project=other, user=lead)
    client = signed_in(lead)
    for name in ("download", "delete", "restore"):
        url = reverse(f"attachment_{name}", args=[other.reference, row.pk])
        answer = fetched(client, row, url) if name == "download" else client.post(url)
        assert answer.status_code == 404


def test_nobody_signed_in_goes_to_sign_in(project, lead, client):
    row = attached(project, lead)
    for url in (url_of("download", row), add_url(project)):
        response = client.get(url)
        assert response.status_code == 302
        assert response.url.startswith("/accounts/login/")


def test_qi_team_deletes_and_restores_but_does_not_add(
    project, lead, qi_team, signed_in
):
    row = attached(project, lead)
    client = signed_in(qi_team)
    assert client.get(add_url(project)).status_code == 403
    page = client.post(url_of("delete", row), follow=True).content.decode()
    assert "The file was deleted." in page
    assert url_of("restore", row) in page
    assert fetched(client, row).status_code == 404
    client.post(url_of("restore", row))
    assert fetched(client, row).status_code == 200


def test_get_changes_nothing(project, lead, signed_in):
    row = attached(project, lead)
    for name in ("delete", "restore"):
        assert signed_in(lead).get(url_of(name, row)).status_code == 405
    assert Attachment.objects.get().deleted_at is None


def test_file_of_a_deleted_test_is_hidden_with_it(project, lead, signed_in):
    cycle = cycle_of(project)
    row = attached(project, lead, cycle=cycle)
    cycle.deleted_at, cycle.deleted_by = row.created_at, lead
    cycle.save()
    assert fetched(signed_in(lead), row).status_code == 404


def test_forged_undo_key_is_ignored(project, lead, signed_in):
    url = reverse("attachment_list", args=[project.reference])
    for key in ("x", "9" * 40, "²", "1.2"):
        response = signed_in(lead).get(f"{url}?undo={key}")
        assert response.context["undo"] is None


def test_list_takes_the_same_queries_for_2_and_20(project, lead, signed_in):
    client = signed_in(lead)
    url = reverse("attachment_list", args=[project.reference])
    client.get(url)
    counts = []
    for number in (2, 18):
        for _ in range(number):
            attached(project, lead, cycle=cycle_of(project))
        with CaptureQueriesContext(connection) as seen:
            page = client.get(url)
        counts.append(len(seen))
    assert counts[0] == counts[1]
    assert page.content.decode().count("board.png</a>") == 20


@pytest.mark.parametrize(
    "name",
    ["a\x00b.png", "..\\..\\b.png", "../../b.png", "b\u202egnp.exe.png", "\r\nX: y"],
)
def test_odd_names_are_kept_cleaned(name, project, lead, signed_in):
    response = signed_in(lead).post(add_url(project), sent(name, files.png()))
    assert response.status_code in (200, 302)
    for row in Attachment.objects.all():
        assert not set(row.name) & set("/\\\x00\r\n\u202e")
        header = fetched(signed_in(lead), row)["Content-Disposition"]
        assert header.startswith("attachment")
