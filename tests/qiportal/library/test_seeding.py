"""seed_library: complete, repeatable, and it never overwrites what the trust wrote."""

from dataclasses import replace

import pytest
from django.core.management import call_command

from qiportal.accounts.models import AuditEvent, User
from qiportal.library.models import Method, MethodVersion
from qiportal.library.seed import load_entries
from qiportal.library.services import library_seed
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
ENTRY = load_entries()[31]


def test_all_52_entries_are_published_with_a_review_date():
    done = library_seed()
    assert done.created == 52
    assert Method.objects.live().count() == 52
    assert MethodVersion.objects.filter(state="published").count() == 52
    assert not MethodVersion.objects.filter(review_due_on=None).exists()
    assert Method.objects.get(slug="run-chart").position == 32
    assert AuditEvent.objects.get(type="library.seeded").new["created"] == 52


def test_doing_it_again_changes_nothing():
    library_seed()
    before = list(Method.objects.values())
    done = library_seed()
    assert (done.created, done.updated, done.unchanged) == (0, 0, 52)
    assert list(Method.objects.values()) == before
    assert AuditEvent.objects.filter(type="library.seeded").count() == 1


def test_changed_text_becomes_a_new_version_and_the_old_one_stays():
    library_seed(entries=[ENTRY])
    done = library_seed(entries=[replace(ENTRY, summary="Better words.")])
    assert done.updated == 1
    method = Method.objects.get()
    assert method.current_version.number == 2
    assert method.current_version.summary == "Better words."
    assert method.versions.get(number=1).summary == ENTRY.summary


def test_changed_particulars_need_no_new_version():
    library_seed(entries=[ENTRY])
    done = library_seed(entries=[replace(ENTRY, title="Run charts", level="coach")])
    assert done.updated == 1
    method = Method.objects.get()
    assert (method.title, method.level) == ("Run charts", "coach")
    assert method.versions.count() == 1


def test_what_the_trust_edited_is_left_alone():
    library_seed(entries=[ENTRY])
    method = Method.objects.get()
    MethodVersion.objects.create(
        method=method,
        number=2,
        summary="Our own words.",
        author=UserFactory(),
        created_by=method.owner,
    )
    done = library_seed(entries=[replace(ENTRY, summary="Better words.")])
    assert (done.kept_as_edited, done.updated) == (1, 0)
    assert method.versions.count() == 2


def test_the_owner_is_a_person_who_cannot_sign_in():
    library_seed(entries=[ENTRY])
    owner = User.objects.get(full_name="QI team (library)")
    assert not owner.is_active
    assert not owner.has_usable_password()


def test_the_trusts_own_house_method_stays_the_only_one():
    library_seed(entries=[replace(ENTRY, slug="own", title="Own", is_house=True)])
    library_seed(entries=[replace(ENTRY, is_house=True)])
    assert Method.objects.get(is_house=True).slug == "own"


def test_the_command_says_what_it_did(capsys):
    call_command("seed_library")
    assert "52 made" in capsys.readouterr().out
