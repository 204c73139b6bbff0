import csv
import re
from collections import Counter
from hashlib import sha256
from pathlib import Path

import pytest
from django.conf import settings

from surveys.sentiment import Result, default_scorer
from surveys.sentiment.evaluate import (
    BUNDLED_FLOORS,
    Example,
    Pair,
    below_floor,
    class_scores,
    evaluate,
    report,
)
from surveys.sentiment.lexicon import DATA
from surveys.sentiment.rules import LABELS

OVERALL = {
    "accuracy": 0.79,
    "macro_f1": 0.59,
    "negative_recall": 0.70,
    "negative_precision": 0.65,
}
OPEN_STAFF_STYLE = {"accuracy": 0.70, "macro_f1": 0.59, "negative_recall": 0.67}


def pair(label, guess, prompt="open", text="one two", confidence=0.5):
    result = Result(guess, confidence, confidence, False, (), "v")
    return Pair(Example(text, label, prompt), result)


PAIRS = [
    pair("negative", "negative", "improve"),
    pair("negative", "positive", "improve", text="one two three four"),
    pair("negative", "nil", confidence=0.0),
    pair("positive", "positive"),
    pair("neutral_mixed", "negative", text="word " * 31),
]


def test_report_counts_a_nil_prediction_as_wrong():
    result = report(PAIRS)
    assert result["n"] == 5
    assert result["accuracy"] == 0.4
    assert result["predicted_nil"] == 1
    assert result["per_class"]["negative"] == {
        "precision": 0.5,
        "recall": 0.3333,
        "f1": 0.4,
    }
    assert result["per_class"]["positive"] == {
        "precision": 0.5,
        "recall": 1.0,
        "f1": 0.6667,
    }
    assert result["macro_f1"] == 0.3556
    assert result["confusion"]["negative"] == {
        "negative": 1,
        "neutral_mixed": 0,
        "positive": 1,
        "nil": 1,
    }
    assert result["low_confidence_share"] == 0.2


def test_report_groups_by_prompt_and_length():
    result = report(PAIRS)
    assert result["by_prompt"] == {
        "improve": {"n": 2, "accuracy": 0.5, "macro_f1": 0.3333},
        "open": {"n": 3, "accuracy": 0.3333, "macro_f1": 0.3333},
    }
    assert {band: s["n"] for band, s in result["by_length"].items()} == {
        "1-3": 3,
        "4-10": 1,
        "31+": 1,
    }


@pytest.mark.parametrize(
    ("words", "band"),
    [(0, "1-3"), (3, "1-3"), (4, "4-10"), (10, "4-10"), (11, "11-30"), (31, "31+")],
)
def test_length_bands(words, band):
    assert Example("w " * words, "positive").length_band == band


def test_scores_of_a_label_that_never_occurs_are_zero():
    zero = {"precision": 0.0, "recall": 0.0, "f1": 0.0}
    assert class_scores([pair("positive", "positive")], "negative") == zero


def test_below_floor_names_what_falls_short():
    floors = {"accuracy": 0.4, "macro_f1": 0.4, "negative_recall": 0.9}
    assert below_floor(report(PAIRS), floors) == [
        "macro_f1 0.3556 is below 0.4",
        "negative_recall 0.3333 is below 0.9",
    ]


# --- floors ---------------------------------------------------------------------------


def examples(path, prompt_column, keep=lambda row: True):
    with Path(path).open(encoding="utf-8", newline="") as file:
        return [
            Example(row["text"], row["label"], row[prompt_column])
            for row in csv.DictReader(file)
            if keep(row)
        ]


def test_the_bundled_sample_stays_above_its_floors():
    sample = examples(DATA / "staff_sample.csv", "prompt")
    assert min(Counter(e.label for e in sample).values()) >= 40
    assert {e.label for e in sample} == set(LABELS)
    result = evaluate(sample, default_scorer())
    assert below_floor(result, BUNDLED_FLOORS) == []
    assert result["scorer_version"] == default_scorer().version


@pytest.fixture(name="visible")
def visible_path():
    folder = settings.SAMPLE_DATA_DIR
    path = Path(folder) / "comments" / "visible.csv"
    if not folder or not path.exists():
        pytest.skip("SAMPLE_DATA_DIR is not set or has no comments/visible.csv")
    return path


def not_nil(row):
    return row["nil"] == "0"


def test_real_comments_reach_the_floors(visible):
    sample = examples(visible, "qtype", not_nil)
    assert len(sample) == 3549
    result = evaluate(sample, default_scorer())
    assert below_floor(result, OVERALL) == []


def test_real_open_comments_reach_the_staff_survey_floors(visible):
    def keep(row):
        return not_nil(row) and row["source"] == "v6" and row["qtype"] == "open"

    result = evaluate(examples(visible, "qtype", keep), default_scorer())
    assert below_floor(result, OPEN_STAFF_STYLE) == []


@pytest.mark.parametrize("parity", [0, 1])
def test_floors_hold_on_the_part_that_was_tuned_on_and_on_the_other(visible, parity):
    def keep(row):
        words = re.sub(r"\W+", " ", row["text"].lower()).strip()
        return not_nil(row) and sha256(words.encode()).digest()[0] % 2 == parity

    result = evaluate(examples(visible, "qtype", keep), default_scorer())
    assert below_floor(result, OVERALL) == []
