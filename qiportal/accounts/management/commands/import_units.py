"""import_units FILE [--dry-run] [--json]"""

from qiportal.accounts.management.import_command import ImportCommand
from qiportal.accounts.unit_imports import import_units


class Command(ImportCommand):
    help = "Brings the unit tree up to date from a CSV or XLSX file."

    def run(self, **kwargs):
        return import_units(**kwargs)
