"""Compares the sentiment scorer with human labels in a CSV file."""

import json
from collections.abc import Iterator

from django.core.management.base import BaseCommand, CommandError

from qiportal.core.csv_input import CsvProblem, csv_rows
from surveys.sentiment.evaluate import (
    BUNDLED_FLOORS,
    Example,
    below_floor,
    evaluate,
)
from surveys.sentiment.lexicon import DATA
from surveys.sentiment.rules import LABELS, PROMPTS, default_scorer

BUNDLED = DATA / "staff_sample.csv"


class Command(BaseCommand):
    help = (
        "Score labelled comments and print how well the rules agree. Without --csv "
        "the bundled staff sample is read and its floors apply; for another file give "
        "floors with --min. Ends with status 1 below a floor."
    )

    def add_arguments(self, parser):
        parser.add_argument("--csv", help="default: the bundled staff sample")
        parser.add_argument("--text-col", default="text")
        parser.add_argument("--label-col", default="label")
        parser.add_argument("--prompt-col", help="without it every prompt is open")
        parser.add_argument(
            "--filter", action="append", default=[], metavar="COL=VALUE"
        )
        parser.add_argument(
            "--min", action="append", default=[], metavar="NAME=SHARE", dest="floors"
        )
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args, **options):
        floors = _floors(options)
        try:
            examples = list(_examples(options))
        except CsvProblem as error:
            raise CommandError(str(error)) from error
        if not examples:
            raise CommandError("No row is left to score.")
        result = evaluate(examples, default_scorer())
        text = json.dumps(result) if options["json"] else _in_words(result)
        self.stdout.write(text)
        if short := below_floor(result, floors):
            raise CommandError("; ".join(short) + ".")


def _pairs(settings: list[str]) -> dict[str, str]:
    pairs = {}
    for setting in settings:
        name, equals, value = setting.partition("=")
        if not equals:
            raise CommandError(f"Write {setting} as NAME=VALUE.")
        pairs[name] = value
    return pairs


def _floors(options: dict) -> dict[str, float]:
    floors = {} if options["csv"] else dict(BUNDLED_FLOORS)
    for name, value in _pairs(options["floors"]).items():
        if name not in BUNDLED_FLOORS:
            raise CommandError(f"Floors are {', '.join(BUNDLED_FLOORS)}.")
        try:
            floors[name] = float(value)
        except ValueError as error:
            raise CommandError(f"{value} is not a number.") from error
    return floors


def _examples(options: dict) -> Iterator[Example]:
    """Labelled rows of the file that pass the filters; CommandError names bad rows."""
    wanted = _pairs(options["filter"])
    path = options["csv"] or BUNDLED
    prompt_column = options["prompt_col"] or ("" if options["csv"] else "prompt")
    columns = [options["text_col"], options["label_col"], *wanted]
    columns += [prompt_column] if prompt_column else []
    for number, row in enumerate(csv_rows(path, columns), start=1):
        if any(row[column].strip() != value for column, value in wanted.items()):
            continue
        label = row[options["label_col"]].strip()
        prompt = (row[prompt_column].strip() if prompt_column else "") or "open"
        if label not in LABELS:
            raise CommandError(f"Row {number}: the label must be {', '.join(LABELS)}.")
        if prompt not in PROMPTS:
            raise CommandError(
                f"Row {number}: the prompt must be {', '.join(PROMPTS)}."
            )
        yield Example(row[options["text_col"]], label, prompt)


def _in_words(result: dict) -> str:
    lines = [
        f"{result['n']} comments, scorer {result['scorer_version']}",
        f"accuracy {result['accuracy']}, macro-F1 {result['macro_f1']}, "
        f"{result['comments_per_second']} comments a second",
    ]
    for label, scores in result["per_class"].items():
        lines.append(
            f"{label}: precision {scores['precision']}, recall {scores['recall']}, "
            f"F1 {scores['f1']}"
        )
    for prompt, scores in result["by_prompt"].items():
        lines.append(f"{prompt}: {scores['n']} comments, {scores['accuracy']} right")
    return "\n".join(lines)
