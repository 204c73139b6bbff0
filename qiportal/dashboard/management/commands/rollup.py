import argparse
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from qiportal.core.json import json_dumps
from qiportal.dashboard.models import RollupRun
from qiportal.dashboard.presenters.summary import run_summary
from qiportal.dashboard.services import RollupBusy, rollup


def iso_day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError("give a day as YYYY-MM-DD") from error


class Command(BaseCommand):
    help = "Compute all indicators and publish them; a past day is only printed."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--as-of", type=iso_day, metavar="YYYY-MM-DD")
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            run = rollup(as_of=options["as_of"])
        except RollupBusy:
            self.stdout.write("Another process is computing a run: nothing to do.")
            return
        except ValueError as error:
            raise CommandError(str(error)) from error
        summary = run_summary(run)
        self.stdout.write(
            json_dumps(summary) if options["as_json"] else words(run, summary)
        )


def words(run: RollupRun, summary: dict) -> str:
    verdict = "published" if summary["published"] else "not published: a later run is"
    lines = [f"Run {run.pk} as of {run.as_of}: {run.rows} figures, {verdict}."]
    for row in summary["figures"]:
        name = (
            f"{row['label']} ({row['subgroup']})" if row["subgroup"] else row["label"]
        )
        lines.append(f"  {row['period_start']}  {name}: {row['text']}")
    return "\n".join(lines)
