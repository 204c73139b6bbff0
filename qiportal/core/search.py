"""Word-wise search over a queryset's text fields, the same on both engines."""

import re
from collections.abc import Sequence
from functools import reduce
from operator import add, and_, or_
from typing import Literal

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

MAX_WORDS = 12
COMMON = frozenset(
    re.findall(
        r"\w+",
        """a about across after all an and are as at be been before better between but
        by can could do down during each every fewer for from get give has have
        having help how if in into is it its less lower make making more most new no
        not of off on or our out over patients per project put quality raise reduce
        reduced reducing reduction improve improved improvement improving increase
        increased increasing so some than that the their them there these they this
        time to too under up use used using was we were what when where which who why
        will with within without you your""",
    )
)
ENDINGS = ("ations", "ation", "ings", "ing", "ies", "ers", "ed", "er", "es", "s", "y")


def words_of(text: str) -> list[str]:
    """The words of a query, in lower case, each once, at most twelve."""
    found = re.findall(r"[^\W_]+(?:['’-][^\W_]+)*", text.lower())
    return list(dict.fromkeys(found))[:MAX_WORDS]


def stem(word: str) -> str:
    """A word without its commonest endings, so that falls and falling find fall."""
    for ending in ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word[: -len(ending)]
    return word


def telling_words(text: str) -> list[str]:
    """The stems of a text's telling words: what a look-alike search goes by."""
    telling = (stem(w) for w in words_of(text) if len(w) > 2 and w not in COMMON)
    return list(dict.fromkeys(telling))


def _anywhere(word: str, fields: Sequence[str]) -> Q:
    return reduce(or_, (Q(**{f"{field}__icontains": word}) for field in fields))


def search(
    queryset: QuerySet,
    text: str,
    match: Literal["all", "any"] = "all",
    *,
    fields: Sequence[str] = ("title",),
) -> QuerySet:
    """Rows whose fields hold the words of `text`.

    "all": every word, anywhere; the order stays. Text without a word changes nothing.
    "any": at least one telling word (common words and endings aside), best first by
    the annotation `score`, where the first field counts twice. Text without a telling
    word finds nothing. Matching ignores case; `%` and `_` are ordinary characters.
    """
    if match == "all":
        words = words_of(text)
        if not words:
            return queryset
        return queryset.filter(reduce(and_, (_anywhere(w, fields) for w in words)))
    telling = telling_words(text)
    if not telling:
        return queryset.annotate(score=Value(0)).none()
    return _ranked(queryset, telling, fields)


def _ranked(queryset: QuerySet, stems: list[str], fields: Sequence[str]) -> QuerySet:
    first, rest = fields[0], fields[1:]
    cases = [_points(_anywhere(word, [first]), 2) for word in stems]
    if rest:
        cases += [_points(_anywhere(word, rest), 1) for word in stems]
    matching = reduce(or_, (_anywhere(word, fields) for word in stems))
    scored = queryset.filter(matching).annotate(score=reduce(add, cases))
    return scored.order_by("-score", "-pk")


def _points(condition: Q, points: int) -> Case:
    when = When(condition, then=Value(points))
    return Case(when, default=Value(0), output_field=IntegerField())
