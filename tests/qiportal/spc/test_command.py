"""The spc command: file in, file out, exit status."""

import json

import pytest
from django.core.management import CommandError, call_command

GOOD = {"id": "a", "method": "mdc_xmr", "input": {"y": [10, 12] * 7}}
BAD = {"id": "b", "method": "qic_t", "input": {"y": [1, -1]}}


def written(tmp_path, content):
    path = tmp_path / "in.json"
    path.write_text(content, encoding="utf-8")
    return str(path)


def test_prints_results_in_order(tmp_path, capsys):
    second = GOOD | {"id": "c", "method": "qic_run"}
    call_command("spc", written(tmp_path, json.dumps([GOOD, second])))
    results = json.loads(capsys.readouterr().out)
    assert [result["id"] for result in results] == ["a", "c"]
    assert results[0]["points"]["cl"][0] == 11.0


def test_writes_the_output_file(tmp_path, capsys):
    out = tmp_path / "out.json"
    call_command("spc", written(tmp_path, json.dumps([GOOD])), output=str(out))
    assert capsys.readouterr().out == ""
    assert json.loads(out.read_text())[0]["variation_icon"] == "common_cause"


def test_an_impossible_object_fails_after_all_results_are_written(tmp_path):
    out = tmp_path / "out.json"
    path = written(tmp_path, json.dumps([BAD, GOOD]))
    with pytest.raises(CommandError, match="1 of 2") as caught:
        call_command("spc", path, output=str(out))
    assert caught.value.returncode == 1
    bad, good = json.loads(out.read_text())
    assert bad["error"]["code"] == "t_needs_positive"
    assert good["points"]["cl"][0] == 11.0


@pytest.mark.parametrize("content", ["{}", "[1,", '"text"'])
def test_refuses_what_is_no_array(tmp_path, content):
    with pytest.raises(CommandError):
        call_command("spc", written(tmp_path, content))


def test_refuses_a_missing_file(tmp_path):
    with pytest.raises(CommandError, match="Cannot read"):
        call_command("spc", str(tmp_path / "none.json"))
