"""Scoring of comments, in chunks, under one active scorer version."""

from collections.abc import Iterable, Iterator

from django.db import transaction

from qiportal.jobs.models import JobRun
from surveys.models import (
    Comment,
    CommentScore,
    CommentTheme,
    ScorerVersion,
)
from surveys.sentiment.lexicon import default_lexicon
from surveys.sentiment.rules import default_scorer
from surveys.sentiment.taxonomy import default_taxonomy

CHUNK = 500


def current_version() -> ScorerVersion:
    """The row of the scorer as it is in the code now; made when it is new."""
    scorer, taxonomy = default_scorer(), default_taxonomy()
    version, _ = ScorerVersion.objects.get_or_create(
        name=f"{scorer.version}+{taxonomy.digest[:8]}",
        defaults={
            "lexicon_hash": default_lexicon().digest,
            "taxonomy_hash": taxonomy.digest,
        },
    )
    return version


def unscored(version: ScorerVersion) -> Iterator[list[Comment]]:
    """Comments this version has not read, in chunks of 500."""
    while True:
        chunk = list(
            Comment.objects.exclude(scores__scorer_version=version)
            .select_related("prompt")
            .order_by("pk")[:CHUNK]
        )
        if not chunk:
            return
        yield chunk


@transaction.atomic
def score_chunk(chunk: Iterable[Comment], version: ScorerVersion) -> int:
    """Writes scores and themes of a chunk; a second time changes nothing."""
    scorer, taxonomy = default_scorer(), default_taxonomy()
    scores, themes = [], []
    for comment in chunk:
        text = comment.redacted_text
        read = scorer.score(text, comment.prompt.prompt_type)
        scores.append(
            CommentScore(
                comment=comment,
                scorer_version=version,
                label=read.label,
                score=read.score,
                confidence=read.confidence,
                suggestion=read.suggestion,
                hits=[[h.start, h.end, h.surface, h.weight] for h in read.hits],
            )
        )
        themes.extend(
            CommentTheme(
                comment=comment,
                theme=slug,
                scorer_version=version,
                hits=[[h.start, h.end] for h in hits],
            )
            for slug, hits in taxonomy.read(text)
        )
    CommentScore.objects.bulk_create(scores, ignore_conflicts=True)
    CommentTheme.objects.bulk_create(themes, ignore_conflicts=True)
    return len(scores)


@transaction.atomic
def activate(version: ScorerVersion) -> None:
    """Shows this version from now on; the scores of others are dropped."""
    if version.active:
        return
    ScorerVersion.objects.exclude(pk=version.pk).update(active=False)
    version.active = True
    version.save()
    CommentScore.objects.exclude(scorer_version=version).delete()
    CommentTheme.objects.exclude(scorer_version=version).delete()


def score_comments_job(job: JobRun) -> dict[str, int | str]:
    """Scores whatever the present scorer has not read yet, then shows its scores.

    Pages keep the older version until this one has read every comment.
    """
    version = current_version()
    done = sum(score_chunk(chunk, version) for chunk in unscored(version))
    activate(version)
    return {"scored": done, "scorer": version.name}
