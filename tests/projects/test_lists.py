"""The project list: filters, pages, exports, look-alikes, dropped ideas."""

import csv
import io
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from projects.forms import ProjectFilterForm
from projects.models import Barrier, ChangeIdea, Project
from projects.presenters import lookalike_rows
from projects.selectors import (
    deleted_projects,
    drivers_in_outline,
    dropped_ideas,
    project_list,
    similar_projects,
)
from projects.services import (
    driver_add,
    idea_add,
    method_attach,
    project_delete,
)
from qiportal.accounts.models import AuditEvent, SavedFilter
from qiportal.core.dates import now, today
from tests.factories import (
    ChangeIdeaFactory,
    DriverFactory,
    MemberFactory,
    MethodFactory,
    ProjectFactory,
    UnitFactory,
    UserFactory,
)
from tests.projects.scene import method


def titles(rows):
    return [row.title for row in rows]


def make(unit, title, **fields):
    if fields.get("status") in ("completed", "stopped", "sustained"):
        person = UserFactory()
        fields |= {"closed_on": today(), "closed_by": person, "learning": "Much."}
    return ProjectFactory(unit=unit, title=title, **fields)


# --- filters --------------------------------------------------------------------------


def test_every_state_is_found_and_the_busiest_comes_first(ward, frontline):
    for days, status in enumerate(("stopped", "active", "completed", "idea")):
        moment = now() - timedelta(days=days)
        make(ward, status, status=status, last_activity_at=moment)
    rows = titles(project_list(frontline, {}))
    assert rows == ["stopped", "active", "completed", "idea"]


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("live", {"idea", "active"}),
        ("closed", {"completed", "stopped", "sustained"}),
        ("resting", {"resting"}),
        ("", {"idea", "active", "resting", "completed", "stopped", "sustained"}),
    ],
)
def test_by_status(ward, frontline, status, expected):
    for name in ("idea", "active", "resting", "completed", "stopped", "sustained"):
        make(ward, name, status=name)
    assert set(titles(project_list(frontline, {"status": status}))) == expected


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("falls bells", ["Fewer falls"]),
        ("QI-2026-0777", ["Letters"]),
        ("clips", ["Letters"]),
        ("falls clips", []),
    ],
)
def test_words_are_sought_in_title_problem_learning_and_reference(
    ward, frontline, words, expected
):
    make(ward, "Fewer falls", problem="Bells out of reach")
    make(
        ward, "Letters", problem="Slow", learning="Use clips", reference="QI-2026-0777"
    )
    assert titles(project_list(frontline, {"q": words})) == expected


def test_a_unit_means_everything_below_it(ward, other_ward, frontline):
    bay = UnitFactory(kind="team", parent=ward.parent, name="Bay")
    make(ward, "Ward")
    make(bay, "Bay")
    make(other_ward, "Surgery")
    division = ward.parent
    assert set(titles(project_list(frontline, {"unit": division}))) == {"Ward", "Bay"}


def test_by_method_main_or_in_use_each_once(ward, frontline, lead):
    lean = MethodFactory(title="Lean")
    both = make(ward, "Both", method=lean)
    method_attach(project=both, method=lean, by=lead)
    method_attach(project=make(ward, "Uses"), method=lean, by=lead)
    make(ward, "Neither")
    rows = titles(project_list(frontline, {"method": lean}))
    assert sorted(rows) == ["Both", "Uses"]


def test_mine_quiet_and_stuck(ward, frontline, lead):
    mine = make(ward, "Mine")
    MemberFactory(project=mine, user=frontline, relation="coach")
    make(ward, "Quiet", last_activity_at=now() - timedelta(days=43))
    old = now() - timedelta(days=90)
    make(ward, "Resting", status="resting", last_activity_at=old)
    stuck = make(ward, "Stuck")
    for resolved in (None, now()):
        Barrier.objects.create(
            project=stuck if resolved is None else mine,
            type="time",
            text="x",
            level="unit",
            raised_at=now(),
            resolved_at=resolved,
            outcome="done" if resolved else "",
            created_by=lead,
        )
    assert titles(project_list(frontline, {"mine": True})) == ["Mine"]
    assert titles(project_list(frontline, {"quiet": True})) == ["Quiet"]
    assert titles(project_list(frontline, {"stuck": True})) == ["Stuck"]


def test_only_what_one_may_see_is_counted(ward, frontline, stranger, signed_in):
    make(ward, "Team", visibility="team")
    make(ward, "Draft", visibility="draft")
    make(ward, "Trust")
    assert set(titles(project_list(frontline, {}))) == {"Team", "Trust"}
    html = signed_in(stranger).get("/projects/?q=Team").content.decode()
    assert "<strong>0</strong> projects" in html
    html = signed_in(stranger).get("/projects/").content.decode()
    assert "<strong>1</strong> project" in html
    assert "Draft" not in html


@pytest.mark.parametrize(
    "query",
    [
        "status=great",
        "unit=99999",
        "unit=x",
        "method=-1",
        "page=999",
        "page=x",
        "q=%00",
        "q=" + "x" * 300,
        "q=%25%27%22%3Cscript%3E",
        "nonsense=1",
    ],
)
def test_odd_filters_do_not_break_the_page(signed_in, frontline, project, query):
    assert signed_in(frontline).get(f"/projects/?{query}").status_code == 200


def test_a_wrong_filter_is_ignored_and_marked(frontline, project):
    form = ProjectFilterForm(QueryDict("status=great&q=falls"), actor=frontline)
    assert form.usable()["q"] == "falls"
    assert "status" in form.errors


def test_fifty_rows_a_page(signed_in, frontline, ward, lead):
    for number in range(51):
        ProjectFactory(unit=ward, created_by=lead, title=f"Project {number}")
    client = signed_in(frontline)
    first = client.get("/projects/")
    assert len(first.context["rows"]) == 50
    assert len(client.get("/projects/?page=2").context["rows"]) == 1
    assert "<strong>51</strong> projects" in first.content.decode()


def statements(client, url):
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


@pytest.mark.parametrize(
    "url",
    [
        "/projects/",
        "/projects/?q=project&status=live&mine=on",
        "/projects/tried-and-dropped/",
        "/projects/deleted/",
        "/projects/export.csv",
        "/projects/lookalikes/?title=project bells",
    ],
)
def test_lists_take_as_many_statements_at_20_as_at_2(
    url, signed_in, qi_team, ward, other_ward
):
    client = signed_in(qi_team)

    def more(count):
        for _ in range(count):
            project = ProjectFactory(unit=other_ward, title="Project bells")
            MemberFactory(project=project, user=qi_team, relation="lead")
            MemberFactory(project=project, relation="lead")
            ChangeIdeaFactory(project=project, status="abandoned")
            gone = ProjectFactory(unit=ward)
            project_delete(project=gone, by=qi_team)

    client.get(url)
    more(2)
    two = statements(client, url)
    more(18)
    assert statements(client, url) == two


@pytest.mark.parametrize(
    "name", ["drivers", "ideas", "people", "methods", "barriers", "history", "details"]
)
def test_project_pages_take_as_many_statements_at_20_as_at_2(
    name, signed_in, lead, project
):
    client = signed_in(lead)
    url = f"/projects/{project.reference}/{name}/"

    def more(count):
        for _ in range(count):
            primary = driver_add(project=project, text="Bells", by=lead)
            inner = driver_add(project=project, text="In", parent=primary, by=lead)
            idea_add(project=project, title="Clip", driver=inner, by=UserFactory())
            MemberFactory(project=project)
            method_attach(project=project, method=method("Map"), by=lead)
            Barrier.objects.create(
                project=project,
                type="time",
                text="x",
                level="unit",
                raised_at=now(),
                owner=UserFactory(),
                created_by=lead,
            )

    more(2)
    client.get(url)
    two = statements(client, url)
    more(18)
    assert statements(client, url) == two
    assert two <= 18


# --- saved filters --------------------------------------------------------------------


def test_a_filter_is_named_used_and_forgotten(signed_in, frontline):
    client = signed_in(frontline)
    answer = client.post(
        "/projects/filters/save/", {"name": "Ours", "query": "q=falls&page=3&evil=1"}
    )
    assert answer.url == "/projects/?q=falls"
    row = SavedFilter.objects.get()
    assert row.query_string == "q=falls"
    assert "?q=falls" in client.get("/projects/").content.decode()
    client.post("/projects/filters/save/", {"name": "Ours", "query": "q=bells"})
    assert SavedFilter.objects.get().query_string == "q=bells"
    client.post(f"/projects/filters/{row.pk}/delete/")
    assert not SavedFilter.objects.exists()


@pytest.mark.parametrize("data", [{"name": "", "query": "q=x"}, {"name": "A"}])
def test_a_filter_without_name_or_content_is_not_kept(signed_in, frontline, data):
    signed_in(frontline).post("/projects/filters/save/", data)
    assert not SavedFilter.objects.exists()


def test_another_persons_filter_stays(signed_in, frontline, stranger):
    row = SavedFilter.objects.create(
        user=frontline, page="projects", name="Ours", query_string="q=x"
    )
    answer = signed_in(stranger).post(f"/projects/filters/{row.pk}/delete/")
    assert answer.status_code == 404
    assert SavedFilter.objects.exists()


# --- exports --------------------------------------------------------------------------

FORMULA = '=HYPERLINK("http://evil.example","x")'


def test_the_csv_holds_what_the_list_holds(signed_in, frontline, ward, other_ward):
    make(ward, FORMULA, problem="+1", reference="QI-2026-0500")
    make(ward, "Not this")
    make(ward, "Hidden falls", visibility="draft")
    answer = signed_in(frontline).get("/projects/export.csv?q=HYPERLINK")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert len(rows) == 1
    assert rows[0]["Reference"] == "QI-2026-0500"
    assert rows[0]["Title"] == f"'{FORMULA}"
    assert rows[0]["Problem"] == "'+1"


def test_the_xlsx_has_no_formula(signed_in, frontline, ward):
    make(ward, FORMULA)
    answer = signed_in(frontline).get("/projects/export.xlsx")
    sheet = load_workbook(io.BytesIO(answer.content)).worksheets[0]
    cells = [cell for row in sheet.iter_rows() for cell in row]
    assert all(cell.data_type != "f" for cell in cells)
    assert f"'{FORMULA}" in [cell.value for cell in cells]


def test_taking_a_list_away_is_audited(signed_in, frontline, ward):
    make(ward, "One")
    signed_in(frontline).get("/projects/export.csv?status=live")
    event = AuditEvent.objects.get(type="projects.exported")
    assert event.new == {"kind": "csv", "rows": 1, "filters": "status=live"}


def test_no_other_kind_of_file(signed_in, frontline):
    assert signed_in(frontline).get("/projects/export.pdf/").status_code == 404


# --- look-alikes ----------------------------------------------------------------------


def test_look_alikes_of_every_state_best_first(ward, frontline):
    make(ward, "Fewer falls on ward 7", status="stopped")
    make(ward, "Falls at night", problem="Night staff", status="completed")
    make(ward, "Quieter nights", problem="Noise")
    make(ward, "Discharge letters")
    found = titles(similar_projects(frontline, "Reducing falls during the night"))
    assert found == ["Falls at night", "Fewer falls on ward 7", "Quieter nights"]


def test_one_shared_word_of_many_is_not_alike(ward, frontline):
    make(ward, "Ward round times")
    title = "Pressure ulcer prevention bundle on every ward"
    assert similar_projects(frontline, title) == []


@pytest.mark.parametrize("title", ["", "a", "the and of", "improving", "%%", "\x00"])
def test_nothing_typed_yet_finds_nothing(project, frontline, title):
    assert similar_projects(frontline, title) == []


def test_five_at_most_and_only_what_is_seen(ward, stranger):
    for number in range(7):
        make(ward, f"Falls {number}")
    Project.objects.filter(title__in=["Falls 0", "Falls 1", "Falls 2"]).update(
        visibility="team"
    )
    assert len(similar_projects(stranger, "falls")) == 4


def test_what_can_be_done_about_each(ward, frontline, lead):
    mine = make(ward, "Falls mine")
    MemberFactory(project=mine, user=frontline)
    make(ward, "Falls stopped", status="stopped")
    make(ward, "Falls open")
    rows = lookalike_rows(similar_projects(frontline, "falls"), frontline)
    assert {row["title"]: (row["mine"], row["may_join"]) for row in rows} == {
        "Falls mine": (True, False),
        "Falls stopped": (False, False),
        "Falls open": (False, True),
    }


# --- dropped ideas, deleted projects --------------------------------------------------


def test_dropped_ideas_of_visible_projects(ward, other_ward, frontline):
    for unit, visibility, title in [
        (ward, "trust", "Bed alarms"),
        (ward, "draft", "Secret"),
        (other_ward, "trust", "Red socks"),
    ]:
        row = make(unit, "P", visibility=visibility)
        ChangeIdeaFactory(project=row, title=title, status="abandoned", why="Noise")
        ChangeIdeaFactory(project=row, title="Kept", status="adopted")
    deleted = ChangeIdeaFactory(project=row, status="abandoned")
    ChangeIdea.objects.filter(pk=deleted.pk).update(
        deleted_at=now(), deleted_by=frontline
    )
    assert set(titles(dropped_ideas(frontline))) == {"Bed alarms", "Red socks"}
    assert titles(dropped_ideas(frontline, "noise alarms")) == ["Bed alarms"]
    assert titles(dropped_ideas(frontline, "", other_ward)) == ["Red socks"]


def test_deleted_projects_are_offered_to_who_may_restore(project, lead, qi_team):
    Project.objects.update(visibility="draft")
    project.refresh_from_db()
    project_delete(project=project, by=lead)
    assert deleted_projects(lead).count() == 1
    assert deleted_projects(qi_team).count() == 1
    assert deleted_projects(UserFactory()).count() == 0
    with time_machine.travel(now() + timedelta(days=31)):
        assert deleted_projects(qi_team).count() == 0


def test_drivers_in_outline_order(project):
    second = DriverFactory(project=project, text="B", position=2)
    first = DriverFactory(project=project, text="A", position=1)
    below = ((second, "B1", 1), (first, "A2", 2), (first, "A1", 1))
    for parent, text, position in below:
        DriverFactory(
            project=project,
            level="secondary",
            parent=parent,
            text=text,
            position=position,
        )
    order = [driver.text for driver in drivers_in_outline(project)]
    assert order == ["A", "A1", "A2", "B", "B1"]
