"""The page with both texts."""

import pytest
from django import forms
from django.test import RequestFactory

from qiportal.accounts.audit import audit_record
from qiportal.accounts.conflicts import conflict_page, last_editor
from qiportal.accounts.safe_forms import VersionedForm
from qiportal.organisation.models import Unit


class EditForm(VersionedForm):
    title = forms.CharField()
    problem = forms.CharField(widget=forms.Textarea)
    unit = forms.ModelChoiceField(Unit.objects.all())
    visibility = forms.ChoiceField(choices=[("trust", "Everyone"), ("team", "Us")])


@pytest.fixture
def page(project, lead, ward):
    def show(**changes):
        data = {
            "title": project.title,
            "problem": project.problem,
            "unit": ward.pk,
            "visibility": "trust",
            "version": 1,
            **changes,
        }
        form = EditForm(data)
        assert form.is_valid(), form.errors
        request = RequestFactory().post("/")
        request.user = lead
        return conflict_page(request, form=form, current=project, cancel_url="/x/")

    return show


def test_it_shows_what_differs_and_carries_the_rest(page, project):
    project.title, project.version = "Saved by another", 4
    answer = page(title="Mine")
    html = answer.content.decode()
    assert answer.status_code == 409
    assert "Saved by another" in html
    assert "Mine" in html
    assert html.count("Text to keep") == 1
    assert '<input type="hidden" name="version" value="4">' in html
    assert '<input type="hidden" name="visibility" value="trust"' in html


def test_a_choice_is_shown_by_its_name_and_chosen_in_its_own_box(page, project):
    html = page(visibility="team").content.decode()
    assert "Everyone" in html
    assert "<select" in html
    assert html.count("Text to keep") == 0


def test_a_related_row_is_shown_by_its_name(page, project, other_ward):
    project.unit = other_ward
    html = page().content.decode()
    assert "Ward 12" in html
    assert "Ward 7" in html


def test_the_last_editor_is_named(project, lead):
    assert last_editor(project) == ""
    audit_record(type="project.edited", target=project, by=lead)
    assert last_editor(project) == "Lena Hart"
