"""PDF files of print pages, for real where weasyprint and Pango are installed."""

import sys

import pytest
from django.urls import reverse

from qiportal.core import pdf
from tests.factories import MeasureFactory

MADE = pytest.mark.skipif(
    not pdf.pdf_available(), reason="weasyprint or Pango is not installed here"
)
PICTURE = '<svg viewBox="0 0 9 9" width="9" height="9"><path class="qi-axis"/></svg>'
PAGE = f"<html><head></head><body><p>Fewer falls</p>{PICTURE}</body></html>"


@pytest.fixture
def without(monkeypatch):
    """A machine without the extra."""
    monkeypatch.setitem(sys.modules, "weasyprint", None)
    pdf.pdf_available.cache_clear()
    yield
    pdf.pdf_available.cache_clear()


def addresses(project):
    ref = [project.reference]
    return {
        reverse("writeup_pdf", args=ref): reverse("writeup", args=ref),
        reverse("poster_pdf", args=ref): reverse("project_poster", args=ref),
        reverse("portfolio_pdf"): reverse("portfolio"),
    }


@pytest.mark.django_db
def test_without_the_extra_the_address_answers_404_and_says_how(
    without, project, lead, signed_in
):
    client = signed_in(lead)
    assert not pdf.pdf_available()
    for file, page in addresses(project).items():
        answer = client.get(file)
        assert answer.status_code == 404
        assert "Save as PDF" in answer.content.decode()
        assert f'href="{page}"' in answer.content.decode()
        assert file not in client.get(page).content.decode()


@MADE
@pytest.mark.django_db
def test_with_the_extra_each_page_is_a_file(project, lead, signed_in):
    MeasureFactory(project=project)
    client = signed_in(lead)
    for file, page in addresses(project).items():
        assert f'href="{file}"' in client.get(page).content.decode()
        answer = client.get(file)
        assert answer.content.startswith(b"%PDF-")
        assert answer["Content-Type"] == "application/pdf"
        assert answer["Cache-Control"] == "no-store"


@MADE
@pytest.mark.parametrize("url", ["http://127.0.0.1:1/x.png", "file:///etc/passwd"])
def test_a_pdf_fetches_nothing(url, caplog):
    page = PAGE.replace("<p>", f'<img src="{url}"><p>')
    made = pdf.pdf_bytes(page, ["css/paper.css"], "css/pictures.css")
    assert made.startswith(b"%PDF-")
    assert f"disallowed protocol: {url}" in caplog.text


def test_a_file_carries_its_styles():
    made = pdf.standalone(PAGE, ["css/paper.css", "css/pictures.css"])
    assert made.count("<style>") == 1
    assert ".qi-paper" in made
    assert ".qi-axis" in made


def test_a_style_sheet_that_is_not_there_is_named():
    with pytest.raises(FileNotFoundError, match="css/none.css"):
        pdf.standalone(PAGE, ["css/none.css"])
