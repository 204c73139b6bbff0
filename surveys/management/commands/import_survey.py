from django.core.exceptions import ValidationError
from django.core.management.base import CommandError

from qiportal.accounts.management.import_command import ImportCommand
from surveys.imports import import_survey
from surveys.models import Survey


class Command(ImportCommand):
    help = "Import survey results, comments or other organisations' results."

    def add_arguments(self, parser):
        super().add_arguments(parser)
        parser.add_argument(
            "--profile", choices=["results", "comments", "benchmark"], required=True
        )
        parser.add_argument("--wave", metavar="SLUG")
        parser.add_argument("--unit", metavar="CODE")
        parser.add_argument("--month", metavar="YYYY-MM")
        parser.add_argument("--kind", choices=Survey.Kind.values)

    def run(self, *, data, file_name, by, dry_run, options):
        try:
            return import_survey(
                data=data,
                file_name=file_name,
                by=by,
                dry_run=dry_run,
                options={
                    name: options[name]
                    for name in ("profile", "wave", "unit", "month", "kind")
                },
            )
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
