import csv

import pytest

from surveys.sentiment import default_taxonomy, themes
from surveys.sentiment.lexicon import DATA
from surveys.sentiment.taxonomy import taxonomy_build

SLUGS = [
    "leadership",
    "time_resources",
    "training",
    "coproduction",
    "staff_engagement",
    "method_fidelity",
    "spread",
    "workload_pressure",
    "data_measurement",
]


def slugs(text):
    return [slug for slug, _ in themes(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Our matron decides behind closed doors", ["leadership"]),
        ("We had no protected time", ["time_resources"]),
        ("The Bronze course", ["training"]),
        ("Patients helped design the leaflet", ["coproduction"]),
        ("Patients fell on the ward", ["other"]),
        ("Nobody listened and morale is low", ["staff_engagement"]),
        ("We did PDSA, then Lean", ["method_fidelity"]),
        ("It was rolled out to other wards", ["spread"]),
        ("Short-staffed and exhausted", ["workload_pressure"]),
        ("The dashboard lags", ["data_measurement"]),
        ("I don\u2019t work here", ["other"]),
        ("", ["other"]),
    ],
)
def test_each_theme_has_its_cues(text, expected):
    assert slugs(text) == expected


def test_several_themes_in_taxonomy_order():
    text = "The manager shared the data"
    assert slugs(text) == ["leadership", "spread", "data_measurement"]


def test_hits_carry_offsets():
    text = "Managers; short-staffed"
    places = {slug: [(h.start, h.end) for h in found] for slug, found in themes(text)}
    assert places == {"leadership": [(0, 8)], "workload_pressure": [(10, 23)]}
    assert themes(text)[1][1][0].surface == "short-staffed"


def test_cues_are_whole_words():
    assert slugs("A cleaner and a knowledgeable boarder") == ["other"]


def test_the_nine_themes_each_with_a_sub_score():
    taxonomy = default_taxonomy()
    assert [theme.slug for theme in taxonomy.themes] == SLUGS
    assert all(theme.sub_score and theme.label for theme in taxonomy.themes)
    assert (taxonomy.version, len(taxonomy.digest)) == ("1", 64)


def test_an_edited_taxonomy_has_another_digest():
    entry = {"slug": "x", "label": "X", "sub_score": "team", "cues": ["huddle*"]}
    one = taxonomy_build({"version": "2", "themes": [entry]})
    two = taxonomy_build({"version": "2", "themes": [{**entry, "cues": ["huddle"]}]})
    assert one.digest != two.digest
    assert [s for s, _ in one.read("Huddles")] == ["x"]
    assert [s for s, _ in two.read("Huddles")] == ["other"]


def test_pairs_without_cues_of_their_own():
    entry = {"slug": "x", "label": "X", "sub_score": "team", "cues": []}
    entry["both"] = [["a"], ["b"]]
    taxonomy = taxonomy_build({"version": "1", "themes": [entry]})
    assert [s for s, _ in taxonomy.read("b then a")] == ["x"]
    assert [s for s, _ in taxonomy.read("a alone")] == ["other"]


def test_long_text_is_read_up_to_the_cap():
    assert slugs("x " * 2500 + "dashboard") == ["other"]
    assert len(themes("dashboard " * 500)[0][1]) == 500


def test_agreement_with_the_bundled_sample():
    with (DATA / "staff_sample.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    f1 = []
    for slug in [*SLUGS, "other"]:
        wanted = [slug in r["themes"].replace("none", "other").split("|") for r in rows]
        found = [slug in slugs(r["text"]) for r in rows]
        both = sum(w and f for w, f in zip(wanted, found, strict=True))
        f1.append(2 * both / (sum(wanted) + sum(found)))
    assert sum(f1) / len(f1) >= 0.75
