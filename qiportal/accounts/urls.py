from django.urls import path

from qiportal.accounts.views import drafts

urlpatterns = [
    path(
        "drafts/<slug:form_key>/",
        drafts.draft_save_view,
        name="draft_save",
    ),
    path(
        "drafts/<slug:form_key>/discard/",
        drafts.draft_discard_view,
        name="draft_discard",
    ),
]
