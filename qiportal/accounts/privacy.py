"""What the fields about people and their desks hold (qiportal/core/privacy.py)."""

CLASSES = {
    "AuditEvent": {
        "personal": "actor",
        "free_text": "old new",
        "plain": (
            "id type effective_role target_model target_id unit_path request_id at "
            "row_hash"
        ),
    },
    "AuditSeal": {
        "plain": "id day count digest previous_digest",
    },
    "User": {
        "personal": (
            "password last_login email full_name home_unit site staff_group job_title "
            "left_on responsible"
        ),
        "plain": "id created_at updated_at version kind is_active",
    },
    "RoleAssignment": {
        "personal": "user role granted_by",
        "plain": "id starts_on ends_on",
    },
    "Draft": {
        "personal": "user",
        "free_text": "payload",
        "plain": "id form_key object_key saved_at",
    },
    "SavedFilter": {
        "personal": "user",
        "free_text": "name query_string",
        "plain": "id page",
    },
    "Notification": {
        "personal": "user",
        "free_text": "title",
        "plain": "id kind key reference created_at sent_at read_at",
    },
    "ImportBatch": {
        "personal": "by",
        "free_text": "file_name options",
        "plain": (
            "id kind file_sha256 at dry_run state rows_ok rows_changed rows_skipped "
            "rows_failed job_key submission_id undone_at"
        ),
    },
    "ImportError": {
        "free_text": "column message",
        "plain": "id batch line code",
    },
    "Tombstone": {
        "plain": "id resource row_key unit_path deleted_at",
    },
    "MailPreference": {
        "personal": "user wanted",
        "plain": "id kind changed_at",
    },
    "MailBox": {
        "personal": "user",
        "plain": "id not_before failures weekly_for",
    },
    "ApiToken": {
        "personal": "user issued_by",
        "free_text": "name",
        "plain": (
            "id created_at updated_at version prefix key_hash scopes unit expires_at "
            "last_used_at revoked_at replaced_by submission_id"
        ),
    },
    "TokenDay": {
        "plain": "id token day requests",
    },
}
