"""Every page asks the database as often for twenty of everything as for two.

The pages are read from the URLconf, so a new one is counted without a line here; one
that no kind of user can open must be named in UNCOUNTED with its reason.
"""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, get_resolver
from django.utils import timezone

from pdsa import services as log
from pdsa.models import Attachment
from projects.models import Programme, ProgrammeProject, Project
from qiportal.accounts.audit import audit_record
from qiportal.accounts.models import ApiToken, ImportBatch, ImportError, SavedFilter
from qiportal.accounts.tokens import token_issue
from qiportal.dashboard.services import rollup
from qiportal.jobs.models import JobRun
from tests.factories import (
    ApplicationFactory,
    CycleFactory,
    DataPointFactory,
    MemberFactory,
    MethodVersionFactory,
    PredictionFactory,
    RampFactory,
    RoleAssignmentFactory,
    SessionFactory,
    TeamFactory,
    UserFactory,
)
from tests.pdsa.places import fill
from tests.projects.scene import crowd, full_project, method
from tests.qiportal.api.world import add_comments, add_survey, add_training

pytestmark = pytest.mark.django_db
USERS = ("lead", "qi_team", "board_member", "sysadmin")
APART = ("api/", "accounts/", "static/")
UNCOUNTED = {
    "still_going": "opened from a link in an e-mail; tested with its token",
    "mail_stop": "opened from a link in an e-mail; tested with its token",
    "handover_answer": "only while a handover waits; it holds one",
    "import_wait": "a file of which the first step is done; it holds one",
    "attachment_download": "one file",
    "import_rows": "one file, kept for a while after an upload",
    "pick_unit": "asked once, of a person without a unit",
    "survey_import": "leads on to another address",
    "library_draft": "only while a draft waits; it holds one",
    "writeup_pdf": "the write-up through an optional extra",
    "poster_pdf": "the poster through an optional extra",
    "portfolio_pdf": "the portfolio through an optional extra",
}


ASKED = {  # what an address cannot do without
    "unit_matrix_list": "?show=not_enough",
    "unit_benefit_list": "?kind=time_savings&evidence=measured",
}


def grow(scene, times):
    """Adds so many of everything to what the pages show."""
    lead, project, ward = scene["lead"], scene["project"], scene["ward"]
    fill(project, lead, times=times, first=project.measures.count())
    ramp = scene["staged"]
    measure = project.measures.earliest("pk")
    for n in range(times):
        number = ramp.cycles.count() + 1
        cycle = CycleFactory(ramp=ramp, number=number, created_by=lead)
        PredictionFactory(cycle=cycle)
        PredictionFactory(cycle=ramp.cycles.earliest("pk"))
        day = date(2027, 1, 1) + timedelta(days=31 * measure.points.count())
        DataPointFactory(measure=measure, period_start=day)
        MemberFactory(project=project, user=UserFactory(home_unit=ward))
        log.comment_add(project=project, cycle=cycle, body=f"More {n}", by=lead)
        _attachment(project, cycle, lead, n)
        _people(scene, n)
    log.measure_state_refresh(measure=measure)
    _programmes(scene)
    crowd(ward, lead, count=4 * times)
    full_project(lead, ward, title=f"Twin {times}")
    _courses(scene, times)
    _surveys(scene, times)
    rollup()


def _attachment(project, cycle, by, n):
    Attachment.objects.create(
        project=project,
        cycle=cycle,
        name=f"board-{n}.png",
        kind="png",
        size=10,
        sha256="0" * 64,
        stored_as=f"{n}-{timezone.now().timestamp()}",
        created_by=by,
    )


def _programmes(scene):
    shared = {"unit": scene["ward"], "lead": scene["lead"], "purpose": "One way"}
    Programme.objects.create(
        name=f"{timezone.now()}", created_by=scene["lead"], **shared
    )
    together = Programme.objects.earliest("pk")
    for project in Project.objects.exclude(programmeproject__programme=together):
        ProgrammeProject.objects.create(programme=together, project=project)


def _people(scene, n):
    sysadmin, ward = scene["sysadmin"], scene["ward"]
    TeamFactory(parent=ward.parent)
    RoleAssignmentFactory(user=UserFactory(home_unit=ward), role="board")
    audit_record(type="role.granted", target=scene["lead"], by=sysadmin)
    token_issue(
        responsible=sysadmin, name=f"Feed {n}", scopes=["bi:read"], days=9, by=sysadmin
    )
    SavedFilter.objects.create(
        user=scene["lead"], page="project_list", name=f"{timezone.now()}"
    )
    batch = ImportBatch.objects.create(kind="units", by=sysadmin, state="refused")
    for line in (1, 2):
        for kept in (batch, scene["batch"]):
            ImportError.objects.create(batch=kept, line=line, message="No such unit.")
    JobRun.objects.create(
        kind="rollup", key=f"{timezone.now()}", scheduled_for=timezone.now()
    )


def _courses(scene, times):
    ward, session = scene["ward"], scene["session"]
    for _ in range(times):
        add_training(ward)
        SessionFactory(course=session.course)
        ApplicationFactory(session=session, applicant=UserFactory(home_unit=ward))
        ApplicationFactory(applicant=scene["lead"])
        entry = method(f"Entry {timezone.now()}")
        MethodVersionFactory(
            method=scene["method"],
            number=scene["method"].versions.count() + 1,
            state="published",
            published_at=datetime(2026, 10, 5, 9, tzinfo=UTC),
            published_by=scene["qi_team"],
            review_due_on=date(2027, 10, 5),
        )
        scene["project"].method_uses.create(
            method=entry, used_for="To see", at=timezone.now()
        )


def _surveys(scene, times):
    wave, ward = scene["wave"], scene["ward"]
    add_comments(wave, ward, 11 * times)
    for _ in range(times):
        add_survey([ward, TeamFactory(parent=ward.parent), scene["other_ward"]])


def ramp_of_stages(project, by):
    """Four tests: planned, done, studied, decided."""
    ramp, at = RampFactory(project=project, created_by=by), timezone.now()
    done = {"plan_started_at": at, "do_started_at": at, "do_finished_at": at}
    studied = {"study_started_at": at, "study_finished_at": at}
    decided = {"act_decided_at": at, "decision": "adapt", "why": "Four of five."}
    told = {"results": "Four of five bells", "learned": "Clip it at handover"}
    CycleFactory(ramp=ramp, number=1)
    CycleFactory(ramp=ramp, number=2, **done)
    CycleFactory(ramp=ramp, number=3, **done, **studied, **told)
    CycleFactory(ramp=ramp, number=4, **done, **studied, **told, **decided)
    for cycle in ramp.cycles.all():
        PredictionFactory(cycle=cycle)
    return ramp


@pytest.fixture
def scene(trust, ward, other_ward, lead, qi_team, board_member, sysadmin):
    project = full_project(lead, ward)
    project.visibility = "trust"
    project.save()
    found = {
        **{"project": project, "ward": ward, "other_ward": other_ward, "lead": lead},
        **{"qi_team": qi_team, "board_member": board_member, "sysadmin": sysadmin},
        "batch": ImportBatch.objects.create(kind="units", by=qi_team, state="refused"),
        "wave": add_survey([ward, other_ward, TeamFactory(parent=ward.parent)]),
        "session": SessionFactory(),
        "staged": ramp_of_stages(project, lead),
        "method": method("Run chart"),
    }
    ApplicationFactory(session=found["session"], applicant=lead)
    return found


def values(scene):
    """What may stand in an address."""
    project, staged = scene["project"], scene["staged"]
    measure = project.measures.earliest("pk")
    return {
        "reference": [project.reference],
        "cycle_id": list(staged.cycles.values_list("pk", flat=True)),
        "measure_id": [measure.pk],
        "point_id": [measure.points.earliest("pk").pk],
        "driver_id": [project.drivers.earliest("pk").pk],
        "idea_id": [project.ideas.earliest("pk").pk],
        "member_id": [project.members.latest("pk").pk],
        "claim_id": [project.benefits.earliest("pk").pk],
        "barrier_id": [project.barriers.earliest("pk").pk],
        "code": [scene["ward"].code, scene["ward"].parent.code, "training.attendance"],
        "slug": [scene["method"].slug, scene["wave"].slug],
        "number": [1],
        "course_id": [scene["session"].course_id],
        "session_id": [scene["session"].pk],
        "application_id": [scene["session"].applications.earliest("pk").pk],
        "programme_id": [Programme.objects.earliest("pk").pk],
        "user_id": [scene["lead"].pk, scene["qi_team"].pk],
        "assignment_id": [scene["qi_team"].role_assignments.get().pk],
        "unit_id": [scene["ward"].pk, scene["ward"].parent_id],
        "prefix": [ApiToken.objects.earliest("pk").prefix],
        "batch_id": [scene["batch"].pk],
        "kind": ["units", "csv", "xlsx"],
        "which": ["bad"],
        "way": ["up"],
        "act": ["retire"],
        "stage": ["test"],
        "step": ["propose"],
        "comment_id": [1, scene["wave"].comments.first().pk],
    }


def patterns(resolver=None, before=""):
    """(name, address with <names> in it) of every page."""
    for entry in (resolver or get_resolver()).url_patterns:
        text = re.sub(r"\(\?P(<\w+>)(?:[^()]|\([^()]*\))*\)", r"\1", str(entry.pattern))
        text = re.sub(r"<(?:\w+:)?(\w+)>", r"<\1>", before + text)
        text = text.replace("^", "").replace("$", "").replace("\\", "")
        if isinstance(entry, URLPattern):
            if entry.name and not text.startswith(APART):
                yield entry.name, "/" + text
        else:
            yield from patterns(entry, text)


def addresses(scene):
    known = values(scene)
    for name, text in patterns():
        found = [text]
        for key in re.findall(r"<(\w+)>", text):
            found = [
                address.replace(f"<{key}>", str(value))
                for address in found
                for value in known.get(key, [1])
            ]
        for address in found:
            yield name, address + ASKED.get(name, "")


def sign_in_all(scene):
    """{who: client}, in the order in which they are asked to open a page."""
    clients = {who: Client() for who in USERS}
    for who, client in clients.items():
        client.force_login(scene[who])
    return clients


def counted(clients, places):
    """{(name, address): (who, queries)} of every page, by the first who may open it."""
    found = {}
    for who, client in clients.items():
        for place in places:
            if place not in found and client.get(place[1]).status_code == 200:
                found[place] = (who, queries_of(client, place))
    return found


def queries_of(client, place):
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(place[1])
        b"".join(answer.streaming_content) if answer.streaming else None
    assert answer.status_code == 200, place
    return len(queries)


def differing(clients, few):
    """The same people open the same pages, now with more on them."""
    for place, (who, queries) in few.items():
        clients[who].get(place[1])  # fills what is kept for later
        now = queries_of(clients[who], place)
        if now != queries:
            yield f"{place[1]}: {queries} queries, then {now}"


def test_two_and_twenty_cost_the_same_on_every_page(scene, settings):
    settings.AXES_ENABLED = False
    cache.clear()  # filled by other tests, it would throw entries out while we count
    grow(scene, 2)
    clients = sign_in_all(scene)
    places = list(addresses(scene))
    few = counted(clients, places)
    grow(scene, 18)
    assert Project.objects.count() > 80
    assert list(differing(clients, few)) == []
    reached = {name for name, _ in few}
    opens = {name for name, _ in patterns()} - reached - set(UNCOUNTED)
    assert opens - refusing(clients, places, opens) == set(), "Opened by nobody."


def refusing(clients, places, names):
    """Which of these pages take no GET at all."""
    return {
        name
        for client in clients.values()
        for name, address in places
        if name in names and client.get(address).status_code == 405
    }
