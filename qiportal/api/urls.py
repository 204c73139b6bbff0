"""Addresses of the API. Each works with and without its last slash."""

from typing import Any

from django.http.response import HttpResponseBase
from django.urls import URLPattern, path, re_path

from qiportal.api import places
from qiportal.api.tables import (
    DATA_POINTS,
    INDICATOR_VALUES,
    LATEST_RUN,
    MEASURE_POINTS,
    PROJECTS,
    RESOURCES,
    STAR,
    Table,
)
from qiportal.api.views.about import DocsView, ProblemView, SchemaView
from qiportal.api.views.index import (
    DictionaryView,
    NowhereView,
    RootView,
    StarView,
)
from qiportal.api.views.points import PointsView
from qiportal.api.views.tables import RowView, StreamView, TableView

View = Any
Answer = HttpResponseBase
FILE = r"\.(?P<suffix>csv|ndjson)$"


def both(route: str, view: View, name: str = "") -> list[URLPattern]:
    """An address with its slash, and the same without."""
    found = [re_path(f"^{route}/$", view, name=name or None)]
    return [*found, re_path(f"^{route}$", view)]


def table_urls(table: Table, route: str = "", **more: Any) -> list[URLPattern]:
    """A table's pages and its files."""
    route = route or table.path.rstrip("/")
    kind = PointsView if table is DATA_POINTS else TableView
    pages = kind.as_view(table=table, **more)
    files = StreamView.as_view(table=table, **more)
    return [*both(route, pages, f"api_{table.name}"), re_path(f"^{route}{FILE}", files)]


def all_tables() -> list[URLPattern]:
    found = [url for table in (*RESOURCES, *STAR) for url in table_urls(table)]
    for table, place in (
        (MEASURE_POINTS, places.OF_MEASURE),
        (INDICATOR_VALUES, places.OF_INDICATOR),
    ):
        found += table_urls(table, place.route, fix=place.fix, in_path=place.in_path)
    one = RowView.as_view(table=PROJECTS, in_path=places.BY_REFERENCE.in_path)
    run = RowView.as_view(table=LATEST_RUN)
    found += both(places.BY_REFERENCE.route, one, "api_project")
    return [*found, *both("rollup-runs/latest", run, "api_latest_run")]


urlpatterns = [
    path("", RootView.as_view(), name="api_root"),
    *both("bi", StarView.as_view(), "api_bi"),
    *both("bi/dictionary", DictionaryView.as_view(), "api_dictionary"),
    re_path(f"^bi/dictionary{FILE}", DictionaryView.as_view(suffixed=True)),
    *both("schema", SchemaView.as_view(), "api_schema"),
    *both("docs", DocsView.as_view(), "api_docs"),
    *both(r"problems/(?P<slug>[a-z\-]{1,40})", ProblemView.as_view(), "api_problem"),
    *all_tables(),
    re_path("", NowhereView.as_view()),
]
