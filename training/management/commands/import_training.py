from qiportal.accounts.management.import_command import ImportCommand
from training.imports import import_training


class Command(ImportCommand):
    help = "Import course bookings and attendance from a CSV or XLSX file."

    def run(self, *, data, file_name, by, dry_run, options):
        return import_training(
            data=data, file_name=file_name, by=by, dry_run=dry_run, options={}
        )
