"""Pages of the register in a real browser: accessible, no wider than the window."""

import pytest

from projects import services
from projects.models import Driver
from tests.browser import BOTH, settled
from tests.factories import MemberFactory, UserFactory
from tests.projects.scene import crowd, full_project, method

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def clean(visitor, path, name=""):
    visitor.open(path)
    checked(visitor, name or "projects" + path.replace("/", "-").replace("?", "-"))


def checked(visitor, name):
    visitor.assert_clean(name)


@pytest.fixture
def scene(ward, lead, frontline, stranger):
    method("Model for Improvement", is_house=True)
    UserFactory.create_batch(6, home_unit=ward)
    return full_project(lead, ward, team=(frontline,))


def test_lists_empty_and_filled(visit, ward, lead, qi_team, frontline):
    visitor = visit(qi_team, widths=BOTH)
    clean(visitor, "/projects/", "list-empty")
    clean(visitor, "/projects/tried-and-dropped/", "dropped-empty")
    clean(visitor, "/projects/deleted/", "deleted-empty")
    project = full_project(lead, ward, team=(frontline,))
    crowd(ward, lead, 60)
    services.filter_save(
        by=qi_team, page="projects", name="Resting", query_string="status=resting"
    )
    gone = full_project(lead, ward, title="Quieter nights")
    services.project_delete(project=gone, by=qi_team)
    clean(visitor, "/projects/", "list")
    clean(visitor, "/projects/?q=falls&status=live&stuck=on", "list-filtered")
    clean(visitor, "/projects/?q=zebra", "list-nothing")
    clean(visitor, f"/projects/?deleted={gone.reference}", "list-undo")
    clean(visitor, "/projects/tried-and-dropped/", "dropped")
    clean(visitor, "/projects/deleted/", "deleted")
    assert project.reference in visitor.open("/projects/").content()


def test_a_project_as_its_lead_works_on_it(visit, scene, lead):
    visitor = visit(lead, widths=BOTH)
    base = f"/projects/{scene.reference}"
    driver = Driver.objects.filter(project=scene).first()
    pages = {
        "details": "/details/",
        "edit": "/edit/",
        "status": "/status/",
        "people": "/people/",
        "member-add": "/people/add/",
        "coproduction": "/co-production/",
        "coproduction-rate": "/co-production/test/",
        "handover": "/handover/",
        "aim": "/aim/",
        "drivers": "/drivers/",
        "driver-new": "/drivers/new/",
        "driver-edit": f"/drivers/{driver.pk}/edit/",
        "ideas": "/ideas/",
        "idea-new": "/ideas/new/",
        "methods": "/methods/",
        "method-add": "/methods/add/",
        "barriers": "/barriers/",
        "stuck": "/barriers/new/",
        "history": "/history/",
        "leave": "/leave/",
    }
    for name, tail in pages.items():
        clean(visitor, base + tail, f"project-{name}")
    idea = scene.ideas.first()
    clean(visitor, f"{base}/ideas/{idea.pk}/edit/", "project-idea-edit")
    clean(visitor, f"{base}/ideas/{idea.pk}/outcome/", "project-idea-outcome")


def test_empty_parts_of_a_new_project(visit, lead, ward):
    project = services.project_register(
        title="Quieter nights",
        problem="Noise.",
        unit=ward,
        aim_statement="Sleep.",
        lead=lead,
        by=lead,
    )
    visitor = visit(lead, width=390)
    for tail in ("drivers", "ideas", "methods", "barriers", "people", "history"):
        clean(visitor, f"/projects/{project.reference}/{tail}/", f"new-{tail}")


def test_others_pages(visit, scene, stranger, qi_team, board_member, frontline, lead):
    base = f"/projects/{scene.reference}"
    visitor = visit(stranger)
    for tail in ("details", "drivers", "ideas", "people", "barriers"):
        clean(visitor, f"{base}/{tail}/", f"stranger-{tail}")
    clean(visit(qi_team), f"{base}/delete/", "project-delete")
    clean(visit(board_member), f"{base}/barriers/", "board-barriers")
    services.handover_offer(
        project=scene, to_user=frontline, from_user=lead, by=lead, note="I move on."
    )
    clean(visit(frontline), f"{base}/handover/answer/", "handover-answer")
    clean(visit(lead), f"{base}/handover/", "handover-open")
    patient = UserFactory(full_name="Pat Partner", home_unit=None)
    MemberFactory(project=scene, user=patient, relation="patient_partner")
    clean(visit(patient), f"{base}/people/", "patient-people")


def test_registering_with_look_alikes(visit, scene, frontline):
    visitor = visit(frontline, widths=BOTH)
    clean(visitor, "/projects/new/", "register")
    page = visitor.page
    page.get_by_label("Title").fill("Falls at night in our bay")
    page.get_by_text("is like yours").wait_for()
    checked(visitor, "register-lookalikes")
    page.get_by_role("button", name="Register").click()
    page.wait_for_selector(".nhsuk-error-summary")
    checked(visitor, "register-errors")
    page.get_by_label("What is the problem?").fill("Bells hang on the wall.")
    page.get_by_label("What do you want to achieve?").fill("Halve falls by spring.")
    page.get_by_role("button", name="Register").click()
    page.wait_for_url("**registered=1")
    assert "Your reference is" in page.content()
    checked(visitor, "registered")


def test_registering_without_javascript(visit, scene, frontline):
    visitor = visit(frontline, width=390, javascript=False)
    page = visitor.open("/projects/new/")
    page.get_by_label("Title").fill("Falls at night in our bay")
    page.get_by_label("What is the problem?").fill("Bells hang on the wall.")
    page.get_by_label("What do you want to achieve?").fill("Halve falls by spring.")
    page.get_by_role("button", name="Register").click()
    page.get_by_role("heading", name="Has somebody started this?").wait_for()
    visitor.picture("register-check")
    page.get_by_label("Start from its drivers and ideas").check()
    page.get_by_role("button", name="Register mine").click()
    page.wait_for_url("**registered=1")
    page.goto(page.url.split("?")[0] + "drivers/")
    assert page.get_by_text("Bell checked at each handover").count() >= 1


def test_joining_from_a_look_alike(visit, ward, lead, frontline):
    full_project(lead, ward)
    visitor = visit(frontline)
    page = visitor.open("/projects/new/")
    page.get_by_label("Title").fill("Falls at night in our bay")
    page.get_by_role("button", name="Join it").click()
    page.get_by_text("You are a member of").wait_for()


def test_the_aim_writes_itself(visit, scene, lead):
    visitor = visit(lead)
    page = visitor.open(f"/projects/{scene.reference}/aim/")
    page.get_by_label("For whom?").fill("people over 80")
    page.get_by_text("for people over 80 in Ward 7").wait_for()
    checked(visitor, "aim-preview")


def test_two_editors_see_both_texts(visit, scene, lead):
    visitor = visit(lead)
    page = visitor.open(f"/projects/{scene.reference}/edit/")
    scene.refresh_from_db()
    services.project_edit(
        project=scene, version=scene.version, by=lead, title="Safer nights on Ward 7"
    )
    page.get_by_label("Title").fill("Nights without falls")
    page.get_by_role("button", name="Save").click()
    page.get_by_text("Saved now").first.wait_for()
    visitor.picture("conflict")
    assert visitor.axe() == []
    page.get_by_role("button", name="Save").click()
    page.get_by_text("Details saved").wait_for()
    scene.refresh_from_db()
    assert scene.title == "Nights without falls"


def test_a_large_diagram_and_the_keyboard(visit, scene, lead):
    for number in range(4):
        primary = services.driver_add(
            project=scene, text=f"Primary driver number {number} of four", by=lead
        )
        for inner in range(4):
            second = services.driver_add(
                project=scene,
                text=f"Secondary driver {number}.{inner} with a longer wording",
                parent=primary,
                by=lead,
            )
            for idea in range(4):
                services.idea_add(
                    project=scene,
                    title=f"Change idea {number}.{inner}.{idea}",
                    driver=second,
                    by=lead,
                )
    visitor = visit(lead)
    clean(visitor, f"/projects/{scene.reference}/drivers/", "drivers-large")
    page = visitor.page
    page.get_by_text("Edit Call bells within reach").press("Enter")
    page.get_by_role("button", name="Move down Call bells").press("Enter")
    settled(page)
    first = page.locator(".qi-outline__primary h3").first
    assert first.inner_text() == "Staff who can see patients"
