from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.core.paginator import Paginator
from django.template import Context, Template
from django.test import RequestFactory

from qiportal.core.templatetags import qi


def rendered(source, **context):
    return Template("{% load qi %}" + source).render(Context(context))


def test_query_with_sets_one_parameter_and_keeps_the_rest():
    request = RequestFactory().get("/projects/?q=falls&unit=a&page=3")

    link = rendered("{% query_with page=4 %}", request=request)

    assert link == "?q=falls&amp;unit=a&amp;page=4"


def test_query_with_none_removes_a_parameter_and_keeps_repeated_ones():
    request = RequestFactory().get("/?status=a&status=b&page=3")

    assert qi.query_with({"request": request}, page=None) == "?status=a&status=b"


def test_query_with_escapes_what_it_prints():
    request = RequestFactory().get("/", {"q": '"><script>'})

    assert "<" not in qi.query_with({"request": request}, page=2)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("{{ day|nhs_date }}", "1 March 2026"),
        ("{{ day|nhs_day }}", "Sun 1 Mar"),
        ("{{ day|nhs_month }}", "March 2026"),
        ("{{ moment|nhs_date }}", "1 July 2026"),
        ("{{ moment|nhs_datetime }}", "1 July 2026, 00:30"),
        ("{{ nothing|nhs_date }}{{ nothing|nhs_datetime }}", ""),
    ],
)
def test_dates_are_written_out_in_london_time(source, expected):
    context = {
        "day": date(2026, 3, 1),
        "moment": datetime(2026, 6, 30, 23, 30, tzinfo=UTC),
        "nothing": None,
    }

    assert rendered(source, **context) == expected


@pytest.mark.parametrize(
    ("value", "decimals", "expected"),
    [
        (1234567, None, "1,234,567"),
        (Decimal("2.50"), None, "2.5"),
        (100, None, "100"),
        (0, None, "0"),
        (2.345, 1, "2.3"),
        (Decimal("2.25"), 1, "2.3"),
        (-1234.5, 2, "-1,234.50"),
        (None, 1, "cannot say yet"),
    ],
)
def test_numbers_have_commas_and_never_invent_a_nought(value, decimals, expected):
    assert qi.number(value, decimals) == expected


def test_percent():
    assert qi.percent(0.4249) == "42%"
    assert qi.percent(Decimal("0.4249"), 1) == "42.5%"
    assert qi.percent(None) == "cannot say yet"


def test_table_cells_print_by_kind():
    assert qi.cell_text(None) == "–"
    assert qi.cell_text(1400) == "1,400"
    assert qi.cell_text(date(2026, 11, 23)) == "23 November 2026"
    assert qi.cell_text("Ward A1") == "Ward A1"
    assert qi.cell_text(True) is True


def test_page_numbers_leave_out_the_far_ones():
    pages = Paginator(range(500), 50)

    assert qi.page_numbers(pages.get_page(5)) == [1, "…", 4, 5, 6, "…", 10]


def test_a_table_row_with_too_few_cells_is_refused():
    with pytest.raises(ValueError, match="shorter"):
        qi.cells([1], [{"label": "a"}, {"label": "b"}])
