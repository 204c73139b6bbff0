"""Every list asks as many questions of the database for 20 rows as for 2."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from qiportal.api.tables import RESOURCES, STAR
from qiportal.dashboard.services import rollup
from tests.factories import UnitFactory
from tests.qiportal.api.world import (
    add_comments,
    add_project,
    add_results,
    add_survey,
    add_training,
)

pytestmark = pytest.mark.django_db


def counted(api, path):
    """(rows, queries) of a page."""
    with CaptureQueriesContext(connection) as queries:
        rows = api.page(path)["results"]
    return len(rows), len(queries)


def fill(wards, count, *, first):
    """`count` of everything, spread over wards."""
    for n in range(count):
        add_project(wards[n % 3], with_method=first and n == 0)
        add_training(wards[n % 3])


TABLES = (*RESOURCES, *STAR)


def all_counted(api):
    """{table: (rows, queries)} of every list's first page."""
    api.page(TABLES[0].path)  # the token's day is counted from its first request
    return {table.name: counted(api, table.path) for table in TABLES}


def test_two_and_twenty_rows_cost_the_same(api, trust):
    division = UnitFactory(kind="division", parent=trust)
    wards = [UnitFactory(kind="team", parent=division) for _ in range(3)]
    fill(wards, 2, first=True)
    wave = add_survey(wards)
    rollup()
    few = all_counted(api)
    fill(wards, 6, first=False)
    for month in range(1, 7):
        add_results(
            wave,
            wave.survey.questions.create(
                year=2026, code=f"q{month}", wording_key=f"wording-{month}", label="Q"
            ),
            {wards[0]: [3, 3, 3, 12, month]},
        )
    add_comments(wave, wards[1], 15, theme="training")
    rollup()
    many = all_counted(api)
    assert {name: n for name, (_, n) in many.items()} == {
        name: n for name, (_, n) in few.items()
    }
    assert [name for name in few if not many[name][0] >= few[name][0] > 0] == []


def test_the_index_asks_a_fixed_number_of_questions(api, world):
    api.get("bi/")
    with CaptureQueriesContext(connection) as before:
        api.get("bi/")
    add_project(world[0])
    with CaptureQueriesContext(connection) as after:
        api.get("bi/")
    assert len(after) == len(before) <= 60
