"""Every indicator the portal computes, declared once."""

from dataclasses import replace

from qiportal.dashboard.indicators.model import Indicator
from qiportal.dashboard.indicators.pdsa import PDSA
from qiportal.dashboard.indicators.projects import PROJECTS
from qiportal.dashboard.indicators.surveys import SURVEYS
from qiportal.dashboard.indicators.training import COURSES, TRAINING

__all__ = ["INDICATORS", "Indicator", "indicator_find", "indicator_label", "indicators"]

INDICATORS = (*TRAINING, *COURSES, *PROJECTS, *PDSA, *SURVEYS)


def indicators() -> tuple[Indicator, ...]:
    """All declared indicators and families, in the order of computing."""
    return INDICATORS


def indicator_find(code: str) -> Indicator | None:
    """The indicator of a code, with families spelt out; None for an unknown code."""
    plain = {row.code: row for row in INDICATORS if not row.prefix}
    if code in plain:
        return plain[code]
    family = _family(code)
    if family is None:
        return None
    return replace(family, code=code, label=_member_label(family, code), prefix=False)


def _family(code: str) -> Indicator | None:
    parts = code.split(".")
    if parts[0] == "comments" and 2 <= len(parts) <= 3:
        return SURVEYS[3]
    if parts[0] != "survey" or not 3 <= len(parts) <= 4:
        return None
    ending = parts[3] if len(parts) == 4 else ""
    return {"": SURVEYS[0], "score": SURVEYS[1], "weighted": SURVEYS[2]}.get(ending)


INSTRUMENTS = {
    "national": "NHS Staff Survey",
    "pulse": "Quarterly pulse survey",
    "local": "Local survey",
}
PROMPTS = {
    "improve": "What could be better?",
    "good": "What was good?",
    "open": "Anything else?",
}


def _member_label(family: Indicator, code: str) -> str:
    parts = code.split(".")
    words = parts[2].replace("-", " ").replace("_", " ") if len(parts) > 2 else ""
    if parts[0] == "comments":
        prompt = PROMPTS.get(parts[1], parts[1])
        return f"Comments on “{prompt}”" + (f": {words}" if words else "")
    _, _, ending = family.label.partition(", ")
    base = f"{INSTRUMENTS.get(parts[1], parts[1])}: {words}"
    return f"{base} ({ending})" if ending else base


def indicator_label(code: str) -> str:
    """An indicator's or a family's name; the code itself where neither is known."""
    names = {row.code: row.label.partition(",")[0] for row in INDICATORS}
    return names.get(code) or code
