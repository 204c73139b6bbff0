"""What the fields about the method library hold (qiportal/core/privacy.py)."""

CLASSES = {
    "Method": {
        "personal": "created_by owner",
        "free_text": "title time_needed people_needed",
        "plain": (
            "id created_at updated_at version slug category family stage level "
            "position is_house current_version retired_on"
        ),
    },
    "MethodVersion": {
        "personal": "created_by author reviewed_by published_by",
        "free_text": (
            "summary when_to_use when_not_to_use steps mistakes example source "
            "licence change_note"
        ),
        "plain": (
            "id created_at updated_at version method number source_url state "
            "published_at review_due_on submission_id"
        ),
    },
    "MethodResource": {
        "free_text": "title url",
        "plain": "id version file",
    },
}
