from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from qiportal.core.backup.archive import BackupError, restore


class Command(BaseCommand):
    help = "Load a backup into an empty migrated database and verify every table."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("folder", type=Path, help="a folder that backup wrote")
        parser.add_argument(
            "--force",
            action="store_true",
            help="replace everything that this database holds",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            manifest = restore(options["folder"], force=options["force"])
        except BackupError as error:
            raise CommandError(str(error)) from error
        total = sum(entry["rows"] for entry in manifest["tables"])
        self.stdout.write(
            f"Restored {total} rows of {len(manifest['tables'])} tables and "
            f"{len(manifest['uploads'])} uploads; every table equals the backup."
        )
