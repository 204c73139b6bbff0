"""Addresses of a project's files, below /pdsa/<reference>/files/."""

from django.urls import path

from pdsa.views import attachments

FILE = "<int:attachment_id>"

urlpatterns = [
    path("", attachments.attachment_list, name="attachment_list"),
    path("new/", attachments.attachment_add, name="attachment_add"),
    path(f"{FILE}/", attachments.attachment_download, name="attachment_download"),
    path(f"{FILE}/delete/", attachments.attachment_delete, name="attachment_delete"),
    path(f"{FILE}/restore/", attachments.attachment_restore, name="attachment_restore"),
]
