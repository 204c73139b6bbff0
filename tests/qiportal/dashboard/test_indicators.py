"""The registry: every indicator says what it is, in words people can read."""

import pytest

from qiportal.dashboard.hiding import MODES
from qiportal.dashboard.indicators import indicator_find, indicators
from qiportal.dashboard.presenters.tiles import MOST_TILES, TILES, board_codes

EVERY = pytest.mark.parametrize("row", indicators(), ids=lambda row: row.code)


@EVERY
def test_an_indicator_is_complete(row):
    assert row.label
    assert row.meaning.endswith(".")
    assert row.kind in ("ratio", "count", "median", "given")
    assert row.unit in ("%", "ratio", "count", "days", "rung", "score")
    assert row.direction in ("up", "down", "neither")
    assert row.hide == "" or row.hide in MODES
    assert (row.kind == "ratio") == (row.denominator_label is not None)


def test_codes_are_used_once():
    codes = [row.code for row in indicators() if not row.prefix]
    assert len(codes) == len(set(codes))


def test_staff_surveys_comments_time_and_readiness_are_protected():
    protected = {row.code for row in indicators() if row.hide}
    assert {"survey.", "comments.", "projects.time_honoured"} <= protected
    assert "projects.readiness" in protected
    assert all(row.floor >= 11 for row in indicators() if row.hide)


def test_the_floor_may_be_raised_by_the_trust(settings):
    settings.SURVEY_MINIMUM_N = 15
    assert indicator_find("comments.open").floor == 15
    assert indicator_find("training.places").floor == 0


@pytest.mark.parametrize(
    ("code", "label", "kind"),
    [
        ("training.attendance", "Training attendance", "ratio"),
        (
            "survey.national.make-improvements-happen",
            "NHS Staff Survey: make improvements happen",
            "ratio",
        ),
        (
            "survey.pulse.make-suggestions.weighted",
            "Quarterly pulse survey: make suggestions (weighted)",
            "given",
        ),
        ("survey.local.tea.score", "Local survey: tea (score)", "ratio"),
        ("comments.improve", "Comments on “What could be better?”", "ratio"),
        (
            "comments.open.time_resources",
            "Comments on “Anything else?”: time resources",
            "ratio",
        ),
    ],
)
def test_a_code_finds_its_indicator(code, label, kind):
    found = indicator_find(code)
    assert (found.code, found.label, found.kind) == (code, label, kind)


@pytest.mark.parametrize(
    "code", ["", "survey", "survey.national", "survey.a.b.c", "comments", "x.y"]
)
def test_an_unknown_code_finds_nothing(code):
    assert indicator_find(code) is None


def test_the_board_asks_nine_questions_of_known_indicators():
    assert len(TILES) == MOST_TILES == 9
    assert all(indicator_find(code) for code in board_codes())
    assert all(tile.why.endswith(".") for tile in TILES)


def test_instruments_never_share_a_figure():
    for tile in TILES:
        for spec in tile.figures:
            kinds = {code.split(".")[1] for code in (spec.code, spec.instead) if code}
            if spec.code.startswith("survey."):
                assert len(kinds) == 1
