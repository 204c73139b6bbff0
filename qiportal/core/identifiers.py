"""Finds text that could identify a patient, before it is saved.

Pure functions: text in, offsets out. A bare ten-digit number only warns, because one
random number in fifteen passes the check digit. All patterns run on a normalised copy
of the text, are bounded in length (so time is linear) and report code-point offsets,
half-open, in the text as it was given.
"""

import re
import unicodedata
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from nhs_number.validate import is_valid

Action = Literal["refuse", "warn"]
REMOVED = "[removed]"


@dataclass(frozen=True)
class Finding:
    """One identifier: `start` and `end` are offsets into the original text."""

    type: str
    start: int
    end: int
    action: Action


@dataclass(frozen=True)
class _Normalised:
    text: str
    starts: list[int]
    ends: list[int]

    def finding(self, type_: str, span: tuple[int, int], action: Action) -> Finding:
        return Finding(type_, self.starts[span[0]], self.ends[span[1] - 1], action)


_CLUSTER = re.compile("[^\u0300-\u036f][\u0300-\u036f]*|[\u0300-\u036f]+", re.DOTALL)
_EXTRA_DASHES = "\u2212\u2043\u02d7"


def _plain(cluster: str) -> str:
    """NFKC of one character (with its accents); '' for an invisible one."""
    if cluster.isascii():
        return " " if cluster.isspace() else cluster
    kept = "".join(c for c in cluster if unicodedata.category(c) != "Cf")
    return "".join(_ascii_like(c) for c in unicodedata.normalize("NFKC", kept))


def _ascii_like(char: str) -> str:
    if char.isspace():
        return " "
    is_dash = unicodedata.category(char) == "Pd" or char in _EXTRA_DASHES
    return "-" if is_dash else char


def _normalise(text: str) -> _Normalised:
    """Fold look-alike characters and keep, per character, where it came from."""
    chars: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for match in _CLUSTER.finditer(text):
        for char in _plain(match.group()):
            if char == " " and chars and chars[-1] == " ":
                ends[-1] = match.end()
                continue
            chars.append(char)
            starts.append(match.start())
            ends.append(match.end())
    return _Normalised("".join(chars), starts, ends)


# --- NHS number -----------------------------------------------------------------------

_BEFORE = r"(?<![0-9])(?<![0-9][.,/\-])"
_AFTER = r"(?![0-9])(?![.,/\-][0-9])"
_NHS_334 = re.compile(
    _BEFORE + r"[0-9]{3}(?P<sep>[ .\-])[0-9]{3}(?P=sep)[0-9]{4}" + _AFTER
)
_NHS_CUE = re.compile(
    r"\bnhs ?(?:number|num|no)?[ .:=#\-]{0,4}"
    r"(?P<value>(?:[0-9][ .\-/_]?){9}[0-9])(?![0-9])",
    re.IGNORECASE,
)
_NHS_BARE = re.compile(_BEFORE + r"(?:[0-9]{10}|[0-9]{5}[ .\-][0-9]{5})" + _AFTER)


def _is_nhs_number(text: str) -> bool:
    return is_valid(re.sub("[^0-9]", "", text))


def _nhs_numbers(norm: _Normalised) -> Iterator[Finding]:
    for match in _NHS_334.finditer(norm.text):
        if _is_nhs_number(match.group()):
            yield norm.finding("nhs_number", match.span(), "refuse")
    for match in _NHS_CUE.finditer(norm.text):
        action: Action = "refuse" if _is_nhs_number(match["value"]) else "warn"
        yield norm.finding("nhs_number", match.span("value"), action)
    for match in _NHS_BARE.finditer(norm.text):
        if _is_nhs_number(match.group()):
            yield norm.finding("nhs_number", match.span(), "warn")


# --- date of birth, hospital number ---------------------------------------------------

_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?"
    r"|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_YEAR = r"(?:[0-9]{4}|[0-9]{2})"
_DATE = (
    r"(?:[0-9]{4} ?[/.\-] ?[0-9]{1,2} ?[/.\-] ?[0-9]{1,2}"
    rf"|[0-9]{{1,2}} ?[/.\- ] ?[0-9]{{1,2}} ?[/.\- ] ?{_YEAR}"
    rf"|[0-9]{{1,2}}(?:st|nd|rd|th)?(?: of)? ?-? ?{_MONTH}[.,]? ?-? ?'?{_YEAR})"
)
_DATE_OF_BIRTH = re.compile(
    r"\b(?:d\.? ?o\.? ?b\b|date of birth\b|born(?: on)?\b)(?: (?:is|was)\b)?"
    rf"[^0-9a-z]{{0,4}}(?P<value>{_DATE})(?![0-9])",
    re.IGNORECASE,
)
_NUMBER_TAIL = (
    r"(?: (?:is|was)\b)?[ .,:;=#()\-]{0,4}(?P<value>[a-z]{0,3}[0-9]{4,10}[a-z]?)"
)
_HOSPITAL = re.compile(
    r"\b(?:[mc]rn|(?:hosp(?:ital)?|pas) ?(?:number|num|no|id))" + _NUMBER_TAIL,
    re.IGNORECASE,
)
_UNIT_NUMBER = re.compile(
    r"\b(?:unit|patient) (?:number|num|no)" + _NUMBER_TAIL, re.IGNORECASE
)


def _cued(norm: _Normalised) -> Iterator[Finding]:
    rules: tuple[tuple[re.Pattern[str], str, Action], ...] = (
        (_DATE_OF_BIRTH, "date_of_birth", "refuse"),
        (_HOSPITAL, "hospital_number", "refuse"),
        (_UNIT_NUMBER, "hospital_number", "warn"),
    )
    for pattern, type_, action in rules:
        for match in pattern.finditer(norm.text):
            yield norm.finding(type_, match.span("value"), action)


_UNBOUNDED = re.compile(r"[*+]|\{[0-9]*,\}|\)\{|\(\?(?!:)")


def hospital_pattern_error(pattern: str) -> str:
    """Why a trust's own hospital-number regex is refused; '' when it is fine.

    Only patterns of bounded length are accepted, so that a careless one cannot stall
    a save: no `*`, `+` or `{n,}`, no repeated group, no look-around.
    """
    bare = re.sub(r"\[\^?\]?[^\]]*\]", "x", re.sub(r"\\.", "x", pattern))
    if len(pattern) > 200:
        return "The pattern is longer than 200 characters."
    if _UNBOUNDED.search(bare):
        return "Use counted repeats such as {6,8} only; no *, + or repeated groups."
    try:
        compiled = re.compile(pattern)
    except re.error as error:
        return f"The pattern cannot be read: {error}."
    return "The pattern matches empty text." if compiled.search("") else ""


def _own_pattern(norm: _Normalised, pattern: str | None) -> Iterator[Finding]:
    if not pattern:
        return
    if problem := hospital_pattern_error(pattern):
        raise ValueError(problem)
    for match in re.finditer(pattern, norm.text, re.IGNORECASE):
        yield norm.finding("hospital_number", match.span(), "refuse")


# --- contact details, names, beds -----------------------------------------------------

_POSTCODE = re.compile(r"\b[A-Z]{1,2}[0-9][A-Z0-9]? ?[0-9][A-Z]{2}\b")
_PHONE = re.compile(
    _BEFORE
    + r"(?!0[1-9][ \-](?:0[1-9]|1[0-2])[ \-](?:19|20)[0-9]{2}(?![0-9]))"
    + r"(?:\+44 ?|0)[1-9](?:[ \-]?[0-9]){8,9}(?![0-9])(?![.,:/\-][0-9])"
)
_EMAIL = re.compile(
    r"(?<![A-Za-z0-9._%+\-])[A-Za-z0-9._%+\-]{1,64}@"
    r"(?P<domain>(?:[A-Za-z0-9\-]{1,63}\.){1,8}[A-Za-z]{2,24})(?![A-Za-z0-9])"
)
_PERSON = re.compile(
    r"\b(?:Mrs|Mr|Ms|Miss|Master)\.? (?P<name>[A-Z\u00c0-\u00d6\u00d8-\u00de]"
    r"[\w'\u2019\-]{0,40})"
)
_NOT_A_NAME = frozenset(
    re.findall(
        r"\w+",
        """Black Class Classes Coach Copy Data Degree Excel Facilitator File Forms
        Improver Index Key List Office Patient Plan Planner Project Record Schedule
        Sheet Spreadsheet Teams Trainer Version Word""",
    )
)
_BED = re.compile(
    r"\b(?:bed|bay|side ?room)(?: number| no\b)?[ .:#\-]{0,2}"
    r"[0-9]{1,3}[a-z]?(?![0-9%\w])",
    re.IGNORECASE,
)
_PATIENT_WORD = re.compile(r"\b(?:patient|pt|lady|gentleman)\b", re.IGNORECASE)
_BED_REACH = 25


def _beds(norm: _Normalised) -> Iterator[Finding]:
    for match in _BED.finditer(norm.text):
        nearest = match.start() - _BED_REACH
        window_from = max(0, nearest - len("gentleman") - 1)
        people = _PATIENT_WORD.finditer(norm.text, window_from, match.start())
        if any(person.end() >= nearest for person in people):
            yield norm.finding("bed", match.span(), "warn")


def _is_staff_address(domain: str, staff_domains: Iterable[str]) -> bool:
    host = "." + domain.lower()
    return any(host.endswith("." + d.lower().lstrip("@.")) for d in staff_domains)


def _contacts(norm: _Normalised, staff_domains: Iterable[str]) -> Iterator[Finding]:
    for match in _POSTCODE.finditer(norm.text):
        yield norm.finding("postcode", match.span(), "warn")
    for match in _PHONE.finditer(norm.text):
        yield norm.finding("phone", match.span(), "warn")
    for match in _EMAIL.finditer(norm.text):
        if not _is_staff_address(match["domain"], staff_domains):
            yield norm.finding("email", match.span(), "warn")
    for match in _PERSON.finditer(norm.text):
        if match["name"] not in _NOT_A_NAME:
            yield norm.finding("person_name", match.span(), "warn")


# --- the door -------------------------------------------------------------------------


def without_overlaps(findings: Iterable[Finding]) -> list[Finding]:
    """Of findings that overlap keep `refuse` first, then the longest; in text order."""
    kept: list[Finding] = []
    by_rank = sorted(findings, key=lambda f: (f.action != "refuse", f.start - f.end))
    for finding in by_rank:
        at = bisect_left(kept, finding.start, key=lambda k: k.start)
        clear_before = at == 0 or kept[at - 1].end <= finding.start
        clear_after = at == len(kept) or finding.end <= kept[at].start
        if clear_before and clear_after:
            kept.insert(at, finding)
    return kept


def scan(
    text: str,
    *,
    hospital_pattern: str | None = None,
    staff_domains: Iterable[str] = (),
) -> list[Finding]:
    """Every patient identifier in `text`, in order, without overlaps.

    `hospital_pattern` is the trust's own hospital-number regex (ValueError when
    `hospital_pattern_error` refuses it). `staff_domains` are mail domains that are
    fine here: pass them for contact fields only.
    """
    norm = _normalise(text)
    domains = tuple(staff_domains)
    return without_overlaps(
        [
            *_nhs_numbers(norm),
            *_cued(norm),
            *_own_pattern(norm, hospital_pattern),
            *_contacts(norm, domains),
            *_beds(norm),
        ]
    )


def redact(
    text: str, findings: Iterable[Finding], *, placeholder: str = REMOVED
) -> tuple[str, dict[str, int]]:
    """`text` with each finding replaced, and how many of each type were removed.

    Findings must not overlap (`scan` and `without_overlaps` see to that).
    """
    parts: list[str] = []
    counts: Counter[str] = Counter()
    at = 0
    for finding in sorted(findings, key=lambda f: f.start):
        parts += [text[at : finding.start], placeholder]
        counts[finding.type] += 1
        at = finding.end
    return "".join([*parts, text[at:]]), dict(counts)


ROUNDS = 20


def strip_refused(text: str, *, hospital_pattern: str | None = None) -> str:
    """`text` for drafts and re-shown forms: refused identifiers read `[removed]`.

    Taking one out can bare another that was glued to it, so it is looked at again,
    though not for ever: a trust's own pattern could match the placeholder.
    """
    for _ in range(ROUNDS):
        found = scan(text, hospital_pattern=hospital_pattern)
        refused = [f for f in found if f.action == "refuse"]
        if not refused:
            break
        text = redact(text, refused)[0]
    return text
