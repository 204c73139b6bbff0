"""Analyses series from a JSON file, for tests against other SPC software."""

import json
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from qiportal.spc.vectors import vectors_run


class Command(BaseCommand):
    help = (
        "Analyse the series in a JSON array of {id, method, input, options} and "
        "write one result each, in the same order. Exit status 1 if any failed."
    )
    requires_system_checks = ()

    def add_arguments(self, parser):
        parser.add_argument("file", help="the JSON array to read")
        parser.add_argument("--output", help="where to write; default: print it")

    def handle(self, *args, **options):
        results = vectors_run(_objects(options["file"]))
        text = json.dumps(results, allow_nan=False)
        if options["output"]:
            Path(options["output"]).write_text(text + "\n", encoding="utf-8")
        else:
            self.stdout.write(text)
        failed = sum("error" in result for result in results)
        if failed:
            raise CommandError(f"{failed} of {len(results)} could not be analysed.")


def _objects(path: str) -> list:
    try:
        objects = json.loads(Path(path).read_text(encoding="utf-8"))
    except OSError as error:
        raise CommandError(f"Cannot read {path}: {error.strerror}.") from error
    except ValueError as error:
        raise CommandError(f"{path} is not JSON in UTF-8: {error}.") from error
    if not isinstance(objects, list):
        raise CommandError(f"{path} does not hold a JSON array.")
    return objects
