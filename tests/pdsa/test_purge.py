"""What was deleted too long ago is gone for good; what another row needs stays."""

import os
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from pdsa import services
from pdsa.models import (
    Attachment,
    BenefitClaim,
    Comment,
    Cycle,
    DataPoint,
    Measure,
    Prediction,
    Task,
)
from pdsa.services import purge
from pdsa.services.attachments import attachment_add
from projects.models import ChangeIdea, Driver, Project
from qiportal.accounts.models import AuditEvent
from qiportal.core.dates import now
from qiportal.core.uploads import check_upload, store
from qiportal.dashboard.models import BoardAction
from tests.factories import (
    BenefitClaimFactory,
    ChangeIdeaFactory,
    CycleFactory,
    DataPointFactory,
    DriverFactory,
    MeasureFactory,
    PredictionFactory,
    RampFactory,
)
from tests.pdsa.places import fill
from tests.projects.scene import full_project
from tests.qiportal.core import files

pytestmark = pytest.mark.django_db


def deleted(row, by, *, days=31):
    """Deleted so many days ago."""
    rows = type(row)._base_manager.filter(pk=row.pk)
    rows.update(deleted_at=now() - timedelta(days=days), deleted_by=by)
    return row


def there(row):
    return type(row)._base_manager.filter(pk=row.pk).exists()


def attached(project, by, **more):
    checked = check_upload("board.png", files.png())
    return attachment_add(project=project, file=checked, by=by, **more)


def of_each_kind(project, by):
    driver = DriverFactory(project=project)
    return [
        CycleFactory(ramp=RampFactory(project=project)),
        MeasureFactory(project=project, name=f"Measure {driver.pk}"),
        DataPointFactory(measure=MeasureFactory(project=project, name=f"{driver.pk}")),
        services.comment_add(project=project, body="Hello", by=by),
        services.task_add(project=project, what="Print", who=by, by=by),
        BenefitClaimFactory(project=project),
        attached(project, by),
        ChangeIdeaFactory(project=project),
        driver,
    ]


def test_what_is_past_its_time_goes_and_the_rest_stays(project, lead):
    old, fresh, living = (of_each_kind(project, lead) for _ in range(3))
    for row in old:
        deleted(row, lead, days=30)
    for row in fresh:
        deleted(row, lead, days=29)
    events = AuditEvent.objects.count()
    counts = purge.purge_deleted()
    assert [row for row in old if there(row)] == []
    assert [row for row in fresh + living if not there(row)] == []
    assert sum(counts.values()) == len(old)
    assert AuditEvent.objects.count() == events + len(old)
    event = AuditEvent.objects.get(type="comment.purged")
    assert (event.actor, event.old, event.new) == ("system:purge_deleted", {}, {})
    assert sum(purge.purge_deleted().values()) == 0
    with pytest.raises(ValidationError):
        services.task_restore(task=deleted(living[4], lead, days=30), by=lead)


def test_the_trust_says_how_long(project, lead, settings):
    settings.DELETED_KEPT_DAYS = 90
    task = services.task_add(project=project, what="Print", who=lead, by=lead)
    deleted(task, lead, days=89)
    purge.purge_deleted()
    services.task_restore(task=task, by=lead)
    deleted(task, lead, days=90)
    purge.purge_deleted()
    assert not there(task)


def test_a_file_leaves_the_disk_with_its_row(
    project, lead, django_capture_on_commit_callbacks
):
    cycle = CycleFactory(ramp=RampFactory(project=project))
    alone, of_test, kept = (
        attached(project, lead, cycle=c) for c in (None, cycle, None)
    )
    deleted(alone, lead)
    deleted(cycle, lead)
    with django_capture_on_commit_callbacks(execute=True):
        purge.purge_deleted()
    assert list(Attachment.objects.all()) == [kept]
    there_now = [
        os.path.exists(store.path_of(row.stored_as)) for row in (alone, of_test, kept)
    ]
    assert there_now == [False, False, True]


def test_an_answered_comment_stays_until_its_answers_go(project, lead):
    asked = services.comment_add(project=project, body="May I?", by=lead)
    told = services.comment_add(project=project, body="Yes", parent=asked, by=lead)
    deleted(asked, lead)
    purge.purge_deleted()
    assert Comment.objects.count() == 2
    deleted(told, lead)
    purge.purge_deleted()
    assert not Comment.objects.exists()


def test_a_test_stays_while_another_is_built_on_it(project, lead):
    ramp = RampFactory(project=project)
    first = CycleFactory(ramp=ramp, number=1)
    second = CycleFactory(ramp=ramp, number=2, previous=first)
    third = CycleFactory(ramp=ramp, number=3, previous=second)
    row = PredictionFactory(cycle=third)
    PredictionFactory(cycle=third, supersedes=row)
    deleted(first, lead)
    deleted(third, lead)
    purge.purge_deleted()
    assert list(Cycle.objects.order_by("pk")) == [first, second]
    assert not Prediction.objects.exists()
    deleted(second, lead)
    purge.purge_deleted()
    assert not Cycle.objects.exists()


def test_tasks_and_comments_of_a_purged_test_live_on(project, lead):
    cycle = CycleFactory(ramp=RampFactory(project=project))
    told = {"project": project, "cycle": cycle, "by": lead}
    services.task_add(what="Print", who=lead, **told)
    services.comment_add(body="Hello", **told)
    deleted(cycle, lead)
    purge.purge_deleted()
    assert Task.objects.get().cycle is None
    assert Comment.objects.get().cycle is None


def test_an_idea_that_tests_belong_to_stays(project, lead):
    of_ramp, also = (
        ChangeIdeaFactory(project=project),
        ChangeIdeaFactory(project=project),
    )
    cycle = CycleFactory(ramp=RampFactory(project=project, change_idea=of_ramp))
    cycle.other_change_ideas.add(also)
    for idea in (of_ramp, also, ChangeIdeaFactory(project=project)):
        deleted(idea, lead)
    purge.purge_deleted()
    assert set(ChangeIdea.objects.all()) == {of_ramp, also}


def test_a_driver_goes_after_what_hangs_on_it(project, lead):
    top = DriverFactory(project=project)
    branch = DriverFactory(project=project, level="secondary", parent=top)
    idea = ChangeIdeaFactory(project=project, driver=branch)
    deleted(top, lead)
    deleted(branch, lead, days=29)
    purge.purge_deleted()
    assert Driver.objects.count() == 2
    deleted(branch, lead)
    purge.purge_deleted()
    assert not Driver.objects.exists()
    idea.refresh_from_db()
    assert idea.driver is None


def test_a_benefit_outlives_the_measure_it_names(project, lead):
    measure = MeasureFactory(project=project)
    DataPointFactory(measure=measure)
    claim = BenefitClaimFactory(project=project, measure=measure)
    deleted(measure, lead)
    purge.purge_deleted()
    claim.refresh_from_db()
    assert claim.measure is None
    assert not DataPoint.objects.exists()


def full(lead, ward, title):
    """A project with one of everything, and what stands in the way of deleting it."""
    project = full_project(lead, ward, title=title)
    fill(project, lead, times=2)
    ramp = project.ramps.first()
    first = ramp.cycles.get()
    cycle = CycleFactory(ramp=ramp, number=2, previous=first)
    row = PredictionFactory(cycle=cycle)
    PredictionFactory(cycle=cycle, supersedes=row)
    services.comment_add(project=project, body="Hi", cycle=cycle, by=lead)
    attached(project, lead, cycle=cycle)
    return project


def test_a_project_goes_with_everything_that_is_its_own(
    ward, lead, django_capture_on_commit_callbacks
):
    gone, kept = (full(lead, ward, title) for title in ("Gone", "Kept"))
    file = gone.attachments.get()
    deleted(gone, lead)
    models = (Cycle, Measure, DataPoint, Task, Comment, BenefitClaim, Driver)
    before = {model: model.objects.count() for model in models}
    events = AuditEvent.objects.count()
    with django_capture_on_commit_callbacks(execute=True):
        assert purge.purge_deleted()["projects"] == 1
    assert list(Project.objects.all()) == [kept]
    assert {m: m.objects.count() * 2 for m in models} == before
    assert not os.path.exists(store.path_of(file.stored_as))
    assert AuditEvent.objects.count() == events + 1
    event = AuditEvent.objects.get(type="project.purged")
    assert event.old == {"reference": gone.reference}


def test_a_project_the_board_acted_on_stays(ward, lead, board_member):
    named = full(lead, ward, "Named by the board")
    barrier = named.barriers.first()
    BoardAction.objects.create(
        barrier=barrier,
        type="unblock",
        text="Ask IT",
        owner=board_member,
        due_on=now().date(),
    )
    other = full(lead, ward, "Gone")
    for project in (named, other):
        deleted(project, lead)
    assert purge.purge_deleted()["projects"] == 1
    assert list(Project.objects.all()) == [named]
    assert named.measures.count() == 2


def test_a_run_that_is_cut_off_is_run_again(project, lead, monkeypatch):
    monkeypatch.setattr(purge, "BATCH", 3)
    for n in range(8):
        what = f"Task {n}"
        row = services.task_add(project=project, what=what, who=lead, by=lead)
        deleted(row, lead)
    beats = iter([None, None, RuntimeError("the worker is gone")])

    def heartbeat(job):
        if error := next(beats, None):
            raise error

    monkeypatch.setattr(purge, "heartbeat", heartbeat)
    with pytest.raises(RuntimeError):
        purge.purge_deleted()
    assert Task.objects.count() == 2
    assert purge.purge_deleted()["task"] == 2
    assert AuditEvent.objects.filter(type="task.purged").count() == 8
