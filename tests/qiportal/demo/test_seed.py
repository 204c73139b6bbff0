"""The seeded trust: enough of everything, true to the rules, the same each time."""

from collections import Counter

from django.apps import apps
from django.db import models
from django.db.models import Count, F, Max, Q

from pdsa.fidelity import cycle_rules
from pdsa.models import Cycle, DataPoint, Measure, MeasureState, Phase, Prediction
from pdsa.selectors.cycles import with_predictions
from projects.models import (
    Aim,
    ChangeIdea,
    Project,
    ProjectMember,
    ProjectStatusChange,
    ReferenceYear,
    SpreadEvent,
)
from qiportal.accounts.models import RoleAssignment, User
from qiportal.core.dates import now, today
from qiportal.core.identifiers import scan
from qiportal.demo.seed import demo_seed
from qiportal.library.models import Method
from qiportal.organisation.models import Headcount, Unit, UnitPlacement
from surveys.models import Comment, CommentScore, SurveyResult, Wave
from training.models import Application, Attendance, Session

OWN_APPS = ("organisation", "projects", "pdsa", "training", "surveys")


def test_a_tenth_of_the_trust(small_trust):
    assert small_trust.made
    status = Counter(Project.objects.values_list("status", flat=True))
    assert status["idea"] + status["active"] == 30
    assert status["resting"] == 4
    assert status["completed"] + status["stopped"] + status["sustained"] == 60
    assert 250 < Cycle.objects.count() < 600
    assert 100 < Measure.objects.count() < 220
    assert 3500 < DataPoint.objects.count() < 9000
    assert 200 < Comment.objects.count() < 300
    assert 180 < Application.objects.count() < 420
    assert User.objects.filter(is_active=True).count() > 150


def test_the_tree_has_five_levels_and_a_past(small_trust):
    depths = Counter(unit.depth for unit in Unit.objects.all())
    assert sorted(depths) == [0, 1, 2, 3, 4]
    assert Unit.objects.get(parent=None).name.endswith("(fictional)")
    moved = UnitPlacement.objects.filter(valid_to__isnull=False)
    assert moved.exists()
    for place in moved:
        assert place.path.endswith(f"{place.unit_id:08d}/")
        assert place.path != place.unit.path
    assert Headcount.objects.values("staff_group").distinct().count() > 5


def test_titles_are_distinct_and_references_run_through(small_trust):
    titles = Project.objects.values_list("title", flat=True)
    assert len(set(titles)) == len(titles)
    for counter in ReferenceYear.objects.all():
        year = Project.objects.filter(reference__startswith=f"QI-{counter.year}-")
        assert year.count() == counter.last
        assert set(year.values_list("registered_on__year", flat=True)) == {counter.year}


def test_states_agree_with_their_history(small_trust):
    for project in Project.objects.prefetch_related("status_changes"):
        steps = list(project.status_changes.all())
        assert steps[0].from_status == ""
        assert steps[-1].to_status == project.status
        for before, after in zip(steps, steps[1:], strict=False):
            assert after.from_status == before.to_status
            assert after.at > before.at
        assert project.last_activity_at >= steps[-1].at
        assert project.last_activity_at <= now()


def test_each_project_has_one_lead_and_an_aim(small_trust):
    leads = ProjectMember.objects.filter(relation="lead", left_on=None)
    assert leads.count() == Project.objects.count()
    assert Aim.objects.filter(is_current=True).count() == Project.objects.count()
    smart = [aim for aim in Aim.objects.all() if aim.is_smart]
    assert len(smart) > 0.8 * Project.objects.count()


def test_house_method_is_used_by_most(small_trust):
    house = Method.objects.get(is_house=True)
    chosen = Project.objects.exclude(method=None)
    share = chosen.filter(method=house).count() / chosen.count()
    assert 0.72 < share < 0.95
    others = chosen.exclude(method=house)
    assert not others.filter(reason_if_other="").exists()


def test_tests_are_in_order_and_grow(small_trust):
    late = Cycle.objects.filter(
        Q(do_started_at__gt=now()) | Q(act_decided_at__gt=now()) | Q(do_on__gt=today())
    )
    assert not late.exists()
    overlapping = Cycle.objects.filter(
        previous__study_started_at__gt=F("do_started_at")
    )
    assert not overlapping.exists()
    ramps = Cycle.objects.values("ramp").annotate(n=Count("pk"), widest=Max("scale"))
    assert max(row["n"] for row in ramps) >= 4
    assert not Cycle.objects.exclude(month__day=1).exists()


def test_predictions_come_first_for_some_and_more_often_later(small_trust):
    cycles = with_predictions(Cycle.objects.exclude(decision="").order_by("pk"))
    met = {
        cycle.pk: next(f.state for f in cycle_rules(cycle) if f.code == "F4")
        for cycle in cycles.select_related("ramp__change_idea")
    }
    share = Counter(met.values())["met"] / len(met)
    assert 0.25 < share < 0.6
    late = Prediction.objects.filter(first_saved_at__gt=F("cycle__do_started_at"))
    assert late.exists()


def test_abandoned_ideas_say_why_and_when_again(small_trust):
    dropped = ChangeIdea.objects.filter(status="abandoned")
    assert dropped.count() >= 5
    assert not dropped.filter(Q(would_try_if="") | Q(why="")).exists()
    decided = Counter(Cycle.objects.exclude(decision="").values_list("decision"))
    assert set(decided) == {("adopt",), ("adapt",), ("abandon",)}


def test_charts_show_real_signals(small_trust):
    states = MeasureState.objects.filter(segment_n__gte=12)
    special = states.exclude(variation__in=("", "common_cause")).count()
    assert special >= 4
    assert special < states.exclude(variation="").count() * 0.5
    assert states.filter(run_signal=True).count() >= 5
    assert Phase.objects.exclude(label="Baseline").exclude(cycle=None).exists()
    kinds = set(Measure.objects.values_list("chart_type", flat=True))
    assert {"run", "xmr", "p"} <= kinds


def test_points_are_plausible(small_trust):
    points = DataPoint.objects.all()
    assert not points.filter(numerator__lt=0).exists()
    above = points.filter(
        measure__data_type="proportion", numerator__gt=F("denominator")
    )
    assert not above.exists()
    assert not points.filter(period_start__gt=today()).exists()
    assert points.filter(is_excluded=True).exists()
    assert MeasureState.objects.count() == Measure.objects.count()


def test_spread_goes_to_teams_that_do_the_same_work(small_trust):
    events = SpreadEvent.objects.all()
    assert events.exists()
    assert not events.filter(on__gt=today()).exists()


def test_courses_have_waiting_lists_and_absences(small_trust):
    assert Application.objects.filter(status="waitlisted").exists()
    assert Attendance.objects.filter(outcome="did_not_attend").exists()
    held = Attendance.objects.exclude(application__session__status="held")
    assert not held.exists()
    for session in Session.objects.filter(status="planned"):
        taken = session.applications.filter(status__in=("booked", "offered")).count()
        assert taken <= session.places


def test_surveys_hold_small_teams_and_agreeing_sums(small_trust):
    teams = SurveyResult.objects.filter(subgroup="", weighted=False)
    assert teams.filter(n__lt=11).exists()
    assert teams.filter(n__gte=11).exists()
    annual = Wave.objects.filter(survey__kind="national")
    assert annual.count() == 3
    for wave in annual:
        rows = wave.results.filter(question__code="q3f", weighted=False)
        by_team = rows.filter(subgroup="").values_list("option_counts", flat=True)
        by_group = rows.exclude(subgroup="").values_list("option_counts", flat=True)
        assert _sum(by_team) == _sum(by_group)
    pulse = SurveyResult.objects.filter(wave__survey__kind="pulse")
    assert not pulse.filter(question__code="q3e").exists()


def _sum(counts):
    return [sum(option) for option in zip(*counts, strict=True)]


def test_comments_are_read_by_the_scorer(small_trust):
    assert CommentScore.objects.count() == Comment.objects.count()
    labels = Counter(CommentScore.objects.values_list("label", flat=True))
    assert labels["positive"] > 20
    assert labels["negative"] > 20
    nil = CommentScore.objects.filter(comment__is_nil=True)
    assert set(nil.values_list("label", flat=True)) == {"nil"}
    assert not CommentScore.objects.filter(label="nil", comment__is_nil=False).exists()
    approved = Comment.objects.filter(release="approved")
    assert approved.count() == 4


def test_people_have_roles_and_nobody_gave_one_to_themselves(small_trust):
    held = Counter(RoleAssignment.objects.values_list("role", flat=True))
    assert held["qi_team"] >= 5
    assert held["board"] >= 5
    assert held["sysadmin"] == 1


def text_fields(model):
    return [
        field.name
        for field in model._meta.fields
        if isinstance(field, (models.CharField, models.TextField))
        and not field.choices
        and field.name not in ("source_hash", "lexicon_hash", "taxonomy_hash")
    ]


def test_no_text_names_a_patient(small_trust):
    found, looked_at = [], 0
    for label in OWN_APPS:
        for model in apps.get_app_config(label).get_models():
            for name in text_fields(model):
                for text in set(model.objects.values_list(name, flat=True)):
                    looked_at += 1
                    if text and scan(text):
                        found.append((model.__name__, name, text))
    assert looked_at > 2500
    assert found == []


def test_every_row_passes_its_own_checks(small_trust):
    for model in (Project, Aim, Cycle, Measure, Prediction, ProjectStatusChange):
        for row in model.objects.order_by("?")[:25]:
            row.full_clean()


def test_seeding_again_does_nothing(small_trust):
    before = Project.objects.count(), User.objects.count()
    assert demo_seed(scale=0.1).made is False
    assert (Project.objects.count(), User.objects.count()) == before
