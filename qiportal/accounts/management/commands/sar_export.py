"""sar_export --user EMAIL [--output FILE.zip]: all rows that name a person."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from qiportal.accounts.models import User
from qiportal.accounts.services import command_line_user
from qiportal.accounts.subject_access import subject_access_zip


class Command(BaseCommand):
    help = "Writes everything the portal holds about one person to a zip file."

    def add_arguments(self, parser):
        parser.add_argument("--user", required=True, metavar="EMAIL")
        parser.add_argument("--output", type=Path, default=Path("person-data.zip"))

    def handle(self, *args, **options):
        user = User.objects.filter(email=options["user"].strip().lower()).first()
        if user is None:
            raise CommandError(f"Nobody has the address {options['user']}.")
        data = subject_access_zip(user=user, by=command_line_user())
        options["output"].touch(mode=0o600)
        options["output"].write_bytes(data)
        self.stdout.write(f"Written to {options['output']}.")
