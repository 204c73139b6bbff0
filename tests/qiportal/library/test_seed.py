"""The 52 seed pages: format, counts, wording; and the parser's refusals."""

import re
from collections import Counter
from dataclasses import FrozenInstanceError
from pathlib import Path

import pytest

from qiportal.library.seed import (
    DATA_DIR,
    SECTIONS,
    MethodEntry,
    load_entries,
    parse_entry,
)

ENTRIES = load_entries()
FIELDS = tuple(SECTIONS.values())
GOOD = (DATA_DIR / "run-chart.md").read_text(encoding="utf-8")
every_entry = pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.slug)


def text_of(entry: MethodEntry) -> str:
    return "\n".join(getattr(entry, field) for field in FIELDS)


def sentences(text: str) -> list[str]:
    """Sentences without list markers, bold marks or final stops."""
    plain = re.sub(r"(?m)^(?:-|\d+\.)\s+", "", text).replace("*", "")
    parts = [
        part for line in plain.splitlines() for part in re.split(r"(?<=[.!?])\s+", line)
    ]
    return [part.strip(" .!?") for part in parts if part.strip()]


def write_entry(folder: Path, text: str, slug: str = "run-chart") -> Path:
    path = folder / f"{slug}.md"
    path.write_text(text, encoding="utf-8")
    return path


def test_there_are_exactly_52_entries_in_position_order():
    assert len(ENTRIES) == 52
    assert [entry.position for entry in ENTRIES] == list(range(1, 53))


def test_categories_hold_10_18_7_11_and_6_entries():
    assert Counter(entry.category for entry in ENTRIES) == {
        "start": 10,
        "understand": 18,
        "measure": 7,
        "test": 11,
        "embed": 6,
    }


def test_slugs_and_titles_are_unique():
    assert len({entry.slug for entry in ENTRIES}) == 52
    assert len({entry.title for entry in ENTRIES}) == 52


def test_the_pdsa_cycle_is_the_only_house_method():
    assert [entry.slug for entry in ENTRIES if entry.is_house] == ["pdsa-cycle"]


def test_entries_cannot_be_changed():
    with pytest.raises(FrozenInstanceError):
        ENTRIES[0].title = "Other"


@every_entry
def test_no_section_is_empty(entry):
    assert all(len(getattr(entry, field).split()) >= 10 for field in FIELDS)


@every_entry
def test_steps_are_numbered_from_one_and_at_least_four(entry):
    numbers = [int(n) for n in re.findall(r"(?m)^(\d+)\. \S", entry.steps)]
    assert len(numbers) >= 4
    assert numbers == list(range(1, len(numbers) + 1))


@every_entry
def test_advice_sections_are_bullet_lists(entry):
    for text in (entry.when_to_use, entry.when_not_to_use, entry.mistakes):
        assert len(text.splitlines()) >= 2
        assert all(line.startswith("- ") for line in text.splitlines())


@every_entry
def test_length_suits_one_page(entry):
    assert 180 <= len(text_of(entry).split()) <= 600


@every_entry
def test_summary_is_one_or_two_sentences(entry):
    assert 1 <= len(sentences(entry.summary)) <= 2


@every_entry
def test_sentences_are_short_enough_to_read(entry):
    long = [s for s in sentences(text_of(entry)) if len(s.split()) > 45]
    assert long == []


@every_entry
def test_worked_example_says_it_is_fictional(entry):
    assert entry.example.startswith("Fictional example")


@every_entry
def test_source_is_named_and_the_text_may_be_reused(entry):
    assert len(entry.source.split()) >= 5
    assert entry.licence == "Original text, free to reuse with credit"


@every_entry
def test_no_entry_uses_rating_colours_or_league_tables(entry):
    banned = r"\bRAG\b|\bamber\b|league table|traffic light"
    assert not re.search(banned, text_of(entry))


def test_no_longer_sentence_appears_in_two_entries():
    owners: dict[str, set[str]] = {}
    for entry in ENTRIES:
        for sentence in sentences(text_of(entry)):
            if len(sentence.split()) > 6:
                owners.setdefault(sentence.lower(), set()).add(entry.slug)
    assert {s: slugs for s, slugs in owners.items() if len(slugs) > 1} == {}


def test_spc_pages_name_the_rules_the_portal_uses():
    pages = {entry.slug: text_of(entry) for entry in ENTRIES}
    assert "log2 of the useful points, rounded, plus 3" in pages["run-chart"]
    assert "2.66 times" in pages["spc-chart"]
    assert "seven in a row" in pages["spc-chart"]
    assert "This never happens by itself" in pages["run-chart"]


@pytest.mark.parametrize(
    ("old", "new", "problem", "remedy"),
    [
        ("---\nslug", "slug", "front matter", "--- line"),
        ("level: ", "rank: ", "unknown key 'rank'", "Use one of: slug"),
        ("family: mfi\n", "", "'family' is missing", "Add a 'family"),
        ("family: mfi\n", "family: mfi\nfamily: lean\n", "twice", "Keep one"),
        ("family: mfi", "family: magic", "family is 'magic'", "mfi, lean"),
        ("family: mfi", "family mfi", "cannot read", "key: value"),
        ("slug: run-chart", "slug: run", "slug is 'run'", "same name"),
        ("position: ", "position: x", "position is 'x", "whole number"),
        ("source_url: https", "source_url: http", "source_url", "https://"),
        ("## Steps", "Steps", "'Steps' is missing", "Add '## Steps'"),
        ("## Steps", "## Extra\n\nx\n\n## Steps", "headings are", "in this order"),
        ("## Summary", "Hello\n\n## Summary", "before the first heading", "Move it"),
    ],
)
def test_a_broken_file_is_refused_with_its_name_and_remedy(
    tmp_path, old, new, problem, remedy
):
    assert old in GOOD
    path = write_entry(tmp_path, GOOD.replace(old, new, 1))
    with pytest.raises(ValueError, match=r"^run-chart\.md: ") as caught:
        parse_entry(path)
    assert problem in str(caught.value)
    assert remedy in str(caught.value)


def test_an_empty_section_is_refused(tmp_path):
    text = re.sub(r"(## Summary\n).*?(?=## When to use)", r"\1\n", GOOD, flags=re.S)
    path = write_entry(tmp_path, text)
    with pytest.raises(ValueError, match=r"run-chart\.md: section 'Summary' is empty"):
        parse_entry(path)


def test_two_files_with_one_slug_are_refused(tmp_path):
    write_entry(tmp_path, GOOD)
    write_entry(tmp_path, GOOD, slug="run-chart-copy")
    with pytest.raises(ValueError, match=r"run-chart-copy\.md: slug is 'run-chart'"):
        load_entries(tmp_path)


def test_two_files_with_one_position_are_refused(tmp_path):
    write_entry(tmp_path, GOOD)
    copy = GOOD.replace("slug: run-chart", "slug: second")
    write_entry(tmp_path, copy, slug="second")
    with pytest.raises(ValueError, match=r"second\.md: position 32 .*run-chart\.md"):
        load_entries(tmp_path)


def test_a_second_house_method_is_refused(tmp_path):
    first = GOOD.replace("position: 32", "position: 1\nis_house: true")
    write_entry(tmp_path, first)
    second = first.replace("position: 1", "position: 2")
    write_entry(
        tmp_path, second.replace("slug: run-chart", "slug: second"), slug="second"
    )
    with pytest.raises(ValueError, match=r"second\.md: is_house .*run-chart\.md"):
        load_entries(tmp_path)


def test_an_empty_folder_is_refused(tmp_path):
    with pytest.raises(ValueError, match="no .md files"):
        load_entries(tmp_path)
