"""Addresses below /account/mail/."""

from django.urls import path

from qiportal.accounts.views import mail

urlpatterns = [
    path("", mail.mail_preferences, name="mail_preferences"),
    path("stop/<str:token>/", mail.mail_stop, name="mail_stop"),
]
