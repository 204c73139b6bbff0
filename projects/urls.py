"""Addresses of the register. A project's home page and its driver diagram are routed
above these."""

from django.urls import path, re_path

from projects.views import (
    coproduction,
    details,
    ideas,
    lists,
    people,
    placing,
    register,
    theory,
)

urlpatterns = [
    path("", lists.project_list, name="project_list"),
    path("new/", register.project_new, name="project_new"),
    path("lookalikes/", register.lookalikes, name="project_lookalikes"),
    path("tried-and-dropped/", lists.dropped_list, name="ideas_dropped"),
    path("deleted/", lists.deleted_list, name="projects_deleted"),
    re_path(
        r"^export\.(?P<kind>csv|xlsx)$", lists.project_export, name="project_export"
    ),
    path("filters/save/", lists.filter_save_view, name="filter_save"),
    path(
        "filters/<int:filter_id>/delete/",
        lists.filter_delete_view,
        name="filter_delete",
    ),
]

OF_A_PROJECT = [
    ("details/", details.project_details, "project_details"),
    ("edit/", details.project_edit, "project_edit"),
    ("status/", details.project_status, "project_status"),
    ("delete/", details.project_delete, "project_delete"),
    ("restore/", details.project_restore, "project_restore"),
    ("history/", details.project_history, "project_history"),
    ("people/", people.project_people, "project_people"),
    ("people/add/", people.member_add, "member_add"),
    ("people/<int:member_id>/remove/", people.member_remove, "member_remove"),
    ("co-production/", coproduction.project_coproduction, "project_coproduction"),
    ("co-production/<str:stage>/", coproduction.coproduction_rate, "coproduction_rate"),
    ("leave/", people.project_leave, "project_leave"),
    ("join/", people.project_join, "project_join"),
    ("handover/", people.handover, "handover"),
    ("handover/withdraw/", people.handover_withdraw, "handover_withdraw"),
    ("handover/answer/", people.handover_answer, "handover_answer"),
    ("aim/", theory.project_aim, "project_aim"),
    ("aim/preview/", theory.aim_preview, "aim_preview"),
    ("drivers/new/", theory.driver_new, "driver_new"),
    ("drivers/<int:driver_id>/edit/", theory.driver_edit, "driver_edit"),
    ("drivers/<int:driver_id>/delete/", theory.driver_delete, "driver_delete"),
    ("drivers/<int:driver_id>/restore/", theory.driver_restore, "driver_restore"),
    ("drivers/<int:driver_id>/move/", placing.driver_place, "driver_place"),
    ("ideas/", ideas.project_ideas, "project_ideas"),
    ("ideas/new/", ideas.idea_new, "idea_new"),
    ("ideas/<int:idea_id>/edit/", ideas.idea_edit, "idea_edit"),
    ("ideas/<int:idea_id>/outcome/", ideas.idea_outcome, "idea_outcome"),
    ("ideas/<int:idea_id>/delete/", ideas.idea_delete, "idea_delete"),
    ("ideas/<int:idea_id>/restore/", ideas.idea_restore, "idea_restore"),
    ("ideas/<int:idea_id>/move/", placing.idea_place, "idea_place"),
    ("methods/", ideas.project_methods, "project_methods"),
    ("methods/add/", ideas.method_attach, "method_attach"),
    ("methods/<int:use_id>/remove/", ideas.method_detach, "method_detach"),
    ("barriers/", ideas.project_barriers, "project_barriers"),
    ("barriers/new/", ideas.barrier_raise, "barrier_raise"),
    ("barriers/<int:barrier_id>/take/", ideas.barrier_take, "barrier_take"),
    ("barriers/<int:barrier_id>/resolve/", ideas.barrier_resolve, "barrier_resolve"),
]
urlpatterns += [
    path(f"<str:reference>/{tail}", view, name=name)
    for tail, view, name in OF_A_PROJECT
]
urlpatterns += [
    re_path(
        r"^(?P<reference>[^/]+)/drivers/(?P<driver_id>[0-9]+)/(?P<way>up|down)/$",
        placing.driver_move,
        name="driver_move",
    ),
    re_path(
        r"^(?P<reference>[^/]+)/ideas/(?P<idea_id>[0-9]+)/(?P<way>up|down)/$",
        placing.idea_move,
        name="idea_move",
    ),
]
