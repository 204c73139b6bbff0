import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command


def run(*options):
    out = StringIO()
    call_command("evaluate_sentiment", *options, stdout=out)
    return out.getvalue()


def written(tmp_path, content):
    path = tmp_path / "comments.csv"
    path.write_text(content, encoding="utf-8")
    return str(path)


ROWS = (
    "id,said,human,asked,nil\n"
    "1,Communication,negative,improve,0\n"
    "2,Communication,positive,good,0\n"
    "3,We meet weekly,neutral_mixed,,0\n"
    "4,Nothing,negative,open,1\n"
)
COLUMNS = ("--text-col", "said", "--label-col", "human", "--prompt-col", "asked")


def test_json_has_the_agreed_keys(tmp_path):
    result = json.loads(run("--csv", written(tmp_path, ROWS), *COLUMNS, "--json"))
    assert set(result) == {
        "n",
        "accuracy",
        "macro_f1",
        "per_class",
        "by_prompt",
        "scorer_version",
        "confusion",
        "by_length",
        "low_confidence_share",
        "predicted_nil",
        "comments_per_second",
    }
    assert (result["n"], result["accuracy"], result["predicted_nil"]) == (4, 0.75, 1)
    assert set(result["by_prompt"]) == {"improve", "good", "open"}


def test_filter_leaves_rows_out(tmp_path):
    path = written(tmp_path, ROWS)
    options = ("--filter", "nil=0", "--filter", "asked=good", "--json")
    result = json.loads(run("--csv", path, *COLUMNS, *options))
    assert (result["n"], result["accuracy"]) == (1, 1.0)


def test_without_a_prompt_column_every_prompt_is_open(tmp_path):
    path = written(tmp_path, "text,label\nCommunication,negative\n")
    result = json.loads(run("--csv", path, "--json"))
    assert list(result["by_prompt"]) == ["open"]
    assert result["accuracy"] == 0.0


def test_the_bundled_sample_is_the_default_and_passes():
    result = json.loads(run("--json"))
    assert result["n"] >= 120
    assert result["accuracy"] >= 0.75


def test_words_for_people():
    text = run()
    assert "comments, scorer 1-" in text
    assert "negative: precision" in text


def test_below_a_floor_it_prints_the_result_and_fails(tmp_path):
    path = written(tmp_path, "text,label\nCommunication,negative\n")
    out = StringIO()
    with pytest.raises(CommandError, match=r"accuracy 0.0 is below 0.7"):
        call_command(
            "evaluate_sentiment",
            *("--csv", path, "--min", "accuracy=0.7", "--json"),
            stdout=out,
        )
    assert json.loads(out.getvalue())["n"] == 1


@pytest.mark.parametrize(
    ("content", "options", "message"),
    [
        ("text,label\na,bad\n", (), "Row 1: the label must be"),
        ("text,label,p\na,positive,x\n", ("--prompt-col", "p"), "Row 1: the prompt"),
        ("text\na\n", (), "no column label"),
        ("text,label\n", (), "No row is left"),
        ("text,label\na,positive\n", ("--filter", "x"), "NAME=VALUE"),
        ("text,label\na,positive\n", ("--filter", "x=1"), "no column x"),
        ("text,label\na,positive\n", ("--min", "x=1"), "Floors are accuracy"),
        ("text,label\na,positive\n", ("--min", "accuracy=x"), "not a number"),
    ],
)
def test_unusable_input_stops_with_a_message(tmp_path, content, options, message):
    with pytest.raises(CommandError, match=message):
        run("--csv", written(tmp_path, content), *options)
