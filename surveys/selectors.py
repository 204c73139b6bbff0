"""Reads of surveys that need no suppression: waves, benchmarks, redacted comments.

Figures of our own units are never read here for display: they come from the published
snapshots, where the small-number rule has been applied.
"""

from dataclasses import dataclass
from statistics import median, quantiles

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db.models import Count, QuerySet
from django.shortcuts import get_object_or_404

from qiportal.accounts.models import User
from qiportal.organisation.models import Unit
from surveys.models import Benchmark, Comment, PromptType, Wave
from surveys.questions import KNOWN


def waves(actor: User) -> QuerySet[Wave]:
    """All waves with their instrument and how much they hold, newest first."""
    return (
        Wave.objects.visible_to(actor)
        .select_related("survey")
        .annotate(
            questions=Count("results__question", distinct=True),
            comment_count=Count("comments", distinct=True),
        )
        .order_by("-opens_on", "slug")
    )


def wave_or_404(actor: User, slug: str) -> Wave:
    return get_object_or_404(waves(actor), slug=slug)


def wave_questions(wave: Wave) -> QuerySet:
    """The questions a wave holds results of, by number."""
    held = wave.results.values("question")
    return wave.survey.questions.filter(pk__in=held).order_by("code")


@dataclass(frozen=True)
class GroupYear:
    """One year of a question in a benchmark group: percentages 0 to 100."""

    year: int
    organisations: int
    low: float
    middle: float
    high: float


def benchmark_groups(actor: User) -> list[str]:
    """Groups with published results, in alphabetical order."""
    if not actor.is_authenticated:
        return []
    rows = Benchmark.objects.order_by("group").values_list("group", flat=True)
    return list(rows.distinct())


def benchmark_questions() -> list[tuple[str, str]]:
    """(number, label) of the questions with published results."""
    codes = Benchmark.objects.order_by("question").values_list("question", flat=True)
    return [
        (code, f"{code} {KNOWN[code][1]}" if code in KNOWN else code)
        for code in codes.distinct()
    ]


def group_years(*, group: str, question: str) -> list[GroupYear]:
    """Median and quartiles of a group by year; needs two organisations in a year.

    Years of an organisation before its `not_comparable_before` are left out.
    """
    rows = Benchmark.objects.filter(
        group=group, question=question, suppressed=False
    ).values_list("year", "value", "not_comparable_before")
    by_year: dict[int, list[float]] = {}
    for year, value, broken in rows:
        if value is not None and not (broken and year < broken):
            by_year.setdefault(year, []).append(float(value))
    return [_year(year, by_year[year]) for year in sorted(by_year)]


def _year(year: int, values: list[float]) -> GroupYear:
    low, _, high = quantiles(values, n=4) if len(values) > 1 else values * 3
    return GroupYear(year, len(values), low, median(values), high)


def benchmark_years_of(*, code: str, question: str) -> dict[int, float]:
    """year -> percentage of one organisation."""
    rows = Benchmark.objects.filter(
        organisation_code=code, question=question, value__isnull=False
    )
    return {row.year: float(row.value) for row in rows if row.value is not None}


def benchmark_organisations(group: str) -> list[tuple[str, str]]:
    """(code, name) in a group by name."""
    rows = Benchmark.objects.filter(group=group).order_by("name", "organisation_code")
    names = dict(rows.values_list("organisation_code", "name"))
    return [(code, f"{name} ({code})") for code, name in names.items()]


def readable_comments(
    actor: User, wave: Wave, unit: Unit, prompt_type: str
) -> QuerySet[Comment]:
    """Redacted comments of a unit and below, in an order that tells nothing.

    Raises PermissionDenied while fewer than the minimum wrote, or while the rest of
    the wave is so small that subtraction would point at them (SURVEYS section 8).
    """
    in_wave = Comment.objects.visible_to(actor).filter(
        wave=wave, prompt__prompt_type=prompt_type, is_nil=False
    )
    here = in_wave.filter(unit__path__startswith=unit.path)
    mine, everyone = here.count(), in_wave.count()
    least = settings.SURVEY_MINIMUM_N
    if mine < least or 0 < everyone - mine < least:
        raise PermissionDenied(f"Hidden to protect people: fewer than {least} answers.")
    return here.select_related("unit", "prompt").order_by("pk")


def prompt_types_of(wave: Wave) -> list[tuple[str, str]]:
    """The prompt types a wave has comments for."""
    held = set(
        wave.comments.order_by()
        .values_list("prompt__prompt_type", flat=True)
        .distinct()
    )
    return [(value, label) for value, label in PromptType.choices if value in held]
