import re

import pytest

from qiportal.core.identifiers import (
    Finding,
    hospital_pattern_error,
    redact,
    scan,
    strip_refused,
    without_overlaps,
)


def found(text, **options):
    return [(f.type, text[f.start : f.end], f.action) for f in scan(text, **options)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Pt is 999 000 0018 ok", ("nhs_number", "999 000 0018", "refuse")),
        ("Pt is 999-000-0018.", ("nhs_number", "999-000-0018", "refuse")),
        ("Pt is 999.000.0018", ("nhs_number", "999.000.0018", "refuse")),
        ("NHS: 9990000018", ("nhs_number", "9990000018", "refuse")),
        ("nhs number 99 9000 0018", ("nhs_number", "99 9000 0018", "refuse")),
        ("NHS no. 999/000/0018", ("nhs_number", "999/000/0018", "refuse")),
        ("NHS no 999 000 0019", ("nhs_number", "999 000 0019", "warn")),
        ("code 9990000018 seen", ("nhs_number", "9990000018", "warn")),
        ("code 99900 00018 seen", ("nhs_number", "99900 00018", "warn")),
        ("DOB 03/04/1950", ("date_of_birth", "03/04/1950", "refuse")),
        ("dob: 3.4.50", ("date_of_birth", "3.4.50", "refuse")),
        ("D.O.B. (1950-04-03)", ("date_of_birth", "1950-04-03", "refuse")),
        ("Date of birth - 3rd Apr 1950", ("date_of_birth", "3rd Apr 1950", "refuse")),
        ("born on 3 April 1950", ("date_of_birth", "3 April 1950", "refuse")),
        ("born 3/4/50 in town", ("date_of_birth", "3/4/50", "refuse")),
        ("date of birth is 3/4/1950", ("date_of_birth", "3/4/1950", "refuse")),
        ("MRN 123456", ("hospital_number", "123456", "refuse")),
        ("CRN: AB12345C", ("hospital_number", "AB12345C", "refuse")),
        ("hosp no 4021987", ("hospital_number", "4021987", "refuse")),
        ("Hospital ID=X991234", ("hospital_number", "X991234", "refuse")),
        ("PAS number 77123", ("hospital_number", "77123", "refuse")),
        ("Unit number 4021 hoist", ("hospital_number", "4021", "warn")),
        ("patient number 1200 a month", ("hospital_number", "1200", "warn")),
        ("lives at SW1A 1AA now", ("postcode", "SW1A 1AA", "warn")),
        ("M11AE please", ("postcode", "M11AE", "warn")),
        ("ring 07700 900123", ("phone", "07700 900123", "warn")),
        ("ring +44 20 7946 0958.", ("phone", "+44 20 7946 0958", "warn")),
        ("ring 020-7946-0958", ("phone", "020-7946-0958", "warn")),
        ("mail a.b+c@mail.example.org.", ("email", "a.b+c@mail.example.org", "warn")),
        ("saw Mrs O'Neill today", ("person_name", "Mrs O'Neill", "warn")),
        ("saw Mr. Smith-Jones", ("person_name", "Mr. Smith-Jones", "warn")),
        ("Miss \u00c9mile waits", ("person_name", "Miss \u00c9mile", "warn")),
        ("patient in bed 4 fell", ("bed", "bed 4", "warn")),
        ("the lady from side room 12", ("bed", "side room 12", "warn")),
        ("pt moved to Bay 2b", ("bed", "Bay 2b", "warn")),
    ],
)
def test_each_type_is_found_where_it_stands(text, expected):
    assert found(text) == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\x00",
        "Number 999 000 0019 is not valid",
        "1999 000 0018 and 999 000 00185 are too long",
        "From 1.999 000 0018 to 999 000 0018,5 are decimals",
        "999 000-0018 mixes its separators",
        "bare 9990000019",
        "Audit on 12/03/2026 and 2026-03-12, bay 2 and bed 14",
        "patients in bay 2",
        "a patient who has been moved three times to bed 9",
        "bay 85% full for this patient in bed 85%",
        "01-02-2026 15 patients, 01 02 2026 15 patients",
        "01-02-2026 10:30 start",
        "We missed 10 of 12; Miss rate 4; Master Black Belt; Ms Teams call",
        "Ward rating a1 2bc, hospital now 2026, hospital notes 2026",
        "DOB field was empty in 3 of 14 records",
        "born early in 12 of 1950 cases",
        "nobody@ home, @ward12",
    ],
)
def test_ordinary_text_is_silent(text):
    assert scan(text) == []


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("x \uff19\uff19\uff19 \uff10\uff10\uff10 \uff10\uff10\uff11\uff18", 2, 14),
        ("x 999\u00a0000\u2003\t0018", 2, 15),
        ("x 999\u2011000\u22120018 y", 2, 14),
        ("x 9\u200b99 0\u00ad00 00\u2060\ufeff18", 2, 18),
        ("\u00bd \u2026 999\n000\r\n0018", 4, 17),
        ("e\u0301 999 000 0018", 3, 15),
        ("\U0001f600 999 000 0018", 2, 14),
    ],
)
def test_look_alikes_are_folded_and_offsets_are_those_of_the_original(text, start, end):
    assert scan(text) == [Finding("nhs_number", start, end, "refuse")]


def test_accented_name_ends_after_its_accent():
    assert found("Mr Jose\u0301 Perez")[0][1] == "Mr Jose\u0301"


def test_staff_addresses_are_fine_where_the_caller_says_so():
    text = "ann@trust.example bob@mail.trust.example eve@nottrust.example"
    assert len(scan(text)) == 3
    kept = found(text, staff_domains=["@Trust.example"])
    assert kept == [("email", "eve@nottrust.example", "warn")]


def test_the_trusts_own_pattern_refuses():
    text = "Seen as z123456 today"
    assert scan(text) == []
    expected = [("hospital_number", "z123456", "refuse")]
    assert found(text, hospital_pattern=r"\bZ[0-9]{6}\b") == expected


@pytest.mark.parametrize(
    "pattern",
    ["[0-9]+", "a*", "(a{1,2}){9}", "x{2,}", "(?=x)", "(a", "", "a?", "a" * 201],
)
def test_patterns_that_could_stall_or_match_nothing_are_refused(pattern):
    assert hospital_pattern_error(pattern)


@pytest.mark.parametrize("pattern", [r"\bZ[0-9]{6}\b", r"[*+]\+[0-9]{4}", "(?:RX|RY)9"])
def test_bounded_patterns_are_accepted(pattern):
    assert hospital_pattern_error(pattern) == ""


def test_scan_refuses_a_bad_pattern():
    with pytest.raises(ValueError, match="counted repeats"):
        scan("text", hospital_pattern="[0-9]+")


def test_overlaps_keep_refuse_then_the_longest():
    short, long_ = Finding("a", 0, 4, "refuse"), Finding("b", 0, 9, "warn")
    later, inside = Finding("c", 9, 12, "warn"), Finding("d", 10, 11, "warn")
    assert without_overlaps([inside, later, long_, short]) == [short, later]
    assert without_overlaps([inside, later, long_]) == [long_, later]


def test_phone_that_is_a_valid_nhs_number_is_reported_once():
    assert found("call 0712501231") == [("nhs_number", "0712501231", "warn")]


def test_redact_counts_by_type_and_leaves_the_rest():
    text = "Mr Smith and Mrs Jones, DOB 3/4/1950."
    assert redact(text, scan(text)) == (
        "[removed] and [removed], DOB [removed].",
        {"person_name": 2, "date_of_birth": 1},
    )


def test_strip_refused_leaves_warnings():
    text = "Mr Smith, NHS 999 000 0018, Z123456"
    assert strip_refused(text) == "Mr Smith, NHS [removed], Z123456"
    stripped = strip_refused(text, hospital_pattern="Z[0-9]{6}")
    assert stripped == "Mr Smith, NHS [removed], [removed]"


def test_stripping_again_changes_nothing():
    once = strip_refused("NHS 999 000 0018, dob 3/4/50, MRN 123456")
    assert strip_refused(once) == once
    assert not re.search("[0-9]", once)


@pytest.mark.parametrize(
    "unit",
    [
        "1 ",
        "nhs ",
        "nhs number ",
        "a",
        "a.b-",
        "Mr A ",
        "d o b ",
        "patient ",
        "bed 1 ",
        "hospital number ",
        "\u0301",
        "\u200b",
        "999 000 0018 ",
        "0",
        "a@",
        "+44 ",
        "@b.",
        "mrn abc",
        "born 3 ",
        "-",
        " ",
        "\x00",
        "\ud800",
    ],
)
def test_long_hostile_text_is_scanned_in_linear_time(unit):
    text = unit * (100_000 // len(unit))
    assert all(0 <= f.start < f.end <= len(text) for f in scan(text))


def test_stripping_one_identifier_bares_no_other():
    assert "3/4/1950" not in strip_refused("999 000 0018DOB 3/4/1950")
