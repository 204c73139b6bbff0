"""Pages of the footer, at the top level."""

from django.urls import path

from qiportal.accounts.views import pages

urlpatterns = [
    path("accessibility/", pages.accessibility, name="accessibility"),
    path("contact/", pages.contact, name="contact"),
]
