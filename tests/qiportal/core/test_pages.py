"""The page frame, the error pages, and the components as they print."""

import re
from datetime import date

import pytest
from django.contrib.messages import constants
from django.core.paginator import Paginator
from django.template import Context, Template
from django.template.loader import render_to_string

from qiportal.core.context_processors import nav_items, trust_logo
from qiportal.core.svg import sparkline

pytestmark = pytest.mark.urls("tests.qiportal.core.style_guide")


def current(path):
    return [entry["label"] for entry in nav_items(path) if entry["current"]]


@pytest.mark.parametrize(
    ("path", "label"),
    [
        ("/", ["My work"]),
        ("/projects/", ["Projects"]),
        ("/projects/QI-2026-0001/", ["Projects"]),
        ("/pdsa/", ["Projects"]),
        ("/library/run-chart/", ["Library"]),
        ("/board/", ["Board"]),
        ("/account/", []),
    ],
)
def test_one_section_is_current(path, label):
    assert current(path) == label


def test_the_six_items_in_their_order():
    assert [(entry["label"], entry["url"]) for entry in nav_items("/")] == [
        ("My work", "/"),
        ("Projects", "/projects/"),
        ("Library", "/library/"),
        ("Training", "/training/"),
        ("Surveys", "/surveys/"),
        ("Board", "/board/"),
    ]


def test_a_trust_may_bring_its_own_logo(settings):
    settings.TRUST_LOGO = ""
    assert trust_logo() == ""
    settings.TRUST_LOGO = "/media/logo.svg"
    assert trust_logo() == "/media/logo.svg"


def test_the_frame_for_somebody_signed_in(signed_in, frontline):
    html = signed_in(frontline).get("/style-guide/").content.decode()

    assert html.count("<h1") == 1
    assert "<title>Style guide – QI Portal</title>" in html
    assert 'class="nhsuk-skip-link"' in html
    assert 'id="maincontent"' in html
    assert 'action="/projects/" method="get"' in html
    assert 'action="/accounts/logout/" method="post" data-qi-signout' in html
    assert "Amina Yusuf" in html
    assert "Accessibility statement" in html
    assert "Data and API" in html
    assert "X-CSRFToken" in html


def test_the_current_section_is_marked(signed_in, frontline):
    html = signed_in(frontline).get("/projects/").content.decode()

    assert html.count('aria-current="page"') >= 1
    assert 'href="/projects/" aria-current="page"' in html


def test_nobody_signed_in_sees_no_navigation(client):
    html = client.get("/style-guide/").content.decode()

    assert "nhsuk-header__navigation" not in html
    assert "X-CSRFToken" not in html


def test_the_demo_says_so(client, settings):
    settings.DEMO = True
    assert (
        "Invented people and projects" in client.get("/style-guide/").content.decode()
    )
    settings.DEMO = False
    assert "Invented people" not in client.get("/style-guide/").content.decode()


def test_a_page_with_errors_says_so_in_its_title(client):
    html = client.post("/style-guide/", {"title": ""}).content.decode()

    assert "<title>Error: Style guide – QI Portal</title>" in html
    assert html.count("nhsuk-error-summary__heading") == 1
    assert "The date of the test is before the project began." in html


def test_entered_values_are_kept_after_an_error(client):
    html = client.post("/style-guide/", {"title": "Fewer falls", "planned": "changed"})

    assert 'value="Fewer falls"' in html.content.decode()
    assert 'value="changed" id="id_planned_1" checked' in html.content.decode()


def test_the_policy_forbids_inline_script_and_outside_hosts(client):
    policy = client.get("/style-guide/")["Content-Security-Policy"]

    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy


def test_a_missing_page(signed_in, frontline):
    answer = signed_in(frontline).get("/nowhere/")

    assert answer.status_code == 404
    assert "Page not found" in answer.content.decode()


def test_an_unexpected_failure_shows_a_reference_and_no_details(client):
    client.raise_request_exception = False

    answer = client.get("/broken/")

    html = answer.content.decode()
    assert answer.status_code == 500
    assert "broken on purpose" not in html
    assert answer["X-Request-Id"] in html


@pytest.mark.parametrize("name", ["400.html", "500.html", "403_csrf.html"])
def test_error_pages_stand_alone(name):
    html = render_to_string(name)

    assert html.count("<h1") == 1
    assert "/static/css/portal.css" in html


def test_messages_carry_their_kind_in_words():
    class Message:
        def __init__(self, level_tag, text):
            self.level_tag, self.text = level_tag, text

        def __str__(self):
            return self.text

    tags = constants.DEFAULT_TAGS
    messages = [
        Message(tags[constants.SUCCESS], "Saved."),
        Message(tags[constants.ERROR], "Not saved."),
    ]

    html = render_to_string("components/messages.html", {"messages": messages})

    assert re.search(r'role="status">\s*<p class="qi-message__text">Saved\.', html)
    assert re.search(
        r'role="alert">.*<strong>Problem:</strong> Not saved\.', html, re.S
    )


def included(name, **context):
    return render_to_string(f"components/{name}.html", context)


def test_results_count_is_grammatical():
    assert "<strong>1</strong> project</p>" in included(
        "results_count", count=1, noun="project"
    )
    assert "<strong>0</strong> projects</p>" in included(
        "results_count", count=0, noun="project"
    )
    assert "<strong>1,204</strong> people</p>" in included(
        "results_count", count=1204, noun="person", plural="people"
    )


def test_a_hidden_tile_shows_no_number():
    svg = sparkline([7, 7])
    tile = {"title": "Ready?", "value": "7", "n": 7, "hidden": True, "svg": svg}

    html = included("tile", tile=tile)

    assert "Hidden to protect people: fewer than 11 answers" in html
    assert "7" not in re.sub(r"<[^>]*>", "", html)
    assert "<svg" not in html


def test_table_cells_are_escaped_and_aligned():
    table = {
        "caption": "Falls",
        "columns": [{"label": "Month"}, {"label": "Falls", "numeric": True}],
        "rows": [["<b>", 1400], [date(2026, 3, 1), None]],
        "row_headers": True,
    }

    html = included("data_table", table=table)

    assert '<th scope="row">&lt;b&gt;' in html
    assert re.search(r'<td class="qi-num">1,400\s*</td>', html)
    assert re.search(r'<td class="qi-num">–\s*</td>', html)
    assert "1 March 2026" in html
    assert "<caption" in html


def test_stages_say_their_state_in_words():
    stages = [
        {"letter": "P", "label": "Plan", "state": "done", "date": date(2026, 11, 2)},
        {"letter": "D", "label": "Do", "state": "current"},
    ]

    html = included("stage_stepper", stages=stages)

    assert "Done, " in html
    assert "Mon 2 Nov" in html
    assert html.count('aria-current="step"') == 1


def test_segments_say_their_state_in_words():
    segments = [
        {"label": "a", "state": "met"},
        {"label": "b", "state": "not_yet"},
        {"label": "c", "state": "not_applicable"},
    ]

    html = included("segments", segments=segments)

    assert re.findall(r'segment__state">([^<]*)', html) == [
        *("Seen", "Not yet", "Does not apply")
    ]


def test_a_chart_prints_sentence_numbers_and_a_harmless_specification():
    chart = {
        "id": "c1",
        "sentence": "Falls: 3 points.",
        "spec": {"data": [{"name": "</script><script>alert(1)</script>"}]},
        "table": {"caption": "Falls", "columns": [{"label": "n"}], "rows": [[1]]},
    }

    html = included("chart", chart=chart)

    assert 'data-qi-chart="c1"' in html
    assert 'id="c1-spec" type="application/json"' in html
    assert "</script><script>" not in html
    assert "Show the numbers" in html


def test_a_chart_without_specification_stays_a_picture():
    html = included("chart", chart={"id": "c1", "sentence": "Two points."})

    assert "data-qi-chart=" not in html
    assert "<script" not in html


def test_pagination_is_absent_on_a_single_page(rf):
    source = "{% include 'components/pagination.html' %}"
    one_page = Paginator([1, 2], 50).get_page(1)
    context = Context({"page_obj": one_page, "request": rf.get("/")})

    assert Template(source).render(context).strip() == ""
