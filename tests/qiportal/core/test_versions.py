"""The optimistic lock."""

import pytest

from projects.models import Project
from qiportal.core.versions import Conflict, versioned_save
from tests.factories import ProjectFactory


def test_a_save_raises_the_version_and_moves_updated_at(project):
    before = project.updated_at
    project.title = "Fewer falls at night"
    versioned_save(project, expected=1)
    stored = Project.objects.get(pk=project.pk)
    assert (stored.title, stored.version) == ("Fewer falls at night", 2)
    assert stored.updated_at == project.updated_at > before
    assert project.version == 2


def test_the_second_of_two_editors_meets_a_conflict(project):
    mine, yours = (Project.objects.get(pk=project.pk) for _ in range(2))
    mine.title, yours.title = "Mine", "Yours"
    versioned_save(mine, expected=1)
    with pytest.raises(Conflict) as caught:
        versioned_save(yours, expected=1)
    assert caught.value.current.title == "Mine"
    assert Project.objects.get(pk=project.pk).title == "Mine"


def test_only_the_named_fields_are_written(project):
    project.title, project.problem = "New title", "New problem"
    versioned_save(project, expected=1, fields=["title"])
    stored = Project.objects.get(pk=project.pk)
    assert stored.title == "New title"
    assert stored.problem == "Patients fall when call bells are out of reach."


def test_a_foreign_key_is_written_too(project, other_ward):
    project.unit = other_ward
    versioned_save(project, expected=1)
    assert Project.objects.get(pk=project.pk).unit == other_ward


def test_a_row_that_is_gone_is_a_conflict_without_a_row(db):
    row = ProjectFactory()
    Project.objects.filter(pk=row.pk).delete()
    with pytest.raises(Conflict) as caught:
        versioned_save(row, expected=1)
    assert caught.value.current is None


def test_one_statement_does_it(project, django_assert_num_queries):
    with django_assert_num_queries(1):
        versioned_save(project, expected=1)
