"""Who reaches which page of the log (SECURITY section 1)."""

import pytest
from django.conf import settings
from django.urls import URLPattern

from pdsa.urls import urlpatterns
from tests.factories import MemberFactory, ProjectFactory
from tests.pdsa.places import NAMES, addresses, fill
from tests.world import fresh, make_cast, session_of, shared

pytestmark = pytest.mark.django_db

ROLES = {
    "writer": {"seen", "write", "log", "delete", "history"},
    "qi_team": {"seen", "delete", "check", "history"},
    "own_team": {"seen", "log"},
    "stranger": {"seen"},
    "sponsor": {"seen", "history"},
    "sysadmin": {"seen"},
}
OTHER_ROUTES = {
    *("unit_multiples", "unit_matrix", "unit_matrix_list", "programme_list"),
    *("programme_detail", "programme_multiples"),
    *("team_page", "team_stuck", "team_poster", "team_qr", "target_remove"),
    *("cycle_restore", "measure_restore", "point_restore", "comment_restore"),
    *("task_restore", "comment_delete", "benefit_restore"),
    *("unit_benefits", "unit_benefit_list", "unit_benefits_csv"),
}


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    """One full project and everybody around it, for all tests of this module."""
    with shared(django_db_blocker):
        cast = make_cast()
        fill(cast.project, cast.lead)
        sponsor = MemberFactory(project=cast.project, relation="sponsor").user
        cast.people = {
            "writer": cast.lead,
            "qi_team": cast.qi_team,
            "own_team": cast.frontline,
            "stranger": cast.stranger,
            "sponsor": sponsor,
            "sysadmin": cast.sysadmin,
        }
        cast.sessions = {who: session_of(user) for who, user in cast.people.items()}
        yield cast


@pytest.fixture
def full(world, db):
    return fresh(world.project)


@pytest.fixture
def lead(world, db):
    return fresh(world.lead)


@pytest.fixture
def stranger(world, db):
    return fresh(world.stranger)


@pytest.fixture
def signed_in(world, client):
    """signed_in("writer") gives a client with that person's session."""

    def sign_in(role):
        client.cookies[settings.SESSION_COOKIE_NAME] = world.sessions[role]
        return client

    return sign_in


def test_every_address_is_looked_at():
    own = [pattern for pattern in urlpatterns if isinstance(pattern, URLPattern)]
    named = {pattern.name for pattern in own if not pattern.name.startswith("attach")}
    assert named - OTHER_ROUTES <= set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_who_may_open_and_send(name, full, signed_in, client):
    url, get, post = addresses(full)[name]
    for role, allowed in ROLES.items():
        signed_in(role)
        expected = 405 if not get else 200 if get in allowed else 403
        status = client.get(url).status_code
        assert status in (expected, 302) if expected == 200 else status == expected
    for role, allowed in ROLES.items():
        signed_in(role)
        if not post:
            assert client.post(url).status_code == 405
        elif post not in allowed:
            assert client.post(url).status_code == 403


@pytest.mark.parametrize("name", NAMES)
def test_a_stranger_does_not_learn_of_a_team_project(name, full, stranger, client):
    full.visibility = "team"
    full.save()
    client.force_login(stranger)
    url, get, post = addresses(full)[name]
    answers = {client.get(url).status_code} if get else set()
    answers |= {client.post(url).status_code} if post else set()
    assert answers == {404}


@pytest.mark.parametrize("name", NAMES)
def test_nobody_signed_in_goes_to_sign_in(name, full, client):
    url, get, _ = addresses(full)[name]
    answer = client.get(url) if get else client.post(url)
    assert answer.status_code == 302
    assert "login" in answer.url


def test_rows_are_reached_through_their_own_project_only(full, lead, client):
    """The number of one project's row under the reference of another is 404."""
    other = ProjectFactory(unit=full.unit, reference="QI-2026-0099")
    MemberFactory(project=other, user=lead, relation="lead")
    client.force_login(lead)
    tried = 0
    for url, get, _ in addresses(full).values():
        foreign = url.replace(full.reference, other.reference)
        if any(part.isdecimal() for part in foreign.split("/")):
            answer = client.get(foreign) if get else client.post(foreign)
            assert answer.status_code == 404, foreign
            tried += 1
    assert tried == 31


def test_a_refused_number_leaves_no_trace(full, stranger, client):
    url, _, _ = addresses(full)["point_add"]
    client.force_login(stranger)
    before = full.measures.first().points.count()
    client.post(url, {"period_start": "2025-06-01", "numerator": "5"})
    assert full.measures.first().points.count() == before


def test_pages_are_never_kept_by_a_browser(full, lead, client):
    client.force_login(lead)
    answer = client.get(addresses(full)["project_home"][0])
    assert answer["Cache-Control"] == "no-store"


def test_get_changes_nothing(full, lead, client):
    from qiportal.accounts.models import AuditEvent

    client.force_login(lead)
    before = AuditEvent.objects.count()
    for url, get, _ in addresses(full).values():
        if get:
            client.get(url)
    assert AuditEvent.objects.count() == before
