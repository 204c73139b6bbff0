"""Every field says what kind of data it holds; a new one without a class fails here."""

import pytest
from django.db import models

from qiportal.accounts.models import User
from qiportal.core.privacy import KINDS, fields_of_kind, own_models, privacy_of

OWN = own_models()
every_model = pytest.mark.parametrize("model", OWN, ids=lambda m: m._meta.label)


def fields(model):
    return [*model._meta.concrete_fields, *model._meta.many_to_many]


def test_all_apps_are_looked_at():
    assert {model._meta.app_label for model in OWN} == {
        "jobs",
        "organisation",
        "accounts",
        "library",
        "projects",
        "training",
        "surveys",
        "pdsa",
        "dashboard",
    }


@every_model
def test_each_field_has_one_class(model):
    classes = privacy_of(model)
    assert set(classes) == {field.name for field in fields(model)}
    assert set(classes.values()) <= set(KINDS)


@every_model
def test_no_field_is_listed_twice(model):
    listed = __import__(
        f"{model._meta.app_config.name}.privacy", fromlist=["CLASSES"]
    ).CLASSES
    names = " ".join(listed[model.__name__].values()).split()
    assert len(names) == len(set(names))


@every_model
def test_whatever_names_a_user_is_personal(model):
    classes = privacy_of(model)
    wrong = [
        field.name
        for field in fields(model)
        if field.related_model is User and classes[field.name] != "personal"
    ]
    assert wrong == []


@every_model
def test_long_text_is_never_called_plain(model):
    classes = privacy_of(model)
    wrong = [
        field.name
        for field in fields(model)
        if isinstance(field, models.TextField) and classes[field.name] == "plain"
    ]
    assert wrong == []


def test_no_app_lists_a_model_that_is_gone():
    names = {model.__name__ for model in OWN}
    for app in {model._meta.app_config.name for model in OWN}:
        module = __import__(f"{app}.privacy", fromlist=["CLASSES"])
        assert set(module.CLASSES) <= names, app


def test_survey_rows_name_nobody():
    personal = {model.__name__ for model, _ in fields_of_kind("personal")}
    assert not personal & {"SurveyResult", "CommentScore", "CommentTheme", "Benchmark"}
