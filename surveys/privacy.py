"""What the fields about waves, counts and comments hold (qiportal/core/privacy.py)."""

CLASSES = {
    "Survey": {
        "free_text": "title",
        "plain": "id slug kind",
    },
    "Wave": {
        "free_text": "label",
        "plain": (
            "id created_at updated_at version survey slug year release_year opens_on "
            "closes_on published_at"
        ),
    },
    "Question": {
        "free_text": "label wording",
        "plain": (
            "id survey year code wording_key scale direction subscore theme is_local"
        ),
    },
    "Prompt": {
        "free_text": "text",
        "plain": "id survey prompt_type",
    },
    "SurveyResult": {
        "plain": (
            "id wave unit question subgroup n option_counts published_score "
            "suppressed weighted batch"
        ),
    },
    "Comment": {
        "personal": "proposed_by approved_by",
        "free_text": "redacted_text",
        "plain": (
            "id wave unit prompt redaction_counts source_hash month is_nil batch "
            "release"
        ),
    },
    "ScorerVersion": {
        "plain": "id name lexicon_hash taxonomy_hash active",
    },
    "CommentScore": {
        "plain": "id comment scorer_version label score confidence suggestion hits",
    },
    "CommentTheme": {
        "plain": "id comment theme scorer_version hits",
    },
    "HumanLabel": {
        "personal": "by",
        "plain": "id comment label themes",
    },
    "Benchmark": {
        "plain": (
            "id survey_kind year question wording_key organisation_code name group "
            "region respondents base value suppressed not_comparable_before batch"
        ),
    },
}
