from pdsa.imports import import_measures
from pdsa.imports.measures import PROFILES
from qiportal.accounts.management.import_command import ImportCommand


class Command(ImportCommand):
    help = "Import measures with their numbers from a CSV or XLSX file."

    def add_arguments(self, parser):
        super().add_arguments(parser)
        parser.add_argument(
            "--profile",
            choices=sorted(PROFILES),
            default="",
            help="ae: the published A&E attendances, one closed project each.",
        )
        parser.add_argument(
            "--unit",
            default="",
            metavar="CODE",
            help="With --profile ae: the unit that holds the projects.",
        )

    def run(self, *, data, file_name, by, dry_run, options):
        chosen = {name: options[name] for name in ("profile", "unit")}
        return import_measures(
            data=data, file_name=file_name, by=by, dry_run=dry_run, options=chosen
        )
