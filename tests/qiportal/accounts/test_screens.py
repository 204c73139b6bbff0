"""The account and library pages in a browser: axe-clean, no overflow, no errors."""

from datetime import UTC, date, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from qiportal.accounts.audit import audit_record
from qiportal.accounts.models import ImportBatch
from qiportal.accounts.tokens import token_issue
from qiportal.jobs.models import JobRun
from qiportal.library.models import Method
from qiportal.library.services import draft_write, library_seed
from qiportal.library.services.fields import TEXT_FIELDS
from tests.browser import BOTH, settled
from tests.factories import RoleAssignmentFactory, UserFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def scene(settings, tmp_path, client, trust, ward, other_ward, lead, sysadmin, qi_team):
    """A portal in use: people, tokens, imports good and bad, jobs, drafts."""
    settings.DATA_DIR = tmp_path
    UserFactory(full_name="Gone Away", is_active=False, home_unit=ward)
    RoleAssignmentFactory(user=lead, role="board", granted_by=sysadmin)
    issued = token_issue(
        responsible=lead, name="Power BI", scopes=["bi:read"], days=90, by=sysadmin
    )
    token_issue(responsible=sysadmin, name="R", scopes=["bi:read"], days=1, by=sysadmin)
    audit_record(type="role.granted", target=lead, by=sysadmin)
    JobRun.objects.create(
        kind="rollup",
        key="2026-11-23",
        scheduled_for=datetime(2026, 11, 23, 2, tzinfo=UTC),
        state="done",
        finished_at=timezone.now(),
        stats={"rows": 77},
    )
    client.force_login(qi_team)
    head = "code,name,kind,parent_code\n"
    for text in ("W9,Ward 9,team,NONE\nW8,x,wing,RVB\n", "W9,Ward 9,division,RVB\n"):
        upload = SimpleUploadedFile("units.csv", (head + text).encode())
        client.post("/account/imports/units/new/", {"file": upload})
    refused, checked = ImportBatch.objects.order_by("pk")
    library_seed()
    method = Method.objects.get(slug="run-chart")
    text = {name: getattr(method.current_version, name) for name in TEXT_FIELDS}
    text["steps"] += "\n9. Look again in a month."
    draft_write(method=method, text=text, version=0, by=qi_team)
    Method.objects.filter(slug="raci").update(is_house=False, retired_on=date.today())
    client.logout()
    return {
        "lead": lead.pk,
        "ward": ward.pk,
        "prefix": issued.token.prefix,
        "role": lead.role_assignments.get().pk,
        "refused": refused.pk,
        "checked": checked.pk,
    }


PAGES = {
    "sysadmin": [
        "/account/",
        "/account/profile/",
        "/account/own-phone/",
        "/account/my-data/",
        "/account/api-tokens/",
        "/account/api-tokens/new/",
        "/account/api-tokens/{prefix}/end/",
        "/account/users/",
        "/account/users/?q=nobody",
        "/account/users/new/",
        "/account/users/{lead}/",
        "/account/users/{lead}/edit/",
        "/account/users/{lead}/deactivate/",
        "/account/users/{lead}/roles/{role}/end/",
        "/account/audit/",
        "/account/jobs/",
    ],
    "qi_team": [
        "/account/units/",
        "/account/units/new/",
        "/account/units/{ward}/",
        "/account/units/{ward}/move/",
        "/account/units/{ward}/close/",
        "/account/imports/",
        "/account/imports/units/new/",
        "/account/imports/{refused}/",
        "/account/imports/{checked}/",
        "/library/",
        "/library/?q=zzz",
        "/library/run-chart/",
        "/library/raci/",
        "/library/run-chart/history/",
        "/library/run-chart/versions/1/",
        "/library/run-chart/edit/",
        "/library/run-chart/draft/",
        "/library/run-chart/discard/",
        "/library/run-chart/particulars/",
        "/library/desk/",
        "/library/new/",
    ],
    "frontline": ["/account/", "/account/api-tokens/", "/library/five-whys/"],
    "": ["/accessibility/", "/contact/", "/accounts/login/"],
}


def picture_name(path):
    return "acc" + path.translate(str.maketrans("/?=", "---")).rstrip("-")


@pytest.mark.parametrize("who", PAGES)
def test_pages_are_clean(who, visit, request, scene):
    user = request.getfixturevalue(who) if who else None
    visitor = visit(user, widths=BOTH)
    for path in PAGES[who]:
        path = path.format(**scene)
        visitor.open(path)
        visitor.assert_clean(f"{who or 'anonymous'}-{picture_name(path)}")


def test_pages_in_their_error_state_are_clean(visit, sysadmin, scene):
    visitor = visit(sysadmin, widths=BOTH)
    for path, button in (
        ("/account/users/new/", "Add the person"),
        ("/account/api-tokens/new/", "Issue the token"),
        ("/account/units/new/", "Add the unit"),
        ("/account/imports/units/new/", "Check the file"),
    ):
        page = visitor.open(path)
        page.get_by_role("button", name=button).click()
        settled(page)
        assert page.title().startswith("Error: "), path
        visitor.assert_clean(f"error-{picture_name(path)}")


def test_the_first_sign_in_page_is_clean(visit, scene):
    visitor = visit(UserFactory(home_unit=None), widths=BOTH)
    visitor.open("/account/unit/")
    visitor.assert_clean("acc-pick-unit")
    visitor.open("/account/")
    visitor.assert_clean("acc-home-without-unit")


def test_a_conflict_and_a_new_token_are_clean(visit, sysadmin, lead, scene):
    visitor = visit(sysadmin, widths=BOTH)
    page = visitor.open(f"/account/users/{lead.pk}/edit/")
    lead.full_name, lead.version = "Lena Hartmann", lead.version + 1
    lead.save()
    page.get_by_label("Full name").fill("Lena H.")
    page.get_by_role("button", name="Save").click()
    settled(page)
    assert "Lena Hartmann" in page.content()
    visitor.problems.clear()  # the browser calls the 409 answer an error
    visitor.assert_clean("acc-conflict")
    page = visitor.open("/account/api-tokens/new/")
    page.get_by_label("Who answers for it").fill(lead.email)
    page.get_by_label("What it is for").fill("Nightly refresh")
    page.get_by_label("Read the BI tables").check()
    page.get_by_role("button", name="Issue the token").click()
    settled(page)
    assert "This is the only time the token is shown" in page.content()
    visitor.assert_clean("acc-token-shown")


def test_filters_narrow_the_list_without_a_new_page(visit, sysadmin, scene):
    visitor = visit(sysadmin)
    page = visitor.open("/account/users/")
    page.locator(".qi-drawer__summary").click()
    page.get_by_label("Name or e-mail address").fill("lena")
    page.get_by_label("Name or e-mail address").press("Enter")
    page.wait_for_url("**q=lena**")
    assert page.locator("#results tbody tr").count() == 1
    assert visitor.problems == []


def test_typing_is_kept_and_comes_back(visit, qi_team, scene):
    """The draft of a new library entry survives a closed tab."""
    visitor = visit(qi_team)
    page = visitor.open("/library/new/")
    page.get_by_label("Title").fill("Bedside board")
    page.wait_for_selector("[data-qi-draft-status]:has-text('Draft saved')")
    page.close()
    again = visit(qi_team)
    page = again.open("/library/new/")
    assert page.get_by_label("Title").input_value() == "Bedside board"
    assert "We kept what you typed" in page.content()
    again.picture("acc-draft-banner")
    page.get_by_role("button", name="Throw it away").click()
    settled(page)
    assert page.get_by_label("Title").input_value() == ""
