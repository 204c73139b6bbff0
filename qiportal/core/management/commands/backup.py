from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from qiportal.core.backup.archive import BackupError, backup


class Command(BaseCommand):
    help = "Save every table and upload into a folder, whatever the database engine."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("folder", type=Path, help="a folder to be made")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            manifest = backup(options["folder"])
        except BackupError as error:
            raise CommandError(str(error)) from error
        total = sum(entry["rows"] for entry in manifest["tables"])
        self.stdout.write(
            f"Saved {total} rows of {len(manifest['tables'])} tables and "
            f"{len(manifest['uploads'])} uploads into {options['folder']}."
        )
