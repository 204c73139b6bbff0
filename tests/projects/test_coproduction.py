"""How far patients shape the work: told stage by stage, never a mark."""

import pytest

from projects.ladder import MEANINGS
from projects.models import CoproductionRating
from qiportal.accounts.models import AuditEvent

pytestmark = pytest.mark.django_db
PAGE = "/projects/QI-2026-0042/co-production/"
TOLD = {"rung": "6", "members": "2", "evidence": "Two patients wrote the card with us"}


def test_a_stage_is_told_and_shown(signed_in, lead, project):
    answer = signed_in(lead).post(PAGE + "design/", TOLD, follow=True)
    page = answer.content.decode()
    assert "Co-design</strong> (doing with)" in page
    assert "Rung 6 of 7" in page
    assert "2 with lived experience" in page
    assert page.count("Not told yet.") == 4
    event = AuditEvent.objects.get(type="coproduction.rated")
    assert event.new == {**TOLD, "stage": "design", "rung": 6, "members": 2}


def test_a_second_time_on_one_day_corrects_the_first(signed_in, lead, project):
    client = signed_in(lead)
    client.post(PAGE + "design/", TOLD)
    form = client.get(PAGE + "design/").context["form"]
    assert form["evidence"].value() == TOLD["evidence"]
    client.post(PAGE + "design/", {"rung": "4", "version": form["version"].value()})
    row = CoproductionRating.objects.get()
    assert (row.rung, row.members, row.evidence) == (4, 0, "")


def test_two_who_tell_the_same_stage_see_both_texts(signed_in, lead, project):
    client = signed_in(lead)
    client.post(PAGE + "design/", TOLD)
    answer = client.post(PAGE + "design/", {"rung": "4", "evidence": "A survey"})
    assert answer.status_code == 409
    page = answer.content.decode()
    assert TOLD["evidence"] in page
    assert "A survey" in page
    assert CoproductionRating.objects.get().evidence == TOLD["evidence"]


def test_an_earlier_day_stays_as_history(signed_in, lead, project):
    client = signed_in(lead)
    client.post(PAGE + "test/", {"rung": "3"})
    CoproductionRating.objects.update(on="2026-01-05")
    client.post(PAGE + "test/", TOLD)
    page = client.get(PAGE).content.decode()
    assert "Before: Informing, 5 January 2026" in page


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"members": ""}, "What describes it best?"),
        ({"rung": "9"}, "What describes it best?"),
        (TOLD | {"members": "-1"}, "lived experience"),
        (TOLD | {"evidence": "NHS number 943 476 5919"}, "NHS number"),
    ],
)
def test_a_bad_answer_is_refused_and_the_text_kept(
    signed_in, lead, project, data, words
):
    answer = signed_in(lead).post(PAGE + "design/", data)
    assert answer.status_code == 200
    page = answer.content.decode()
    assert "There is a problem" in page
    assert words in page
    assert not CoproductionRating.objects.exists()


def test_readers_read_and_writers_write(signed_in, stranger, lead, project):
    client = signed_in(stranger)
    assert client.get(PAGE).status_code == 200
    assert "Say how" not in client.get(PAGE).content.decode()
    assert client.get(PAGE + "design/").status_code in (403, 404)
    assert client.post(PAGE + "design/", TOLD).status_code in (403, 404)
    project.visibility = "team"
    project.save()
    assert client.get(PAGE).status_code == 404
    assert not CoproductionRating.objects.exists()


def test_each_rung_is_explained_where_it_is_picked(signed_in, lead, project):
    page = signed_in(lead).get(PAGE + "design/").content.decode()
    assert [text for text in MEANINGS.values() if text not in page] == []


def test_there_is_no_sixth_stage(signed_in, lead, project):
    assert signed_in(lead).get(PAGE + "party/").status_code == 404


@pytest.mark.parametrize("count", [2, 20])
def test_the_page_asks_a_fixed_number_of_questions(
    signed_in, lead, project, count, django_assert_max_num_queries
):
    CoproductionRating.objects.bulk_create(
        CoproductionRating(
            project=project,
            stage="test",
            rung=3,
            on=f"2026-01-{n + 1:02}",
            created_by=lead,
        )
        for n in range(count)
    )
    client = signed_in(lead)
    client.get(PAGE)
    with django_assert_max_num_queries(14):
        client.get(PAGE)
