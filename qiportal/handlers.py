"""Services that lower apps call by name: import handlers and background jobs.

Read by settings as IMPORTS and JOBS. A dotted path is not an import, so the lowest app
may start work that lives above it.
"""

from typing import Any

# kind -> handler(*, file_name, data, by, dry_run, options) -> ImportReport
IMPORTS = {
    "units": "qiportal.accounts.unit_imports.import_units",
    "projects": "projects.imports.import_projects",
    "measures": "pdsa.imports.import_measures",
    "points": "pdsa.imports.import_points",
    "training": "training.imports.import_training",
    "survey": "surveys.imports.import_survey",
}

# kind -> handler(job) -> stats, and for recurring work a crontab on London's clock
# (never between 01:00 and 01:59, which the clock changes skip or repeat). `ensure`:
# a run that was given up is asked for again every hour until one succeeds.
JOBS: dict[str, dict[str, Any]] = {
    "rollup": {
        "handler": "qiportal.dashboard.services.rollup_job",
        "schedule": {"hour": 2, "minute": 0},
        "ensure": True,
    },
    "audit_seal": {
        "handler": "qiportal.accounts.sealing.audit_seal_job",
        "schedule": {"hour": 0, "minute": 20},
    },
    "desk_tidy": {
        "handler": "qiportal.accounts.tidying.desk_tidy_job",
        "schedule": {"hour": 3, "minute": 30},
    },
    "purge_deleted": {
        "handler": "pdsa.services.purge.purge_deleted",
        "schedule": {"hour": 3, "minute": 40},
    },
    "uploads_sweep": {
        "handler": "pdsa.services.attachments.uploads_sweep",
        "schedule": {"hour": 3, "minute": 50},
    },
    "mail_outbox": {
        "handler": "qiportal.accounts.mail.mail_outbox",
        "schedule": {
            "hour": "6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21",
            "minute": "4,24,44",
        },
    },
    "overdue_nudges": {
        "handler": "qiportal.dashboard.nudges.overdue_nudges",
        "schedule": {"hour": 5, "minute": 30},
    },
    # Each hour of Monday morning, so that whoever could not be reached is tried again.
    "weekly_digest": {
        "handler": "qiportal.dashboard.digest.weekly_digest",
        "schedule": {"hour": "7,8,9,10,11,12", "minute": 10, "day_of_week": 1},
    },
    "import_file": {"handler": "qiportal.accounts.import_desk.import_file_job"},
    "score_comments": {"handler": "surveys.scoring.score_comments_job"},
    "reap": {
        "handler": "qiportal.jobs.services.reap_job",
        "schedule": {"minute": "*/5"},
    },
}
