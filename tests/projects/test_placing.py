"""Moving drivers and change ideas: order, parents, versions, messages."""

from datetime import timedelta

import pytest
from django.contrib.messages import get_messages
from django.core.exceptions import ValidationError
from django.urls import reverse

from projects.models import ChangeIdea, Driver
from projects.services import (
    driver_add,
    driver_delete,
    driver_edit,
    driver_place,
    idea_add,
    idea_delete,
    idea_move,
    idea_place,
)
from qiportal.accounts.models import AuditEvent
from qiportal.core.dates import now
from qiportal.core.versions import Conflict
from tests.factories import DriverFactory, ProjectFactory


@pytest.fixture
def tree(project, lead):
    """tree["Bells"], tree["Reach"], tree["Clip"]: two branches with ideas."""
    rows = {}
    for text, inner in {"Bells": ["Reach", "Sound"], "Staff": ["Bays"]}.items():
        rows[text] = driver_add(project=project, text=text, by=lead)
        for name in inner:
            rows[name] = driver_add(
                project=project, text=name, parent=rows[text], by=lead
            )
    for title, driver in (("Clip", "Reach"), ("SBAR", "Reach"), ("Round", "Sound")):
        rows[title] = idea_add(
            project=project, title=title, driver=rows[driver], by=lead
        )
    return rows


def texts(parent=None):
    return [d.text for d in Driver.objects.filter(parent=parent, deleted_at=None)]


def titles(driver):
    return [i.title for i in ChangeIdea.objects.filter(driver=driver, deleted_at=None)]


# --- services -------------------------------------------------------------------------


def test_a_driver_is_put_in_front_of_another(tree, lead):
    driver_place(driver=tree["Staff"], version=1, by=lead, before=tree["Bells"])
    assert texts() == ["Staff", "Bells"]
    event = AuditEvent.objects.latest("pk")
    assert event.type == "driver.moved"
    assert event.new == {"text": "Staff", "parent": "", "position": 1}


def test_a_driver_goes_to_another_parent(tree, lead):
    driver_place(driver=tree["Reach"], version=1, by=lead, parent=tree["Staff"])
    assert texts(tree["Bells"]) == ["Sound"]
    assert texts(tree["Staff"]) == ["Bays", "Reach"]
    event = AuditEvent.objects.latest("pk")
    assert (event.old, event.new["parent"]) == ({"parent": "Bells"}, "Staff")


def test_a_secondary_becomes_primary_and_back(tree, lead):
    row = driver_place(driver=tree["Reach"], version=1, by=lead, before=tree["Staff"])
    assert texts() == ["Bells", "Reach", "Staff"]
    assert row.level == "primary"
    driver_place(driver=row, version=2, by=lead, parent=tree["Bells"])
    assert texts(tree["Bells"]) == ["Sound", "Reach"]
    assert Driver.objects.get(pk=row.pk).level == "secondary"


def test_there_are_two_levels_only(tree, lead):
    with pytest.raises(ValidationError, match="Move those first"):
        driver_place(driver=tree["Bells"], version=1, by=lead, parent=tree["Staff"])
    alone = driver_add(project=tree["Bells"].project, text="Alone", by=lead)
    with pytest.raises(ValidationError):
        driver_place(driver=alone, version=1, by=lead, parent=alone)
    with pytest.raises(ValidationError, match="primary driver of this project"):
        driver_place(driver=alone, version=1, by=lead, parent=tree["Reach"])


@pytest.mark.parametrize("other", ["Sound", "Staff"])
def test_what_a_driver_stood_in_front_of_may_be_gone(tree, lead, other):
    """A place in a row that has changed meanwhile is refused, not guessed."""
    with pytest.raises(ValidationError, match="has changed meanwhile"):
        driver_place(
            driver=tree["Bays"],
            version=1,
            by=lead,
            parent=tree["Staff"],
            before=tree[other],
        )


def test_an_idea_goes_to_another_driver_and_place(tree, lead):
    idea_place(
        idea=tree["Clip"],
        version=1,
        by=lead,
        driver=tree["Sound"],
        before=tree["Round"],
    )
    assert titles(tree["Sound"]) == ["Clip", "Round"]
    assert titles(tree["Reach"]) == ["SBAR"]
    event = AuditEvent.objects.latest("pk")
    assert (event.type, event.old) == ("idea.moved", {"driver": "Reach"})


def test_an_idea_can_leave_its_driver(tree, lead):
    idea_place(idea=tree["Clip"], version=1, by=lead)
    assert titles(None) == ["Clip"]


def test_ideas_step_past_neighbours_of_their_own_driver(tree, lead):
    idea_move(idea=tree["SBAR"], up=True, by=lead, version=1)
    assert titles(tree["Reach"]) == ["SBAR", "Clip"]
    idea_move(idea=tree["SBAR"], up=True, by=lead)
    idea_move(idea=tree["Round"], up=True, by=lead)
    assert titles(tree["Reach"]) == ["SBAR", "Clip"]
    assert titles(tree["Sound"]) == ["Round"]


def test_ideas_of_a_deleted_driver_move_among_those_without(tree, lead, project):
    idea_add(project=project, title="Loose", by=lead)
    driver_delete(driver=tree["Sound"], by=lead)
    row = ChangeIdea.objects.select_related("driver").get(title="Round")
    idea_move(idea=row, up=False, by=lead)
    assert ChangeIdea.objects.filter(title__in=["Loose", "Round"]).first() != row


@pytest.mark.parametrize("kind", ["driver", "idea"])
def test_a_move_never_overwrites_what_was_not_seen(tree, lead, kind):
    if kind == "driver":
        driver_edit(
            driver=Driver.objects.get(pk=tree["Reach"].pk),
            version=1,
            by=lead,
            text="In reach",
            parent=tree["Bells"],
        )
        with pytest.raises(Conflict):
            driver_place(driver=tree["Reach"], version=1, by=lead)
    else:
        idea_place(idea=ChangeIdea.objects.get(title="Clip"), version=1, by=lead)
        with pytest.raises(Conflict):
            idea_place(idea=tree["Clip"], version=1, by=lead, driver=tree["Sound"])
        with pytest.raises(Conflict):
            idea_move(idea=tree["Clip"], version=7, by=lead, up=True)


def test_who_only_makes_room_keeps_their_version(tree, lead):
    driver_place(driver=tree["Staff"], version=1, by=lead, before=tree["Bells"])
    assert Driver.objects.get(text="Bells").version == 1
    assert Driver.objects.get(text="Staff").version == 2


# --- pages ----------------------------------------------------------------------------


@pytest.fixture
def led(signed_in, lead, project):
    client = signed_in(lead)

    def send(name, data, **ids):
        url = reverse(name, kwargs={"reference": project.reference, **ids})
        answer = client.post(url, data)
        return answer, [str(m) for m in get_messages(answer.wsgi_request)]

    return send


def test_the_page_says_where_a_row_is_now(led, tree):
    answer, said = led(
        "driver_place",
        {"version": 1, "parent": tree["Staff"].pk},
        driver_id=tree["Reach"].pk,
    )
    assert said == ["“Reach” is now 2 of 2 under “Staff”."]
    key = f"driver-{tree['Reach'].pk}"
    assert answer.url.endswith(f"/drivers/?at={key}#{key}")
    _, said = led(
        "idea_place",
        {"version": 1, "driver": "", "before": ""},
        idea_id=tree["Clip"].pk,
    )
    assert said[-1] == "“Clip” is now 1 of 1 among the ideas without a driver."


@pytest.mark.parametrize(
    "data",
    [{"version": 9}, {}, {"version": 1, "parent": 10**6}, {"version": "x"}],
)
def test_a_stale_or_broken_move_is_told_and_changes_nothing(led, tree, data):
    _, said = led("driver_place", data, driver_id=tree["Reach"].pk)
    assert "nothing was moved" in said[0]
    assert texts(tree["Bells"]) == ["Reach", "Sound"]


def test_a_stale_step_is_told_too(led, tree):
    ids = {"driver_id": tree["Sound"].pk, "way": "up"}
    led("driver_move", {"version": 1}, **ids)
    assert texts(tree["Bells"]) == ["Sound", "Reach"]
    ids["way"] = "down"
    _, said = led("driver_move", {"version": 1}, **ids)
    assert "nothing was moved" in said[-1]
    assert texts(tree["Bells"]) == ["Sound", "Reach"]


def test_a_refused_move_says_why(led, tree):
    _, said = led(
        "driver_place",
        {"version": 1, "parent": tree["Staff"].pk},
        driver_id=tree["Bells"].pk,
    )
    assert "has secondary drivers of its own" in said[0]


def test_rows_of_another_project_are_no_place(led, tree, lead):
    other = DriverFactory(project=ProjectFactory())
    foreign = idea_add(project=other.project, title="Theirs", driver=other, by=lead)
    for name, ids, data in (
        ("driver_place", {"driver_id": tree["Reach"].pk}, {"parent": other.pk}),
        ("driver_place", {"driver_id": tree["Reach"].pk}, {"before": other.pk}),
        ("idea_place", {"idea_id": tree["Clip"].pk}, {"driver": other.pk}),
        ("idea_place", {"idea_id": tree["Clip"].pk}, {"before": foreign.pk}),
    ):
        led(name, {"version": 1, **data}, **ids)
    assert texts(tree["Bells"]) == ["Reach", "Sound"]
    assert titles(tree["Reach"]) == ["Clip", "SBAR"]


def test_words_that_name_a_patient_are_stopped(led, tree, signed_in, lead, project):
    url = reverse("driver_edit", args=[project.reference, tree["Bells"].pk])
    typed = {"text": "Bells for 943 476 5919", "version": 1}
    page = signed_in(lead).post(url, typed)
    assert page.status_code == 200
    assert "NHS number" in page.content.decode()
    assert "943 476 5919" not in page.content.decode()
    long = signed_in(lead).post(url, {"text": "x" * 201, "version": 1})
    assert "text" in long.context["form"].errors


def test_what_is_changed_from_the_diagram_leads_back_there(
    signed_in, tree, lead, project
):
    client, key = signed_in(lead), f"idea-{tree['Clip'].pk}"
    url = reverse("idea_edit", args=[project.reference, tree["Clip"].pk])
    answer = client.post(
        f"{url}?from=drivers",
        {"title": "Clip it", "version": 1, "driver": tree["Reach"].pk},
    )
    assert answer.url.endswith(f"/drivers/?at={key}#{key}")
    url = reverse("idea_delete", args=[project.reference, tree["Clip"].pk])
    answer = client.post(f"{url}?from=drivers")
    page = client.get(answer.url)
    assert page.context["undo"]["text"] == "Clip it"
    client.post(page.context["undo"]["url"])
    assert titles(tree["Reach"]) == ["Clip it", "SBAR"]


def test_the_deleted_can_be_brought_back_for_thirty_days(
    signed_in, tree, lead, project
):
    client = signed_in(lead)
    driver_delete(driver=tree["Reach"], by=lead)
    idea_delete(idea=tree["Round"], by=lead)
    diagram = reverse("driver_diagram", args=[project.reference])
    page = client.get(diagram)
    assert [row["text"] for row in page.context["deleted"]] == ["Round", "Reach"]
    long_ago = now() - timedelta(days=31)
    Driver.objects.exclude(deleted_at=None).update(deleted_at=long_ago)
    page = client.get(diagram)
    assert [row["text"] for row in page.context["deleted"]] == ["Round"]
    url = reverse("driver_restore", args=[project.reference, tree["Reach"].pk])
    assert client.post(url).status_code == 404


def test_readers_are_offered_no_change(signed_in, stranger, tree, project):
    url = reverse("driver_diagram", args=[project.reference])
    html = signed_in(stranger).get(url).content.decode()
    assert "Reach" in html
    for words in ("Move up", "Delete", "Edit<", "data-qi-grip", "Start a test"):
        assert words not in html.replace("[data-qi-grip]", "")
