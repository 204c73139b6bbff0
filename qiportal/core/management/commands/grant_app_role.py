from typing import Any

from django.core.management.base import BaseCommand

from qiportal.core.engine import grant_to_app_role


class Command(BaseCommand):
    help = "Let a PostgreSQL role work with the rows, without owning the tables."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("role")

    def handle(self, *args: Any, **options: Any) -> None:
        grant_to_app_role(options["role"])
