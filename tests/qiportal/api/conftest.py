"""Tokens and clients of the API tests."""

import pytest
from django.core.cache import cache

from qiportal.accounts.tokens import token_issue
from tests.qiportal.api.clients import Caller

ALL = ["bi:read", "projects:read", "measures:write"]


@pytest.fixture(autouse=True)
def fresh_counters():
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def caller(sysadmin):
    """caller(scopes, unit=...) gives a client with a token of its own."""

    def make(scopes=ALL, unit=None, name="Power BI"):
        issued = token_issue(
            responsible=sysadmin,
            name=name,
            scopes=scopes,
            days=30,
            by=sysadmin,
            unit=unit,
        )
        return Caller(issued.secret)

    return make


@pytest.fixture
def api(caller):
    """A client with every scope."""
    return caller()
