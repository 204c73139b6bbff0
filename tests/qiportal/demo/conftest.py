"""One small trust for all tests of this folder's modules, undone at their end."""

import pytest
from django.db import transaction

from qiportal.demo.seed import demo_seed

SCALE = 0.1


@pytest.fixture(scope="module")
def seeded(django_db_setup, django_db_blocker):
    """A tenth of the trust; what a test changes is undone after it."""
    with django_db_blocker.unblock(), transaction.atomic():
        done = demo_seed(scale=SCALE)
        yield done
        transaction.set_rollback(True)


@pytest.fixture
def small_trust(seeded, db):
    return seeded
