"""Every component in a real browser, under the real content policy."""

import pytest

from tests.browser import WIDTHS, settled

pytestmark = [
    pytest.mark.browser,
    pytest.mark.urls("tests.qiportal.core.style_guide"),
    pytest.mark.django_db(transaction=True),
]
GUIDE = "/style-guide/"
NARROW_PAGES = (
    "/page/pages/confirm.html",
    "/page/pages/conflict.html",
    "/page/pages/progress.html",
    "/page/404.html",
    "/page/403.html",
    "/page/400.html",
    "/page/500.html",
    "/page/403_csrf.html",
)


def test_the_style_guide_is_clean_at_every_width(visit, frontline):
    visitor = visit(frontline)
    visitor.open(GUIDE)

    for width in WIDTHS:
        visitor.resize(width)
        assert (width, visitor.axe()) == (width, [])
        assert visitor.sideways() <= 0
    assert visitor.problems == []


def test_what_is_wrong_on_a_page_is_named(visit, frontline):
    visitor = visit(frontline, widths=(1366, 390))
    page = visitor.open(GUIDE)
    page.evaluate("document.querySelector('label[for=id_done]').remove()")

    with pytest.raises(AssertionError, match="at 1366.*label.*#id_done"):
        visitor.assert_clean("style-guide")
    visitor.widths = (390,)
    with pytest.raises(AssertionError, match="at 390.*label.*#id_done"):
        visitor.assert_clean("style-guide")


@pytest.mark.parametrize("width", [360, 1366])
def test_the_error_state_is_clean_and_the_summary_has_focus(visit, frontline, width):
    visitor = visit(frontline, width=width)
    page = visitor.open(GUIDE)

    page.get_by_role("button", name="Save").click()
    settled(page)

    assert page.title() == "Error: Style guide – QI Portal"
    focused = "document.activeElement.className"
    assert page.evaluate(focused) == "nhsuk-error-summary"
    assert visitor.axe() == []
    assert visitor.sideways() <= 0


def test_a_link_of_the_error_summary_leads_to_its_field(visit, frontline):
    page = visit(frontline).open(GUIDE)
    page.get_by_role("button", name="Save").click()
    settled(page)

    page.get_by_role("link", name="Choose “Decision”").click()

    assert page.evaluate("document.activeElement.id") == "id_decision_0"


def test_the_ready_made_pages_are_clean(visit, frontline):
    visitor = visit(frontline, width=360)

    for path in NARROW_PAGES:
        visitor.open(path)
        visitor.assert_clean(path.split("/")[-1])


def test_the_sign_in_pages_are_clean(visit):
    visitor = visit(width=360)

    for path in ("login/", "password/reset/", "password/reset/done/"):
        visitor.open(f"/accounts/{path}")
        visitor.assert_clean(path.replace("/", "-"))


def test_without_javascript_everything_is_there(visit, frontline):
    page = visit(frontline, javascript=False).open(GUIDE)

    assert page.locator("[data-qi-chart-static] svg").is_visible()
    assert not page.locator("[data-qi-step]").first.is_visible()
    assert page.locator("#id_done").is_visible()
    page.get_by_role("button", name="Save").click()
    assert page.get_by_text("There is a problem").is_visible()


def test_the_chart_is_drawn_under_the_policy(visit, frontline):
    visitor = visit(frontline)
    page = visitor.open(GUIDE)

    page.wait_for_selector("#falls-chart .main-svg")

    assert not page.locator("[data-qi-chart-static]").is_visible()
    assert page.locator(".modebar-btn--logo").count() == 0
    assert visitor.problems == []


def test_the_stepper_counts_within_its_limits(visit, frontline):
    page = visit(frontline, width=390).open(GUIDE)
    more = page.get_by_role("button", name="One more")

    for _ in range(7):
        more.click()

    assert page.input_value("#id_done") == "5"
    page.get_by_role("button", name="One fewer").click()
    assert page.input_value("#id_done") == "4"


def test_a_pasted_table_is_counted(visit, frontline):
    page = visit(frontline).open(GUIDE)

    page.fill("#id_rows", "2026-01-01\t4\n2026-02-01\t5\n")

    preview = page.locator(".qi-paste-preview").inner_text()
    assert preview == (
        "2 rows, 2 columns. First: 2026-01-01 | 4. Last: 2026-02-01 | 5."
    )


def test_filters_swap_the_list_and_keep_a_shareable_address(visit, frontline):
    visitor = visit(frontline)
    page = visitor.open("/projects/")

    page.fill("#filter_q", "falls")
    page.get_by_role("button", name="Apply").click()
    page.wait_for_url("**/projects/?q=falls&unit=")
    page.get_by_role("link", name="Next page").click()
    page.wait_for_url("**/projects/?q=falls&unit=&page=5")

    assert page.input_value("#filter_q") == "falls"
    assert visitor.problems == []


def test_a_form_is_sent_once(visit, frontline):
    page = visit(frontline).open(GUIDE)
    sent = []
    page.route("**/undo/", lambda route: sent.append(1))  # never answered

    page.evaluate(
        """() => {
            const button = document.querySelector("form[action='/undo/'] button");
            button.click(); button.click(); button.click();
        }"""
    )
    page.wait_for_timeout(300)

    assert sent == [1]


def test_unsent_text_stays_in_the_tab_and_can_be_put_back(visit, frontline):
    page = visit(frontline).open(GUIDE)
    page.route("**/account/drafts/**", lambda route: route.abort())
    page.fill("#id_title", "Fewer falls")
    page.get_by_text("Draft kept in this tab").wait_for()

    page.reload()
    page.get_by_role("button", name="Put it back").click()

    assert page.input_value("#id_title") == "Fewer falls"
    assert page.evaluate("localStorage.length") == 0


def test_a_draft_goes_to_the_server_without_secrets(visit, frontline):
    page = visit(frontline).open(GUIDE)
    with page.expect_request("**/account/drafts/style-guide/") as caught:
        page.fill("#id_password", "correct horse")
        page.fill("#id_title", "Fewer falls")

    assert "title=Fewer+falls" in caught.value.post_data
    assert "_object=" in caught.value.post_data
    assert "horse" not in caught.value.post_data
    assert "csrfmiddlewaretoken" not in caught.value.post_data
    assert caught.value.headers["x-csrftoken"]


def test_signing_out_forgets_unsent_text(visit, frontline):
    page = visit(frontline).open(GUIDE)
    page.route("**/account/drafts/**", lambda route: route.abort())
    page.fill("#id_title", "Fewer falls")
    page.get_by_text("Draft kept in this tab").wait_for()

    page.get_by_role("button", name="Sign out").click()
    settled(page)

    keys = page.evaluate("Object.keys(sessionStorage)")
    assert [key for key in keys if key.startswith("qi-draft:")] == []


def test_the_keyboard_reaches_the_content_first_by_the_skip_link(visit, frontline):
    page = visit(frontline).open(GUIDE)

    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent").strip() == (
        "Skip to main content"
    )
    page.keyboard.press("Enter")

    assert page.evaluate("document.activeElement.id") == "maincontent"


def test_chips_work_by_keyboard(visit, frontline):
    page = visit(frontline).open(GUIDE)

    page.focus("#id_planned_0")
    page.keyboard.press("ArrowRight")

    assert page.is_checked("#id_planned_1")


def test_a_long_name_and_a_role_fit_in_the_header(visit, qi_team):
    qi_team.full_name = "Wilhelmina Featherstonehaugh-Cholmondeley of Ward 7"
    qi_team.save()
    visitor = visit(qi_team, width=320)
    page = visitor.open(GUIDE)

    for width in (320, 1366):
        visitor.resize(width)
        assert visitor.sideways() <= 0
        assert page.get_by_role("button", name="Sign out").is_visible()
        assert page.get_by_role("link", name="Wilhelmina").count() == 1
