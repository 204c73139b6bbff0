"""One's own account: profile, unit, data."""

import io
import json
import zipfile

import pytest
from django.core.management import CommandError, call_command

from qiportal.accounts.models import AuditEvent, User
from qiportal.accounts.subject_access import rows_about, user_fields
from qiportal.accounts.tokens import token_issue
from qiportal.organisation.models import Site
from tests.factories import MemberFactory, RoleAssignmentFactory, UserFactory


def test_home_shows_what_is_known_and_nothing_to_run(signed_in, frontline):
    page = signed_in(frontline).get("/account/").content.decode()
    for words in ("Amina Yusuf", frontline.email, "Ward 7", "Staff"):
        assert words in page
    for words in ("/account/users/", "/account/audit/", "/account/imports/"):
        assert words not in page


@pytest.mark.parametrize(
    ("who", "links"),
    [
        ("qi_team", {"units", "jobs", "imports"}),
        ("sysadmin", {"users", "units", "audit", "jobs", "imports"}),
        ("board_member", set()),
    ],
)
def test_home_links_what_one_may_run(signed_in, request, who, links):
    page = signed_in(request.getfixturevalue(who)).get("/account/").content.decode()
    all_links = {"users", "units", "audit", "jobs", "imports"}
    assert {name for name in all_links if f'href="/account/{name}/"' in page} == links


def test_the_header_names_roles(signed_in, qi_team):
    assert "QI team" in signed_in(qi_team).get("/account/").content.decode()


def test_home_costs_few_queries(signed_in, sysadmin, django_assert_max_num_queries):
    client = signed_in(sysadmin)
    client.get("/account/")
    with django_assert_max_num_queries(7):
        client.get("/account/")


# --- profile ------------------------------------------------------------------------


def save_profile(client, user, **changes):
    data = {
        "job_title": "Staff nurse",
        "staff_group": "nursing",
        "version": user.version,
    }
    return client.post("/account/profile/", {**data, **changes})


def test_changing_ones_profile(signed_in, frontline):
    site = Site.objects.create(ods_code="RVB01", name="Main site")
    answer = save_profile(signed_in(frontline), frontline, site=site.pk)
    assert answer.url == "/account/"
    frontline.refresh_from_db()
    assert (frontline.job_title, frontline.staff_group) == ("Staff nurse", "nursing")
    assert frontline.site == site
    event = AuditEvent.objects.get(type="user.profile_edited")
    assert event.old == {"job_title": "", "staff_group": "", "site": None}
    assert event.new["site"] == "RVB01"


def test_saving_without_a_change_is_no_event(signed_in, frontline):
    save_profile(signed_in(frontline), frontline, job_title="", staff_group="")
    assert not AuditEvent.objects.exists()


def test_what_people_may_not_change_about_themselves(signed_in, frontline, other_ward):
    client = signed_in(frontline)
    before = User.objects.filter(pk=frontline.pk).values().get()
    save_profile(
        client,
        frontline,
        full_name="Chief",
        email="chief@example.nhs.uk",
        home_unit=other_ward.pk,
        kind="service",
        is_active="",
        role="sysadmin",
        password="x",
    )
    after = User.objects.filter(pk=frontline.pk).values().get()
    changed = {name for name in after if after[name] != before[name]}
    assert changed == {"job_title", "staff_group", "version", "updated_at"}


def test_two_windows_show_both_texts(signed_in, frontline):
    client = signed_in(frontline)
    save_profile(client, frontline, job_title="Sister")
    answer = save_profile(client, frontline, job_title="Matron")
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "Sister" in page
    assert "Matron" in page


def test_identifiers_are_refused_in_a_job_title(signed_in, frontline):
    answer = save_profile(signed_in(frontline), frontline, job_title="999 000 0018")
    assert answer.status_code == 200
    assert "[removed]" in answer.content.decode()


# --- unit ---------------------------------------------------------------------------


def test_the_team_is_picked_once(signed_in, ward, other_ward):
    user = UserFactory(home_unit=None)
    client = signed_in(user)
    assert "Choose the team you work in" in client.get("/account/").content.decode()
    answer = client.post("/account/unit/", {"unit": ward.pk, "next": "/projects/"})
    assert answer.url == "/projects/"
    client.post("/account/unit/", {"unit": other_ward.pk})
    user.refresh_from_db()
    assert user.home_unit == ward
    event = AuditEvent.objects.get(type="user.unit_picked")
    assert event.unit_path == ward.path


def test_no_team_chosen(signed_in, db):
    user = UserFactory(home_unit=None)
    page = signed_in(user).post("/account/unit/", {"unit": ""}).content.decode()
    assert "Choose your team." in page


def test_the_way_on_stays_on_this_site(signed_in, ward):
    client = signed_in(UserFactory(home_unit=None))
    answer = client.post(
        "/account/unit/", {"unit": ward.pk, "next": "https://evil.example/"}
    )
    assert answer.url == "/"


# --- my data ----------------------------------------------------------------


def export_of(client):
    answer = client.post("/account/my-data/")
    assert "attachment" in answer["Content-Disposition"]
    packed = zipfile.ZipFile(io.BytesIO(answer.content))
    return packed.read("data.json").decode(), packed.read("index.html").decode()


def test_the_export_holds_every_row_that_names_me(client, project, lead, sysadmin):
    MemberFactory(project=project, user=UserFactory(full_name="Somebody Else"))
    secret = token_issue(
        responsible=lead, name="feed", scopes=["bi:read"], days=1, by=sysadmin
    ).secret
    client.force_login(lead)
    text, page = export_of(client)
    rows = json.loads(text)["rows"]
    assert rows["accounts.User"][0]["email"] == lead.email
    assert rows["projects.ProjectMember"][0]["user"] == "you"
    assert rows["projects.Project"][0]["created_by"] == "you"
    assert "Lena Hart" in page
    assert "keeps counts per unit" in page
    for hidden in ("Somebody Else", "pbkdf2", "md5$", secret, sysadmin.email):
        assert hidden not in text
    event = AuditEvent.objects.get(type="person_data.exported")
    assert event.actor == lead.email


def test_the_page_counts_what_there_is(signed_in, lead, project):
    page = signed_in(lead).get("/account/my-data/").content.decode()
    assert "project member" in page
    assert not AuditEvent.objects.exists()


def test_markup_in_a_name_stays_text(signed_in, ward):
    user = UserFactory(full_name="<script>alert(1)</script>", home_unit=ward)
    _, page = export_of(signed_in(user))
    assert "<script>" not in page
    assert "&lt;script&gt;" in page


def test_events_about_others_are_left_out(frontline, stranger, sysadmin):
    RoleAssignmentFactory(user=stranger, granted_by=sysadmin)
    assert "accounts.RoleAssignment" not in rows_about(frontline)
    rows = rows_about(sysadmin)["accounts.RoleAssignment"]
    assert {row["user"] for row in rows} == {"you", "another person"}


def test_fields_that_name_a_user_are_found_in_every_shape():
    names = {field.name for field in user_fields(User)}
    assert names == {"responsible"}


def test_the_command(frontline, tmp_path, capsys):
    path = tmp_path / "amina.zip"
    call_command("sar_export", "--user", frontline.email.upper(), "--output", path)
    assert zipfile.ZipFile(path).namelist() == ["data.json", "index.html"]
    assert path.stat().st_mode & 0o077 == 0
    with pytest.raises(CommandError):
        call_command("sar_export", "--user", "nobody@example.nhs.uk")
