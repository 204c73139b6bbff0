"""Catch rate and false-alarm rate on generated text (fixed seeds)."""

import random

import nhs_number
from hypothesis import given, settings
from hypothesis import strategies as st

from qiportal.core.identifiers import scan, strip_refused

PEOPLE = ["Mr Hall", "Mrs Okafor", "Ms Nowak", "Miss Li", "Master Khan"]
STREETS = ["AB1 2CD", "LS12 3XY", "SW1A 1AA", "M11AE", "EC1V 9HQ"]
BEDS = ["patient in bed 4", "pt on bay 12", "lady in side room 3", "gentleman, bed 7"]


def _number(rng):
    while True:
        body = f"{rng.randint(999_000_000, 999_999_999)}"
        check = nhs_number.calculate_checksum(body)
        if check != 10:
            return f"{body}{check}"


def _grouped(number, separator):
    return separator.join([number[:3], number[3:6], number[6:]])


def _day(rng):
    return rng.randint(1, 28), rng.randint(1, 12), rng.randint(1925, 2020)


def _wide(text):
    return "".join(chr(ord(c) + 0xFEE0) if c.isdigit() else c for c in text)


def _dmy(rng, separator, short=False):
    day, month, year = _day(rng)
    shown = f"{year % 100:02d}" if short else str(year)
    return f"{day:02d}{separator}{month:02d}{separator}{shown}"


def _in_words(rng):
    day, _, year = _day(rng)
    return f"{day} {rng.choice(['Jan', 'March', 'sept', 'December'])} {year}"


SPELLINGS = {
    "nhs 3-3-4 spaces": lambda r: _grouped(_number(r), " "),
    "nhs 3-3-4 hyphens": lambda r: _grouped(_number(r), "-"),
    "nhs 3-3-4 dots": lambda r: _grouped(_number(r), "."),
    "nhs bare": _number,
    "nhs 5+5": lambda r: (lambda n: f"{n[:5]} {n[5:]}")(_number(r)),
    "nhs cue": lambda r: f"NHS no: {_number(r)}",
    "nhs cue, pairs": lambda r: f"nhs number {'-'.join(_pairs(_number(r)))}",
    "nhs full width": lambda r: _wide(_grouped(_number(r), " ")),
    "nhs no-break": lambda r: _grouped(_number(r), "\u00a0"),
    "nhs en dash": lambda r: _grouped(_number(r), "\u2013"),
    "nhs zero width": lambda r: _grouped(_number(r), " \u200b"),
    "nhs new line": lambda r: _grouped(_number(r), "\n"),
    "dob slashes": lambda r: f"DOB {_dmy(r, '/')}",
    "dob short dots": lambda r: f"d.o.b. {_dmy(r, '.', short=True)}",
    "dob iso": lambda r: "date of birth: {2}-{1:02d}-{0:02d}".format(*_day(r)),
    "dob words": lambda r: f"born on {_in_words(r)}",
    "mrn": lambda r: f"MRN {r.randint(10_000, 9_999_999)}",
    "hospital number": lambda r: f"hospital no. RX{r.randint(10_000, 9_999_999)}",
    "crn": lambda r: f"CRN:{r.randint(1_000, 9_999_999_999)}x",
    "phone mobile": lambda r: f"07700 900{r.randint(100, 999)}",
    "phone abroad": lambda r: f"+44 20 7946 0{r.randint(100, 999)}",
    "postcode": lambda r: r.choice(STREETS),
    "e-mail": lambda r: f"j.{r.randint(1, 99)}@mail.example",
    "name": lambda r: r.choice(PEOPLE),
    "bed": lambda r: r.choice(BEDS),
}
FRAMES = ["{}", "Seen today: {}.", "Tested with {} and 12 others", "({})", "3 of 4, {}"]


def _pairs(number):
    return [number[i : i + 2] for i in range(0, 10, 2)]


def test_at_least_99_percent_of_a_thousand_identifiers_are_caught():
    rng = random.Random(20261123)
    names = sorted(SPELLINGS)
    missed = []
    for i in range(1000):
        name = names[i % len(names)]
        identifier = SPELLINGS[name](rng)
        text = rng.choice(FRAMES).format(identifier)
        at = text.index(identifier)
        spans = [range(f.start, f.end) for f in scan(text)]
        if not any(s.start < at + len(identifier) and at < s.stop for s in spans):
            missed.append((name, text))
    assert len(names) >= 12
    assert len(missed) <= 10, missed


WARDS = ["ward 7", "bay 2", "theatre 4", "ICU", "clinic B12", "A&E", "Ward 12A", "MAU"]
THINGS = [
    "falls",
    "late doses",
    "cancelled lists",
    "pressure ulcers",
    "missed handovers",
    "DNAs",
    "sepsis bundles",
    "discharges before noon",
    "cannula checks",
    "bleeps",
]
TESTS = [
    "moved the trolley to bay 3",
    "printed a 2-page leaflet",
    "rang the pharmacy on ext 4021",
    "used a 5 x 5 grid",
    "started huddles at 08:15",
    "tried the checklist with 1 nurse and 1 patient",
    "gave 500 mg at 06:00 and 18:00",
    "put stickers on beds 1-6",
    "asked all 14 patients in bay 2 what they wanted",
    "booked room G12 for 25/03/2026",
    "cut the form from 36 items to 12",
    "swapped to the B12 3 mg pack",
]
CLOSERS = [
    "Next cycle on 14/02/2027.",
    "See QI-2026-0042.",
    "Target 95% by 31.03.2027, baseline 71.4%.",
    "Ratio 3:4, n=128, p=0.031.",
    "Cost GBP 1,250.00, saved 1 200 minutes.",
    "Median 12.5 (IQR 9.0-17.25).",
    "Weeks 1-12: 12 14 11 9 10 8 7 7 6 5 4 4.",
    "Monthly: 123 456 789 1011 1213.",
    "Run at 09:00, 13:00 and 17:30 on 2026-11-02.",
    "Scale 1, 2, 2, 4; prediction 4 of 5.",
    "Bed occupancy 92.4% on 01-11-2026 14 beds closed.",
    "Version 10.6.1 of the form; NHS 111 calls fell by 30.",
    "We spent 10 000 pounds over 2025/26 and 2026/27.",
    "Batch 4500123456 was opened.",
    "The March 2026 average was 1,234,567 steps.",
]


def _batch_code(rng):
    """A ten-digit stock number, in about one note of 750; most fail the check."""
    return str(rng.randint(4_000_000_000, 9_999_999_999))


def _clean_note(rng):
    closer = rng.choice(CLOSERS)
    if "4500123456" in closer:
        code = _batch_code(rng) if rng.random() < 0.02 else str(rng.randint(1, 10**8))
        closer = closer.replace("4500123456", code)
    before, after = rng.randint(0, 999), rng.randint(0, 999)
    return (
        f"On {rng.choice(WARDS)} we {rng.choice(TESTS)}. "
        f"{rng.choice(THINGS).capitalize()} went from {before} to {after} "
        f"({rng.randint(0, 1000) / 10}% of {rng.randint(10, 20_000):,}) "
        f"in {rng.randint(2, 52)} weeks. {closer}"
    )


def test_at_most_half_a_percent_of_five_thousand_clean_notes_are_flagged():
    rng = random.Random(11)
    notes = [_clean_note(rng) for _ in range(5000)]
    hits = [(note, finding) for note in notes for finding in scan(note)]
    flagged = {note for note, _ in hits}
    nhs = {note for note, finding in hits if finding.type == "nhs_number"}
    refused = {note for note, finding in hits if finding.action == "refuse"}
    assert len(flagged) <= 25, sorted(flagged)[:5]
    assert len(nhs) <= 2, nhs
    assert refused == set()


def test_every_grouped_number_of_two_thousand_is_refused():
    rng = random.Random(2000)
    for _ in range(2000):
        text = _grouped(_number(rng), rng.choice(" -."))
        assert [f.action for f in scan(text)] == ["refuse"], text


PIECES = st.lists(
    st.one_of(
        st.sampled_from(
            ["999 000 0018", "NHS ", "DOB ", "3/4/1950", "Mr ", "Hall", "bed 4"]
        ),
        st.sampled_from(
            ["\u200b", "\u00a0", "e\u0301", "\ufb03", "\u00bd", "\U0001f600"]
        ),
        st.text(max_size=6),
    ),
    max_size=12,
)


@settings(max_examples=300, deadline=None)
@given(pieces=PIECES)
def test_findings_are_ordered_apart_and_inside_the_text(pieces):
    text = "".join(pieces)
    found = scan(text)
    edges = [edge for f in found for edge in (f.start, f.end)]
    assert edges == sorted(edges)
    assert all(0 <= f.start < f.end <= len(text) for f in found)
    assert not [f for f in scan(strip_refused(text)) if f.action == "refuse"]
