"""What the fields about the register hold (qiportal/core/privacy.py)."""

CLASSES = {
    "Programme": {
        "personal": "created_by lead",
        "free_text": "name purpose",
        "plain": "id created_at updated_at version unit",
    },
    "Project": {
        "personal": "created_by deleted_by closed_by lead_leaves_on",
        "free_text": "title problem rationale reason_if_other learning",
        "plain": (
            "id created_at updated_at version deleted_at reference unit site method "
            "visibility status registered_on started_on target_end_on closed_on "
            "last_activity_at shown_since is_public_data external_id batch "
            "submission_id programmes"
        ),
    },
    "ReferenceYear": {
        "plain": "id year last",
    },
    "ProgrammeProject": {
        "plain": "id programme project",
    },
    "ProjectStatusChange": {
        "personal": "by",
        "free_text": "reason",
        "plain": "id project from_status to_status at",
    },
    "ProjectMember": {
        "personal": "user",
        "plain": "id project relation joined_on left_on",
    },
    "Aim": {
        "personal": "created_by",
        "free_text": "statement quantity population place unit_text",
        "plain": (
            "id created_at updated_at version project direction baseline target "
            "target_on is_current"
        ),
    },
    "Driver": {
        "personal": "created_by deleted_by",
        "free_text": "text",
        "plain": (
            "id created_at updated_at version deleted_at project aim parent level "
            "position submission_id"
        ),
    },
    "BankIdea": {
        "personal": "created_by",
        "free_text": "title description source",
        "plain": "id created_at updated_at version method origin_project retired_on",
    },
    "ChangeIdea": {
        "personal": "created_by deleted_by standard_work_owner",
        "free_text": "title because why would_try_if",
        "plain": (
            "id created_at updated_at version deleted_at project driver bank_idea "
            "status sustain_check_on position submission_id"
        ),
    },
    "MethodUse": {
        "free_text": "used_for",
        "plain": "id project method at",
    },
    "Handover": {
        "personal": "from_user to_user",
        "free_text": "note",
        "plain": "id project offered_at accepted_at ended_at",
    },
    "CoachingContact": {
        "personal": "coach",
        "free_text": "note",
        "plain": "id project kind on next_on",
    },
    "ForumReview": {
        "personal": "created_by",
        "free_text": "note",
        "plain": "id created_at updated_at version project unit on outcome",
    },
    "SpreadEvent": {
        "personal": "created_by",
        "free_text": "adapted_how reason",
        "plain": (
            "id created_at updated_at version change_idea from_unit to_unit status on"
        ),
    },
    "Barrier": {
        "personal": "created_by owner",
        "free_text": "text outcome",
        "plain": (
            "id created_at updated_at version project type level raised_at "
            "resolved_at submission_id"
        ),
    },
    "CoproductionRating": {
        "personal": "created_by",
        "free_text": "evidence",
        "plain": (
            "id created_at updated_at version project stage rung members "
            "reward_offered on"
        ),
    },
    "ReadinessCheck": {
        "personal": "rater rater_role",
        "plain": (
            "id project clear_reason leader_backing time team_agrees data_obtainable "
            "patients_involved safe_to_fail load_bearable on"
        ),
    },
    "TimeAgreement": {
        "personal": "created_by person hours_per_month sponsor",
        "plain": "id created_at updated_at version project source from_on to_on",
    },
    "TimeCheck": {
        "personal": "answer hours",
        "plain": "id agreement month",
    },
}
