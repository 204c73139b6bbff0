"""What the fields about courses and bookings hold (qiportal/core/privacy.py)."""

CLASSES = {
    "Course": {
        "personal": "created_by owner",
        "free_text": "title summary",
        "plain": (
            "id created_at updated_at version level hours is_active submission_id "
            "methods"
        ),
    },
    "Session": {
        "personal": "created_by trainers",
        "free_text": "venue",
        "plain": (
            "id created_at updated_at version course starts_at ends_at places status "
            "submission_id"
        ),
    },
    "Application": {
        "personal": "created_by applicant",
        "plain": (
            "id created_at updated_at version course session unit month status "
            "applied_at offered_at submission_id"
        ),
    },
    "Attendance": {
        "personal": "outcome completed recorded_by",
        "plain": "id application recorded_at",
    },
}
