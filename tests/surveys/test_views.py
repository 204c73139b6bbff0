"""Pages of surveys: who may, small numbers, two people for a quote."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from qiportal.accounts.models import AuditEvent
from surveys import quotes
from surveys.models import Comment
from tests.factories import PromptFactory, UserFactory, WaveFactory

pytestmark = pytest.mark.django_db

EVERYBODY = ["/surveys/", "/surveys/benchmarks/", "/surveys/{wave}/"]
QI_ONLY = [
    "/surveys/import/",
    "/surveys/{wave}/publish/",
    "/surveys/{wave}/comments/",
]


@pytest.fixture
def wave(db):
    return WaveFactory(slug="autumn")


def write(wave, unit, count, start=0, text="The rota is late every month"):
    prompt = wave.survey.prompts.first() or PromptFactory(survey=wave.survey)
    return [
        Comment.objects.create(
            wave=wave,
            unit=unit,
            prompt=prompt,
            redacted_text=text,
            source_hash=f"{unit.pk}-{start + index}",
            month=date(2026, 9, 1),
        )
        for index in range(count)
    ]


@pytest.mark.parametrize("path", EVERYBODY + QI_ONLY)
def test_without_sign_in_every_page_asks_for_it(path, client, wave):
    assert client.get(path.format(wave=wave.slug)).status_code == 302


@pytest.mark.parametrize("path", QI_ONLY)
@pytest.mark.parametrize("who", ["stranger", "board_member", "sysadmin"])
def test_only_the_qi_team_runs_surveys(path, who, signed_in, wave, request):
    user = request.getfixturevalue(who)
    assert signed_in(user).get(path.format(wave=wave.slug)).status_code == 403


@pytest.mark.parametrize("path", EVERYBODY)
def test_everybody_reads_the_rest(path, signed_in, stranger, wave):
    assert signed_in(stranger).get(path.format(wave=wave.slug)).status_code == 200


@pytest.mark.parametrize(
    ("here", "elsewhere", "shown"),
    [(10, 0, False), (11, 0, True), (11, 5, False), (11, 11, True)],
)
def test_small_groups_stay_hidden(
    here, elsewhere, shown, signed_in, qi_team, wave, ward, other_ward
):
    write(wave, ward, here)
    write(wave, other_ward, elsewhere, start=100)
    page = signed_in(qi_team).get(f"/surveys/autumn/comments/?unit={ward.pk}")
    assert ("The rota is late" in page.content.decode()) is shown


def test_reading_comments_is_audited(signed_in, qi_team, wave, ward):
    write(wave, ward, 12)
    signed_in(qi_team).get(f"/surveys/autumn/comments/?unit={ward.pk}")
    event = AuditEvent.objects.get(type="comments.read")
    assert event.new == {"unit": ward.code}


def test_a_script_in_a_comment_is_only_text(signed_in, qi_team, wave, ward):
    write(wave, ward, 11, text="<script>alert(1)</script>")
    page = signed_in(qi_team).get(f"/surveys/autumn/comments/?unit={ward.pk}")
    assert "<script>alert" not in page.content.decode()


def test_nobody_approves_their_own_quote(wave, ward, qi_team):
    comment = write(wave, ward, 1)[0]
    quotes.quote_propose(comment=comment, by=qi_team)
    with pytest.raises(ValidationError, match="Somebody else"):
        quotes.quote_decide(comment=comment, approve=True, by=qi_team)
    quotes.quote_decide(comment=comment, approve=True, by=UserFactory())
    assert comment.release == "approved"


def test_the_database_refuses_a_quote_of_one_person(wave, ward, qi_team):
    comment = write(wave, ward, 1)[0]
    comment.proposed_by = comment.approved_by = qi_team
    with pytest.raises(ValidationError, match="Somebody else"):
        comment.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        comment.save()


def test_long_comments_are_no_quotes(wave, ward, qi_team):
    comment = write(wave, ward, 1, text="word " * 40)[0]
    with pytest.raises(ValidationError, match="30 words"):
        quotes.quote_propose(comment=comment, by=qi_team)


def test_publishing_an_empty_wave_is_refused(signed_in, qi_team, wave):
    page = signed_in(qi_team).post("/surveys/autumn/publish/", follow=True)
    assert "Import results or comments" in page.content.decode()
    wave.refresh_from_db()
    assert wave.published_at is None


def test_the_wave_list_asks_the_same_number_of_questions(signed_in, qi_team):
    browser = signed_in(qi_team)

    def queries():
        with CaptureQueriesContext(connection) as seen:
            assert browser.get("/surveys/").status_code == 200
        return len(seen)

    WaveFactory.create_batch(2)
    queries()
    few = queries()
    WaveFactory.create_batch(18)
    assert queries() == few


def test_comments_ask_the_same_number_of_questions(signed_in, qi_team, wave, ward):
    browser = signed_in(qi_team)

    def queries():
        with CaptureQueriesContext(connection) as seen:
            browser.get(f"/surveys/autumn/comments/?unit={ward.pk}")
        return len(seen)

    write(wave, ward, 12)
    queries()
    few = queries()
    write(wave, ward, 20, start=50)
    assert queries() == few
