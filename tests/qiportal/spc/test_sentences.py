"""Every sentence word for word, and no word that claims a cause."""

import inspect
import re
from datetime import date, timedelta

import pytest

from qiportal.spc import Context, analyse, sentence_write, sentences, words

from .cases import months

BASE = [9, 11] * 6  # mean 10, mean range 2, limits 4.68 and 15.32


def written(values, *, method="xmr", measure="Falls", dates=None, **given):
    """The sentence; `given` is split between analysis and context."""
    words_only = ("frequency", "unit", "decimals", "factor", "cycles")
    shared = {k: v for k, v in given.items() if k in words_only}
    options = {k: v for k, v in given.items() if k not in words_only}
    analysis = analyse(values, method=method, **options)
    context = Context(
        measure,
        dates or months(len(analysis.y)),
        direction=options.get("improvement_direction", "neutral"),
        target=options.get("target"),
        **shared,
    )
    return sentence_write(analysis, context)


def fixed(tail, **given):
    """After a fixed baseline, Jan to Dec 2024, with lower as better."""
    given = {"improvement_direction": "decrease", "fix_after_n": 12} | given
    return written(BASE + tail, **given)


SITUATIONS = {
    "no points": (lambda: written([]), "Falls: no points yet."),
    "only missing": (
        lambda: written([None, None]),
        "Falls: no points yet, 2 missing.",
    ),
    "one point": (
        lambda: written([3]),
        "Falls: 1 monthly point, Jan 2024. Too few points to judge.",
    ),
    "too few, with a gap": (
        lambda: written([3, None, 4, 5, 6, 7, 8, 9]),
        "Falls: 7 monthly points, Jan 2024 to Aug 2024, 1 missing. "
        "Too few points to judge.",
    ),
    "trial limits": (
        lambda: written([9, 11] * 4 + [10]),
        "Falls: 9 monthly points, Jan 2024 to Sep 2024. The latest point (10.0) is "
        "within the usual range (common cause variation). No target is set. "
        "Trial limits: 9 points, 12 needed.",
    ),
    "few points since a rebase": (
        lambda: written([9, 11] * 6 + [5, 6], rebase_at=[12]),
        "Falls: 14 monthly points, Jan 2024 to Feb 2025. Too few points to judge.",
    ),
    "common cause, no target": (
        lambda: written(BASE),
        "Falls: 12 monthly points, Jan 2024 to Dec 2024. The latest point (11.0) is "
        "within the usual range (common cause variation). No target is set.",
    ),
    "missing months": (
        lambda: written([9, None, *BASE, None]),
        "Falls: 13 monthly points, Jan 2024 to Feb 2025, 2 missing. The latest point "
        "(11.0) is within the usual range (common cause variation). "
        "No target is set.",
    ),
    "hit or miss": (
        lambda: fixed([10], target=8),
        "Falls: 13 monthly points, Jan 2024 to Jan 2025. The latest point (10.0) is "
        "within the usual range (common cause variation). The target of 8.0 lies "
        "inside the limits (4.7 to 15.3), so it will be met some months and missed "
        "others.",
    ),
    "hit or miss by the week": (
        lambda: fixed(
            [10],
            target=8,
            frequency="weekly",
            dates=tuple(date(2024, 1, 1) + timedelta(7 * k) for k in range(13)),
        ),
        "Falls: 13 weekly points, 1 Jan 2024 to 25 Mar 2024. The latest point (10.0) "
        "is within the usual range (common cause variation). The target of 8.0 lies "
        "inside the limits (4.7 to 15.3), so it will be met some weeks and missed "
        "others.",
    ),
    "target consistently met": (
        lambda: fixed([10], target=16),
        "Falls: 13 monthly points, Jan 2024 to Jan 2025. The latest point (10.0) is "
        "within the usual range (common cause variation). The target of 16.0 lies "
        "outside the limits (4.7 to 15.3): it will be consistently met.",
    ),
    "target consistently missed": (
        lambda: fixed([10], target=4, unit="%", decimals=0),
        "Falls: 13 monthly points, Jan 2024 to Jan 2025. The latest point (10%) is "
        "within the usual range (common cause variation). The target of 4% lies "
        "outside the limits (5% to 15%): it will be consistently missed unless the "
        "process changes.",
    ),
    "target without a better direction": (
        lambda: written(BASE, target=4),
        "Falls: 12 monthly points, Jan 2024 to Dec 2024. The latest point (11.0) is "
        "within the usual range (common cause variation). The target is 4.0.",
    ),
    "target without limits": (
        lambda: written(
            BASE, exclude=range(11), target=4, improvement_direction="increase"
        ),
        "Falls: 12 monthly points, Jan 2024 to Dec 2024. The latest point (11.0) "
        "cannot be judged: there are no limits yet. The target of 4.0 cannot be "
        "judged: there are no limits yet.",
    ),
    "above the limit, worse": (
        lambda: fixed([16.04]),
        "Falls: 13 monthly points, Jan 2024 to Jan 2025. The latest point (16.0) is "
        "an unusual change for the worse (special cause, high): above the upper "
        "limit. No target is set.",
    ),
    "above the limit, better": (
        lambda: fixed([16.05], improvement_direction="increase"),
        "Falls: 13 monthly points, Jan 2024 to Jan 2025. The latest point (16.1) is "
        "an unusual change for the better (special cause, high): above the upper "
        "limit. No target is set.",
    ),
    "below the limit, no better direction": (
        lambda: fixed([4], improvement_direction="neutral"),
        "Falls: 13 monthly points, Jan 2024 to Jan 2025. The latest point (4.0) is "
        "an unusual change (special cause, low): below the lower limit. "
        "No target is set.",
    ),
    "two of three, high": (
        lambda: fixed([14, 11, 14]),
        "Falls: 15 monthly points, Jan 2024 to Mar 2025. The latest point (14.0) is "
        "an unusual change for the worse (special cause, high): two of three points "
        "near or beyond the upper limit. No target is set.",
    ),
    "two of three, low": (
        lambda: fixed([6, 9, 6]),
        "Falls: 15 monthly points, Jan 2024 to Mar 2025. The latest point (6.0) is "
        "an unusual change for the better (special cause, low): two of three points "
        "near or beyond the lower limit. No target is set.",
    ),
    "rising trend": (
        lambda: fixed([8, 8.5, 9, 9.5, 10.5, 11, 11.5, 12]),
        "Falls: 20 monthly points, Jan 2024 to Aug 2025. The latest point (12.0) is "
        "an unusual change for the worse (special cause, high): part of a rising "
        "trend of 8 points. No target is set. A rising trend of 8 points, Jan 2025 "
        "to Aug 2025.",
    ),
    "falling trend": (
        lambda: fixed([12, 11.5, 11, 10.5, 9.5, 9, 8.5]),
        "Falls: 19 monthly points, Jan 2024 to Jul 2025. The latest point (8.5) is "
        "an unusual change for the better (special cause, low): part of a falling "
        "trend of 7 points. No target is set. A falling trend of 7 points, Jan 2025 "
        "to Jul 2025.",
    ),
    "shift up to the latest point, after a cycle": (
        lambda: fixed(
            [9, 9, 8, 9, 8, 9, 8, 9],
            cycles=((2, date(2024, 3, 1)), (3, date(2024, 11, 20))),
        ),
        "Falls: 20 monthly points, Jan 2024 to Aug 2025. The latest point (9.0) is "
        "an unusual change for the better (special cause, low): part of a shift of "
        "8 points below the mean. No target is set. A shift of 8 points below the "
        "mean, Jan 2025 to Aug 2025. It began 2 months after PDSA cycle 3 started.",
    ),
    "earlier shift, latest point usual": (
        lambda: fixed([9] + [12, 11] * 4 + [9]),
        "Falls: 22 monthly points, Jan 2024 to Oct 2025. The latest point (9.0) is "
        "within the usual range (common cause variation). No target is set. A shift "
        "of 8 points above the mean, Feb 2025 to Sep 2025.",
    ),
    "shift in the month of a cycle": (
        lambda: fixed([9, 8] * 4, cycles=((1, date(2025, 1, 31)),)),
        "Falls: 20 monthly points, Jan 2024 to Aug 2025. The latest point (8.0) is "
        "an unusual change for the better (special cause, low): part of a shift of "
        "8 points below the mean. No target is set. A shift of 8 points below the "
        "mean, Jan 2025 to Aug 2025. It began in the month PDSA cycle 1 started.",
    ),
    "one month after a cycle; a later cycle is silent": (
        lambda: fixed(
            [9, 8] * 4, cycles=((1, date(2024, 12, 1)), (2, date(2025, 2, 1)))
        ),
        "Falls: 20 monthly points, Jan 2024 to Aug 2025. The latest point (8.0) is "
        "an unusual change for the better (special cause, low): part of a shift of "
        "8 points below the mean. No target is set. A shift of 8 points below the "
        "mean, Jan 2025 to Aug 2025. It began 1 month after PDSA cycle 1 started.",
    ),
    "the later of two cycles, six months before": (
        lambda: fixed(
            [9, 8] * 4, cycles=((7, date(2024, 7, 31)), (6, date(2024, 7, 1)))
        ),
        "Falls: 20 monthly points, Jan 2024 to Aug 2025. The latest point (8.0) is "
        "an unusual change for the better (special cause, low): part of a shift of "
        "8 points below the mean. No target is set. A shift of 8 points below the "
        "mean, Jan 2025 to Aug 2025. It began 6 months after PDSA cycle 7 started.",
    ),
    "a cycle seven months before is silent": (
        lambda: fixed([9, 8] * 4, cycles=((1, date(2024, 6, 30)),)),
        "Falls: 20 monthly points, Jan 2024 to Aug 2025. The latest point (8.0) is "
        "an unusual change for the better (special cause, low): part of a shift of "
        "8 points below the mean. No target is set. A shift of 8 points below the "
        "mean, Jan 2025 to Aug 2025.",
    ),
    "run chart, nothing unusual": (
        lambda: written([0, 1] * 12, method="run"),
        "Falls: 24 monthly points, Jan 2024 to Dec 2025. No unusual run: longest run "
        "1 (limit 8), 23 crossings (at least 8 expected). No target is set.",
    ),
    "run chart, long run": (
        lambda: written(
            [1, 0] * 7 + [0] * 9 + [1],
            method="run",
            freeze_after_n=14,
            target=1,
            cycles=((4, date(2024, 12, 1)),),
        ),
        "Falls: 24 monthly points, Jan 2024 to Dec 2025. An unusual run: longest run "
        "10 (limit 8), 14 crossings (at least 8 expected). The target is 1.0. A run "
        "of 10 points below the median, Feb 2025 to Nov 2025. It began 2 months "
        "after PDSA cycle 4 started.",
    ),
    "run chart, few crossings": (
        lambda: written([0, 0, 0, 1, 1, 1] * 4, method="run", decimals=0),
        "Falls: 24 monthly points, Jan 2024 to Dec 2025. Unusually few crossings: "
        "longest run 3 (limit 8), 7 crossings (at least 8 expected). "
        "No target is set.",
    ),
    "run chart, one crossing": (
        lambda: written([0] * 12 + [1] * 12, method="run"),
        "Falls: 24 monthly points, Jan 2024 to Dec 2025. An unusual run: longest run "
        "12 (limit 8), 1 crossing (at least 8 expected). No target is set. A run of "
        "12 points above the median, Jan 2025 to Dec 2025.",
    ),
    "run chart, too few useful points": (
        lambda: written([0, 1] * 4 + [0.5], method="run"),
        "Falls: 9 monthly points, Jan 2024 to Sep 2024. Too few points away from the "
        "centre line to judge its runs. No target is set.",
    ),
    "run chart of ten useful points": (
        lambda: written([0, 1] * 5, method="run"),
        "Falls: 10 monthly points, Jan 2024 to Oct 2024. No unusual run: longest run "
        "1 (limit 6), 9 crossings (at least 2 expected). No target is set.",
    ),
    "run chart of one value": (
        lambda: written([4] * 12, method="run"),
        "Falls: 12 monthly points, Jan 2024 to Dec 2024. Every point lies on the "
        "centre line. No target is set.",
    ),
    "p chart in per cent": (
        lambda: written(
            [10] * 12 + [40],
            denominators=[100] * 13,
            method="p",
            unit="%",
            factor=100,
            freeze_after_n=12,
            target=0.125,
            improvement_direction="increase",
        ),
        "Falls: 13 monthly points, Jan 2024 to Jan 2025. The latest point (40.0%) is "
        "an unusual change for the better (special cause, high): above the upper "
        "limit. No unusual run: longest run 1 (limit 3), 0 crossings (at least 0 "
        "expected). The target is 12.5%.",
    ),
    "c chart below its limit": (
        lambda: written([20, 22] * 6 + [2], method="c", freeze_after_n=12, decimals=0),
        "Falls: 13 monthly points, Jan 2024 to Jan 2025. The latest point (2) is an "
        "unusual change (special cause, low): below the lower limit. No unusual run: "
        "longest run 1 (limit 7), 12 crossings (at least 3 expected). "
        "No target is set.",
    ),
    "c chart with an unusual run": (
        lambda: written([9] * 6 + [10] * 2 + [11] * 9, method="c", decimals=0),
        "Falls: 17 monthly points, Jan 2024 to May 2025. The latest point (11) is "
        "within the limits. An unusual run: longest run 9 (limit 7), 1 crossing (at "
        "least 5 expected). No target is set. A run of 9 points above the centre "
        "line, Sep 2024 to May 2025.",
    ),
    "mr chart says nothing of runs": (
        lambda: written([9, 11] * 6, method="mr"),
        "Falls: 12 monthly points, Feb 2024 to Dec 2024. The latest point (2.0) is "
        "within the usual range (common cause variation). No target is set.",
    ),
    "event by event": (
        lambda: written(
            [5, 8] * 6,
            method="g",
            frequency="event",
            unit="cases",
            decimals=0,
            cycles=((1, date(2024, 1, 1)),),
        ),
        "Falls: 12 points, 1 Jan 2024 to 1 Dec 2024. The latest point (8 cases) is "
        "within the usual range (common cause variation). No unusual run: longest "
        "run 1 (limit 7), 11 crossings (at least 3 expected). No target is set.",
    ),
    "event by event, shift, no timing": (
        lambda: fixed([9, 8] * 4, frequency="event", cycles=((1, date(2025, 1, 1)),)),
        "Falls: 20 points, 1 Jan 2024 to 1 Aug 2025. The latest point (8.0) is an "
        "unusual change for the better (special cause, low): part of a shift of 8 "
        "points below the mean. No target is set. A shift of 8 points below the "
        "mean, 1 Jan 2025 to 1 Aug 2025.",
    ),
    "quarters and thousands": (
        lambda: fixed(
            [10, 11],
            frequency="quarterly",
            factor=1000,
            decimals=0,
            dates=months(40, date(2015, 1, 1))[::3],
        ),
        "Falls: 14 quarterly points, Jan 2015 to Apr 2018. The latest point (11,000) "
        "is within the usual range (common cause variation). No target is set.",
    ),
    "days": (
        lambda: fixed(
            [9, 8] * 4,
            frequency="daily",
            dates=tuple(date(2024, 2, 20) + timedelta(k) for k in range(20)),
            cycles=((5, date(2024, 3, 3)),),
        ),
        "Falls: 20 daily points, 20 Feb 2024 to 10 Mar 2024. The latest point (8.0) "
        "is an unusual change for the better (special cause, low): part of a shift "
        "of 8 points below the mean. No target is set. A shift of 8 points below the "
        "mean, 3 Mar 2024 to 10 Mar 2024. It began on the day PDSA cycle 5 started.",
    ),
    "fortnights": (
        lambda: fixed(
            [9, 8] * 4,
            frequency="fortnightly",
            dates=tuple(date(2024, 1, 1) + timedelta(14 * k) for k in range(20)),
            cycles=((5, date(2024, 6, 3)),),
        ),
        "Falls: 20 fortnightly points, 1 Jan 2024 to 23 Sep 2024. The latest point "
        "(8.0) is an unusual change for the better (special cause, low): part of a "
        "shift of 8 points below the mean. No target is set. A shift of 8 points "
        "below the mean, 17 Jun 2024 to 23 Sep 2024. It began 1 fortnight after PDSA "
        "cycle 5 started.",
    ),
}


@pytest.mark.parametrize("situation", SITUATIONS)
def test_the_sentence_word_for_word(situation):
    write, expected = SITUATIONS[situation]
    assert write() == expected


BANNED = re.compile(
    r"\b(because|caused|due to|thanks to|led to|worked|as a result)\b", re.IGNORECASE
)


def test_there_are_at_least_25_situations():
    assert len(SITUATIONS) >= 25


@pytest.mark.parametrize("situation", SITUATIONS)
def test_no_sentence_claims_a_cause(situation):
    assert not BANNED.search(SITUATIONS[situation][0]())


@pytest.mark.parametrize("module", [sentences, words])
def test_no_wording_claims_a_cause(module):
    texts = re.findall(r'"([^"\n]*)"', inspect.getsource(module))
    assert len(texts) > 20
    assert not [text for text in texts if BANNED.search(text)]
