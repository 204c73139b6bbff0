"""The library on screen."""

from datetime import date, datetime

import pytest
import time_machine
from django.utils import timezone

from qiportal.library.models import Method, MethodVersion
from qiportal.library.presenters import line_diff
from qiportal.library.services import library_seed
from tests.factories import MethodFactory, MethodVersionFactory, ProjectFactory
from tests.qiportal.library.test_services import PARTICULARS, TEXT

pytestmark = pytest.mark.django_db
EVERYONE = ("frontline", "stranger", "qi_team", "board_member", "sysadmin")


def published(number=1, **fields):
    """A published entry with one version."""
    names = {"title", "category", "family", "stage", "level", "position", "is_house"}
    method = MethodFactory(**{k: v for k, v in fields.items() if k in names})
    version = MethodVersionFactory(
        method=method,
        number=number,
        state="published",
        published_at=timezone.make_aware(datetime(2026, 3, 2)),
        published_by=method.owner,
        **{
            "review_due_on": date(2028, 3, 2),
            **{k: v for k, v in fields.items() if k not in names},
        },
    )
    method.current_version = version
    method.save()
    return method


# --- reading ------------------------------------------------------------------------


def test_all_52_entries_stand_by_kind_in_order(signed_in, frontline):
    library_seed()
    page = signed_in(frontline).get("/library/")
    groups = page.context["groups"]
    assert [group["label"] for group in groups] == [
        "Start and organise",
        "Understand the system",
        "Measure",
        "Generate and test",
        "Embed and spread",
    ]
    assert [len(group["entries"]) for group in groups] == [10, 18, 7, 11, 6]
    assert "New entry" not in page.content.decode()


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("q=median", {"Run chart"}),
        ("category=test", {"Bell check"}),
        ("family=lean", {"Bell check"}),
        ("level=coach", {"Run chart"}),
        ("stage=measure&level=coach", {"Run chart"}),
        ("q=nothing at all", set()),
        ("category=nonsense", {"Run chart", "Bell check"}),
    ],
)
def test_finding_entries(signed_in, frontline, query, titles):
    published(
        title="Run chart",
        level="coach",
        stage="measure",
        summary="Values around their median.",
    )
    published(title="Bell check", category="test", family="lean", stage="test")
    groups = signed_in(frontline).get(f"/library/?{query}").context["groups"]
    assert {entry.title for group in groups for entry in group["entries"]} == titles


def test_an_empty_search_says_what_to_do(signed_in, frontline):
    page = signed_in(frontline).get("/library/?q=zzz").content.decode()
    assert "No entry found" in page


def test_an_entry_says_all_there_is_to_know(signed_in, frontline):
    method = published(
        title="Run chart",
        steps="1. **Plot** it.\n\n<script>alert(1)</script>",
        source="Anhøj and Olesen",
        source_url="https://example.org/run",
        is_house=True,
    )
    page = signed_in(frontline).get(f"/library/{method.slug}/").content.decode()
    for words in (
        "<strong>Plot</strong>",
        "When not to use it",
        "Anhøj and Olesen",
        "https://example.org/run",
        "free to reuse",
        "house method",
        "1, 2 March 2026",
        "2 March 2028",
        "No project yet",
    ):
        assert words in page
    assert "alert(1)" not in page.replace("&lt;script&gt;alert(1)", "")
    assert "Write a new version" not in page


def test_use_counts_projects_and_not_deleted_ones(signed_in, frontline):
    method = published(title="Run chart")
    for deleted in (False, False, True):
        project = ProjectFactory(unit=frontline.home_unit)
        if deleted:
            project.deleted_at, project.deleted_by = timezone.now(), frontline
            project.save()
        project.method_uses.create(method=method, at=timezone.now())
    page = signed_in(frontline).get("/library/").content.decode()
    assert "used by 2 projects" in page
    detail = signed_in(frontline).get(f"/library/{method.slug}/").content.decode()
    assert "2 projects" in detail


def test_the_house_method_stands_above_the_list(signed_in, frontline):
    published(title="Model for improvement", is_house=True)
    page = signed_in(frontline).get("/library/").content.decode()
    assert "Our house method is" in page


def test_retired_entries_leave_the_list_but_stay_readable(signed_in, frontline):
    method = published(title="Old way")
    Method.objects.update(retired_on=date(2026, 5, 1))
    client = signed_in(frontline)
    assert "Old way" not in client.get("/library/").content.decode()
    assert (
        "no longer on the list"
        in client.get(f"/library/{method.slug}/").content.decode()
    )


def test_the_list_costs_the_same_for_2_and_20(
    signed_in, frontline, django_assert_num_queries
):
    client = signed_in(frontline)
    client.get("/library/")
    for total in (2, 20):
        for _ in range(total - Method.objects.count()):
            published()
        with django_assert_num_queries(5):
            page = client.get("/library/")
        assert page.context["count"] == total


# --- who may -------------------------------------------------------------------------


@pytest.fixture
def drafted(qi_team):
    """A published entry with a draft, and one that was never published."""
    method = published(title="Run chart")
    draft = MethodVersionFactory(method=method, number=2, change_note="")
    fresh = MethodFactory(title="Unborn")
    MethodVersionFactory(method=fresh, number=1, change_note="")
    return {"method": method, "draft": draft, "fresh": fresh}


@pytest.mark.parametrize("who", EVERYONE)
def test_everybody_reads_and_only_the_qi_team_writes(who, client, request, drafted):
    user = request.getfixturevalue(who)
    client.force_login(user)
    slug, fresh = drafted["method"].slug, drafted["fresh"].slug
    reading = ["", f"{slug}/", f"{slug}/history/", f"{slug}/versions/1/"]
    for path in reading:
        assert client.get(f"/library/{path}").status_code == 200, path
    edits = who == "qi_team"
    hidden = [f"{fresh}/", f"{fresh}/history/", f"{slug}/versions/2/"]
    for path in hidden:
        status = client.get(f"/library/{path}").status_code
        assert status == (200 if edits else 404), path
    writing = ["desk/", "new/", f"{slug}/edit/", f"{slug}/draft/", f"{slug}/discard/"]
    for path in [*writing, f"{slug}/particulars/"]:
        status = client.get(f"/library/{path}").status_code
        assert status == (200 if edits else 403), path


@pytest.mark.parametrize("who", ["frontline", "board_member", "sysadmin"])
def test_posting_without_the_permission_changes_nothing(who, client, request, drafted):
    client.force_login(request.getfixturevalue(who))
    before = list(MethodVersion.objects.values()), list(Method.objects.values())
    slug = drafted["method"].slug
    for path in ("edit", "draft", "review", "discard", "particulars"):
        answer = client.post(f"/library/{slug}/{path}/", {**TEXT, "version": 1})
        assert answer.status_code == 403
    for act in ("retire", "restore", "house"):
        assert client.post(f"/library/{slug}/{act}/").status_code == 403
    assert client.post("/library/new/", {**TEXT, **PARTICULARS}).status_code == 403
    after = list(MethodVersion.objects.values()), list(Method.objects.values())
    assert after == before


def test_anonymous_visitors_sign_in(client, drafted):
    slug = drafted["method"].slug
    for path in ("", f"{slug}/", f"{slug}/edit/", "desk/"):
        assert client.get(f"/library/{path}").status_code == 302


# --- writing -------------------------------------------------------------------------


def test_from_a_new_entry_to_the_list(signed_in, qi_team):
    client = signed_in(qi_team)
    answer = client.post("/library/new/", {**PARTICULARS, **TEXT})
    assert answer.url == "/library/bedside-board/draft/"
    page = client.get(answer.url).content.decode()
    assert "This is how readers will see it." in page
    assert "Unborn" not in client.get("/library/").content.decode()
    client.post("/library/bedside-board/review/")
    data = {"change_note": "First edition", "review_due_on": "2028-11-01"}
    answer = client.post("/library/bedside-board/draft/", data)
    assert answer.url == "/library/bedside-board/"
    assert "Bedside board" in client.get("/library/").content.decode()


def test_a_new_version_with_preview_and_difference(signed_in, qi_team):
    method = published(title="Run chart", steps="1. Plot.\n2. Look.")
    client = signed_in(qi_team)
    form = client.get(f"/library/{method.slug}/edit/").context["form"]
    assert form.initial["steps"] == "1. Plot.\n2. Look."
    data = {**TEXT, "steps": "1. Plot.\n2. Look twice.", "version": 0}
    answer = client.post(f"/library/{method.slug}/edit/", data)
    assert answer.url == f"/library/{method.slug}/draft/"
    page = client.get(answer.url).content.decode()
    assert "Removed:</span> 2. Look." in page
    assert "Added:</span> 2. Look twice." in page
    assert "Look twice" not in client.get(f"/library/{method.slug}/").content.decode()


def test_two_writers_see_both_texts(signed_in, qi_team):
    method = published(title="Run chart")
    client = signed_in(qi_team)
    url = f"/library/{method.slug}/edit/"
    client.post(url, {**TEXT, "summary": "Her words.", "version": 0})
    answer = client.post(url, {**TEXT, "summary": "His words.", "version": 0})
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "Her words." in page
    assert "His words." in page


def test_identifiers_are_refused_in_an_entry(signed_in, qi_team):
    client = signed_in(qi_team)
    data = {**PARTICULARS, **TEXT, "example": "MRN 12345678 waited."}
    answer = client.post("/library/new/", data)
    assert answer.status_code == 200
    assert "[removed]" in answer.content.decode()
    assert not Method.objects.exists()


def test_publishing_without_a_note_is_said(signed_in, qi_team, drafted):
    slug = drafted["method"].slug
    data = {"change_note": "", "review_due_on": "2020-01-01"}
    page = signed_in(qi_team).post(f"/library/{slug}/draft/", data).content.decode()
    assert "Error:" in page
    data["change_note"] = "Clearer"
    page = signed_in(qi_team).post(f"/library/{slug}/draft/", data).content.decode()
    assert "Choose a day in the future." in page


def test_the_desk_lists_what_waits(signed_in, qi_team, drafted):
    with time_machine.travel(datetime(2026, 11, 23, 12), tick=False):
        client = signed_in(qi_team)
        published(title="Late one", review_due_on=date(2026, 11, 1))
        published(title="Soon", review_due_on=date(2027, 1, 20))
        published(title="Not yet", review_due_on=date(2027, 3, 1))
        page = client.get("/library/desk/")
    titles = [row[0]["text"] for row in page.context["reviews"]["rows"]]
    assert titles == ["Late one", "Soon"]
    assert page.context["reviews"]["rows"][0][1] == "1 November 2026 (late)"
    drafts = {row[0]["text"] for row in page.context["drafts"]["rows"]}
    assert drafts == {"Run chart", "Unborn"}


def test_retiring_and_house_method_on_screen(signed_in, qi_team):
    method = published(title="Run chart")
    client = signed_in(qi_team)
    url = f"/library/{method.slug}/"
    assert client.get(f"{url}retire/").status_code == 405
    client.post(f"{url}retire/")
    assert "Put it back" in client.get(url).content.decode()
    client.post(f"{url}restore/")
    client.post(f"{url}house/")
    answer = client.post(f"{url}retire/", follow=True)
    assert "Name another one first" in answer.content.decode()
    method.refresh_from_db()
    assert method.is_house
    assert method.retired_on is None


def test_throwing_a_draft_away_asks_first(signed_in, qi_team, drafted):
    client = signed_in(qi_team)
    url = f"/library/{drafted['method'].slug}/discard/"
    assert "This is final." in client.get(url).content.decode()
    client.post(url)
    assert not MethodVersion.objects.filter(pk=drafted["draft"].pk).exists()


def test_changing_title_and_kind(signed_in, qi_team):
    method = published(title="Run chart")
    client = signed_in(qi_team)
    url = f"/library/{method.slug}/particulars/"
    data = {**PARTICULARS, "title": "Run charts", "version": method.version}
    assert client.post(url, data).status_code == 302
    method.refresh_from_db()
    assert (method.title, method.category) == ("Run charts", "test")
    assert client.post(url, {**data, "title": "Third"}).status_code == 409


def test_history_names_every_version(signed_in, frontline):
    method = published(title="Run chart", change_note="First edition")
    page = signed_in(frontline).get(f"/library/{method.slug}/history/")
    rows = page.context["table"]["rows"]
    assert [row[0]["text"] for row in rows] == ["Version 1"]
    assert rows[0][2] == "2 March 2026"


def test_a_difference_by_lines():
    assert line_diff("a\nb", "a\nc") == [
        {"kind": "same", "text": "a"},
        {"kind": "removed", "text": "b"},
        {"kind": "added", "text": "c"},
    ]
