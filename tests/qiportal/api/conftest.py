"""Tokens and clients of the API tests."""

import pytest
from django.core.cache import cache

from qiportal.accounts.tokens import token_issue
from qiportal.dashboard.services import rollup
from tests.qiportal.api.clients import Caller
from tests.qiportal.api.world import build

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


@pytest.fixture
def world(trust):
    """A trust with rows in every table, and its figures published."""
    wards = build(trust)
    rollup()
    return wards
