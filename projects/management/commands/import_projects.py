from projects.imports import import_projects
from qiportal.accounts.management.import_command import ImportCommand


class Command(ImportCommand):
    help = "Import projects from a CSV or XLSX file."

    def run(self, *, data, file_name, by, dry_run, options):
        return import_projects(
            data=data, file_name=file_name, by=by, dry_run=dry_run, options={}
        )
