from django.urls import include, path, re_path

from qiportal.accounts.views import (
    desk,
    drafts,
    home,
    imports,
    people,
    tokens,
    units,
)

USER = "users/<int:user_id>/"
UNIT = "units/<int:unit_id>/"

urlpatterns = [
    path("", home.account_home, name="account_home"),
    path("profile/", home.profile, name="profile"),
    path("unit/", home.pick_unit, name="pick_unit"),
    path("mail/", include("qiportal.accounts.mail_urls")),
    path("own-phone/", home.own_phone, name="own_phone"),
    path("my-data/", home.my_data, name="my_data"),
    path("api-tokens/", tokens.api_tokens, name="api_tokens"),
    path("api-tokens/new/", tokens.token_new, name="token_new"),
    path("api-tokens/<slug:prefix>/renew/", tokens.token_renew, name="token_renew"),
    path("api-tokens/<slug:prefix>/end/", tokens.token_end, name="token_end"),
    path("users/", people.user_list, name="user_list"),
    path("users/new/", people.user_new, name="user_new"),
    path(USER, people.user_detail, name="user_detail"),
    path(f"{USER}edit/", people.user_edit, name="user_edit"),
    path(f"{USER}deactivate/", people.user_deactivate, name="user_deactivate"),
    path(f"{USER}reactivate/", people.user_reactivate, name="user_reactivate"),
    path(f"{USER}second-step/", people.second_step_remove, name="second_step_remove"),
    path(f"{USER}roles/<int:assignment_id>/end/", people.role_end, name="role_end"),
    path("audit/", desk.audit_log, name="audit_log"),
    path("audit/audit-log.csv", desk.audit_csv, name="audit_csv"),
    path("jobs/", desk.job_list, name="job_list"),
    path("jobs/rollup/", desk.rollup_now, name="rollup_now"),
    path("units/", units.unit_list, name="unit_list"),
    path("units/new/", units.unit_new, name="unit_new"),
    path(UNIT, units.unit_detail, name="unit_detail"),
    path(f"{UNIT}edit/", units.unit_edit, name="unit_edit"),
    path(f"{UNIT}move/", units.unit_move_page, name="unit_move"),
    path(f"{UNIT}close/", units.unit_close_page, name="unit_close"),
    path("drafts/<slug:form_key>/", drafts.draft_save_view, name="draft_save"),
    path(
        "drafts/<slug:form_key>/discard/",
        drafts.draft_discard_view,
        name="draft_discard",
    ),
    path("imports/", imports.import_list, name="import_list"),
    path("imports/<int:batch_id>/", imports.import_report, name="import_report"),
    path("imports/<int:batch_id>/now/", imports.import_commit, name="import_commit"),
    path("imports/<int:batch_id>/undo/", imports.import_undo, name="import_undo"),
    re_path(
        r"^imports/(?P<batch_id>\d+)/(?P<which>good|bad)-rows\.csv$",
        imports.import_rows,
        name="import_rows",
    ),
    re_path(
        r"^imports/(?P<staged_id>[0-9a-f]{32})/(?P<step>check|commit)/$",
        imports.import_wait,
        name="import_wait",
    ),
    path("imports/<slug:kind>/new/", imports.import_upload, name="import_upload"),
    path(
        "imports/<slug:kind>/template.csv",
        imports.import_template,
        name="import_template",
    ),
]
