"""Steps of the demo command: may it run here, its first figures, Dev's token."""

from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from qiportal.accounts.models import ApiToken, User
from qiportal.accounts.services import command_line_user
from qiportal.accounts.tokens import key_hash, token_issue
from qiportal.core.dates import now
from qiportal.dashboard.models import PublishedRun, RollupRun
from qiportal.dashboard.services import rollup
from qiportal.demo.seed import trust_check
from qiportal.demo.seed.people import DOMAIN, PASSWORD, SIGN_INS

TOKEN_DAYS = 90
DOES = {
    "amina": "staff nurse: one test under way, one project to join",
    "ben": "QI team: coaches projects, runs library and training",
    "carol": "board: one screen and what needs her",
    "dev": "analyst: staff, holds the BI token below",
    "sade": "system administrator: accounts, units, jobs",
}


def database_check() -> None:
    """Raises WrongTrust when the database belongs to a real trust."""
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
    if "organisation_unit" in tables and "accounts_user" in tables:
        trust_check()


def tables_make() -> None:
    """Migrates where a migration is missing: asking costs less than doing."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        call_command("migrate", interactive=False, verbosity=0)


def first_figures() -> RollupRun | None:
    """Computes and publishes figures where there are none; nights do the rest."""
    if PublishedRun.objects.exists():
        return None
    return rollup()


def token_file() -> Path:
    return Path(settings.DATA_DIR) / "demo_token"


def token_of_dev() -> str:
    """The analyst's token: the one kept in the data folder while it works, else new."""
    kept = token_file().read_text("utf-8").strip() if token_file().exists() else ""
    working = ApiToken.objects.working_at(now()).filter(key_hash=key_hash(kept))
    if kept and working.exists():
        return kept
    dev = User.objects.get(email=f"dev@{DOMAIN}")
    issued = token_issue(
        responsible=dev,
        name="Demo BI feed",
        scopes=["bi:read"],
        days=TOKEN_DAYS,
        by=command_line_user(),
    )
    token_file().touch(mode=0o600)
    token_file().write_text(issued.secret + "\n", encoding="utf-8")
    return issued.secret


def sign_ins() -> list[str]:
    """One line for each person who can sign in."""
    rows = [f"  {key + '@' + DOMAIN:<28}{DOES[key]}" for key in SIGN_INS]
    return ["Sign in as one of", *rows, f"  password for all: {PASSWORD}"]
