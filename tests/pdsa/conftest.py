import uuid

import pytest


@pytest.fixture
def faker_id():
    """An id as a form's hidden field would carry it."""
    return uuid.uuid4()
