"""What the fields about runs and published figures hold (qiportal/core/privacy.py)."""

CLASSES = {
    "RollupRun": {
        "free_text": "stats error",
        "plain": (
            "id as_of attempt state started_at heartbeat rows code_version timings"
        ),
    },
    "PublishedRun": {
        "plain": "id run published_at",
    },
    "IndicatorSnapshot": {
        "plain": (
            "id run indicator unit subgroup period_start numerator denominator value "
            "n suppressed_reason"
        ),
    },
    "BoardPack": {
        "personal": "made_by",
        "free_text": "title payload",
        "plain": "id run sha256 made_at",
    },
    "BoardAction": {
        "personal": "owner",
        "free_text": "text",
        "plain": "id barrier type due_on done_at",
    },
    "BoardVisit": {
        "personal": "user",
        "plain": "id run at",
    },
}
