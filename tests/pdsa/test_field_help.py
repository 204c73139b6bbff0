"""Help at the field: each has a one-line example, some lead to the library."""

import importlib
import inspect
import pkgutil

import pytest
from django import forms
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

import pdsa.forms
import projects.forms
from pdsa.forms.library import LINKS
from pdsa.models import Cycle
from qiportal.core.dates import now, today
from qiportal.core.forms import FilterForm
from qiportal.library.models import Method
from qiportal.library.seed import load_entries
from qiportal.library.services import library_seed
from tests.pdsa.places import fill, rows_of
from tests.world import shared

OF_THE_PROJECT = [
    *("project_edit", "project_status", "project_aim", "driver_new", "idea_new"),
    *("barrier_raise", "handover", "member_add", "method_attach"),
    *("cycle_new", "measure_new", "task_list", "discussion"),
]
OF_A_TEST = [
    *("cycle_plan", "prediction_add", "cycle_do"),
    *("cycle_finish", "cycle_study", "cycle_act", "cycle_next"),
]
OF_A_MEASURE = [
    *("measure_edit", "phase_add", "measure_targets"),
    *("point_add", "points_paste", "points_import"),
]


def form_classes():
    """Every form of the register and the log that is no filter of a list."""
    for package in (pdsa.forms, projects.forms):
        for module in pkgutil.iter_modules(package.__path__):
            found = importlib.import_module(f"{package.__name__}.{module.name}")
            for _, cls in inspect.getmembers(found, inspect.isclass):
                own = cls.__module__ == found.__name__
                if own and issubclass(cls, forms.BaseForm):
                    yield cls


CLASSES = [cls for cls in form_classes() if not issubclass(cls, FilterForm)]


def lacks_help(field):
    """No example under the label, nor one under each choice."""
    if field.widget.is_hidden or field.help_text:
        return False
    hints = getattr(field.widget, "hints", {})
    keys = [str(key) for key, _ in getattr(field, "choices", ()) if key != ""]
    return not hints or not all(hints.get(key) for key in keys)


def test_there_are_forms_to_look_at():
    assert len(CLASSES) > 30


@pytest.mark.parametrize("cls", CLASSES, ids=lambda cls: cls.__name__)
def test_every_field_has_an_example(cls):
    fields = cls.base_fields.items()
    assert [name for name, field in fields if lacks_help(field)] == []


@pytest.mark.parametrize("cls", LINKS, ids=lambda cls: cls.__name__)
def test_links_lead_from_real_fields_to_seeded_entries(cls):
    slugs = {entry.slug for entry in load_entries()}
    assert len(slugs) == 52
    for name, link in LINKS[cls].items():
        assert name in cls.base_fields
        assert link.slug in slugs
        assert link.words.endswith("?")


@pytest.fixture
def places(db, project, lead):
    """Addresses of the forms people fill in, with rows in every stage behind them."""
    fill(project, lead)
    keys = [project.reference]
    rows = rows_of(project)
    stages = {
        **dict.fromkeys(("cycle_plan", "prediction_add", "cycle_do"), ()),
        "cycle_finish": ("do_started_at",),
        "cycle_study": ("do_started_at", "do_finished_at"),
    }
    decided = ("study_started_at", "study_finished_at")
    stages |= dict.fromkeys(
        ("cycle_act", "cycle_next"), (*stages["cycle_study"], *decided)
    )

    def open_page(client, name):
        more = {
            **dict.fromkeys(OF_A_TEST, [rows["cycle"].pk]),
            **dict.fromkeys(OF_A_MEASURE, [rows["measure"].pk]),
        }
        if name in OF_A_TEST:
            begun = {stamp: now() for stamp in stages[name]}
            Cycle.objects.filter(pk=rows["cycle"].pk).update(do_on=today(), **begun)
        return client.get(reverse(name, args=[*keys, *more.get(name, [])]))

    return open_page


@pytest.mark.parametrize("name", [*OF_THE_PROJECT, *OF_A_TEST, *OF_A_MEASURE])
def test_every_field_of_a_page_has_an_example(name, places, lead, signed_in):
    page = places(signed_in(lead), name)
    assert page.status_code == 200
    for form in [page.context["form"], *page.context.get("formset", ())]:
        bare = [field.name for field in form if lacks_help(field.field)]
        assert bare == []


@pytest.fixture(scope="module")
def library(django_db_setup, django_db_blocker):
    with shared(django_db_blocker):
        library_seed()
        yield


def test_registering_is_helped_too(library, signed_in, lead, db):
    page = signed_in(lead).get(reverse("project_new"))
    assert [f.name for f in page.context["form"] if lacks_help(f.field)] == []
    assert "What is a SMART aim?" in page.content.decode()


def test_a_link_opens_beside_the_form_and_only_to_what_is_published(
    library, places, lead, signed_in
):
    client = signed_in(lead)
    link = (
        '<a href="/library/operational-definition/" target="_blank" rel="noopener">'
        "What is an operational definition?"
    )
    text = places(client, "measure_new").content.decode()
    assert link in text
    assert text.count("(opens in a new tab)") == 5
    assert client.get("/library/operational-definition/").status_code == 200
    Method.objects.filter(slug="operational-definition").update(retired_on=today())
    assert link not in places(client, "measure_new").content.decode()
    Method.objects.update(current_version=None)
    assert "opens in a new tab" not in places(client, "measure_new").content.decode()


def test_the_links_of_a_page_cost_one_query(library, places, lead, signed_in):
    client = signed_in(lead)
    places(client, "cycle_new")
    with CaptureQueriesContext(connection) as seen:
        text = places(client, "cycle_new").content.decode()
    asked = [q for q in seen if '"library_method"."slug" IN' in q["sql"]]
    assert len(asked) == 1
    assert text.count("Why say first what you expect?") == 1
