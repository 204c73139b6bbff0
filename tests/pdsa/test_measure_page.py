"""The page of a measure: dates drawn, a step change asked for, made and undone."""

from datetime import date
from xml.etree import ElementTree

import pytest
from django.urls import reverse

from pdsa import services
from pdsa.models import Phase
from qiportal.core.dates import add_months, plain, today
from tests.factories import (
    CycleFactory,
    DataPointFactory,
    MeasureFactory,
    MemberFactory,
    RampFactory,
)

pytestmark = pytest.mark.django_db

START = date(2024, 1, 1)
SHIFT = [10, 12] * 7 + [3, 4] * 5


@pytest.fixture
def falls(project):
    measure = MeasureFactory(
        project=project, name="Falls", data_type="value", chart_type="xmr"
    )
    for row, value in enumerate(SHIFT):
        day = add_months(START, row)
        DataPointFactory(measure=measure, period_start=day, numerator=value)
    return measure


def at(name, measure, *more):
    return reverse(name, args=[measure.project.reference, measure.pk, *more])


def page_of(client, measure, **query):
    return client.get(at("measure_detail", measure), query)


# --- dates drawn ----------------------------------------------------------------------


def test_chosen_dates_change_the_drawing_and_say_so(falls, lead, signed_in):
    client = signed_in(lead)
    whole = page_of(client, falls).context["chart"]
    page = page_of(client, falls, **{"from": "2024-06-15", "to": "2025-04-15"})
    chart = page.context["chart"]
    assert chart["spec"]["layout"]["xaxis"]["range"] != whole["spec"]["layout"]["xaxis"]
    for same in ("sentence", "table", "method"):
        assert chart[same] == whole[same]
    text = page.content.decode()
    words = "Drawn: Jun 2024 to Apr 2025. Limits, sentence and table still use all 24"
    assert words in text
    assert "Draw all dates" in text


def test_pictures_follow_the_dates_and_numbers_do_not(falls, lead, signed_in):
    client = signed_in(lead)
    query = {"from": "2025-01-01", "to": ""}
    links = page_of(client, falls, **query).context["chart"]["downloads"]
    assert [("?from=2025-01-01" in link["url"]) for link in links] == [
        True,
        False,
        True,
    ]
    part, whole = (
        client.get(at("measure_svg", falls), data).content.decode()
        for data in (query, {})
    )
    assert "Jan 2024</text>" in whole
    assert "Jan 2024</text>" not in part
    assert "2024-12-01" in client.get(at("measure_csv", falls), query).content.decode()


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"from": "2025-05-01", "to": "2025-04-01"}, "lies before “From”"),
        ({"from": "2031-05-01", "to": ""}, "No number lies between these days"),
        ({"from": "soon", "to": ""}, "There is a problem"),
    ],
)
def test_impossible_dates_are_told_and_all_is_drawn(sent, said, falls, lead, signed_in):
    client = signed_in(lead)
    page = page_of(client, falls, **sent)
    text = page.content.decode()
    assert said in text
    assert "<title>Error: " in text
    whole = page_of(client, falls).context["chart"]
    assert page.context["chart"]["spec"] == whole["spec"]
    assert client.get(at("measure_svg", falls), sent).status_code == 200


def test_the_picture_file_has_name_and_sentence_as_letters(falls, lead, signed_in):
    answer = signed_in(lead).get(at("measure_svg", falls))
    root = ElementTree.fromstring(answer.content)  # noqa: S314 - our own drawing
    words = [node.text for node in root.iter("{http://www.w3.org/2000/svg}text")]
    assert "Falls" in words
    assert any(word.startswith("Falls: 24 monthly points") for word in words)


# --- a step change -----------------------------------------------------------------


def test_a_lasting_shift_is_asked_about_and_never_applied(falls, lead, signed_in):
    client = signed_in(lead)
    text = page_of(client, falls).content.decode()
    link = f"{at('phase_add', falls)}?starts_on=2025-03-01"
    assert "Consider a step change" in text
    assert link in text
    assert not Phase.objects.exists()
    assert 'value="2025-03-01"' in client.get(link).content.decode()
    assert not Phase.objects.exists()


def test_a_stranger_reads_the_chart_and_is_asked_nothing(falls, stranger, signed_in):
    page = page_of(signed_in(stranger), falls)
    assert page.status_code == 200
    assert "Consider a step change" not in page.content.decode()


@pytest.mark.parametrize("missing", ["starts_on", "reason"])
def test_a_rebase_needs_a_date_and_a_reason(missing, falls, lead, signed_in):
    sent = {"starts_on": "2025-03-01", "label": "Bells", "reason": "All bays"}
    sent.pop(missing)
    page = signed_in(lead).post(at("phase_add", falls), sent)
    assert missing in page.context["form"].errors
    assert not Phase.objects.exists()


def test_a_rebase_keeps_who_when_why_and_its_test(falls, lead, signed_in):
    ramp = RampFactory(project=falls.project, title="Bell check")
    cycle = CycleFactory(ramp=ramp, number=2)
    client = signed_in(lead)
    sent = {"starts_on": "2025-03-01", "label": "Bells", "reason": "All bays"}
    client.post(at("phase_add", falls), {**sent, "cycle": cycle.pk})
    text = page_of(client, falls).content.decode()
    assert f"All bays · Bell check, test 2 · Set by {lead} on {plain(today())}" in text
    assert "Mar 2025: Bells" in text
    assert "Step change: Bells" in text
    assert "Too few points to judge" not in text
    phase = Phase.objects.get(label="Bells")
    client.post(at("phase_undo", falls, phase.pk))
    text = page_of(client, falls).content.decode()
    assert f"Undone by {lead} on {plain(today())}" in text
    assert "Mar 2025: Bells" not in text
    assert "Consider a step change" in text


def test_a_patient_partner_sees_when_and_not_who(falls, lead, stranger, signed_in):
    services.phase_add(
        measure=falls, starts_on=START, label="Baseline", reason="Before", by=lead
    )
    MemberFactory(project=falls.project, user=stranger, relation="patient_partner")
    text = page_of(signed_in(stranger), falls).content.decode()
    assert f"Set on {plain(today())}" in text
    assert str(lead) not in text


# --- what the page says -------------------------------------------------------------


def test_the_page_states_how_the_chart_is_made(falls, lead, signed_in):
    chart = page_of(signed_in(lead), falls).context["chart"]
    assert [row["key"] for row in chart["method"]] == [
        *("Chart", "Suggested", "Rules", "Screening", "Baseline"),
        *("Points used", "Missing", "Engine"),
    ]


def test_the_form_names_the_chart_that_fits_each_kind(falls, lead, signed_in):
    client = signed_in(lead)
    new = reverse("measure_new", args=[falls.project.reference])
    text = client.get(new).content.decode()
    for words in ("A p chart fits", "A g chart fits", "A t chart fits", "An XmR chart"):
        assert words in text
    assert (
        "An XmR chart fits single values"
        in client.get(at("measure_edit", falls)).content.decode()
    )
