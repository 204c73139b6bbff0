"""Who may open which account page (SECURITY section 1); anonymous visitors sign in."""

from datetime import date

import pytest
from django.urls import URLPattern

from qiportal.accounts import urls
from qiportal.accounts.models import AuditEvent
from qiportal.accounts.tokens import token_issue
from tests.factories import RoleAssignmentFactory, UserFactory

EVERYONE = ("frontline", "lead", "stranger", "qi_team", "board_member", "sysadmin")
SYSADMIN = ("sysadmin",)
UNIT_KEEPERS = ("qi_team", "sysadmin")
PAGES = {
    "account_home": ("/account/", EVERYONE),
    "profile": ("/account/profile/", EVERYONE),
    "pick_unit": ("/account/unit/", EVERYONE),
    "own_phone": ("/account/own-phone/", EVERYONE),
    "my_data": ("/account/my-data/", EVERYONE),
    "api_tokens": ("/account/api-tokens/", EVERYONE),
    "token_new": ("/account/api-tokens/new/", SYSADMIN),
    "user_list": ("/account/users/", SYSADMIN),
    "user_new": ("/account/users/new/", SYSADMIN),
    "user_detail": ("/account/users/{user}/", SYSADMIN),
    "user_edit": ("/account/users/{user}/edit/", SYSADMIN),
    "user_deactivate": ("/account/users/{user}/deactivate/", SYSADMIN),
    "second_step_remove": ("/account/users/{user}/second-step/", SYSADMIN),
    "role_end": ("/account/users/{user}/roles/{role}/end/", SYSADMIN),
    "audit_log": ("/account/audit/", SYSADMIN),
    "audit_csv": ("/account/audit/audit-log.csv", SYSADMIN),
    "job_list": ("/account/jobs/", UNIT_KEEPERS),
    "unit_list": ("/account/units/", UNIT_KEEPERS),
    "unit_new": ("/account/units/new/", UNIT_KEEPERS),
    "unit_detail": ("/account/units/{unit}/", UNIT_KEEPERS),
    "unit_edit": ("/account/units/{unit}/edit/", UNIT_KEEPERS),
    "unit_move": ("/account/units/{unit}/move/", UNIT_KEEPERS),
    "unit_close": ("/account/units/{unit}/close/", UNIT_KEEPERS),
    "import_list": ("/account/imports/", UNIT_KEEPERS),
    "import_upload": ("/account/imports/units/new/", UNIT_KEEPERS),
    "import_template": ("/account/imports/units/template.csv", UNIT_KEEPERS),
    "draft_save": ("/account/drafts/x/", EVERYONE),
}
POSTS = {
    "user_reactivate": ("/account/users/{user}/reactivate/", SYSADMIN),
    "rollup_now": ("/account/jobs/rollup/", UNIT_KEEPERS),
    "draft_discard": ("/account/drafts/x/discard/", EVERYONE),
}
OWNED = {  # found by their owner only: 404 for others
    "token_renew",
    "token_end",
    "import_report",
    "import_commit",
    "import_undo",
    "import_rows",
    "import_wait",
}


@pytest.fixture
def objects(ward):
    somebody = UserFactory(home_unit=ward)
    role = RoleAssignmentFactory(user=somebody, role="board")
    return {"user": somebody.pk, "unit": ward.pk, "role": role.pk}


def test_every_address_of_the_app_stands_here():
    names = {p.name for p in urls.urlpatterns if isinstance(p, URLPattern)}
    assert names == {*PAGES, *POSTS, *OWNED}


def test_a_wrong_method_is_told_to_those_who_may(client, frontline, sysadmin, ward):
    for path in ("/account/users/", f"/account/units/{ward.pk}/edit/"):
        client.force_login(frontline)
        assert client.delete(path).status_code == 403
        client.force_login(sysadmin)
        assert client.delete(path).status_code == 405


@pytest.mark.parametrize("who", EVERYONE)
def test_pages(who, client, request, objects):
    client.force_login(request.getfixturevalue(who))
    wrong = {}
    for name, (path, allowed) in PAGES.items():
        status = client.get(path.format(**objects)).status_code
        expected = (200, 302) if who in allowed else (403,)
        if status not in expected:
            wrong[name] = status
    assert wrong == {}


@pytest.mark.parametrize("who", EVERYONE)
def test_posting_where_it_is_not_allowed_changes_nothing(who, client, request, objects):
    client.force_login(request.getfixturevalue(who))
    refused = {**PAGES, **POSTS}
    for name, (path, allowed) in refused.items():
        if who not in allowed:
            answer = client.post(path.format(**objects), {"role": "sysadmin"})
            assert answer.status_code == 403, name
    assert not AuditEvent.objects.exists()


def test_anonymous_visitors_sign_in(client, objects):
    for path, _ in (*PAGES.values(), *POSTS.values()):
        for method in (client.get, client.post):
            answer = method(path.format(**objects))
            assert answer.status_code == 302, path
            assert answer.url.startswith("/accounts/login/?next=")


def test_a_leaver_is_anonymous(client, sysadmin, objects):
    client.force_login(sysadmin)
    sysadmin.is_active = False
    sysadmin.save()
    assert client.get("/account/users/").status_code == 302


@pytest.mark.parametrize("path", ["/accessibility/", "/contact/"])
def test_footer_pages_are_open_to_all(client, db, path):
    assert client.get(path).status_code == 200


def test_tokens_are_found_by_their_owner_alone(
    client, frontline, stranger, sysadmin, qi_team
):
    token = token_issue(
        responsible=frontline, name="x", scopes=["bi:read"], days=1, by=sysadmin
    ).token
    for page, finders in (
        ("renew", {frontline}),
        ("end", {frontline, sysadmin}),
    ):
        for user in (frontline, stranger, sysadmin, qi_team):
            client.force_login(user)
            answer = client.get(f"/account/api-tokens/{token.prefix}/{page}/")
            assert answer.status_code == (200 if user in finders else 404)


def test_roles_of_the_future_and_past_open_nothing(client, frontline):
    RoleAssignmentFactory(user=frontline, role="sysadmin", starts_on=date(2099, 1, 1))
    RoleAssignmentFactory(
        user=frontline,
        role="qi_team",
        starts_on=date(2020, 1, 1),
        ends_on=date(2020, 2, 1),
    )
    client.force_login(frontline)
    assert client.get("/account/users/").status_code == 403
    assert client.get("/account/jobs/").status_code == 403
