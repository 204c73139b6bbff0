"""The shape all import commands share: FILE --dry-run --json --bad-rows --good-rows."""

import json
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from qiportal.accounts.imports import ImportReport
from qiportal.accounts.models import User
from qiportal.accounts.services import command_line_user


class ImportCommand(BaseCommand):
    """A command fills in `run()`; everything else is the same for all imports."""

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="Check only.")
        parser.add_argument(
            "--json", action="store_true", help="Print one JSON object."
        )
        parser.add_argument("--by", metavar="EMAIL", help="Who imports.")
        parser.add_argument("--bad-rows", type=Path, help="Write the bad rows here.")
        parser.add_argument("--good-rows", type=Path, help="Write the good rows here.")

    def run(
        self, *, data: bytes, file_name: str, by: User, dry_run: bool, options: dict
    ) -> ImportReport:
        raise NotImplementedError

    def handle(self, *args, **options):
        report = self.run(
            data=self.content(options["file"]),
            file_name=options["file"].name,
            by=self.actor(options["by"]),
            dry_run=options["dry_run"],
            options=options,
        )
        for name, bad in (("bad_rows", True), ("good_rows", False)):
            if options[name]:
                options[name].write_text(report.rows_csv(bad=bad), encoding="utf-8")
        self.tell(report, as_json=options["json"])
        if not report.ok:
            raise SystemExit(1)

    @staticmethod
    def content(path: Path) -> bytes:
        try:
            return path.read_bytes()
        except OSError as error:
            raise CommandError(f"Cannot read {path}: {error.strerror}.") from error

    @staticmethod
    def actor(email: str | None) -> User:
        if not email:
            return command_line_user()
        user = User.objects.filter(email=email.lower(), is_active=True).first()
        if user is None:
            raise CommandError(f"Nobody with the address {email} can sign in.")
        return user

    def tell(self, report: ImportReport, *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps(report.as_dict(), indent=2))
            return
        batch = report.batch
        if report.already_imported:
            self.stdout.write("This file was already imported. Nothing was written.")
            return
        for problem in [*report.problems, *report.warnings][:50]:
            where = f", column {problem.column}" if problem.column else ""
            self.stdout.write(f"Line {problem.line}{where}: {problem.message}")
        self.stdout.write(
            f"{batch.get_state_display()}: {batch.rows_ok} rows good, "
            f"{batch.rows_changed} written, {batch.rows_skipped} unchanged, "
            f"{batch.rows_failed} bad."
        )
