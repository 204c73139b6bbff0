"""Lists patient identifiers found in one column of a CSV file."""

import json
from collections.abc import Iterable
from dataclasses import asdict

from django.core.management.base import BaseCommand, CommandError

from qiportal.core.csv_input import CsvProblem, csv_rows
from qiportal.core.identifiers import hospital_pattern_error, scan


class Command(BaseCommand):
    help = (
        "Report patient identifiers in a CSV column by row, type and position. "
        "The matched text itself is never printed."
    )

    def add_arguments(self, parser):
        parser.add_argument("--csv", required=True, help="the file to check")
        parser.add_argument("--text-col", required=True, help="the column to scan")
        parser.add_argument("--hospital-pattern", help="the trust's own number regex")
        parser.add_argument("--json", action="store_true", help="print a JSON array")

    def handle(self, *args, **options):
        pattern = options["hospital_pattern"]
        if pattern and (problem := hospital_pattern_error(pattern)):
            raise CommandError(problem)
        column = options["text_col"]
        try:
            texts = [row[column] for row in csv_rows(options["csv"], [column])]
        except CsvProblem as error:
            raise CommandError(str(error)) from error
        rows = _report(texts, pattern)
        if options["json"]:
            self.stdout.write(json.dumps(rows))
        else:
            self._write_lines(rows)

    def _write_lines(self, rows: list[dict]) -> None:
        for row in rows:
            for f in row["findings"]:
                place = f"characters {f['start']}-{f['end']}"
                self.stdout.write(
                    f"row {row['row']}: {f['type']}, {place}: {f['action']}"
                )
        hit = sum(bool(row["findings"]) for row in rows)
        self.stdout.write(f"{hit} of {len(rows)} rows have findings.")


def _report(texts: Iterable[str], pattern: str | None) -> list[dict]:
    return [
        {
            "row": number,
            "findings": [asdict(f) for f in scan(text, hospital_pattern=pattern)],
        }
        for number, text in enumerate(texts, start=1)
    ]
