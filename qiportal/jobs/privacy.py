"""What the fields about background work hold (qiportal/core/privacy.py)."""

CLASSES = {
    "JobRun": {
        "personal": "requested_by",
        "free_text": "error",
        "plain": (
            "id kind key scheduled_for lease_until state attempts stats created_at "
            "finished_at"
        ),
    },
}
