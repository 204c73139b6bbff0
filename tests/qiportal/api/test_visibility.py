"""What a token can reach: trust-visible rows, and never a person or their words."""

import json

import pytest
from django.apps import apps

from pdsa.models import Comment as Talk
from projects.models import Project
from qiportal.accounts.models import User
from qiportal.api.tables import NESTED, RESOURCES, STAR
from surveys.models import Comment
from tests.qiportal.api.world import CANARIES, add_project, person

pytestmark = pytest.mark.django_db
START = "2020-01-01T00:00:00Z"
EVERYTHING = (*RESOURCES, *STAR)
PERSONAL = {
    *("email", "full_name", "user", "owner", "lead", "coach", "sponsor", "author"),
    *("created_by", "deleted_by", "closed_by", "by", "applicant", "trainer", "person"),
    *("rater", "who", "responsible", "note", "notes", "comment_text", "redacted_text"),
    *("plan", "objective", "observations", "problems", "results", "learned", "why"),
    *("surprises", "carried_learning", "statement", "because", "prediction", "body"),
    *("rationale", "learning", "reason", "text", "venue", "token", "collector"),
}


def project_keys(rows):
    return {row["project_key"] for row in rows if "project_key" in row}


@pytest.mark.parametrize("visibility", ["team", "draft"])
def test_a_project_that_not_everybody_sees_is_nowhere(api, world, visibility):
    hidden = add_project(world[0], visibility=visibility, reference="QI-2026-0666")
    for table in EVERYTHING:
        for query in ({}, {"updated_since": START}):
            rows = api.rows(table.path, **query)
            assert hidden.pk not in project_keys(rows), table.name
            assert "QI-2026-0666" not in json.dumps(rows), table.name
    assert api.get("projects/QI-2026-0666/").status_code == 404
    measure = hidden.measures.get()
    assert api.get(f"measures/{measure.pk}/data-points/").status_code == 404
    for name, path in (
        ("cycle_key", "cycles/"),
        ("measure_key", "measures/"),
        ("project_key", "projects/"),
    ):
        keys = {
            "cycle_key": hidden.ramps.get().cycles.first().pk,
            "measure_key": measure.pk,
            "project_key": hidden.pk,
        }
        assert api.page(path, **{name: keys[name]})["results"] == []


def test_files_hold_what_pages_hold(api, world):
    add_project(world[0], visibility="draft")
    for table in EVERYTHING:
        lines = api.ndjson(table.path.rstrip("/") + ".ndjson")
        rows = api.rows(table.path)
        by_key = {row["row_key"]: row for row in rows}
        assert {row["row_key"]: row for row in lines} == by_key, table.name
        assert len(lines) == len(rows)


def test_a_deleted_project_is_nowhere(api, world):
    project = Project.objects.get(reference="QI-2026-0042")
    project.deleted_at, project.deleted_by = project.created_at, project.created_by
    project.save()
    for table in EVERYTHING:
        assert project.pk not in project_keys(api.rows(table.path)), table.name
    assert api.get("projects/QI-2026-0042/").status_code == 404


def test_a_project_list_equals_an_oracle_written_from_the_matrix(api, world):
    for visibility in ("trust", "team", "draft"):
        add_project(world[1], visibility=visibility)
    rows = list(Project.objects.values_list("pk", "visibility", "deleted_at"))
    oracle = {pk for pk, seen, gone in rows if seen == "trust" and gone is None}
    assert len(oracle) == 2
    for path in ("projects/", "bi/dim_project/", "bi/fact_pdsa_cycle/", "cycles/"):
        assert project_keys(api.rows(path)) == oracle


def test_no_person_and_none_of_their_words_are_in_any_answer(api, world):
    project = Project.objects.get(reference="QI-2026-0042")
    author = person(world[0])
    Talk.objects.create(project=project, body=CANARIES["words"], created_by=author)
    assert Comment.objects.exists()
    texts = []
    for table in EVERYTHING:
        texts.append(api.get(table.path).content.decode())
        texts.append(json.dumps(api.csv(table.path.rstrip("/") + ".csv")))
        texts.append(api.get(table.path, {"updated_since": START}).content.decode())
    for table in NESTED:
        path = table.path.format(
            id=project.measures.get().pk, code="training.attendance"
        )
        texts.append(api.get(path).content.decode())
    for path in ("", "bi/", "bi/dictionary/", "projects/QI-2026-0042/"):
        texts.append(api.get(path).content.decode())
    everything = "\n".join(texts)
    for canary in CANARIES.values():
        assert canary not in everything
    for email, name in User.objects.values_list("email", "full_name"):
        assert email not in everything
        assert name not in everything


def test_no_column_is_named_after_a_person_or_their_words():
    for table in (*EVERYTHING, *NESTED):
        assert not PERSONAL & set(table.names), table.name


def test_columns_of_live_resources_are_those_of_the_star(api):
    extra = {
        table.name: set(table.names) - names
        for table in RESOURCES
        for names in [_star_names(table)]
    }
    assert extra.pop("projects") == {"url", "problem", "aim_statement"}
    assert set(map(frozenset, extra.values())) == {frozenset({"url"})}


def _star_names(table):
    """The columns of the star table with the same keys and source."""
    same = [star for star in STAR if star.source is table.source]
    (star,) = same
    return set(star.names)


def test_nothing_is_ever_nan_or_infinite(api, world):
    for table in EVERYTHING:
        text = api.get(table.path).content.decode()
        for word in ("NaN", "Infinity"):
            assert word not in text
        for row in api.csv(table.path.rstrip("/") + ".csv"):
            assert not {"nan", "inf", "-inf", "None"} & set(row.values())


def test_reading_changes_nothing_but_the_token_s_own_use(api, world):
    own = {"accounts.ApiToken", "accounts.TokenDay"}
    models = [m for m in apps.get_models() if m._meta.label not in own]

    def state():
        return [list(model.objects.order_by("pk").values_list()) for model in models]

    before = state()
    for table in EVERYTHING:
        api.get(table.path)
        api.csv(table.path.rstrip("/") + ".csv")
    assert state() == before
