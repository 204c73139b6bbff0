"""Files in a real browser: readable, on a phone, without scripts."""

from pathlib import Path

import pytest
from django.urls import reverse

from pdsa.models import Attachment
from tests.pdsa.test_attachments import attached
from tests.qiportal.core import files

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def place(name: str, project) -> str:
    return reverse(f"attachment_{name}", args=[project.reference])


def test_list_is_accessible_empty_and_filled(visit, project, lead):
    visitor = visit(lead, widths=(1366, 320))
    visitor.open(place("list", project))
    visitor.assert_clean("files-empty")
    attached(project, lead, "Board of ward 7 with a rather long name to wrap.png")
    visitor.open(place("list", project))
    visitor.assert_clean("files")


@pytest.mark.parametrize("javascript", [True, False])
def test_photo_is_attached_taken_back_and_restored(
    javascript, visit, project, lead, tmp_path: Path
):
    photo = tmp_path / "Board.jpg"
    photo.write_bytes(files.half_and_half(6))
    visitor = visit(lead, width=390, javascript=javascript)
    page = visitor.open(place("list", project))
    page.get_by_role("link", name="Add a file").click()
    page.set_input_files("input[type=file]", photo)
    page.get_by_role("button", name="Add the file").click()
    page.wait_for_url(f"**{place('list', project)}")
    with page.expect_download() as loading:
        page.get_by_role("link", name="Board.jpg").click()
    assert loading.value.suggested_filename == "Board.jpg"
    page.get_by_role("button", name="Delete").click()
    page.get_by_role("button", name="Undo").click()
    page.wait_for_url(f"**{place('list', project)}")
    assert Attachment.objects.get().deleted_at is None
    assert visitor.problems == []


def test_refusal_is_read_out_on_the_field(visit, project, lead, tmp_path: Path):
    fake = tmp_path / "chart.png"
    fake.write_text("<html><script>alert(1)</script></html>")
    visitor = visit(lead, width=360)
    page = visitor.open(place("add", project))
    assert visitor.axe() == []
    page.set_input_files("input[type=file]", fake)
    page.get_by_role("button", name="Add the file").click()
    page.get_by_role("heading", name="There is a problem").wait_for()
    assert page.title().startswith("Error: ")
    assert visitor.axe() == []
    assert visitor.sideways() <= 0
