"""first_sysadmin EMAIL --name "FULL NAME": asks for the password, or reads a pipe."""

import getpass
import sys

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from qiportal.accounts.first import first_sysadmin_create


class Command(BaseCommand):
    help = "Makes the first account: a system administrator, who gives all the others."

    def add_arguments(self, parser):
        parser.add_argument("email")
        parser.add_argument("--name", required=True, help="Full name.")

    def handle(self, *args, **options):
        try:
            user = first_sysadmin_create(
                email=options["email"],
                full_name=options["name"],
                password=self.password(),
                by="system:first_sysadmin",
            )
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        self.stdout.write(f"{user.email} can sign in and give accounts and roles.")

    @staticmethod
    def password() -> str:
        if sys.stdin.isatty():
            return getpass.getpass("Password (12 characters or more): ")
        return sys.stdin.readline().rstrip("\n")
