"""Small charts side by side, the matrix, programmes: who, what, where, in how many
queries."""

import re
from datetime import date
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from pdsa import services
from pdsa.charts import measure_reading
from pdsa.charts.icons import WORDS, Icon, assurance_of, variation_of
from pdsa.models import MeasureTarget
from pdsa.presenters.multiples import (
    Marked,
    by_place,
    chance_line,
    is_place,
    kind_tabs,
    place_word,
)
from pdsa.selectors.multiples import (
    in_structure,
    light_series,
    matrix_rows,
    project_charts,
    unit_charts,
)
from pdsa.selectors.series import measures_series
from projects.models import Programme, ProgrammeProject
from qiportal.core.dates import add_months
from tests.factories import (
    DataPointFactory,
    MeasureFactory,
    PhaseFactory,
    ProjectFactory,
    TeamFactory,
)

pytestmark = pytest.mark.django_db

CALM = [10, 12] * 8
RISEN = [*CALM[:-1], 40]
FALLEN = [*CALM[:-1], -20]


def measure_with(project, values, **fields):
    """A measure with a number a month and its state."""
    fields = {"chart_type": "xmr", "direction": "up", "name": "Seen in time", **fields}
    target = fields.pop("target", None)
    measure = MeasureFactory(project=project, **fields)
    for row, value in enumerate(values):
        day = add_months(date(2025, 1, 1), row)
        DataPointFactory(measure=measure, period_start=day, numerator=value)
    if target is not None:
        MeasureTarget.objects.create(
            measure=measure, value=target, from_date=date(2025, 1, 1)
        )
    services.measure_state_refresh(measure=measure)
    return measure


def programme_of(project, *projects):
    programme = Programme.objects.create(
        name="Safer nights",
        purpose="Nobody falls.",
        unit=project.unit,
        lead=project.created_by,
        created_by=project.created_by,
    )
    for row in (project, *projects):
        ProgrammeProject.objects.create(programme=programme, project=row)
    return programme


def queries(client, url):
    client.get(url)
    with CaptureQueriesContext(connection) as taken:
        assert client.get(url).status_code == 200
    return len(taken)


# --- icons --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "key", "trial"),
    [
        ({"segment_n": 7, "variation": "concern_low"}, "not_enough", False),
        ({"segment_n": 8, "variation": "concern_low"}, "concern_low", True),
        ({"segment_n": 11, "variation": "common_cause"}, "common_cause", True),
        ({"segment_n": 12, "variation": "common_cause"}, "common_cause", False),
        ({"segment_n": 11, "run_signal": True}, "not_enough", False),
        ({"segment_n": 12, "run_signal": True}, "unusual_run", False),
        ({"segment_n": 12}, "no_unusual_run", False),
        ({"segment_n": 20, "last_value": 9.0, "upper": 8.0}, "improvement_high", False),
        ({"segment_n": 20, "last_value": 1.0, "lower": 2.0}, "concern_low", False),
        ({"segment_n": 20, "last_value": 8.0, "upper": 8.0}, "no_unusual_run", False),
    ],
)
def test_the_icon_of_a_state(given, key, trial):
    assert variation_of(Marked("p", "up", **given)) == Icon(key, trial)


@pytest.mark.parametrize(
    ("direction", "key"),
    [
        ("up", "improvement_high"),
        ("down", "concern_high"),
        ("neither", "neutral_high"),
    ],
)
def test_high_is_good_only_where_high_is_better(direction, key):
    row = Marked("u", direction, segment_n=20, last_value=9.0, upper=8.0)
    assert variation_of(row).key == key


def test_assurance_waits_for_eight_points_and_says_trial_until_twelve():
    assert assurance_of(Marked("xmr", "up", segment_n=7, assurance="pass")) is None
    trial = assurance_of(Marked("xmr", "up", segment_n=9, assurance="pass"))
    assert trial == Icon("pass", True)
    assert trial.word == "Will consistently pass (trial)"
    assert assurance_of(Marked("xmr", "up", segment_n=12)) is None


def test_every_icon_is_drawn_and_has_a_word(project, lead, signed_in):
    sprite = signed_in(lead).get(at("measure_charts", project)).content.decode()
    for key in WORDS:
        assert f'id="qi-spc-{key}"' in sprite


def luminance(colour):
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in parts
    ]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_icons_stand_out_from_paper():
    """Each colour of an icon has a contrast of 3 to 1 or more with white."""
    css = (Path(settings.BASE_DIR) / "static/css/pdsa.css").read_text(encoding="utf-8")
    rules = re.findall(r"^\.qi-spc[^{]*\{[^}]*?\bcolor: (#[0-9a-f]{6})", css, re.M)
    assert len(rules) == 4
    assert min(1.05 / (luminance(colour) + 0.05) for colour in rules) >= 3


# --- small charts -------------------------------------------------------------------


def at(name, project, *keys):
    return reverse(name, args=[project.reference, *keys])


def test_light_series_are_read_as_the_chart_page_reads_them(project):
    falls = measure_with(project, RISEN, target=30)
    PhaseFactory(measure=falls, starts_on=date(2025, 6, 1))
    falls.points.filter(period_start=date(2025, 3, 1)).update(
        is_excluded=True, exclusion_reason="Ward closed"
    )
    part = measure_with(project, [], name="Part", data_type="proportion")
    DataPointFactory(measure=part, numerator=1, denominator=3)
    measures = list(in_structure(project_charts(project)))
    light, full = light_series(measures), measures_series(measures)
    for key, series in light.items():
        assert series.days == full[key].days
        assert series.target == full[key].target
        assert [p and p.value for p in series.points] == pytest.approx(
            [p and p.value for p in full[key].points]
        )
        assert [p and p.is_excluded for p in series.points] == [
            p and p.is_excluded for p in full[key].points
        ]
        assert [p.pk for p in series.phases] == [p.pk for p in full[key].phases]


def test_a_card_tells_what_the_chart_page_tells(project, lead, signed_in):
    falls = measure_with(project, RISEN, target=11)
    page = signed_in(lead).get(at("measure_charts", project))
    (card,) = page.context["cards"]
    assert card["url"] == at("measure_detail", project, falls.pk)
    assert [icon.key for icon in card["icons"]] == ["improvement_high", "hit_or_miss"]
    assert card["when"] == "Apr 2026"
    assert card["svg"]["label"] == measure_reading(falls).sentence
    text = page.content.decode()
    assert "Improvement, high" in text
    assert "style=" not in text


def test_measures_stand_in_structure_order_whatever_their_results(
    project, other_ward, lead, signed_in
):
    process = measure_with(project, FALLEN, kind="process", name="Bell in reach")
    second = measure_with(project, FALLEN, kind="outcome", name="Harm", position=2)
    first = measure_with(project, CALM, kind="outcome", name="Falls", position=1)
    other = ProjectFactory(unit=other_ward, reference="QI-2026-0001")
    far = measure_with(other, RISEN, name="Elsewhere")
    top = project.unit.parent.parent
    page = signed_in(lead).get(reverse("unit_multiples", args=[top.code]))
    names = [card["name"] for card in page.context["cards"]]
    assert names == [first.name, second.name, process.name, far.name]


def test_kinds_are_counted_and_chosen(project, lead, signed_in):
    measure_with(project, CALM, kind="outcome", name="Falls")
    measure_with(project, CALM, kind="process", name="Bell in reach")
    client = signed_in(lead)
    page = client.get(at("measure_charts", project) + "?kind=process")
    assert [card["name"] for card in page.context["cards"]] == ["Bell in reach"]
    assert [(t["label"], t["count"], t["current"]) for t in page.context["tabs"]] == [
        ("All", 2, False),
        ("Outcome", 1, False),
        ("Process", 1, True),
    ]
    page = client.get(at("measure_charts", project) + "?kind=balancing")
    assert "no measure of that kind" in page.content.decode()
    odd = client.get(at("measure_charts", project) + "?kind=%00nonsense&page=x")
    assert len(odd.context["cards"]) == 2


def test_tabs_keep_the_rest_of_the_address():
    tabs = kind_tabs({"outcome": 3}, "", "ended=1")
    assert [tab["url"] for tab in tabs] == ["?ended=1", "?kind=outcome&ended=1"]


def test_24_charts_a_page(project, lead, signed_in):
    for n in range(25):
        measure_with(project, [5], name=f"Measure {n}")
    client = signed_in(lead)
    assert len(client.get(at("measure_charts", project)).context["cards"]) == 24
    last = client.get(at("measure_charts", project) + "?page=2")
    assert [card["name"] for card in last.context["cards"]] == ["Measure 24"]


def test_empty_pages_say_what_would_be_here(project, lead, stranger, signed_in):
    client = signed_in(lead)
    assert "Add a measure" in client.get(at("measure_charts", project)).content.decode()
    unit = reverse("unit_multiples", args=[project.unit.code])
    assert "No measure of a live project" in client.get(unit).content.decode()
    assert "No measure yet" in client.get(f"{unit}?ended=1").content.decode()
    matrix = reverse("unit_matrix", args=[project.unit.code])
    assert "No measure of a live project" in client.get(matrix).content.decode()
    client = signed_in(stranger)
    text = client.get(at("measure_charts", project)).content.decode()
    assert "When the team adds a measure" in text


def test_ended_projects_are_one_link_away_and_public_data_is_always_there(
    project, trust, lead, signed_in
):
    closed = {"status": "completed", "closed_on": date(2026, 1, 1), "learning": "Much"}
    ended = ProjectFactory(unit=project.unit, closed_by=lead, **closed)
    measure_with(ended, CALM, name="Long settled")
    root = TeamFactory(parent=None, kind="trust", code="PUBLIC", name="Public data")
    public = ProjectFactory(unit=root, is_public_data=True, closed_by=lead, **closed)
    measure_with(public, CALM, name="A&E attendances")
    client = signed_in(lead)
    for name in ("unit_multiples", "unit_matrix"):
        url = reverse(name, args=[project.unit.code])
        assert "Long settled" not in client.get(url).content.decode()
        assert "Long settled" in client.get(f"{url}?ended=1").content.decode()
        public_page = client.get(reverse(name, args=["PUBLIC"])).content.decode()
        assert "A&amp;E attendances" in public_page


# --- who ----------------------------------------------------------------------------


@pytest.fixture
def private(other_ward):
    """A project only its own unit may see, with a measure."""
    row = ProjectFactory(unit=other_ward, visibility="team", reference="QI-2026-0077")
    measure_with(row, RISEN, name="Private matter", target=500)
    return row


PLACES = "improvement_high.fail"


def shared_pages(project, programme):
    top = project.unit.parent.parent.code
    matrix = reverse("unit_matrix_list", args=[top])
    return [
        reverse("unit_multiples", args=[top]),
        reverse("unit_matrix", args=[top]),
        f"{matrix}?show={PLACES}",
        reverse("programme_detail", args=[programme.pk]),
        reverse("programme_multiples", args=[programme.pk]),
    ]


def test_another_units_private_project_is_nowhere(
    project, private, lead, stranger, qi_team, signed_in
):
    measure_with(project, CALM, name="Open matter")
    programme = programme_of(project, private)
    for url in shared_pages(project, programme):
        hidden = signed_in(lead).get(url).content.decode()
        assert "Private matter" not in hidden
        assert private.reference not in hidden
        for person in (stranger, qi_team):
            text = signed_in(person).get(url).content.decode()
            assert "Private matter" in text or private.title in text, url
    assert signed_in(lead).get(at("measure_charts", private)).status_code == 404
    listed = reverse("programme_list")
    assert signed_in(lead).get(listed).context["table"]["rows"][0][-1] == 1
    assert signed_in(stranger).get(listed).context["table"]["rows"][0][-1] == 2


def test_nobody_signed_in_sees_nothing(project, client):
    programme = programme_of(project)
    for url in [*shared_pages(project, programme), reverse("programme_list")]:
        answer = client.get(url)
        assert answer.status_code == 302
        assert "login" in answer.url


def test_unknown_places_are_404(project, lead, signed_in):
    client = signed_in(lead)
    matrix = reverse("unit_matrix_list", args=[project.unit.code])
    for url in (
        reverse("unit_multiples", args=["NOWHERE"]),
        reverse("unit_matrix", args=["NOWHERE"]),
        reverse("programme_detail", args=[999]),
        reverse("programme_multiples", args=[10**30]),
        f"{matrix}?show=nonsense",
        f"{matrix}?show=common_cause.nonsense",
        matrix,
    ):
        assert client.get(url).status_code == 404, url


# --- the matrix ---------------------------------------------------------------------


def test_measures_stand_where_their_latest_point_and_target_put_them(project, lead):
    expected = {
        measure_with(project, CALM, name="a", target=1): "common_cause.pass",
        measure_with(project, CALM, name="b", target=11): "common_cause.hit_or_miss",
        measure_with(project, CALM, name="c", target=90): "common_cause.fail",
        measure_with(project, CALM, name="d"): "common_cause.none",
        measure_with(project, RISEN, name="e", target=500): "improvement_high.fail",
        measure_with(project, FALLEN, name="f"): "concern_low.none",
        measure_with(project, FALLEN, name="g", direction="down", target=-500): (
            "improvement_low.fail"
        ),
        measure_with(project, RISEN, name="h", direction="down"): "concern_high.none",
        measure_with(project, RISEN, name="i", direction="neither", target=5): (
            "neutral_high.none"
        ),
        measure_with(project, CALM[:11], name="j"): "not_enough",
        measure_with(project, [], name="k"): "not_enough",
        measure_with(project, CALM, name="l", chart_type="run"): "no_unusual_run",
        measure_with(project, [1] * 9 + [9] * 12, name="m", chart_type="run"): (
            "unusual_run"
        ),
        measure_with(project, [10] * 20 + [60], name="n", chart_type="c"): (
            "outside.improvement_high"
        ),
    }
    rows = matrix_rows(unit_charts(lead, project.unit, ended=False))
    found = {row.id: key for key, rows in by_place(rows).items() for row in rows}
    assert found == {measure.pk: key for measure, key in expected.items()}


def test_the_matrix_counts_and_names(project, lead, signed_in):
    hit = measure_with(project, CALM, name="Falls", target=11)
    measure_with(project, CALM[:9], name="Young")
    measure_with(project, CALM, name="Run", chart_type="run")
    page = signed_in(lead).get(reverse("unit_matrix", args=[project.unit.code]))
    text = page.content.decode()
    context = page.context
    assert (context["total"], context["judged"], context["other_count"]) == (3, 1, 1)
    assert context["few"].count == 1
    url = at("measure_detail", project, hit.pk)
    name = f"Falls: {project.unit.name}, {project.reference}"
    assert f'href="{url}" title="{name}" aria-label="{name}"' in text
    assert "Fewer than one of this 1 measure" in text


def test_a_cell_opens_its_list_by_name_of_unit(project, trust, lead, signed_in):
    near = TeamFactory(parent=project.unit.parent, name="Avocet Ward")
    other = ProjectFactory(unit=near, reference="QI-2026-0099")
    measure_with(project, FALLEN, name="Worst")
    measure_with(other, [*CALM[:-1], -1], name="Milder")
    url = reverse("unit_matrix_list", args=[trust.code])
    page = signed_in(lead).get(f"{url}?show=concern_low.none")
    rows = page.context["table"]["rows"]
    assert [(row[0]["text"], row[1]) for row in rows] == [
        ("Milder", "Avocet Ward"),
        ("Worst", "Ward 7"),
    ]
    empty = signed_in(lead).get(f"{url}?show=concern_low.fail")
    assert "No measure here now" in empty.content.decode()


@pytest.mark.parametrize(
    ("judged", "said"),
    [
        (0, ""),
        (1, "Fewer than one of this 1 measure shows"),
        (31, "Fewer than one of these 31 measures shows"),
        (32, "About 1 of these 32 measures shows special cause by chance each month."),
        (200, "About 3 of these 200 measures show special cause by chance each month."),
        (4000, "About 64 of these 4,000 measures show"),
    ],
)
def test_what_chance_alone_does(judged, said):
    line = chance_line(judged)
    assert line.startswith(said)
    assert bool(line) == bool(said)


def test_places_in_words():
    assert place_word("concern_low.fail") == (
        "Concern, low; will consistently fail unless the process changes"
    )
    assert place_word("not_enough") == "Not enough points yet"
    outside = place_word("outside.concern_high")
    assert outside == "Concern, high: latest point outside its limits"
    assert not is_place("outside.common_cause")
    assert not is_place("")


# --- what it costs ------------------------------------------------------------------


def test_pages_cost_the_same_at_2_and_20(project, lead, signed_in):
    client = signed_in(lead)
    programme = programme_of(project)
    urls = [
        *shared_pages(project, programme),
        at("measure_charts", project),
        reverse("programme_list"),
    ]
    for n in range(2):
        grow(project, programme, n)
    few = [queries(client, url) for url in urls]
    for n in range(2, 20):
        grow(project, programme, n)
    assert [queries(client, url) for url in urls] == few
    assert max(few) <= 12


def grow(project, programme, n):
    measure = measure_with(project, RISEN, name=f"Measure {n}", target=500)
    PhaseFactory(measure=measure, starts_on=date(2025, 1, 1))
    unit = TeamFactory(parent=project.unit.parent, name=f"Ward {20 + n}")
    other = ProjectFactory(unit=unit)
    measure_with(other, RISEN, name="Same", target=500)
    ProgrammeProject.objects.create(programme=programme, project=other)
    Programme.objects.create(
        name=f"Programme {n}",
        purpose="More",
        unit=unit,
        lead=project.created_by,
        created_by=project.created_by,
    )
