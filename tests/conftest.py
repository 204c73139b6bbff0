"""Personas and the ground every test stands on."""

import gc
import socket
from itertools import count

import pytest
from django.core.management import call_command
from django.db import connection

from qiportal.demo.factories import UserFactory
from tests.browser import chromium, live_server, profiles, visit
from tests.emptying import empty_sooner
from tests.world import make_project, make_trust, make_ward, with_role

__all__ = ["chromium", "live_server", "profiles", "visit"]

LOOPBACK = ("127.0.0.1", "::1", "localhost")


def pytest_collection_modifyitems(items):
    """Browser tests first: at the end short ones fill the gaps between workers."""
    items.sort(key=lambda item: item.get_closest_marker("browser") is None)


@pytest.fixture(autouse=True, scope="session")
def loopback_only():
    """No test may reach the outside world."""
    real = socket.socket.connect

    def guarded(self, address):
        if isinstance(address, tuple) and address[0] not in LOOPBACK:
            raise RuntimeError(f"Tests may not connect to {address[0]}.")
        return real(self, address)

    socket.socket.connect = guarded
    yield
    socket.socket.connect = real


@pytest.fixture(autouse=True, scope="session")
def collected_static(tmp_path_factory):
    """Pages name static files by their hash, so these are collected once."""
    from django.conf import settings

    settings.STATIC_ROOT = tmp_path_factory.mktemp("static")
    call_command("collectstatic", "--noinput", verbosity=0)


@pytest.fixture(scope="session")
def no_collection_yet():
    """Migrating makes thousands of model classes; looking for garbage slows it."""
    gc.disable()


@pytest.fixture(scope="session", autouse=True)
def emptied_sooner():
    with pytest.MonkeyPatch.context() as patch:
        empty_sooner(patch)
        yield


@pytest.fixture(scope="session")
def django_db_setup(no_collection_yet, django_db_setup, django_db_blocker):
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)  # tests leave much, and little of it in circles
    gc.enable()
    yield
    with django_db_blocker.unblock():
        others_leave()


def others_leave():
    """Ends what a server thread still holds open: it would keep the database alive."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )


@pytest.fixture(scope="session")
def uploads(tmp_path_factory):
    """Names of folders that are not there yet: few tests ever write one."""
    folder = tmp_path_factory.mktemp("uploads")
    return (folder / str(number) for number in count())


@pytest.fixture(autouse=True)
def _test_settings(settings, uploads):
    settings.MFA_REQUIRED = False
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.MEDIA_ROOT = next(uploads)
    settings.WHITENOISE_AUTOREFRESH = True  # else each client looks through all files


@pytest.fixture
def trust(db):
    return make_trust()


@pytest.fixture
def ward(trust):
    return make_ward(trust, "Medicine", "Ward 7")


@pytest.fixture
def other_ward(trust):
    return make_ward(trust, "Surgery", "Ward 12")


@pytest.fixture
def frontline(ward):
    """Amina: a ward nurse, member of nothing yet."""
    return UserFactory(full_name="Amina Yusuf", home_unit=ward)


@pytest.fixture
def lead(ward):
    return UserFactory(full_name="Lena Hart", home_unit=ward)


@pytest.fixture
def stranger(other_ward):
    """Somebody from another division."""
    return UserFactory(full_name="Sam Stranger", home_unit=other_ward)


@pytest.fixture
def qi_team(trust):
    return with_role("qi_team", trust, "Ben Okafor")


@pytest.fixture
def board_member(trust):
    return with_role("board", trust, "Carol Lindqvist")


@pytest.fixture
def sysadmin(trust):
    return with_role("sysadmin", trust, "Sid Admin")


@pytest.fixture
def project(ward, lead):
    """A trust-visible project of ward 7, led by Lena."""
    return make_project(ward, lead)


@pytest.fixture
def signed_in(client):
    """signed_in(user) gives a client with that person's session."""

    def sign_in(user):
        client.force_login(user)
        return client

    return sign_in
