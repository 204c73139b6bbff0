"""Agreement with qicharts2 and NHSRplotthedots, number by number."""

import json
import os
from math import isclose
from pathlib import Path

import pytest

from qiportal.spc.vectors import vectors_run

from .cases import OWN_VECTORS, load

OWN = load(OWN_VECTORS)


def close(ours, theirs):
    if ours is None or theirs is None:
        return ours is theirs
    return isclose(ours, theirs, rel_tol=1e-6, abs_tol=1e-9)


def unlike(ours, theirs, tags):
    """Rows of a list of numbers that differ; a constant series may lack limits."""
    assert len(ours) == len(theirs)
    forgiven = "constant" in tags
    return [
        (row, a, b)
        for row, (a, b) in enumerate(zip(ours, theirs, strict=True))
        if not close(a, b) and not (forgiven and b is None)
    ]


def assert_agrees(vector, result):
    expected, points = vector["expected"], result["points"]
    for key in ("y", "cl", "lcl", "ucl"):
        if key in expected["points"]:
            assert not unlike(points[key], expected["points"][key], vector["tags"]), key
    if vector["method"] == "mdc_xmr":
        flags = expected["points_beyond2sigma"]
        assert points["special_cause"] == flags["special_cause"]
        assert points["point_type"] == flags["point_type"]
        assert result["variation_icon"] == expected["variation_icon_beyond2sigma"]
        assert result["assurance_icon"] == expected["assurance_icon"]
    else:
        assert points["sigma_signal"] == expected["points"]["sigma_signal"]
        assert result["segments"] == expected["segments"]
        assert (result["variation_icon"], result["assurance_icon"]) == (None, None)


def assert_uncollapsed(vector, result):
    """Where screening empties the ranges, ours is the unscreened chart."""
    options = vector["options"] | {"screen_outliers": False}
    [unscreened] = vectors_run([vector | {"options": options}])
    assert result["points"] == unscreened["points"]
    assert result["variation_icon"] == unscreened["variation_icon"]
    assert result["points"]["ucl"] != vector["expected"]["points"]["ucl"]


def assert_all(vectors):
    results = vectors_run(vectors)
    assert [r["id"] for r in results] == [v["id"] for v in vectors]
    for vector, result in zip(vectors, results, strict=True):
        collapsed = "screen_collapse" in vector["tags"]
        (assert_uncollapsed if collapsed else assert_agrees)(vector, result)


def test_own_vectors_are_all_there():
    assert len(OWN) == 114
    assert sum("screen_collapse" in vector["tags"] for vector in OWN) == 3


@pytest.mark.parametrize("method", sorted({vector["method"] for vector in OWN}))
def test_agrees_with_own_vectors(method):
    assert_all([vector for vector in OWN if vector["method"] == method])


def test_screen_collapse_equals_the_unscreened_twin():
    by_id = {vector["id"]: vector for vector in OWN}
    [ours] = vectors_run([by_id["sim0/ties"]])
    assert_agrees(by_id["sim0/ties/unscreened"], ours)


def test_agrees_with_real_nhs_series():
    folder = os.environ.get("SAMPLE_DATA_DIR")
    if not folder:
        pytest.skip("SAMPLE_DATA_DIR is not set")
    path = Path(folder) / "spc" / "nhs.json"
    if not path.exists():
        pytest.skip(f"{path} does not exist")
    vectors = load(path)
    assert len(vectors) == 21
    assert_all(vectors)


def test_results_are_strict_json():
    text = json.dumps(vectors_run(OWN), allow_nan=False)
    assert len(json.loads(text)) == 114


def test_mdc_segment_names_every_figure():
    values = [10, 12] * 7
    [result] = vectors_run([{"id": 1, "method": "mdc_xmr", "input": {"y": values}}])
    assert result["segments"] == [
        {
            "start": 0,
            "end": 13,
            "n": 14,
            "n_used": 14,
            "centre": 11.0,
            "lcl": pytest.approx(5.68),
            "ucl": pytest.approx(16.32),
            "mean_range": 2.0,
            "screened_out": 0,
        }
    ]


def code(entry):
    [result] = vectors_run([entry])
    assert set(result) == {"id", "error"}
    assert result["error"]["message"]
    return result["error"]["code"]


def vector(method="mdc_xmr", options=None, **given):
    return {"id": "a", "method": method, "input": given, "options": options or {}}


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        (vector("qic_t", y=[1, 0]), "t_needs_positive"),
        (vector(x=["2024-02-01", "2024-01-01"], y=[1, 2]), "unsorted_dates"),
        (vector(x=["2024-01-01", "2024-01-01"], y=[1, 2]), "duplicate_dates"),
        (vector(x=["2024-01-01"], y=[1, 2]), "length_mismatch"),
        (vector("qic_p", y=[1, 2], n=[3]), "length_mismatch"),
        (vector(y=[1, 2], options={"fix_after_n": 11}), "fix_too_short"),
        (vector("qic_xmr", y=[1]), "unknown_method"),
        (vector("xmr", y=[1]), "unknown_method"),
        (vector(None, y=[1]), "unknown_method"),
        (vector(y=["1"]), "bad_input"),
        (vector(y=[[1], [2]]), "bad_input"),
        (vector(y=[10**400]), "bad_input"),
        (vector(y="12"), "bad_input"),
        (vector(x=["today", "tomorrow"], y=[1, 2]), "bad_input"),
        (vector(x=[1, 2], y=[1, 2]), "bad_input"),
        (vector(y=[1], options={"target": "high"}), "bad_input"),
        (vector(y=[1], options={"rebase_at": ["a"]}), "bad_input"),
        (vector(y=[1], options={"improvement_direction": "up"}), "bad_input"),
        (vector("qic_i", y=[1], options={"freeze_after_n": 1.5}), "bad_input"),
        (vector("qic_xbar", y=[1]), "bad_input"),
        (vector(y=[1]) | {"input": [1]}, "bad_input"),
        (vector(y=[1]) | {"options": [1]}, "bad_input"),
        ("not an object", "bad_input"),
    ],
)
def test_impossible_objects_are_refused_by_code(entry, expected):
    assert code(entry) == expected


def test_one_bad_object_does_not_stop_the_others():
    results = vectors_run([vector("qic_t", y=[-1]), vector(y=[5])])
    assert [sorted(result) for result in results] == [
        ["error", "id"],
        ["assurance_icon", "id", "points", "segments", "variation_icon"],
    ]


def test_no_points_is_a_valid_empty_answer():
    [mdc, qic] = vectors_run([vector(y=[]), vector("qic_run", y=[])])
    assert mdc["points"]["cl"] == mdc["points"]["special_cause"] == []
    assert (mdc["variation_icon"], mdc["assurance_icon"]) == (None, None)
    assert qic["points"]["y"] == qic["segments"] == []


def test_all_missing_is_a_valid_empty_answer():
    options = {"improvement_direction": "increase", "target": 3}
    [mdc, qic] = vectors_run(
        [vector(y=[None, None], options=options), vector("qic_i", y=[None, None])]
    )
    assert mdc["points"]["ucl"] == mdc["points"]["special_cause"] == [None, None]
    assert (mdc["variation_icon"], mdc["assurance_icon"]) == (None, None)
    assert qic["points"]["cl"] == [None, None]
    assert qic["segments"] == [
        {
            "start": 0,
            "end": 1,
            "n_useful": 0,
            "longest_run": None,
            "longest_run_max": None,
            "n_crossings": None,
            "n_crossings_min": None,
            "runs_signal": False,
        }
    ]


def test_dates_and_times_compare():
    dates = ["2024-01-01", "2024-01-01T12:00:00+00:00", "2024-01-02"]
    [result] = vectors_run([vector(x=dates, y=[1, 2, 3])])
    assert "error" not in result
