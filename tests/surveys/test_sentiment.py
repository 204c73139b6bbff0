import pytest

from surveys.sentiment import LOW_CONFIDENCE, PROMPTS, Scorer, default_scorer, score
from surveys.sentiment.lexicon import lexicon_build, overlay_rows


def label(text, prompt="open"):
    return score(text, prompt).label


def row(term, weight, kind):
    return {"term": term, "weight": str(weight), "kind": kind, "note": ""}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Our coach was brilliant.", "positive"),
        ("We are short staffed every shift.", "negative"),
        ("I completed the bronze module in March.", "neutral_mixed"),
        ("We were not asked, deeply disappointing", "negative"),
        ("Nobody was rude, the team was lovely", "positive"),
        ("Couldn't fault the excellent support", "positive"),
        ("I can\u2019t fault it", "positive"),
        ("Patient involvement is a tick-box exercise", "negative"),
        ("Please help, this trust is under pressure", "neutral_mixed"),
        ("Nothing could be better", "positive"),
        ("Nothing ever gets better here", "negative"),
        ("No backfill, no time", "negative"),
        ("\U0001f600", "positive"),
        ("Great day :)", "positive"),
    ],
)
def test_open_prompt(text, expected):
    assert label(text) == expected


@pytest.mark.parametrize(
    ("text", "improve", "good", "open_"),
    [
        ("Communication", "negative", "positive", "neutral_mixed"),
        ("The waiting list", "negative", "negative", "negative"),
        ("More training", "negative", "positive", "negative"),
        ("Nothing, excellent team", "positive", "positive", "positive"),
        ("No, it was dreadful and appalling", "negative", "negative", "negative"),
        ("Lovely people", "positive", "positive", "positive"),
        ("Staff should be listened to", "negative", "positive", "negative"),
    ],
)
def test_the_prompt_turns_the_meaning(text, improve, good, open_):
    assert [label(text, prompt) for prompt in PROMPTS] == [improve, good, open_]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "\x00",
        "...",
        "?",
        "No",
        "None.",
        "N/A",
        "nothing",
        "Nothing to add, thanks",
        "Nothing really comes to mind",
        "Don't know",
        "I don\u2019t really know",
        "Can't think of anything at present.",
        "not sure",
        "No comment",
    ],
)
@pytest.mark.parametrize("prompt", PROMPTS)
def test_answers_that_say_nothing_are_nil(text, prompt):
    result = score(text, prompt)
    assert (result.label, result.score, result.hits) == ("nil", 0.0, ())
    assert not result.suggestion


@pytest.mark.parametrize(
    "text", ["Nothing to improve", "No problems at all", "Nothing was done", "no time"]
)
def test_answers_that_only_begin_like_nil_are_read(text):
    assert label(text) != "nil"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The course was excellent but nobody listens", "neutral_mixed"),
        ("Lovely team, however we are exhausted", "neutral_mixed"),
        ("The course was excellent but it was in March", "positive"),
        ("The course was excellent. Nobody listens.", "positive"),
    ],
)
def test_contrast_with_both_feelings_is_mixed(text, expected):
    assert label(text) == expected


def test_suggestion_is_told_apart_from_unhappiness():
    happy = score("Excellent team. More protected time would help.")
    assert happy.suggestion
    assert happy.label == "positive"
    assert not score("We are exhausted and ignored.").suggestion
    assert not score("More of the same", "good").suggestion
    assert score("Listen to the porters").suggestion


def test_cues_weigh_more_when_asked_what_to_improve():
    assert score("Quicker", "improve").score < score("Quicker", "open").score < 0
    assert score("Quicker", "good").score == 0


def test_hits_say_why_with_offsets_into_the_text():
    text = "We\u2019re short-staffed; the coach is LOVELY \U0001f600"
    result = score(text)
    assert [h.surface for h in result.hits] == [
        "short-staffed",
        "LOVELY",
        "\U0001f600",
    ]
    assert all(text[h.start : h.end] == h.surface for h in result.hits)
    assert [h.weight < 0 for h in result.hits] == [True, False, False]


def test_phrases_do_not_reach_over_a_full_stop():
    surfaces = [h.surface for h in score("We had no. Time flew").hits]
    assert "no. Time" not in surfaces


def test_confidence_is_the_distance_from_zero():
    sure, unsure = score("Brilliant, superb and lovely"), score("The rota is busy")
    assert sure.confidence == abs(sure.score) > LOW_CONFIDENCE
    assert unsure.confidence == abs(unsure.score) < LOW_CONFIDENCE
    assert unsure.score < 0


def test_version_names_engine_lexicon_and_rules():
    assert score("fine").version == default_scorer().version
    engine, lexicon, rules = default_scorer().version.split("-")
    assert (engine, len(lexicon), rules) == ("1", 8, "1")


def test_an_edited_lexicon_gives_another_version_and_reading():
    rows = overlay_rows()
    edited = Scorer(lexicon_build([*rows, row("huddle", -3, "word")]))
    assert edited.version != default_scorer().version
    assert edited.score("The huddle").label == "negative"
    assert label("The huddle") == "neutral_mixed"


def test_version_does_not_depend_on_notes_or_order():
    rows = overlay_rows()
    shuffled = [{**r, "note": "x"} for r in reversed(rows)]
    assert lexicon_build(shuffled).digest == lexicon_build(rows).digest


def test_same_text_same_result():
    text = "Good course, although the waiting list was far too long."
    assert score(text) == score(text)


def test_prompt_may_be_missing_but_not_unknown():
    assert score("fine", None) == score("fine", "open") == score("fine", "")
    with pytest.raises(ValueError, match="Unknown prompt"):
        score("fine", "other")


def test_text_beyond_five_thousand_characters_is_not_read():
    assert label("x" * 5000 + " dreadful") == "neutral_mixed"
    assert label("x" * 4900 + " dreadful") == "negative"


@pytest.mark.parametrize(
    "unit",
    ["not very good ", "a", "nothing ", "\U0001f600", "but ", "' ", "!?", "\ud800"],
)
def test_odd_and_long_text_is_read_without_error(unit):
    result = score(unit * 5000)
    assert -1 <= result.score <= 1


@pytest.mark.parametrize(
    ("bad", "message"),
    [
        (row("a", 1, "other"), "Unknown kind"),
        (row("a", 5, "word"), "outside -4 to 4"),
        (row("a|", 1, "word"), "empty"),
        (row("fad", 1, "word"), "twice"),
    ],
)
def test_bad_lexicon_rows_are_refused(bad, message):
    with pytest.raises(ValueError, match=message):
        lexicon_build([*overlay_rows(), bad])


def test_the_overlay_keeps_to_its_shape():
    rows = overlay_rows()
    assert all(r["note"] for r in rows)
    terms = [(r["kind"] in ("cue", "opener"), r["kind"] == "opener", t)
             for r in rows for t in r["term"].split("|")]  # fmt: skip
    assert len(terms) == len(set(terms))
    assert sum(r["kind"] == "cue" for r in rows) >= 25
