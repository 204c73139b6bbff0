"""The driver diagram as a picture."""

import pytest

from projects.charts import PAD, SHEET, SIZE, WIDTHS, driver_picture, driver_sheets
from projects.lettering import text_width, wrap
from projects.models import Driver
from projects.selectors import theory_of
from projects.services import driver_add, driver_delete, idea_add
from tests.factories import AimFactory


def boxes(picture):
    return picture["boxes"]


def texts(picture):
    """Headings, then the lines of all boxes."""
    headings = [heading["text"] for heading in picture["headings"]]
    return headings + [line["text"] for box in boxes(picture) for line in box["lines"]]


@pytest.fixture
def build(project, lead):
    """build(4, 4, 4): that many primaries, secondaries each, ideas each."""

    def make(primaries, secondaries, ideas):
        for a in range(primaries):
            top = driver_add(project=project, text=f"Primary {a}", by=lead)
            for b in range(secondaries):
                inner = driver_add(
                    project=project, text=f"Secondary {a}.{b}", parent=top, by=lead
                )
                for c in range(ideas):
                    idea_add(
                        project=project,
                        title=f"Idea {a}.{b}.{c} " + "long words " * (c * 3),
                        driver=inner,
                        by=lead,
                    )
        return driver_picture(theory_of(project))

    return make


def overlaps(one, other):
    def span(e, start, size):
        return float(e[start]), float(e[start]) + float(e[size])

    for start, size in (("x", "width"), ("y", "height")):
        a, b = span(one, start, size), span(other, start, size)
        if a[1] <= b[0] or b[1] <= a[0]:
            return False
    return True


def test_four_by_four_by_four_fits_without_overlap(build):
    picture = build(4, 4, 4)
    drawn = boxes(picture)
    assert len(drawn) == 1 + 4 + 16 + 64
    assert not any(overlaps(a, b) for i, a in enumerate(drawn) for b in drawn[i + 1 :])
    for box in drawn:
        assert float(box["x"]) >= 0
        assert float(box["x"]) + box["width"] <= picture["width"]
        assert float(box["y"]) + float(box["height"]) <= picture["height"]
    assert len(picture["links"]) == 4 + 16 + 64


def test_a_parent_stands_in_the_middle_of_its_branch(build):
    picture = build(1, 2, 0)
    aim, top, first, second = boxes(picture)

    def middle(box):
        return float(box["y"]) + float(box["height"]) / 2

    assert middle(top) == pytest.approx((middle(first) + middle(second)) / 2, abs=0.2)
    assert middle(aim) == pytest.approx(middle(top), abs=0.2)


def test_without_drivers_there_is_the_aim_alone(project):
    picture = driver_picture(theory_of(project))
    assert len(boxes(picture)) == 1
    assert texts(picture)[0] == "Aim"
    assert "The aim is not" in " ".join(texts(picture))


def test_columns_nobody_uses_have_no_heading(build):
    picture = build(2, 0, 0)
    assert "Primary drivers" in texts(picture)
    assert "Change ideas" not in texts(picture)


def test_deleted_rows_are_not_drawn_and_their_ideas_stand_alone(project, lead, build):
    build(1, 1, 1)
    driver_delete(driver=Driver.objects.get(level="primary"), by=lead)
    picture = driver_picture(theory_of(project))
    assert len(boxes(picture)) == 2
    assert picture["links"] == []


def test_dropped_ideas_say_so_in_words(project, lead):
    idea = idea_add(project=project, title="Alarm", by=lead)
    idea.status = "abandoned"
    idea.save()
    picture = driver_picture(theory_of(project))
    assert "Alarm (tried and dropped)" in texts(picture)


def test_the_aim_is_wrapped_and_whole(project):
    statement = "Decrease falls at night for adults in Ward 7 from 6 to 3 a month."
    AimFactory(project=project, statement=statement)
    lines = texts(driver_picture(theory_of(project)))[1:]
    assert len(lines) > 1
    assert " ".join(lines) == statement


LETTERS = "WWMM@@ minimum illicit ward round ÅÉ 8 of 10 漢字 " * 3


@pytest.mark.parametrize("bold", [False, True])
@pytest.mark.parametrize("text", ["", "Bells", "x" * 200, "W" * 200, LETTERS])
def test_lines_fit_their_box_and_lose_no_letter(text, bold):
    room = WIDTHS[0] - 2 * PAD
    lines = wrap(text, room, SIZE, bold=bold)
    assert all(text_width(line, SIZE, bold=bold) <= room for line in lines)
    kept = "".join(lines).replace("-", "").replace(" ", "")
    assert kept == text.replace(" ", "")


def test_a_long_word_starts_on_its_own_line():
    assert wrap("short " + "y" * 30, 140, 14)[0] == "short"


def test_notes_stand_behind_a_text(project, lead):
    idea = idea_add(project=project, title="Alarm", by=lead)
    notes = {f"idea-{idea.pk}": "2 tests, last adapted"}
    assert "Alarm (2 tests, last adapted)" in texts(
        driver_picture(theory_of(project), notes)
    )


def test_a_small_diagram_is_one_sheet(build, project):
    build(2, 2, 1)
    (sheet,) = driver_sheets(theory_of(project))
    assert sheet["key"] == ""
    assert len(boxes(sheet)) == 1 + 2 + 4 + 4


def test_a_large_diagram_is_a_sheet_for_each_primary_driver(build, project, lead):
    build(4, 4, 4)
    idea_add(project=project, title="Loose", by=lead)
    sheets = driver_sheets(theory_of(project))
    assert [sheet["title"] for sheet in sheets] == [
        *(f"Primary {n}" for n in range(4)),
        "Ideas without a driver",
    ]
    assert [len(boxes(sheet)) for sheet in sheets] == [1 + 1 + 4 + 16] * 4 + [2]
    for sheet in sheets[:4]:
        assert sheet["height"] <= SHEET
        assert sheet["width"] / sheet["height"] > 1.35  # fills an A4 sheet across


def test_the_theory_takes_three_statements(build, project, django_assert_num_queries):
    build(3, 3, 3)
    with django_assert_num_queries(3):
        driver_picture(theory_of(project))
