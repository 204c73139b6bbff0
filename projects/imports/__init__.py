"""import_projects: a register kept elsewhere, from a CSV or XLSX file.

Columns: title, problem, unit_code, aim, lead_email; optional external_id, status,
visibility, registered_on, started_on, target_end_on, closed_on, learning, rationale,
method_slug, reason_if_other. A project is known by external_id, or without one by its
title and unit; a file read twice makes each project once.
"""

from typing import Any

from projects.imports.rows import OPTIONAL, REQUIRED, check
from projects.imports.write import undo, write
from qiportal.accounts.imports import ImportReport, import_run
from qiportal.accounts.models import User

__all__ = ["OPTIONAL", "REQUIRED", "import_projects"]


def import_projects(
    *, file_name: str, data: bytes, by: User, dry_run: bool, options: dict[str, Any]
) -> ImportReport:
    """Reads, checks and writes a file of projects; nothing is written if a row is bad.

    Rows with an external_id that is known change that project; nobody is notified.
    """
    return import_run(
        kind="projects",
        file_name=file_name,
        data=data,
        by=by,
        dry_run=dry_run,
        required=REQUIRED,
        optional=OPTIONAL,
        check=check,
        write=write,
    )


import_projects.undo = undo
