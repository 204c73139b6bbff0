"""Writing the library: what is published never changes, and nobody is overwritten."""

from datetime import date

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from qiportal.accounts.models import AuditEvent
from qiportal.core.versions import Conflict
from qiportal.library import services
from qiportal.library.models import Method, MethodVersion
from qiportal.library.seed import load_entries
from qiportal.library.services import TEXT_FIELDS
from tests.factories import MethodFactory

pytestmark = pytest.mark.django_db
PARTICULARS = {
    "title": "Bedside board",
    "category": "test",
    "family": "lean",
    "stage": "test",
    "level": "foundation",
    "position": 500,
    "time_needed": "",
    "people_needed": "",
}
TEXT = {
    "summary": "A board by the bed.",
    "when_to_use": "- On wards.",
    "when_not_to_use": "- In clinics.",
    "steps": "1. Hang it up.",
    "mistakes": "- Too high.",
    "example": "",
    "source": "Common practice",
    "source_url": "",
    "licence": "Free to reuse",
}
LATER = date(2027, 11, 1)


@pytest.fixture(autouse=True)
def day():
    with time_machine.travel(date(2026, 11, 23), tick=False):
        yield


def create(by, **changes):
    return services.method_create(particulars=PARTICULARS, text=TEXT, by=by, **changes)


def write(method, by, version=0, **changes):
    return services.draft_write(
        method=method, text={**TEXT, **changes}, version=version, by=by
    )


def publish(draft, by, note="First edition", on=LATER):
    return services.draft_publish(
        draft=draft, change_note=note, review_due_on=on, by=by
    )


@pytest.fixture
def published(qi_team):
    method = create(qi_team)
    publish(method.versions.get(), qi_team)
    method.refresh_from_db()
    return method


def test_a_new_entry_is_a_draft_nobody_else_sees(qi_team, frontline):
    method = create(qi_team)
    assert (method.slug, method.current_version) == ("bedside-board", None)
    assert method.versions.get().state == "draft"
    assert not Method.objects.visible_to(frontline).exists()
    assert not Method.objects.editable_by(frontline).exists()
    assert Method.objects.editable_by(qi_team).exists()


@pytest.mark.parametrize(
    ("title", "slug"),
    [("Bedside board", "bedside-board-2"), ("New", "new-2"), ("…", "entry")],
)
def test_addresses_are_free_ones(qi_team, title, slug):
    create(qi_team)
    method = services.method_create(
        particulars={**PARTICULARS, "title": title}, text=TEXT, by=qi_team
    )
    assert method.slug == slug


def test_the_same_submission_makes_one_entry(qi_team):
    sent = "8f14e45f-ceea-4d0a-9c39-0d2f3f4c5a11"
    assert create(qi_team, submission_id=sent) == create(qi_team, submission_id=sent)
    assert Method.objects.count() == 1


def test_publishing_makes_it_everybodys(qi_team, frontline):
    method = create(qi_team)
    version = publish(method.versions.get(), qi_team)
    method.refresh_from_db()
    assert method.current_version == version
    assert (version.state, version.published_by) == ("published", qi_team)
    assert version.reviewed_by is None
    assert list(Method.objects.visible_to(frontline)) == [method]
    event = AuditEvent.objects.get(type="method.published")
    assert event.new["number"] == 1


def test_a_colleague_who_publishes_is_the_reviewer(qi_team, sysadmin):
    method = create(qi_team)
    draft = services.draft_to_review(draft=method.versions.get(), by=qi_team)
    assert draft.state == "review"
    assert publish(draft, sysadmin).reviewed_by == sysadmin


@pytest.mark.parametrize(
    ("note", "on"), [("", LATER), ("  ", LATER), ("x", date(2026, 11, 23))]
)
def test_publishing_needs_a_note_and_a_future_review(qi_team, note, on):
    method = create(qi_team)
    with pytest.raises(ValidationError):
        publish(method.versions.get(), qi_team, note=note, on=on)
    method.refresh_from_db()
    assert method.current_version is None


@pytest.mark.parametrize(
    "change",
    [
        lambda version, by: publish(version, by, note="again"),
        lambda version, by: services.draft_to_review(draft=version, by=by),
        lambda version, by: services.draft_discard(draft=version, by=by),
    ],
)
def test_no_service_changes_a_published_version(published, qi_team, change):
    before = MethodVersion.objects.values().get()
    with pytest.raises(ValidationError, match="never changes"):
        change(published.current_version, qi_team)
    assert MethodVersion.objects.values().get() == before


def test_writing_again_begins_a_new_version(published, qi_team):
    draft = write(published, qi_team, summary="Better.")
    assert (draft.number, draft.state) == (2, "draft")
    published.refresh_from_db()
    assert published.current_version.summary == "A board by the bed."
    publish(draft, qi_team, note="Clearer")
    published.refresh_from_db()
    assert published.current_version.summary == "Better."
    assert published.versions.get(number=1).summary == "A board by the bed."


def test_writing_on_changes_the_one_draft(published, qi_team):
    first = write(published, qi_team, summary="One")
    second = write(published, qi_team, version=first.version, summary="Two")
    assert second.pk == first.pk
    assert published.versions.count() == 2
    assert second.summary == "Two"


def test_writing_on_takes_a_draft_out_of_review(published, qi_team):
    draft = services.draft_to_review(draft=write(published, qi_team), by=qi_team)
    assert write(published, qi_team, version=draft.version).state == "draft"


@pytest.mark.parametrize("seen", [0, 7])
def test_nobody_overwrites_what_they_have_not_seen(published, qi_team, seen):
    write(published, qi_team, summary="Hers")
    with pytest.raises(Conflict) as caught:
        write(published, qi_team, version=seen, summary="His")
    assert caught.value.current.summary == "Hers"


def test_a_draft_published_meanwhile_is_a_conflict(published, qi_team):
    draft = write(published, qi_team)
    seen = draft.version
    publish(draft, qi_team)
    with pytest.raises(Conflict):
        write(published, qi_team, version=seen)


def test_the_database_allows_one_open_version(published, qi_team):
    draft = write(published, qi_team)
    draft.pk, draft.number = None, 3
    with pytest.raises(IntegrityError), transaction.atomic():
        draft.save()


def test_throwing_a_draft_away(published, qi_team):
    services.draft_discard(draft=write(published, qi_team), by=qi_team)
    assert published.versions.count() == 1
    lonely = create(qi_team)
    services.draft_discard(draft=lonely.versions.get(), by=qi_team)
    assert not Method.objects.filter(pk=lonely.pk).exists()


def test_particulars_have_a_lock_of_their_own(published, qi_team):
    changes = {**PARTICULARS, "title": "Board by the bed", "level": "coach"}
    services.method_describe(
        method=published, particulars=changes, version=published.version, by=qi_team
    )
    event = AuditEvent.objects.get(type="method.described")
    assert event.old == {"title": "Bedside board", "level": "foundation"}
    with pytest.raises(Conflict):
        services.method_describe(
            method=published,
            particulars={**changes, "title": "Third"},
            version=1,
            by=qi_team,
        )


def test_retiring_and_coming_back(published, qi_team):
    services.method_retire(method=published, by=qi_team)
    assert not Method.objects.live().exists()
    services.method_retire(method=published, by=qi_team)
    services.method_restore(method=published, by=qi_team)
    assert Method.objects.live().exists()
    types = AuditEvent.objects.filter(type__startswith="method.re").order_by("id")
    assert [event.type for event in types] == ["method.retired", "method.restored"]


def test_there_is_one_house_method_and_it_does_not_retire(published, qi_team):
    before = MethodFactory(is_house=True)
    services.house_method_set(method=published, by=qi_team)
    before.refresh_from_db()
    published.refresh_from_db()
    assert (before.is_house, published.is_house) == (False, True)
    with pytest.raises(ValidationError, match="house method"):
        services.method_retire(method=published, by=qi_team)


def test_only_a_published_entry_becomes_the_house_method(qi_team):
    with pytest.raises(ValidationError, match="Publish the entry first"):
        services.house_method_set(method=create(qi_team), by=qi_team)


def test_every_text_field_of_a_version_has_its_seed():
    assert all(hasattr(load_entries()[0], name) for name in TEXT_FIELDS)
