"""The one door for survey files; the profile says which kind of file it is."""

import calendar
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError

from qiportal.accounts.imports import ImportReport
from qiportal.accounts.models import User
from qiportal.organisation.models import Unit
from surveys.benchmarks import import_benchmarks
from surveys.cells import BadCell, month
from surveys.comment_imports import import_comments
from surveys.models import Survey, Wave
from surveys.result_imports import import_results


def import_survey(
    *, file_name: str, data: bytes, by: User, dry_run: bool, options: dict[str, Any]
) -> ImportReport:
    """Imports results, comments or benchmarks.

    `options`: profile (results, comments, benchmark), wave (slug), unit (code), month
    (YYYY-MM), kind (national, pulse, local; used when the wave is new). Raises
    ValidationError naming the option when one is missing or unknown.
    """
    profile = options.get("profile")
    if profile == "benchmark":
        return import_benchmarks(
            file_name=file_name, data=data, by=by, dry_run=dry_run, options=options
        )
    if profile not in ("results", "comments"):
        raise ValidationError({"profile": "Choose results, comments or benchmark."})
    settled = {
        "wave": wave_of(options),
        "unit": unit_of(options),
        "month": month_of(options),
    }
    run = import_results if profile == "results" else import_comments
    return run(file_name=file_name, data=data, by=by, dry_run=dry_run, **settled)


def month_of(options: dict[str, Any]) -> date | None:
    """The month given for files without a month column."""
    if not options.get("month"):
        return None
    try:
        return month(options["month"], "month")
    except BadCell as bad:
        raise ValidationError({"month": bad.message}) from bad


def unit_of(options: dict[str, Any]) -> Unit | None:
    """The unit given for files without a unit column."""
    if not options.get("unit"):
        return None
    unit = Unit.objects.filter(code=options["unit"]).first()
    if unit is None:
        raise ValidationError({"unit": f"No unit has the code {options['unit']}."})
    return unit


def wave_of(options: dict[str, Any]) -> Wave:
    """The wave of that slug; a new one is made for the given month.

    A published wave is frozen and takes no more rows.
    """
    slug = options.get("wave") or ""
    if wave := Wave.objects.filter(slug=slug).select_related("survey").first():
        if wave.published_at:
            message = "This wave is published and frozen. Open a new wave."
            raise ValidationError({"wave": message})
        return wave
    start = month_of(options)
    if not slug or start is None:
        raise ValidationError(
            {"wave": "Give the wave's short name, and its month if it is new."}
        )
    return new_wave(slug, start, options.get("kind") or Survey.Kind.LOCAL)


def new_wave(slug: str, start: date, kind: str) -> Wave:
    """A wave of one month with a survey of its kind; saved when its rows are."""
    survey = Survey.objects.filter(kind=kind, slug=f"{kind}-survey").first()
    survey = survey or Survey(
        slug=f"{kind}-survey", title=Survey.Kind(kind).label, kind=kind
    )
    last = calendar.monthrange(start.year, start.month)[1]
    wave = Wave(
        survey=survey,
        slug=slug,
        label=slug.replace("-", " ").capitalize(),
        year=start.year,
        opens_on=start,
        closes_on=start.replace(day=last),
    )
    wave.full_clean(exclude=["survey"])
    return wave
