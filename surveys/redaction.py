"""Removes what could name a person from a staff comment, before it is stored.

The patient-identifier scanner does its part (every refuse and warn hit goes), then
names, titles with a surname, bed and bay numbers and roles that one person holds. It
finds most, never all: quotes are still read by two people.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from qiportal.core.identifiers import Finding, redact, scan, without_overlaps

_NAMES_FILE = Path(__file__).parent / "data" / "first_names.txt"
_WORD = re.compile(r"[^\W\d_]+(?:['\u2019\-][^\W\d_]+)*")
_SENTENCE_END = re.compile(r"[.!?:;\n\"\u201c(]")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_NOT_A_PERSON_AFTER = _words(
    """award block building centre clinic college court day floor fund hospice hospital
    house hub infirmary inquiry lodge lounge model prize report review room scale school
    score site suite surgery technique test theatre trust unit ward wards wing"""
)
_NOT_A_PERSON_BEFORE = _words("king prince princess queen saint st")
_DETERMINERS = _words(
    "a an any each every her his its my no our that the their this your"
)
_NOT_A_SURNAME = _words(
    """a also although an and are as at because bank but by can charge clinic clinics
    consultant consultants could did do doctor dr each educator for from great had has
    have he her his how however i if in is it lead leads led manager managers matron may
    my no not nurse nurses of on or our practitioner practitioners prescribers registrar
    said school she sister so specialist specialists staffing student thank thanks that
    the their then they this to training trust unit until very ward was we were what
    when where who why will with would you your"""
)
_TITLE = re.compile(
    r"\b(?:[Dd]r|DR|[Dd]octor|[Pp]rof|[Pp]rofessor|[Ss]ister|[Nn]urse|[Mm]atron|Sir"
    r"|Dame|Lord|Rev|Reverend)\.?[ \t]+(?P<name>[A-Z\u00c0-\u00de][^\W\d_]+"
    r"(?:['\u2019\-][^\W\d_]+)?)"
)
_BED = re.compile(
    r"\b(?:bed|bay|side ?room|cubicle)(?: number| no\.?)?[ #\-]{0,2}"
    r"[0-9]{1,3}[a-z]?\b(?!%)",
    re.IGNORECASE,
)
_ROLES = (
    "administrator|anaesthetist|audiologist|band [2-9]|chaplain|consultant|coordinator"
    "|dietician|dietitian|director|doctor|domestic|educator|geriatrician|housekeeper"
    "|man|manager|matron|midwife|nurse|pharmacist|phlebotomist|physio|physiotherapist"
    "|podiatrist|porter|practitioner|psychologist|radiographer|receptionist|registrar"
    "|secretary|sister|specialist|surgeon|technician|therapist|trainer|woman|worker"
)
_ONLY_ROLE = re.compile(
    r"(?<!not )(?<!not the )\b(?:the |our )?(?:only|sole|lone) "
    rf"(?:[^\W_]+ ){{0,3}}?(?:{_ROLES})\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Redacted:
    """The text that may be stored, and how many of each type were taken out."""

    text: str
    counts: dict[str, int]


@dataclass(frozen=True)
class _Names:
    """Lower-case names: `plain` are names only, `words` are also everyday words."""

    plain: frozenset[str]
    words: frozenset[str]


@cache
def _gazetteer() -> _Names:
    text = _NAMES_FILE.read_text("utf-8").lower()
    _, plain, words = re.split(r"^\[.*\]$", text, flags=re.MULTILINE)
    return _Names(frozenset(plain.split()), frozenset(words.split()))


class Redactor:
    """Redacts comments of one trust. Build once, use for a whole import."""

    def __init__(
        self,
        *,
        staff_names: Iterable[str] = (),
        unique_roles: Iterable[str] = (),
        hospital_pattern: str | None = None,
    ) -> None:
        """`staff_names`: full names of the trust's people. `unique_roles`: role titles
        that one person in the unit holds. `hospital_pattern`: as in `scan`.
        """
        gazetteer = _gazetteer()
        full = [name.lower() for name in staff_names if name.strip()]
        parts = {part for name in full for part in _WORD.findall(name) if len(part) > 2}
        self._plain = gazetteer.plain
        self._guarded = gazetteer.words | (parts - gazetteer.plain)
        self._full = frozenset(" ".join(_WORD.findall(name)) for name in full)
        self._longest = max((len(name.split()) for name in self._full), default=0)
        self._roles = _roles_pattern(unique_roles)
        self._hospital_pattern = hospital_pattern

    def redact(self, text: str) -> Redacted:
        """`text` without identifiers, each replaced by `[removed]`."""
        findings = [
            *scan(text, hospital_pattern=self._hospital_pattern),
            *self._names(text),
            *_titles(text),
            *_matches("bed", _BED, text),
            *_matches("unique_role", _ONLY_ROLE, text),
            *(_matches("unique_role", self._roles, text) if self._roles else ()),
        ]
        return Redacted(*redact(text, without_overlaps(findings)))

    def _names(self, text: str) -> Iterator[Finding]:
        words = list(_WORD.finditer(text))
        for i, word in enumerate(words):
            size = self._full_name_at(words, i)
            if size:
                yield _finding("name", word.start(), words[i + size - 1].end())
            elif self._is_name(text, words, i):
                yield _finding("name", word.start(), _name_end(text, words, i))

    def _full_name_at(self, words: list[re.Match[str]], at: int) -> int:
        """Words of a staff member's full name that begins here; 0 if none does."""
        for size in range(self._longest, 1, -1):
            key = " ".join(_base(w.group().lower()) for w in words[at : at + size])
            if key in self._full:
                return size
        return 0

    def _is_name(self, text: str, words: list[re.Match[str]], at: int) -> bool:
        if _is_place(words, at):
            return False
        word = _base(words[at].group())
        key = word.lower()
        if all(part in self._plain for part in key.split("-")):
            return _looks_written_as_name(word, words, at)
        guarded = key in self._guarded and word.istitle()
        return guarded and _mid_sentence(text, words, at)


def _base(word: str) -> str:
    return re.sub(r"['\u2019]s$", "", word)


def _near(words: list[re.Match[str]], at: int) -> str:
    return words[at].group() if 0 <= at < len(words) else ""


def _is_place(words: list[re.Match[str]], at: int) -> bool:
    """Wards, hospitals and reports are named after people: "James Cook Hospital"."""
    if _near(words, at - 1).lower() in _NOT_A_PERSON_BEFORE:
        return True
    following = _near(words, at + 1)
    if following.istitle() and following.lower() not in _NOT_A_PERSON_AFTER:
        following = _near(words, at + 2)
    return following.lower() in _NOT_A_PERSON_AFTER


def _looks_written_as_name(word: str, words: list[re.Match[str]], at: int) -> bool:
    """Sarah, sarah, or SARAH among capitals; TIA and DESMOND are abbreviations."""
    if word.isupper():
        return len(word) > 3 and any(
            len(near) > 1 and near.isupper()
            for near in (_near(words, at - 1), _near(words, at + 1))
        )
    return word.istitle() or len(word) > 3


def _mid_sentence(text: str, words: list[re.Match[str]], at: int) -> bool:
    """A capital here is no sentence's first letter and follows no article."""
    if not at:
        return False
    previous = words[at - 1]
    if _SENTENCE_END.search(text, previous.end(), words[at].start()):
        return False
    word = previous.group()
    return (word.islower() or word == "I") and word not in _DETERMINERS


def _name_end(text: str, words: list[re.Match[str]], at: int) -> int:
    """End of a name, with the surname when one follows."""
    here = words[at]
    if here.group().islower() or at + 1 == len(words):
        return here.end()
    following = words[at + 1]
    adjacent = text[here.end() : following.start()] == " "
    surname = _base(following.group())
    if adjacent and surname.istitle() and surname.lower() not in _NOT_A_SURNAME:
        return following.end()
    return here.end()


def _titles(text: str) -> Iterator[Finding]:
    for match in _TITLE.finditer(text):
        if match["name"].lower() not in _NOT_A_SURNAME:
            yield _finding("title_name", match.start(), match.end())


def _matches(type_: str, pattern: re.Pattern[str], text: str) -> Iterator[Finding]:
    for match in pattern.finditer(text):
        yield _finding(type_, match.start(), match.end())


def _finding(type_: str, start: int, end: int) -> Finding:
    return Finding(type_, start, end, "warn")


def _roles_pattern(roles: Iterable[str]) -> re.Pattern[str] | None:
    titles = sorted({r.strip() for r in roles if r.strip()}, key=len, reverse=True)
    if not titles:
        return None
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, titles))})\b", re.IGNORECASE)


def redact_comment(
    text: str,
    *,
    staff_names: Iterable[str] = (),
    unique_roles: Iterable[str] = (),
    hospital_pattern: str | None = None,
) -> Redacted:
    """Redact one comment; for many, build a `Redactor` once."""
    redactor = Redactor(
        staff_names=staff_names,
        unique_roles=unique_roles,
        hospital_pattern=hospital_pattern,
    )
    return redactor.redact(text)
