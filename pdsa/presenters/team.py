"""The ward's page, and its QR code."""

from urllib.parse import urljoin

import qrcode
from django.conf import settings
from django.urls import reverse
from qrcode.constants import ERROR_CORRECT_M

from pdsa.charts.words import day_text, value_now
from pdsa.models import Cycle, Measure
from pdsa.presenters.cycles import progress_text
from pdsa.presenters.ramps import state_word
from pdsa.selectors.cycles import compared_predictions
from pdsa.selectors.team import Team

QUIET = 4


def team_context(team: Team) -> dict:
    """Three big actions, then what they choose from."""
    numbers = [number_row(m) for m in team.measures if team.may_log(m.project_id)]
    tests = [test_row(c) for c in team.cycles if team.may_log(c.ramp.project_id)]
    projects = [
        {"title": p.title, "reference": p.reference, "url": p.get_absolute_url()}
        for p in team.projects
    ]
    return {
        "unit": team.unit,
        "numbers": numbers,
        "tests": tests,
        "projects": projects,
        "actions": actions(team, numbers, tests),
        "theirs": bool(team.writable),
    }


def actions(team: Team, numbers: list[dict], tests: list[dict]) -> list[dict]:
    """With one measure or one test the button goes straight to its form."""
    found = []
    if numbers:
        one = len(numbers) == 1
        hint = numbers[0]["name"] if one else "Choose from the list below"
        url = numbers[0]["url"] if one else "#numbers"
        found.append({"label": "Add a number", "hint": hint, "url": url})
    if tests:
        one = len(tests) == 1
        hint = tests[0]["title"] if one else "Choose from the list below"
        url = tests[0]["url"] if one else "#tests"
        found.append({"label": "Add to a test", "hint": hint, "url": url})
    if team.writable:
        url = reverse("team_stuck", args=[team.unit.code])
        hint = "Say what is in the way, and who could move it"
        found.append({"label": "We’re stuck", "hint": hint, "url": url})
    return found


def number_row(measure: Measure) -> dict:
    reference = measure.project.reference
    state = getattr(measure, "state", None)
    last = state.last_at if state else None
    return {
        "name": measure.name,
        "project": measure.project.title,
        "value": value_now(measure),
        "last": day_text(last, measure.frequency) if last else "",
        "url": reverse("point_add", args=[reference, measure.pk]),
    }


def test_row(cycle: Cycle) -> dict:
    reference = cycle.ramp.project.reference
    predictions = compared_predictions(cycle)
    return {
        "title": f"{cycle.ramp.title}, test {cycle.number}",
        "project": cycle.ramp.project.title,
        "state": progress_text(cycle) or state_word(cycle).capitalize(),
        "expected": predictions[0].statement if predictions else "",
        "url": reverse("cycle_do", args=[reference, cycle.pk]),
    }


def team_address(code: str) -> str:
    """The full address a phone opens."""
    return urljoin(f"{settings.PUBLIC_URL}/", reverse("team_page", args=[code]))


def qr_code(code: str) -> qrcode.QRCode:
    made = qrcode.QRCode(error_correction=ERROR_CORRECT_M, border=QUIET, box_size=12)
    made.add_data(team_address(code))
    made.make(fit=True)
    return made


def qr_svg(code: str) -> dict:
    """The code as one path, for the printed page: sharp at any size."""
    matrix = qr_code(code).get_matrix()
    d = "".join(
        f"M{x} {y}h1v1h-1z"
        for y, row in enumerate(matrix)
        for x, dark in enumerate(row)
        if dark
    )
    size = len(matrix)
    paper = {"tag": "rect", "class": "qi-qr__paper", "x": 0, "y": 0}
    return {
        "width": size,
        "height": size,
        "label": f"QR code of {team_address(code)}",
        "class": "qi-qr__svg",
        "elements": [
            {**paper, "width": size, "height": size},
            {"tag": "path", "class": "qi-qr__ink", "d": d},
        ],
    }
