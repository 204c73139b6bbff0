"""What the fields about units, sites and headcount hold (qiportal/core/privacy.py)."""

CLASSES = {
    "Unit": {
        "plain": (
            "id created_at updated_at version parent kind name code ods_code path "
            "opened_on closed_on merged_into"
        ),
    },
    "UnitPlacement": {
        "plain": "id unit parent path valid_from valid_to",
    },
    "Site": {
        "plain": "id ods_code name",
    },
    "Headcount": {
        "plain": "id unit staff_group month headcount",
    },
}
