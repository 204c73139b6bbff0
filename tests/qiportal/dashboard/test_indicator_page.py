"""One indicator: chart, sentence, table, and a CSV of the same rows."""

import csv
import io
from datetime import date

import plotly.graph_objects as go
import pytest

from tests.qiportal.dashboard.published import (
    OCTOBER,
    count,
    hidden,
    median,
    monthly,
    publish,
    ratio,
)
from tests.qiportal.dashboard.test_board import text_of

pytestmark = pytest.mark.django_db

ATTENDANCE = "/board/indicator/training.attendance/"


@pytest.fixture(autouse=True)
def _noon(time_machine):
    time_machine.move_to("2026-11-23T12:00:00Z", tick=False)


def test_the_page_has_meaning_sentence_chart_and_table(client, frontline, trust):
    publish(*monthly("training.attendance", trust, [80, 84] * 8))
    client.force_login(frontline)
    page = client.get(ATTENDANCE)
    text = text_of(page)
    assert "People who came, of those who came or did not attend." in text
    assert "Training attendance: 16 monthly points, Jul 2025 to Oct 2026." in text
    assert "within the usual range (common cause variation)" in text
    assert "XmR chart" in text
    assert "Higher is better" in text
    chart = page.context["charts"][0]
    go.Figure(chart["spec"])  # raises on anything Plotly does not know
    newest = page.context["table"]["rows"][0]
    assert newest == ["October 2026", "84.0%", "84", "100", "100"]


def test_the_csv_holds_the_rows_of_the_table_and_no_more(
    client, frontline, trust, ward
):
    run = publish(
        ratio("training.attendance", trust, 18, 22),
        ratio("training.attendance", ward, 5, 6),
        ratio("training.offered", trust, 1, 2),
    )
    client.force_login(frontline)
    page = client.get(ATTENDANCE)
    reply = client.get(page.context["csv_url"])
    assert reply["Content-Disposition"] == (
        f'attachment; filename="training.attendance-RVB-run-{run.pk}.csv"'
    )
    rows = list(csv.DictReader(io.StringIO(reply.content.decode("utf-8-sig"))))
    assert [dict(row) for row in rows] == [
        {
            "indicator": "training.attendance",
            "unit": "RVB",
            "subgroup": "",
            "period_start": "2026-10-01",
            "numerator": "18.0",
            "denominator": "22.0",
            "value": "0.8181818181818182",
            "n": "22",
            "hidden_because": "",
        }
    ]
    assert reply["Cache-Control"] == "private, no-cache"
    tag = reply["ETag"]
    again = client.get(page.context["csv_url"], headers={"If-None-Match": tag})
    assert again.status_code == 304


def test_hidden_figures_hold_no_number_on_the_page_or_in_the_file(
    client, frontline, trust
):
    publish(hidden("comments.open", trust), ratio("comments.good", trust, 3, 20))
    client.force_login(frontline)
    page = client.get("/board/indicator/comments.open/")
    assert "Hidden to protect people: fewer than 11 answers" in text_of(page)
    rows = client.get(page.context["csv_url"]).content.decode("utf-8-sig").splitlines()
    assert rows[1] == "comments.open,RVB,,2026-10-01,,,,,small_number"


def test_each_part_has_a_chart_of_its_own(client, frontline, trust):
    kinds = {"adopt": 12, "adapt": 20, "abandon": 5}
    september = date(2026, 9, 1)
    publish(
        *(count("pdsa.decisions", trust, n, OCTOBER, k) for k, n in kinds.items()),
        *(count("pdsa.decisions", trust, n, september, k) for k, n in kinds.items()),
        count("measures.icons", trust, 5, date(2026, 11, 1), "common_cause"),
    )
    client.force_login(frontline)
    page = client.get("/board/indicator/pdsa.decisions/")
    titles = [chart["title"] for chart in page.context["charts"]]
    assert titles == ["Tried and dropped", "Adapted", "Adopted"]
    ids = [chart["id"] for chart in page.context["charts"]]
    assert len(ids) == len(set(ids))
    lonely = client.get("/board/indicator/measures.icons/")
    assert lonely.context["charts"] == []
    assert lonely.context["table"]["rows"][0][1] == "Usual variation"


def test_a_median_shows_its_value_and_n(client, frontline, trust):
    publish(median("training.days_waiting", trust, 34.5, 41))
    client.force_login(frontline)
    page = client.get("/board/indicator/training.days_waiting/")
    assert page.context["table"]["rows"] == [["October 2026", "34", "", "41"]]


def test_months_not_over_and_waves_are_named(client, frontline, trust):
    november, wave = date(2026, 11, 1), date(2025, 9, 20)
    key = "survey.national.make-improvements-happen"
    publish(
        ratio("training.attendance", trust, 1, 9, november),
        count("projects.live", trust, 312, november),
        ratio(key, trust, 500, 900, wave),
    )
    client.force_login(frontline)

    def first_cell(code):
        page = client.get(f"/board/indicator/{code}/")
        return page.context["table"]["rows"][0][0]

    assert first_cell("training.attendance") == "November 2026, not over"
    assert first_cell("projects.live") == "November 2026, on 23 November"
    assert first_cell(key) == "20 September 2025"


def test_an_indicator_without_figures_says_so(client, frontline, trust):
    publish()
    client.force_login(frontline)
    text = text_of(client.get(ATTENDANCE))
    assert "No data yet: the run of 23 November 2026 holds no figure" in text


def test_units_and_codes_are_guarded(client, frontline, qi_team, ward):
    publish(ratio("training.attendance", ward, 5, 6))
    client.force_login(frontline)
    assert client.get("/board/indicator/no.such/").status_code == 404
    assert client.get(f"{ATTENDANCE}?unit={ward.code}").status_code == 403
    assert client.get(f"{ATTENDANCE}figures.csv?unit={ward.code}").status_code == 403
    client.force_login(qi_team)
    page = client.get(f"{ATTENDANCE}?unit={ward.code}")
    assert page.context["csv_url"].endswith(f"?unit={ward.code}")
    assert client.get(page.context["csv_url"]).content.decode().count("\n") == 2
    assert client.get(f"{ATTENDANCE}?unit=NIX").status_code == 404


@pytest.mark.parametrize("months", [2, 20])
def test_the_page_asks_the_same_of_any_history(
    months, client, frontline, trust, django_assert_num_queries
):
    publish(*monthly("training.attendance", trust, [80] * months))
    client.force_login(frontline)
    client.get("/board/")
    with django_assert_num_queries(6):
        client.get(ATTENDANCE)
