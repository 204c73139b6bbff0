"""The people who can sign in find their work on the pages of the portal."""

import pytest
from django.urls import reverse

from pdsa.models import Cycle, Measure
from projects.models import Project, ProjectMember, Relation
from qiportal.accounts.models import ApiToken, User
from qiportal.core.dates import today
from qiportal.dashboard.models import BoardAction, IndicatorSnapshot, PublishedRun
from qiportal.dashboard.presenters.work import next_due
from qiportal.demo.desk import first_figures, sign_ins, token_of_dev
from qiportal.demo.seed.people import PASSWORD
from training.models import Application


@pytest.fixture(scope="module")
def figures(seeded):
    return first_figures()


def person(key):
    return User.objects.get(email=f"{key}@riverbourne.example")


@pytest.mark.parametrize("key", ["amina", "ben", "carol", "dev", "sade"])
def test_everybody_reaches_the_six_sections(figures, client, db, key):
    client.force_login(person(key))
    for path in ("/", "/projects/", "/library/", "/training/", "/surveys/", "/board/"):
        assert client.get(path).status_code == 200, path


def test_the_password_that_is_printed_works(small_trust, client, settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
    assert PASSWORD in "\n".join(sign_ins())
    form = {"login": "amina@riverbourne.example", "password": PASSWORD}
    answer = client.post(reverse("account_login"), form)
    assert answer.status_code == 302
    assert client.session["_auth_user_id"] == str(person("amina").pk)


def test_amina_has_a_test_under_way_and_a_number_due(small_trust, client):
    amina = person("amina")
    mine = Project.objects.editable_by(amina)
    assert mine.count() == 1
    doing = Cycle.objects.filter(
        ramp__project__in=mine, do_started_at__isnull=False, do_finished_at=None
    )
    assert doing.exists()
    assert doing.filter(ramp__title__startswith="Bell, drink").exists()
    assert doing.latest("pk").predictions.exists()
    due = [next_due(m) for m in Measure.objects.filter(project__in=mine)]
    assert any(day and day <= today() for day in due)
    client.force_login(amina)
    page = client.get("/").content.decode()
    assert "test under way" in page
    assert "Add a number" in page


def test_amina_can_join_another_project_of_her_ward(small_trust, client):
    amina = person("amina")
    theirs = Project.objects.filter(
        unit=amina.home_unit, status="active", visibility="trust"
    ).exclude(members__user=amina)
    assert theirs.exists()
    client.force_login(amina)
    home = reverse("project_home", args=[theirs.first().reference])
    assert b"Join" in client.get(home).content


def test_amina_is_booked_on_a_course(small_trust):
    assert Application.objects.get(applicant=person("amina")).status == "booked"


def test_ben_coaches_and_leads_the_qi_team(small_trust):
    ben = person("ben")
    coached = ProjectMember.objects.filter(user=ben, relation=Relation.COACH)
    assert coached.exists()
    assert ben.current_roles() == {"qi_team"}
    assert Project.objects.editable_by(ben).filter(status="active").count() == 1


def test_carol_sees_what_needs_the_board(figures, client, db):
    carol = person("carol")
    assert carol.current_roles() == {"board"}
    client.force_login(carol)
    assert client.get("/board/needs-us/").status_code == 200
    assert BoardAction.objects.count() <= 4


def test_first_figures_are_published_once(figures, db):
    run = PublishedRun.objects.get().run
    assert run.as_of == today()
    codes = set(IndicatorSnapshot.objects.values_list("indicator", flat=True))
    assert {"projects.live", "pdsa.predicted_before", "training.demand"} <= codes
    assert "survey.national.make-improvements-happen" in codes
    assert first_figures() is None


def test_devs_token_is_kept_while_it_works(small_trust, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    first = token_of_dev()
    assert token_of_dev() == first
    assert ApiToken.objects.get().scopes == ["bi:read"]
    assert ApiToken.objects.get().user.responsible == person("dev")
    ApiToken.objects.update(revoked_at=ApiToken.objects.get().created_at)
    assert token_of_dev() != first


def test_every_kind_of_project_page_opens(small_trust, client):
    client.force_login(person("ben"))
    for status in ("idea", "active", "resting", "completed", "stopped", "sustained"):
        project = Project.objects.filter(status=status).first()
        address = reverse("project_home", args=[project.reference])
        assert client.get(address).status_code == 200, status
