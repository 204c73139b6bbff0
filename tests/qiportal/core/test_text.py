import re
from pathlib import Path

import pytest

from qiportal.core.text import render_markdown

ROOT = Path(__file__).parents[3]


def test_markdown_becomes_html_below_the_page_heading():
    html = render_markdown("# Run chart\n\nPlot **first**.\n\n- one\n- two")

    assert html == (
        "<h2>Run chart</h2>\n<p>Plot <strong>first</strong>.</p>\n"
        "<ul>\n<li>one</li>\n<li>two</li>\n</ul>"
    )


def test_headings_start_at_the_level_asked_for():
    assert render_markdown("# A\n\n## B", 3) == "<h3>A</h3>\n<h4>B</h4>"


def test_tables_are_kept():
    html = render_markdown("|a|b|\n|-|-|\n|1|2|")

    assert "<th>a</th>" in html
    assert "<td>2</td>" in html


def test_links_are_kept_and_cannot_reach_back():
    html = render_markdown("[guide](https://example.org/a) [here](/library/)")

    assert '<a href="https://example.org/a" rel="noopener noreferrer">' in html
    assert '<a href="/library/" rel="noopener noreferrer">' in html


@pytest.mark.parametrize(
    "attack",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        "<a href='java&#x0A;script:alert(1)'>x</a>",
        "<svg onload=alert(1)>",
        "<iframe src='https://example.org'></iframe>",
        "<p style='position:fixed' onclick='x()'>x</p>",
        "<style>body{display:none}</style>",
        "<form action='https://example.org'><input name=a></form>",
        "![x](https://example.org/track.png)",
        "<math><mtext><style><img src=x onerror=alert(1)></style></mtext></math>",
    ],
)
def test_nothing_that_acts_survives(attack):
    html = render_markdown(attack).lower()

    forbidden = "<script|<img|<svg|<iframe|<style|<form|<input|javascript:|data:text"
    assert not re.search(forbidden, html)
    assert not re.search(r"<[^>]*\s(on\w+|style)=", html)


def test_nothing_becomes_nothing():
    assert render_markdown(None) == ""
    assert render_markdown("") == ""


def test_only_this_module_marks_text_safe():
    apps = ("qiportal", "projects", "pdsa", "training", "surveys")
    users = [
        path.relative_to(ROOT).as_posix()
        for app in apps
        for path in (ROOT / app).rglob("*.py")
        if re.search(r"mark_safe|SafeString\(", path.read_text(encoding="utf-8"))
    ]

    assert users == ["qiportal/core/text.py"]
