import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from qiportal.core.csv_input import CsvProblem, csv_rows


def run(path, *options, column="note"):
    out = StringIO()
    call_command(
        "check_text", "--csv", str(path), "--text-col", column, *options, stdout=out
    )
    return out.getvalue()


def written(tmp_path, content, encoding="utf-8"):
    path = tmp_path / "notes.csv"
    path.write_bytes(content.encode(encoding))
    return path


def test_one_object_per_row_in_order(tmp_path):
    path = written(
        tmp_path, 'id,note\n1,Patient 999 000 0018\n2,clean\n3,"Mr Hall, LS1 4AP"\n'
    )
    assert json.loads(run(path, "--json")) == [
        {
            "row": 1,
            "findings": [
                {"type": "nhs_number", "start": 8, "end": 20, "action": "refuse"}
            ],
        },
        {"row": 2, "findings": []},
        {
            "row": 3,
            "findings": [
                {"type": "person_name", "start": 0, "end": 7, "action": "warn"},
                {"type": "postcode", "start": 9, "end": 16, "action": "warn"},
            ],
        },
    ]


@pytest.mark.parametrize("options", [(), ("--json",)])
def test_matched_text_is_never_printed(tmp_path, options):
    path = written(tmp_path, "note\nNHS 999 000 0018 for Mrs Hall\n")
    output = run(path, *options)
    assert "0018" not in output
    assert "Hall" not in output


def test_plain_output_names_row_type_and_place(tmp_path):
    path = written(tmp_path, "note\nclean\nDOB 3/4/50\n")
    assert run(path).splitlines() == [
        "row 2: date_of_birth, characters 4-10: refuse",
        "1 of 2 rows have findings.",
    ]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_encodings_and_delimiters(tmp_path, encoding, delimiter):
    path = written(
        tmp_path, f"id{delimiter}note\r\n1{delimiter}Mr Mu\u00f1oz\r\n", encoding
    )
    findings = json.loads(run(path, "--json"))[0]["findings"]
    assert [(f["start"], f["end"]) for f in findings] == [(0, 8)]


def test_cell_over_lines_short_row_and_long_cell(tmp_path):
    long_cell = "word " * 40_000
    path = written(tmp_path, f'id,note\n1,"999\n000\n0018"\n2\n3,{long_cell}\n')
    counts = [len(row["findings"]) for row in json.loads(run(path, "--json"))]
    assert counts == [1, 0, 0]


def test_file_with_a_header_only_gives_an_empty_array(tmp_path):
    assert run(written(tmp_path, "note\n"), "--json").strip() == "[]"


def test_missing_column_missing_file_and_bad_pattern_stop_with_a_message(tmp_path):
    path = written(tmp_path, "id,text\n1,a\n")
    with pytest.raises(CommandError, match="no column note"):
        run(path)
    with pytest.raises(CommandError, match="Cannot read the file"):
        run(tmp_path / "absent.csv")
    with pytest.raises(CommandError, match="counted repeats"):
        run(path, "--hospital-pattern", "[0-9]+")


def test_the_trusts_own_pattern_is_used(tmp_path):
    path = written(tmp_path, "note\nZ123456\n")
    rows = json.loads(run(path, "--json", "--hospital-pattern", "Z[0-9]{6}"))
    assert rows[0]["findings"][0]["type"] == "hospital_number"


def test_a_cell_over_the_limit_is_reported_by_line(tmp_path):
    path = written(tmp_path, "note\n" + "x" * 10_000_001 + "\n")
    with pytest.raises(CsvProblem, match="Line 2 cannot be read"):
        list(csv_rows(path, ["note"]))
