"""Survey waves: answers counted per team, comments read by the portal's scorer."""

import calendar
import hashlib
import uuid
from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from qiportal.core.dates import add_months, local_midnight, month_start
from qiportal.demo.seed.tree import group_sizes, team_sizes
from qiportal.demo.seed.voices import voice
from qiportal.demo.seed.world import Team, World, poisson, stream, weighted
from surveys.models import Comment, Prompt, Question, Survey, SurveyResult, Wave
from surveys.questions import KNOWN
from surveys.scoring import activate, current_version, score_chunk, unscored

COMMENTS = 2500
PROMPTS = {
    "improve": "What could we do better?",
    "good": "What was good?",
    "open": "Is there anything else you would like to say?",
}
PROMPT_SHARES = {"improve": 0.3, "good": 0.29, "open": 0.41}
AGREE = {"q3c": 0.73, "q3d": 0.7, "q3e": 0.5, "q3f": 0.55}
YEARLY_RISE = {"q3c": 0.004, "q3d": 0.012, "q3e": 0.016, "q3f": 0.021}
PULSE = ("q3c", "q3d", "q3f")
RESPONSE = {"national": 0.55, "pulse": 0.24}
SPLIT_AGREE, SPLIT_REST = (0.64, 0.36), (0.16, 0.3, 0.54)


@dataclass(frozen=True)
class Field:
    """A wave to be made: which survey, when, and how far along the years it lies."""

    kind: str
    slug: str
    label: str
    opens: date
    closes: date
    year: int
    published: date | None
    years_ago: float


def surveys_make(world: World) -> None:
    """Writes surveys, waves, results and comments, then scores the comments."""
    rng = stream("surveys")
    leaning = {id(team): rng.gauss(0, 0.055) for team in world.teams}
    sizes, groups = team_sizes(world), group_sizes(world)
    surveys = _surveys()
    prompts = _prompts(surveys)
    for field in fields(world.day):
        wave = _wave(surveys[field.kind], field)
        if field.kind != "local":
            _results(world, rng, wave, field, sizes, groups, leaning)
        if field.kind != "pulse":
            _comments(world, rng, wave, field, prompts[field.kind], leaning)
    comments_score()


def _surveys() -> dict[str, Survey]:
    titles = {
        "national": "National staff survey",
        "pulse": "Quarterly pulse survey",
        "local": "Improvement here: our own questions",
    }
    rows = {
        kind: Survey(slug=f"{kind}-survey", title=title, kind=kind)
        for kind, title in titles.items()
    }
    Survey.objects.bulk_create(rows.values())
    return rows


def _prompts(surveys: dict[str, Survey]) -> dict[str, dict[str, Prompt]]:
    rows = {
        kind: {
            key: Prompt(survey=surveys[kind], text=text, prompt_type=key)
            for key, text in PROMPTS.items()
        }
        for kind in ("national", "local")
    }
    Prompt.objects.bulk_create(row for each in rows.values() for row in each.values())
    return rows


def fields(day: date) -> list[Field]:
    """Three annual waves with results out, four pulses, eight local quarters."""
    newest = day.year - 1 if day.month >= 4 else day.year - 2
    found = [_annual(year, newest - year) for year in range(newest - 2, newest + 1)]
    found += [_pulse(day, number) for number in range(4)]
    found += [_local(day, number) for number in range(8)]
    return sorted(found, key=lambda field: (field.kind, field.opens))


def _annual(year: int, ago: int) -> Field:
    return Field(
        kind="national",
        slug=f"national-{year}",
        label=f"National staff survey {year}",
        opens=date(year, 10, 1),
        closes=date(year, 11, 28),
        year=year,
        published=date(year + 1, 3, 12),
        years_ago=ago,
    )


def _pulse(day: date, number: int) -> Field:
    """January, April and July; the newest one that has closed, then those before."""
    opened = [
        date(year, month, 1)
        for year in range(day.year - 2, day.year + 1)
        for month in (1, 4, 7)
    ]
    opened = [start for start in opened if add_months(start, 2) <= day]
    start = opened[-1 - number]
    last = calendar.monthrange(start.year, start.month)[1]
    return Field(
        kind="pulse",
        slug=f"pulse-{start:%Y-%m}",
        label=f"Pulse {start:%B %Y}",
        opens=start,
        closes=start.replace(day=last),
        year=start.year,
        published=min(add_months(start, 1) + timedelta(days=20), day),
        years_ago=(day - start).days / 365,
    )


def _local(day: date, number: int) -> Field:
    """Whole quarters that have ended, each answered over its three months."""
    this = date(day.year, (day.month - 1) // 3 * 3 + 1, 1)
    start = add_months(this, -3 * (number + 1))
    end = add_months(start, 3) - timedelta(days=1)
    quarter = (start.month - 1) // 3 + 1
    return Field(
        kind="local",
        slug=f"local-{start.year}-q{quarter}",
        label=f"Improvement here, quarter {quarter} of {start.year}",
        opens=start,
        closes=end,
        year=start.year,
        published=end + timedelta(days=10) if number else None,
        years_ago=(day - start).days / 365,
    )


def _wave(survey: Survey, field: Field) -> Wave:
    return Wave.objects.create(
        survey=survey,
        slug=field.slug,
        label=field.label,
        year=field.year,
        release_year=field.year + 1 if field.kind == "national" else None,
        opens_on=field.opens,
        closes_on=field.closes,
        published_at=local_midnight(field.published) if field.published else None,
    )


def _results(world, rng, wave, field: Field, sizes, groups, leaning) -> None:
    """Counts per team; for the trust by staff group, and the weighted score."""
    rows, codes = [], PULSE if field.kind == "pulse" else tuple(AGREE)
    for code in codes:
        question = _question(wave, code)
        total = [0] * 5
        for team in world.teams:
            people = sizes.get(team.unit.pk, 8)
            n = min(people, poisson(rng, people * RESPONSE[field.kind]))
            if n == 0:
                continue
            share = AGREE[code] - YEARLY_RISE[code] * field.years_ago
            counts = _answers(rng, n, share + leaning[id(team)])
            total = [a + b for a, b in zip(total, counts, strict=True)]
            rows.append(_result(wave, team.unit, question, counts))
        rows += _by_group(rng, wave, world.trust, question, total, groups)
        if field.kind == "national":
            rows.append(_weighted(rng, wave, world.trust, question, total))
    SurveyResult.objects.bulk_create(rows, batch_size=2000)


def _question(wave: Wave, code: str) -> Question:
    key, label, theme, subscore = KNOWN[code]
    question, _ = Question.objects.get_or_create(
        survey=wave.survey,
        year=wave.year,
        code=code,
        defaults={
            "wording_key": key,
            "label": label,
            "theme": theme,
            "subscore": subscore,
        },
    )
    return question


def _answers(rng: Random, n: int, share: float) -> list[int]:
    """Counts from strongly disagree to strongly agree."""
    share = min(0.97, max(0.08, share))
    weights = [part * (1 - share) for part in SPLIT_REST]
    weights += [part * share for part in SPLIT_AGREE]
    drawn = Counter(rng.choices(range(5), weights, k=n))
    return [drawn[option] for option in range(5)]


def _result(wave, unit, question, counts, subgroup: str = "") -> SurveyResult:
    return SurveyResult(
        wave=wave,
        unit=unit,
        question=question,
        subgroup=subgroup,
        n=sum(counts),
        option_counts=counts,
    )


def _by_group(rng, wave, trust, question, total, groups) -> list[SurveyResult]:
    """The same answers dealt out to staff groups, so that the sums agree."""
    names, weights = list(groups), list(groups.values())
    dealt = {name: [0] * 5 for name in names}
    for option, count in enumerate(total):
        for name in rng.choices(names, weights, k=count):
            dealt[name][option] += 1
    return [
        _result(wave, trust, question, counts, name)
        for name, counts in dealt.items()
        if sum(counts)
    ]


def _weighted(rng, wave, trust, question, total) -> SurveyResult:
    score = 100 * (total[3] + total[4]) / max(1, sum(total)) + rng.gauss(0, 0.5)
    return SurveyResult(
        wave=wave,
        unit=trust,
        question=question,
        n=sum(total),
        published_score=round(score, 2),
        weighted=True,
    )


def _comments(world, rng, wave, field: Field, prompts, leaning) -> None:
    """Comments of some teams; a little happier each year."""
    share = 1 / 7 if field.kind == "national" else 1 / 14
    months = _months(field)
    rows = []
    for number in range(world.count(COMMENTS * share)):
        team: Team = rng.choice(world.teams)
        prompt = weighted(rng, PROMPT_SHARES)
        cheer = 0.47 - 0.05 * field.years_ago + leaning[id(team)] * 2
        told = voice(rng, prompt, cheer)
        mark = f"{wave.slug}:{number}:{told.text}"
        rows.append(
            Comment(
                id=uuid.UUID(int=rng.getrandbits(128), version=4),
                wave=wave,
                unit=team.unit,
                prompt=prompts[prompt],
                redacted_text=told.text,
                source_hash=hashlib.sha256(mark.encode()).hexdigest(),
                month=rng.choice(months),
                is_nil=told.is_nil,
            )
        )
    Comment.objects.bulk_create(rows, batch_size=1000)


def _months(field: Field) -> list[date]:
    found, month = [], month_start(field.opens)
    while month <= field.closes:
        found.append(month)
        month = add_months(month, 1)
    return found


def comments_score() -> None:
    """Reads what is unread, by the scorer every imported comment meets."""
    version = current_version()
    for chunk in unscored(version):
        score_chunk(chunk, version)
    activate(version)
