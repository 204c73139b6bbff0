"""Rules that hold for every template, style sheet and script of ours."""

import re
from pathlib import Path

import pytest
from django.template.loader import get_template

ROOT = Path(__file__).parents[3]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
NAMES = [path.relative_to(ROOT / "templates").as_posix() for path in TEMPLATES]
CSS = (ROOT / "static" / "css" / "portal.css").read_text()


def matches(pattern):
    found = re.compile(pattern, re.IGNORECASE)
    return [
        name
        for name, path in zip(NAMES, TEMPLATES, strict=True)
        if found.search(path.read_text(encoding="utf-8"))
    ]


def test_every_template_compiles():
    for name in NAMES:
        get_template(name)  # a failure names its template


def test_nothing_is_marked_safe():
    assert matches(r"\|\s*safe\b|autoescape off") == []


def test_nothing_is_inline():
    assert matches(r"\sstyle\s*=|<style|\son[a-z]+\s*=\s*[\"']|hx-on|\bjs:") == []


def test_scripts_are_files():
    assert matches(r"<script(?![^>]*\ssrc=)") == []


def test_scripts_and_styles_come_from_our_own_host():
    assert matches(r"<(script|link|img)[^>]*(src|href)=\"(https?:)?//") == []


def test_every_form_that_posts_has_its_token():
    without = [
        name
        for name, path in zip(NAMES, TEMPLATES, strict=True)
        for form in re.findall(r"<form.*?</form>", path.read_text(), re.DOTALL)
        if re.search(r'method="post"', form) and "csrf_token" not in form
    ]

    assert without == []


def hue(colour):
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    high, low = max(red, green, blue), min(red, green, blue)
    if high - low < 40:
        return "grey"
    if red == high and green - low < 40 and blue - low < 40:
        return "red"
    return "green" if green == high and blue - low < 60 and red < 200 else "other"


def test_the_hue_finder_knows_red_and_green():
    assert [hue(c) for c in ("#d5281b", "#007f3b", "#005eb8", "#768692")] == [
        *("red", "green", "other", "grey")
    ]


def test_our_style_sheet_has_no_red_and_no_green():
    colours = set(re.findall(r"#[0-9a-f]{6}\b", CSS))

    assert len(colours) > 10
    assert {c for c in colours if hue(c) in ("red", "green")} == set()


def luminance(colour):
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize(
    ("ink", "paper"),
    [
        ("#4c6272", "#f0f4f5"),
        ("#4c6272", "#e6eff8"),
        ("#00264a", "#cce0f5"),
        ("#2d005c", "#ece5f5"),
        ("#ffffff", "#005eb8"),
        ("#ffffff", "#4c6272"),
        ("#212b32", "#ffeb3b"),
    ],
)
def test_text_colours_can_be_read(ink, paper):
    assert contrast(ink, paper) >= 4.5
