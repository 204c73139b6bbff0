"""Several people at once: distinct references, one row a submission, no lost edit."""

from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from django.db import connection

from projects.models import Driver, Project, ProjectMember
from projects.services import (
    driver_add,
    project_edit,
    project_join,
    project_register,
)
from qiportal.core.versions import Conflict

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(act, times):
    """The results of `act(number)` called by as many threads at once."""

    def run(number):
        try:
            return act(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(run, range(times)))


@pytest.fixture
def register(ward, lead):
    def call(number, submission_id=None):
        return project_register(
            title=f"Project {number}",
            problem="x",
            unit=ward,
            aim_statement="y",
            lead=lead,
            by=lead,
            submission_id=submission_id,
        )

    return call


def test_references_are_distinct_and_without_gaps(register):
    made = at_once(register, 8)
    numbers = sorted(int(p.reference.rsplit("-", 1)[1]) for p in made)
    assert numbers == [1, 2, 3, 4, 5, 6, 7, 8]


def test_one_submission_sent_five_times_is_one_project(register):
    sent = uuid4()
    made = at_once(lambda number: register(number, sent), 5)
    assert len({project.pk for project in made}) == 1
    assert Project.objects.count() == 1


def test_one_driver_sent_five_times_is_one(project, lead):
    sent = uuid4()
    at_once(
        lambda _: driver_add(project=project, text="A", by=lead, submission_id=sent), 5
    )
    assert Driver.objects.count() == 1


def test_joining_five_times_at_once_makes_one_member(project, frontline):
    at_once(lambda _: project_join(project=project, by=frontline), 5)
    assert ProjectMember.objects.filter(user=frontline).count() == 1


def test_of_six_editors_one_wins_and_the_rest_are_told(project, lead):
    def edit(number):
        mine = Project.objects.select_related("unit").get(pk=project.pk)
        try:
            project_edit(project=mine, version=1, by=lead, title=f"Title {number}")
        except Conflict:
            return "told"
        return "won"

    assert sorted(at_once(edit, 6)) == ["told"] * 5 + ["won"]
    assert Project.objects.get(pk=project.pk).version == 2
