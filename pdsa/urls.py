from django.urls import include, path

from pdsa.views import (
    benefits,
    cycles,
    deleted,
    home,
    measures,
    multiples,
    plans,
    points,
    programmes,
    talk,
    team,
)

CYCLE = "<str:reference>/cycles/<int:cycle_id>"
MEASURE = "<str:reference>/measures/<int:measure_id>"
POINT = f"{MEASURE}/points/<int:point_id>"
COMMENT = "<str:reference>/discussion/<int:comment_id>"
TASK = "<str:reference>/tasks/<int:task_id>"
BENEFIT = "<str:reference>/benefits/<int:claim_id>"

urlpatterns = [
    path("team/<str:code>/", team.team_page, name="team_page"),
    path("team/<str:code>/stuck/", team.team_stuck, name="team_stuck"),
    path("team/<str:code>/poster/", team.team_poster, name="team_poster"),
    path("team/<str:code>/qr.png", team.team_qr, name="team_qr"),
    path("units/<str:code>/charts/", multiples.unit_multiples, name="unit_multiples"),
    path("units/<str:code>/matrix/", multiples.unit_matrix, name="unit_matrix"),
    path(
        "units/<str:code>/matrix/list/",
        multiples.unit_matrix_list,
        name="unit_matrix_list",
    ),
    path("units/<str:code>/benefits/", benefits.unit_benefits, name="unit_benefits"),
    path(
        "units/<str:code>/benefits/list/",
        benefits.unit_benefit_list,
        name="unit_benefit_list",
    ),
    path(
        "units/<str:code>/benefits.csv",
        benefits.unit_benefits_csv,
        name="unit_benefits_csv",
    ),
    path("programmes/", programmes.programme_list, name="programme_list"),
    path(
        "programmes/<int:programme_id>/",
        programmes.programme_detail,
        name="programme_detail",
    ),
    path(
        "programmes/<int:programme_id>/charts/",
        multiples.programme_multiples,
        name="programme_multiples",
    ),
    path("<str:reference>/cycles/", home.cycle_list, name="cycle_list"),
    path("<str:reference>/cycles/new/", plans.cycle_new, name="cycle_new"),
    path(f"{CYCLE}/", cycles.cycle_detail, name="cycle_detail"),
    path(f"{CYCLE}/plan/", plans.cycle_plan, name="cycle_plan"),
    path(f"{CYCLE}/expect/", plans.prediction_add, name="prediction_add"),
    path(f"{CYCLE}/do/", cycles.cycle_do, name="cycle_do"),
    path(f"{CYCLE}/finish/", cycles.cycle_finish, name="cycle_finish"),
    path(f"{CYCLE}/study/", cycles.cycle_study, name="cycle_study"),
    path(f"{CYCLE}/act/", cycles.cycle_act, name="cycle_act"),
    path(f"{CYCLE}/next/", plans.cycle_next, name="cycle_next"),
    path(f"{CYCLE}/delete/", cycles.cycle_delete, name="cycle_delete"),
    path(f"{CYCLE}/restore/", cycles.cycle_restore, name="cycle_restore"),
    path("<str:reference>/measures/", measures.measure_list, name="measure_list"),
    path("<str:reference>/measures/new/", measures.measure_new, name="measure_new"),
    path(
        "<str:reference>/measures/charts/",
        multiples.measure_charts,
        name="measure_charts",
    ),
    path(f"{MEASURE}/", measures.measure_detail, name="measure_detail"),
    path(f"{MEASURE}/edit/", measures.measure_edit, name="measure_edit"),
    path(f"{MEASURE}/chart/", measures.measure_chart, name="measure_chart"),
    path(f"{MEASURE}/delete/", measures.measure_delete, name="measure_delete"),
    path(f"{MEASURE}/restore/", measures.measure_restore, name="measure_restore"),
    path(f"{MEASURE}/numbers.csv", measures.measure_csv, name="measure_csv"),
    path(f"{MEASURE}/chart.svg", measures.measure_svg, name="measure_svg"),
    path(f"{MEASURE}/chart.html", measures.measure_html, name="measure_html"),
    path(f"{MEASURE}/phases/add/", measures.phase_add, name="phase_add"),
    path(
        f"{MEASURE}/phases/<int:phase_id>/undo/", measures.phase_undo, name="phase_undo"
    ),
    path(f"{MEASURE}/targets/", measures.measure_targets, name="measure_targets"),
    path(
        f"{MEASURE}/targets/<int:target_id>/remove/",
        measures.target_remove,
        name="target_remove",
    ),
    path(f"{MEASURE}/points/", measures.point_list, name="point_list"),
    path(f"{MEASURE}/points/add/", points.point_add, name="point_add"),
    path(f"{MEASURE}/points/paste/", points.points_paste, name="points_paste"),
    path(f"{MEASURE}/points/import/", points.points_import, name="points_import"),
    path(f"{POINT}/edit/", points.point_edit, name="point_edit"),
    path(f"{POINT}/history/", points.point_history_page, name="point_history"),
    path(f"{POINT}/delete/", points.point_delete, name="point_delete"),
    path(f"{POINT}/restore/", points.point_restore, name="point_restore"),
    path("<str:reference>/files/", include("pdsa.file_urls")),
    path("<str:reference>/discussion/", talk.discussion, name="discussion"),
    path("<str:reference>/discussion/part/", talk.discussion_part, name="talk_part"),
    path(f"{COMMENT}/delete/", talk.comment_delete, name="comment_delete"),
    path(f"{COMMENT}/restore/", talk.comment_restore, name="comment_restore"),
    path("<str:reference>/tasks/", talk.task_list, name="task_list"),
    path(f"{TASK}/done/", talk.task_done, name="task_done"),
    path(f"{TASK}/delete/", talk.task_delete, name="task_delete"),
    path(f"{TASK}/restore/", talk.task_restore, name="task_restore"),
    path("<str:reference>/deleted/", deleted.recently_deleted, name="recently_deleted"),
    path(
        "<str:reference>/benefits/", benefits.project_benefits, name="project_benefits"
    ),
    path("<str:reference>/benefits/new/", benefits.benefit_new, name="benefit_new"),
    path(f"{BENEFIT}/edit/", benefits.benefit_edit, name="benefit_edit"),
    path(f"{BENEFIT}/check/", benefits.benefit_check, name="benefit_check"),
    path(f"{BENEFIT}/delete/", benefits.benefit_delete, name="benefit_delete"),
    path(f"{BENEFIT}/restore/", benefits.benefit_restore, name="benefit_restore"),
]
