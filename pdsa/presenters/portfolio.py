"""One's own portfolio, as tables in which everything carries its day."""

from urllib.parse import urlencode

from django.urls import reverse

from pdsa.charts import DECIDED
from pdsa.models import Cycle
from pdsa.presenters.cycles import cycle_title, url_of
from pdsa.presenters.writeup_blocks import counted
from pdsa.selectors.portfolio import Period, Portfolio
from projects.models import Project, ProjectMember
from qiportal.core.dates import local_day, plain, today
from qiportal.core.pdf import pdf_available

NOT_OPEN = "A project that is not open to you now"


def portfolio_context(mine: Portfolio, period: Period) -> dict:
    """What the page prints; a table without rows says so in words."""
    tables = [
        _roles(mine),
        _planned(mine),
        _expected(mine),
        _decided(mine),
        _training(mine),
        _library(mine),
    ]
    return {
        "person": mine.user,
        "period": period_words(period),
        "made_on": plain(today()),
        "tables": tables,
        "is_empty": not any(table["rows"] for table in tables),
        "pdf_url": _with_period("portfolio_pdf", period) if pdf_available() else "",
    }


def period_words(period: Period) -> str:
    """ "1 January 2026 to 31 December 2026", "up to …", "everything so far"."""
    first = plain(period.first) if period.first else ""
    last = plain(period.last) if period.last else ""
    if first and last:
        return f"{first} to {last}"
    if first:
        return f"{first} to {plain(today())}"
    return f"Up to {last}" if last else f"Everything up to {plain(today())}"


def _with_period(name: str, period: Period) -> str:
    days = {"since": period.first, "until": period.last}
    asked = urlencode({key: day.isoformat() for key, day in days.items() if day})
    return f"{reverse(name)}?{asked}" if asked else reverse(name)


def _table(title: str, columns: list[str], rows: list[list], none: str) -> dict:
    return {
        "title": title,
        "caption": f"{title}: {counted(len(rows), 'entry', 'entries')}",
        "caption_hidden": True,
        "columns": [{"label": label} for label in columns],
        "rows": rows,
        "count": len(rows),
        "none": none,
        "row_headers": True,
    }


def _project(project: Project, seen: frozenset[int]) -> dict | str:
    if project.pk not in seen:
        return NOT_OPEN
    name = f"{project.title} ({project.reference})"
    return {"text": name, "url": project.get_absolute_url()}


def _test(cycle: Cycle) -> dict:
    return {"text": cycle_title(cycle), "url": url_of(cycle, "cycle_detail")}


def _roles(mine: Portfolio) -> dict:
    rows = [
        [
            _project(row.project, mine.seen),
            row.get_relation_display(),
            plain(row.joined_on),
            plain(row.left_on) if row.left_on else "Now",
            _status(row, mine.seen),
        ]
        for row in mine.roles
    ]
    columns = ["Project", "Part", "From", "To", "Project is now"]
    return _table("Projects", columns, rows, "No part in a project.")


def _status(row: ProjectMember, seen: frozenset[int]) -> str:
    return row.project.get_status_display() if row.project_id in seen else ""


def _planned(mine: Portfolio) -> dict:
    rows = [
        [_test(c), c.objective, _project_name(c), plain(local_day(c.plan_started_at))]
        for c in mine.planned
    ]
    columns = ["Test", "Question", "Project", "Planned on"]
    return _table("Tests planned", columns, rows, "No test planned.")


def _project_name(cycle: Cycle) -> str:
    return f"{cycle.ramp.project.title} ({cycle.ramp.project.reference})"


def _expected(mine: Portfolio) -> dict:
    rows = [
        [
            _test(row.cycle),
            row.statement,
            _project_name(row.cycle),
            plain(local_day(row.first_saved_at)),
        ]
        for row in mine.expected
    ]
    columns = ["Test", "What was expected", "Project", "Written on"]
    return _table("Expectations written", columns, rows, "No expectation written.")


def _decided(mine: Portfolio) -> dict:
    rows = [
        [
            _test(cycle),
            DECIDED[Cycle.Decision(cycle.decision)].capitalize(),
            _project_name(cycle),
            plain(local_day(event.at)),
        ]
        for event, cycle in mine.decided
    ]
    columns = ["Test", "Decision", "Project", "Decided on"]
    return _table("Tests decided", columns, rows, "No test decided.")


def _training(mine: Portfolio) -> dict:
    rows = [
        [
            row.course.title,
            row.course.get_level_display(),
            _hours(row.course.hours),
            row.attendance.get_outcome_display(),
            "Yes" if row.attendance.completed else "No",
            plain(local_day(row.session.starts_at)),
        ]
        for row in mine.attended
    ]
    columns = ["Course", "Level", "Length", "Attendance", "Completed", "Held on"]
    return _table("Training attended", columns, rows, "No training attended.")


def _hours(hours) -> str:
    return "" if hours is None else f"{hours.normalize():f} hours"


def _library(mine: Portfolio) -> dict:
    rows = [
        [
            {"text": v.method.title, "url": f"/library/{v.method.slug}/"},
            f"Version {v.number}",
            plain(local_day(v.published_at)),
        ]
        for v in mine.written
    ]
    columns = ["Entry", "Version", "Published on"]
    return _table("Library entries written", columns, rows, "No library entry.")
