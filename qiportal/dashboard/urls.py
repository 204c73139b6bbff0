from django.urls import path

from qiportal.dashboard import views
from qiportal.dashboard.views.nudges import still_going_page

urlpatterns = [
    path("", views.my_work, name="my_work"),
    path("search/", views.search_page, name="search"),
    path("board/", views.board, name="board"),
    path("board/units/<str:code>/", views.board_unit, name="board_unit"),
    path("board/indicator/<str:code>/", views.board_indicator, name="board_indicator"),
    path(
        "board/indicator/<str:code>/figures.csv",
        views.board_indicator_csv,
        name="board_indicator_csv",
    ),
    path("board/needs-us/", views.board_needs_us, name="board_needs_us"),
    path(
        "board/needs-us/<int:barrier_id>/take/",
        views.barrier_take_view,
        name="barrier_take",
    ),
    path("still-going/<str:reference>/", still_going_page, name="still_going"),
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
]
