"""Audit events in words: who did what, and what was and is."""

from datetime import date

from projects.models import (
    Aim,
    Barrier,
    ChangeIdea,
    Relation,
    Status,
    Visibility,
)
from projects.selectors import Names, names_of
from qiportal.accounts.models import AuditEvent
from qiportal.core.dates import plain

SAID = {
    "project.registered": "registered the project",
    "project.edited": "changed the details",
    "project.deleted": "deleted the project",
    "project.restored": "brought the project back",
    "project.status_changed": "changed the status",
    "aim.set": "wrote the aim",
    "driver.added": "added a driver",
    "driver.edited": "changed a driver",
    "driver.moved": "moved a driver",
    "driver.deleted": "deleted a driver",
    "driver.restored": "brought a driver back",
    "idea.added": "added a change idea",
    "idea.edited": "changed an idea",
    "idea.moved": "moved a change idea",
    "idea.marked": "said what became of an idea",
    "idea.deleted": "deleted an idea",
    "idea.restored": "brought an idea back",
    "method.attached": "took up a tool",
    "method.detached": "took a tool off the list",
    "member.added": "added somebody",
    "member.removed": "ended somebody’s part",
    "member.joined": "joined",
    "handover.offered": "asked somebody to lead",
    "handover.accepted": "took over the lead",
    "handover.declined": "could not take over the lead",
    "handover.withdrawn": "took back the offer to lead",
    "barrier.raised": "said what the team is stuck on",
    "barrier.taken": "took on what the team is stuck on",
    "barrier.resolved": "resolved what the team was stuck on",
    "identifier.confirmed_harmless": "confirmed that a text is not about a patient",
}
LABELS = {
    "title": "Title",
    "problem": "Problem",
    "rationale": "Why a change should help",
    "unit": "Unit",
    "method": "Method",
    "reason_if_other": "Why this method",
    "visibility": "Who may see it",
    "started_on": "Started",
    "target_end_on": "Planned end",
    "lead_leaves_on": "Lead moves on",
    "status": "Status",
    "reason": "Reason",
    "learning": "Learning",
    "statement": "Aim",
    "direction": "Which way",
    "quantity": "What changes",
    "population": "For whom",
    "place": "Where",
    "baseline": "From",
    "target": "To",
    "unit_text": "Unit of measure",
    "target_on": "By when",
    "text": "Driver",
    "parent": "Part of",
    "because": "Because",
    "driver": "Driver",
    "why": "Why",
    "would_try_if": "Would try again if",
    "person": "Person",
    "relation": "As",
    "from": "From",
    "to": "To",
    "lead": "Lead",
    "used_for": "Used for",
    "owner": "Taken on by",
    "outcome": "Outcome",
    "level": "Who could move it",
    "type": "What is missing",
}
PEOPLE = ("person", "from", "to", "lead", "owner")
CODES = {
    "status": {**dict(Status.choices), **dict(ChangeIdea.Status.choices)},
    "visibility": dict(Visibility.choices),
    "relation": dict(Relation.choices),
    "direction": dict(Aim.Direction.choices),
    "level": dict(Barrier.Level.choices),
    "type": dict(Barrier.Type.choices),
}


def _value(name: str, value: object, names: Names) -> str:
    """A kept value as people read it."""
    if value is None or value == "":
        return ""
    if name in CODES:
        return str(CODES[name].get(str(value), value))
    if name in PEOPLE:
        return names.of(str(value))
    if name.endswith("_on"):
        return plain(date.fromisoformat(str(value)))
    return str(value)


def _changes(event: AuditEvent, names: Names, shows_names: bool) -> list[dict]:
    """What was and what is, field by field; fields without a label stay internal."""
    shown = [n for n in dict.fromkeys([*event.old, *event.new]) if n in LABELS]
    if not shows_names:
        shown = [name for name in shown if name not in PEOPLE]
    return [
        {
            "label": LABELS[name],
            "was": _value(name, event.old.get(name), names),
            "is": _value(name, event.new.get(name), names),
        }
        for name in shown
        if event.old.get(name) or event.new.get(name)
    ]


def history_entries(events: list[AuditEvent], *, shows_names: bool) -> list[dict]:
    """One entry an event: who, what they did, when, and what changed."""
    names = names_of(events)
    return [
        {
            "who": names.of(event.actor) if shows_names else "Somebody in the project",
            "did": SAID.get(event.type, "changed something"),
            "at": event.at,
            "changes": _changes(event, names, shows_names),
        }
        for event in events
    ]
