"""What the fields about the log hold (qiportal/core/privacy.py)."""

CLASSES = {
    "Ramp": {
        "personal": "created_by",
        "free_text": "title",
        "plain": "id created_at updated_at version project change_idea position",
    },
    "Cycle": {
        "personal": "created_by deleted_by",
        "free_text": (
            "carried_learning objective plan data_plan observations problems results "
            "learned surprises why"
        ),
        "plain": (
            "id created_at updated_at version deleted_at ramp number previous purpose "
            "scale planned_n planned_start_on planned_end_on do_on study_on "
            "plan_started_at do_started_at do_finished_at study_started_at "
            "study_finished_at act_decided_at conduct actual_n decision unit month "
            "submission_id other_change_ideas measures"
        ),
    },
    "Prediction": {
        "personal": "by",
        "free_text": "question statement because",
        "plain": (
            "id cycle direction value confidence first_saved_at supersedes "
            "submission_id"
        ),
    },
    "CycleOutcome": {
        "personal": "by",
        "free_text": "note",
        "plain": "id prediction outcome at",
    },
    "Measure": {
        "personal": "created_by deleted_by",
        "free_text": (
            "name operational_definition numerator_def denominator_def "
            "unit_of_measure source collector"
        ),
        "plain": (
            "id created_at updated_at version deleted_at project aim driver kind "
            "data_type decimals direction frequency chart_type rule_set screen clip "
            "position submission_id"
        ),
    },
    "MeasureTarget": {
        "plain": "id measure value from_date",
    },
    "DataPoint": {
        "personal": "created_by deleted_by",
        "free_text": "note exclusion_reason source source_ref",
        "plain": (
            "id created_at updated_at version deleted_at measure period_start "
            "numerator denominator cycle is_excluded entered_via token batch "
            "submission_id"
        ),
    },
    "Phase": {
        "personal": "created_by undone_by",
        "free_text": "label reason",
        "plain": (
            "id created_at updated_at version measure starts_on cycle freeze_after_n "
            "undone_at submission_id"
        ),
    },
    "MeasureState": {
        "plain": (
            "id created_at updated_at version measure n segment_n first_at last_at "
            "last_value mean lower upper variation assurance run_signal "
            "engine_version"
        ),
    },
    "Task": {
        "personal": "created_by deleted_by who done_by",
        "free_text": "what where",
        "plain": (
            "id created_at updated_at version deleted_at project cycle due_on done_at "
            "submission_id"
        ),
    },
    "Comment": {
        "personal": "created_by deleted_by mentions",
        "free_text": "body",
        "plain": (
            "id created_at updated_at version deleted_at project cycle parent "
            "edited_at submission_id"
        ),
    },
    "Attachment": {
        "personal": "created_by deleted_by",
        "free_text": "name",
        "plain": (
            "id created_at updated_at version deleted_at project cycle kind size "
            "sha256 stored_as submission_id"
        ),
    },
    "ProgressScore": {
        "personal": "rater",
        "free_text": "evidence",
        "plain": "id project rater_kind score suggested on",
    },
    "BenefitClaim": {
        "personal": "created_by deleted_by validator validated_by",
        "free_text": "what unit_text period baseline",
        "plain": (
            "id created_at updated_at version deleted_at project measure category "
            "money quantity evidence cash_releasing validated_on overlaps_with "
            "submission_id"
        ),
    },
}
