from django.urls import path, re_path

from surveys import views

urlpatterns = [
    path("", views.survey_list, name="survey_list"),
    path("benchmarks/", views.survey_benchmarks, name="survey_benchmarks"),
    path("import/", views.survey_import, name="survey_import"),
    path("<slug:slug>/", views.wave_detail, name="wave_detail"),
    path("<slug:slug>/publish/", views.wave_publish_view, name="wave_publish"),
    path("<slug:slug>/comments/", views.comments, name="comments"),
    re_path(
        r"^(?P<slug>[-\w]+)/comments/(?P<comment_id>[0-9a-f-]{36})/"
        r"(?P<step>propose|approve|reject)/$",
        views.quote_step,
        name="quote_step",
    ),
]
