"""Addresses outside /api/v1/: the page about the data, and the API's bare name."""

from django.urls import path

from qiportal.api.views.index import RootView
from qiportal.api.views.pages import data_and_api

urlpatterns = [
    path("data/", data_and_api, name="data_and_api"),
    path("api/v1", RootView.as_view()),
]
