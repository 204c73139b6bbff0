from django.urls import path

from training import views

urlpatterns = [
    path("", views.training_list, name="training_list"),
    path("mine/", views.my_training, name="my_training"),
    path("past/", views.past_sessions, name="training_past"),
    path("courses/", views.course_list, name="course_list"),
    path("courses/new/", views.course_new, name="course_new"),
    path("courses/<int:course_id>/", views.course_edit, name="course_edit"),
    path(
        "courses/<int:course_id>/sessions/new/", views.session_new, name="session_new"
    ),
    path(
        "courses/<int:course_id>/interest/",
        views.course_interest,
        name="course_interest",
    ),
    path("sessions/<int:session_id>/", views.session_detail, name="session_detail"),
    path("sessions/<int:session_id>/edit/", views.session_edit, name="session_edit"),
    path(
        "sessions/<int:session_id>/cancel/", views.session_cancel, name="session_cancel"
    ),
    path("sessions/<int:session_id>/apply/", views.session_apply, name="session_apply"),
    path(
        "sessions/<int:session_id>/register/",
        views.session_register,
        name="session_register",
    ),
    path(
        "sessions/<int:session_id>/register.csv",
        views.register_csv,
        name="register_csv",
    ),
    path(
        "sessions/<int:session_id>/session.ics",
        views.session_calendar_file,
        name="session_ics",
    ),
    path(
        "applications/<int:application_id>/cancel/",
        views.application_cancel,
        name="application_cancel",
    ),
]
