"""Output shaping of the account pages."""

from qiportal.accounts.presenters.desk import (
    AUDIT_HEADER,
    audit_cells,
    audit_table,
    job_table,
    spell_table,
    tree_rows,
    unit_rows,
)
from qiportal.accounts.presenters.frame import crumbs
from qiportal.accounts.presenters.home import desk_links, my_data_table, profile_rows
from qiportal.accounts.presenters.imports import (
    batch_rows,
    batch_table,
    column_rows,
    problem_counts,
    problem_table,
    wait_page,
    warning_table,
)
from qiportal.accounts.presenters.people import (
    account_rows,
    deactivate_page,
    people_table,
    role_end_page,
    role_rows,
    second_step_page,
)
from qiportal.accounts.presenters.tokens import renew_page, revoke_page, token_cards

__all__ = [
    "AUDIT_HEADER",
    "account_rows",
    "audit_cells",
    "audit_table",
    "batch_rows",
    "batch_table",
    "column_rows",
    "crumbs",
    "deactivate_page",
    "desk_links",
    "job_table",
    "my_data_table",
    "people_table",
    "problem_counts",
    "problem_table",
    "profile_rows",
    "renew_page",
    "revoke_page",
    "role_end_page",
    "role_rows",
    "second_step_page",
    "spell_table",
    "token_cards",
    "tree_rows",
    "unit_rows",
    "wait_page",
    "warning_table",
]
