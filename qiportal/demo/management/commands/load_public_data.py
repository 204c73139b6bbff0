"""load_public_data [--from DIR]: published NHS figures on the portal's own pages."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from qiportal.dashboard.services import rollup
from qiportal.demo.public import MissingFiles, public_load
from qiportal.demo.seed.tree import PUBLIC_CODE

BOARD = f"/board/units/{PUBLIC_CODE}/"


class Command(BaseCommand):
    help = "Import published NHS data: A&E measures, survey benchmarks, comments."

    def add_arguments(self, parser):
        parser.add_argument(
            *("--from",),
            dest="folder",
            type=Path,
            metavar="DIR",
            help="the folder with the files; default: SAMPLE_DATA_DIR",
        )

    def handle(self, *args, **options):
        folder = options["folder"] or settings.SAMPLE_DATA_DIR
        if not folder:
            raise CommandError("Name the folder: --from DIR, or set SAMPLE_DATA_DIR.")
        try:
            for loaded in public_load(Path(folder)):
                self.tell(loaded)
        except MissingFiles as problem:
            raise CommandError(str(problem)) from problem
        run = rollup()
        self.stdout.write(f"Figures: run {run.pk}, {run.rows} rows.")
        self.stdout.write(f"  comment sentiment on the board page: {BOARD}")

    def tell(self, loaded) -> None:
        report = loaded.report
        if not report.ok:
            first = report.problems[0]
            raise CommandError(
                f"{loaded.name}: nothing was written. "
                f"Line {first.line}: {first.message}"
            )
        batch = report.batch
        words = f"{batch.rows_changed} rows written, {batch.rows_skipped} unchanged"
        if report.already_imported:
            words = "imported before"
        self.stdout.write(f"{loaded.name}: {words}. See {loaded.where}")
        self.stdout.flush()
