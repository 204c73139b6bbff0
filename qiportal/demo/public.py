"""Published NHS data on the portal's own pages, beside the demo and never mixed in.

It stands under a root of its own, so that no invented figure is added to a real one.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pdsa.imports import import_measures
from qiportal.accounts.imports import ImportReport
from qiportal.accounts.models import User
from qiportal.accounts.services import command_line_user
from qiportal.core.dates import add_months, today
from qiportal.demo.seed.surveys import comments_score
from qiportal.demo.seed.tree import PUBLIC_CODE
from qiportal.organisation.models import Unit
from qiportal.organisation.services import unit_place_new
from surveys.imports import import_survey
from surveys.models import Survey, Wave

MEASURES = Path("measures/ae_attendances.csv")
BENCHMARK = Path("survey/nss_org_results_2021_2024_extract.csv")
COMMENTS = Path("comments/visible.csv")
FILES = (MEASURES, BENCHMARK, COMMENTS)
WAVE = "public-nhs-comments"


@dataclass(frozen=True)
class Loaded:
    """One file: what it held and what its import said."""

    name: str
    where: str
    report: ImportReport


class MissingFiles(Exception):
    """The folder lacks files; the text names them."""


def files_check(folder: Path) -> None:
    missing = [str(path) for path in FILES if not (folder / path).is_file()]
    if missing:
        raise MissingFiles(f"{folder} has no {', '.join(missing)}.")


def public_load(folder: Path) -> Iterator[Loaded]:
    """Imports the three files, one after the other; a second time adds nothing."""
    files_check(folder)
    by = command_line_user()
    public_root()
    yield Loaded("A&E attendances", "/projects/?q=public+data", _measures(folder, by))
    yield Loaded("Staff survey", "/surveys/benchmarks/", _benchmark(folder, by))
    yield Loaded("Comments", f"/surveys/{WAVE}/comments/", _comments(folder, by))
    comments_score()


def public_root() -> Unit:
    """The unit that holds public data."""
    found = Unit.objects.filter(code=PUBLIC_CODE).first()
    return found or unit_place_new(
        code=PUBLIC_CODE,
        name="Published NHS data (public)",
        kind=Unit.Kind.TRUST,
        parent=None,
        opened_on=date(2015, 4, 1),
    )


def _measures(folder: Path, by: User) -> ImportReport:
    return import_measures(
        **_file(folder, MEASURES), by=by, options={"profile": "ae", "unit": PUBLIC_CODE}
    )


def _benchmark(folder: Path, by: User) -> ImportReport:
    return import_survey(
        **_file(folder, BENCHMARK), by=by, options={"profile": "benchmark"}
    )


def _comments(folder: Path, by: User) -> ImportReport:
    wave = public_wave()
    options = {
        "profile": "comments",
        "wave": wave.slug,
        "unit": PUBLIC_CODE,
        "month": f"{wave.opens_on:%Y-%m}",
    }
    return import_survey(**_file(folder, COMMENTS), by=by, options=options)


def _file(folder: Path, path: Path) -> dict:
    data = (folder / path).read_bytes()
    return {"file_name": path.name, "data": data, "dry_run": False}


def public_wave() -> Wave:
    """The comments have no dates: they are shown under last month, and say so."""
    survey, _ = Survey.objects.get_or_create(
        slug="public-comments",
        defaults={"title": "Published NHS patient comments", "kind": "local"},
    )
    month = add_months(today(), -1)
    wave, _ = Wave.objects.get_or_create(
        slug=WAVE,
        defaults={
            "survey": survey,
            "label": "Published NHS patient comments (dates unknown)",
            "year": month.year,
            "opens_on": month,
            "closes_on": add_months(month, 1),
        },
    )
    return wave
