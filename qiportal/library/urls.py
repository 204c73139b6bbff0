from django.urls import path, re_path

from qiportal.library.views import editing, reading

urlpatterns = [
    path("", reading.library_list, name="library_list"),
    path("desk/", editing.library_desk, name="library_desk"),
    path("new/", editing.library_new, name="library_new"),
    path("<slug:slug>/", reading.library_detail, name="library_detail"),
    path("<slug:slug>/history/", reading.library_history, name="library_history"),
    path(
        "<slug:slug>/versions/<int:number>/",
        reading.library_version,
        name="library_version",
    ),
    path("<slug:slug>/edit/", editing.library_edit, name="library_edit"),
    path("<slug:slug>/draft/", editing.library_draft, name="library_draft"),
    path("<slug:slug>/review/", editing.library_review, name="library_review"),
    path("<slug:slug>/discard/", editing.library_discard, name="library_discard"),
    path(
        "<slug:slug>/particulars/",
        editing.library_particulars,
        name="library_particulars",
    ),
    re_path(
        r"^(?P<slug>[-a-zA-Z0-9_]+)/(?P<act>retire|restore|house)/$",
        editing.library_state,
        name="library_state",
    ),
]
