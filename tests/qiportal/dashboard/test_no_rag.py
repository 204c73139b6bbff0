"""Never a RAG rating, never a league table: a rule about words and colours."""

import re
from pathlib import Path

import pytest

from tests.each import each_file

ROOT = Path(__file__).resolve().parents[3]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
STYLES = sorted((ROOT / "static" / "css").glob("*.css"))
DASHBOARD = sorted((ROOT / "qiportal" / "dashboard").rglob("*.py"))

RATING = re.compile(
    r"\b(rag|red[- ]?amber|traffic[- ]?light|league table|leaderboard|top performer|"
    r"worst performer|best performer|underperform\w*|rank(?:ed|ing|s)?)\b",
    re.IGNORECASE,
)
DENIAL = re.compile(r"\bno (?:rank|ranking|red, amber or green)\b", re.IGNORECASE)
VERDICT_CLASS = re.compile(
    r"class=\"[^\"]*\b(?:nhsuk-tag--(?:red|green|orange|yellow)|good|bad|success|danger)\b"
)
HEX = re.compile(r"#([0-9a-f]{6}|[0-9a-f]{3})\b", re.IGNORECASE)


def is_red_or_green(hex_colour):
    """A saturated red or green, as a verdict would use; blue, orange, purple pass."""
    text = hex_colour if len(hex_colour) == 6 else "".join(c * 2 for c in hex_colour)
    red, green, blue = (int(text[i : i + 2], 16) for i in (0, 2, 4))
    reddish = red > 150 and green < 80 and blue < 80
    greenish = green > 90 and green > 1.6 * red and green > 1.6 * blue
    return reddish or greenish


@pytest.mark.parametrize(
    ("colour", "found"),
    [
        ("da291c", True),
        ("d5281b", True),
        ("007f3b", True),
        ("0a0", True),
        ("005eb8", False),
        ("e46c0a", False),
        ("490092", False),
        ("212b32", False),
        ("00b0f0", False),
    ],
)
def test_the_colour_check_knows_red_and_green(colour, found):
    assert is_red_or_green(colour) is found


@each_file(TEMPLATES)
def test_no_template_rates_or_ranks(path):
    text = DENIAL.sub("", path.read_text(encoding="utf-8"))
    assert not RATING.search(text)
    assert not VERDICT_CLASS.search(text)


@each_file(STYLES)
def test_no_style_of_ours_is_red_or_green(path):
    found = HEX.findall(path.read_text(encoding="utf-8"))
    assert [colour for colour in found if is_red_or_green(colour)] == []


@each_file(DASHBOARD)
def test_no_selector_orders_units_by_a_figure(path):
    text = path.read_text(encoding="utf-8")
    orders = re.findall(r"order_by\(([^)]*)\)", text)
    figures = re.compile(r"numerator|denominator|value|\bn\b")
    assert [order for order in orders if figures.search(order)] == []


def test_the_snapshot_has_no_place_for_a_rank():
    from qiportal.dashboard.models import IndicatorSnapshot

    names = {field.name for field in IndicatorSnapshot._meta.get_fields()}
    assert not names & {"rank", "rag", "rating", "percentile", "quartile", "colour"}
