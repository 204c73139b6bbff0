"""Word-wise search."""

import pytest

from projects.models import Project
from qiportal.core.search import search, stem, words_of
from tests.factories import ProjectFactory


@pytest.fixture
def titles(db, ward):
    for title, problem in [
        ("Fewer falls on ward 7", "Bells out of reach"),
        ("Falling asleep on nights", "Noise"),
        ("Faster discharge letters", "Letters wait for two days"),
        ("50% of beds_free by noon", "Falls are not the matter here"),
        ("Café menus for Zoë", "Nobody reads them"),
    ]:
        ProjectFactory(unit=ward, title=title, problem=problem)


def found(text, match="all", fields=("title", "problem")):
    rows = search(Project.objects.order_by("pk"), text, match, fields=fields)
    return [row.title for row in rows]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("falls", ["Fewer falls on ward 7", "50% of beds_free by noon"]),
        ("ward falls", ["Fewer falls on ward 7"]),
        ("FALLS bells", ["Fewer falls on ward 7"]),
        ("letters discharge", ["Faster discharge letters"]),
        ("falls letters", []),
        ("discharge!", ["Faster discharge letters"]),
        ("' OR 1=1 --", []),
    ],
)
def test_all_words_anywhere(titles, text, expected):
    assert found(text) == expected


@pytest.mark.parametrize("text", ["", "   ", "%%%", "___", "\u200b"])
def test_no_word_finds_everything(titles, text):
    assert len(found(text)) == 5


def test_accents_are_kept(titles):
    assert found("café") == ["Café menus for Zoë"]


def test_any_ranks_by_how_much_matches_and_the_title_counts_double(titles):
    assert found("Reducing falls at ward level with bells", "any") == [
        "Fewer falls on ward 7",
        "Falling asleep on nights",
        "50% of beds_free by noon",
    ]


@pytest.mark.parametrize("text", ["", "the of and", "improving quality", "no", "%"])
def test_any_without_a_telling_word_finds_nothing(titles, text):
    assert found(text, "any") == []
    rows = search(Project.objects.all(), text, "any")
    assert not rows.filter(score__gte=1).exists()


def test_any_in_one_field_only(titles):
    assert found("noise", "any", fields=("title",)) == []


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("falls", "fall"),
        ("falling", "fall"),
        ("letters", "lett"),
        ("bay", "bay"),
        ("sepsis", "sepsi"),
        ("medication", "medic"),
    ],
)
def test_stems(word, expected):
    assert stem(word) == expected


def test_a_very_long_query_is_cut():
    assert len(words_of(" ".join(f"word{n}" for n in range(500)))) == 12


def test_hyphens_and_apostrophes_stay_inside_words():
    assert words_of("Patient's re-admission, (again)") == [
        "patient's",
        "re-admission",
        "again",
    ]
