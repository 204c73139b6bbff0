"""Benefits: claimed by the team, checked by others, only like added to like."""

import csv
import io
import uuid
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from pdsa.benefits import totals
from pdsa.models import BenefitClaim
from pdsa.selectors import overlaps_among
from pdsa.services import measure_state_refresh
from qiportal.accounts.models import AuditEvent, Notification
from qiportal.core.dates import add_months
from tests.factories import (
    BenefitClaimFactory,
    DataPointFactory,
    MeasureFactory,
    MemberFactory,
    ProjectFactory,
)
from tests.pdsa.places import START

pytestmark = pytest.mark.django_db


def at(name, project, *keys):
    return reverse(name, args=[project.reference, *keys])


def told(**given):
    """A claim as a browser sends it."""
    return {
        "what": "Night staff look for bells less",
        "kind": "time_savings",
        "quantity": "4",
        "unit_text": "hours",
        "period": "a week",
        "baseline": "The month before the first test",
        "evidence": "measured",
        **given,
    }


def charted(project, name, *, shift):
    """A measure whose XmR chart moves by `shift` after a year."""
    measure = MeasureFactory(
        project=project, name=name, chart_type="xmr", direction="down"
    )
    for month in range(24):
        value = 20 + month % 3 + (shift if month > 11 else 0)
        day = add_months(START, month)
        DataPointFactory(measure=measure, period_start=day, numerator=value)
    measure_state_refresh(measure=measure)
    return measure


def claim_in(project, **given):
    return BenefitClaimFactory(project=project, **given)


# --- claiming -----------------------------------------------------------------------


def test_a_benefit_is_claimed_and_shown_by_its_evidence(project, lead, signed_in):
    client = signed_in(lead)
    page = client.get(at("project_benefits", project)).content.decode()
    assert "No benefit yet" in page
    data = told(submission_id=str(uuid.uuid4()))
    for _ in range(2):
        answer = client.post(at("benefit_new", project), data, follow=True)
    page = answer.content.decode()
    assert "4 hours a week" in page
    assert "compared with: The month before the first test" in page
    assert BenefitClaim.objects.get().created_by == lead
    event = AuditEvent.objects.get(type="benefit.claimed")
    assert event.new["what"] == "Night staff look for bells less"
    home = client.get(project.get_absolute_url()).content.decode()
    assert "Benefits: 1 claim</a>" in home


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"what": ""}, "Fill in “What got better, and for whom?”"),
        ({"quantity": ""}, "What was measured has a number."),
        ({"quantity": "-4"}, "Write a number above 0."),
        ({"unit_text": ""}, "Say what is counted, such as hours."),
        ({"period": ""}, "Say over what time, such as a month."),
        ({"baseline": ""}, "Say compared with what."),
        ({"evidence": "spc_signal"}, "Choose the measure whose chart shows it."),
        ({"evidence": "finance_validated"}, "finance_validated is not one of the"),
        ({"kind": ""}, "Choose “What kind of benefit is it?”"),
        ({"kind": "cost_reduction"}, "cost_reduction is not one of the"),
        ({"cash_releasing": "on"}, "Only a cost saving or revenue can release cash."),
        (
            {"kind": "cost_reduction.avoidance", "cash_releasing": "on"},
            "Only a cost saving or revenue can release cash.",
        ),
        ({"validator": "Nobody Known"}, "Nobody called “Nobody Known”"),
        ({"validator": "Lena Hart"}, "Name somebody outside the team."),
        ({"what": "NHS number 943 476 5919 was seen sooner"}, "NHS number"),
    ],
)
def test_what_claims_too_much_is_refused_and_kept(
    project, lead, signed_in, given, words
):
    answer = signed_in(lead).post(at("benefit_new", project), told(**given))
    page = answer.content.decode()
    assert answer.status_code == 200
    assert words in page
    assert "The month before the first test" in page or "baseline" in given
    assert not BenefitClaim.objects.exists()


def test_a_story_needs_no_number_and_a_loss_may_be_told(project, lead, signed_in):
    client = signed_in(lead)
    story = dict.fromkeys(("quantity", "unit_text", "period", "baseline"), "")
    client.post(at("benefit_new", project), told(evidence="anecdote", **story))
    worse = told(kind="unintended", quantity="-3", unit_text="calls")
    client.post(at("benefit_new", project), worse)
    page = client.get(at("project_benefits", project)).content.decode()
    assert "−3 calls a week" in page
    assert page.index("counted before and after") < page.index("What people say")


@pytest.mark.parametrize(
    "wrong",
    [
        {"money": "saving", "category": "quality"},
        {"cash_releasing": True, "category": "quality"},
        {"evidence": "finance_validated"},
        {"quantity": Decimal(-1), "category": "quality"},
    ],
)
def test_the_database_refuses_what_no_form_sends(project, wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        claim_in(project, **wrong)


# --- changing, deleting -------------------------------------------------------------


def test_two_editors_see_both_texts(project, lead, signed_in):
    claim = claim_in(project, what="Rounds are shorter")
    other = claim_in(project, what="The other one")
    client, url = signed_in(lead), at("benefit_edit", project, claim.pk)
    assert "Rounds are shorter" in client.get(url).content.decode()
    client.post(url, told(version=1, what="Theirs", overlaps=[other.pk]))
    answer = client.post(url, told(version=1, what="Mine"))
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Theirs" in page
    assert "Mine" in page
    assert "The other one" in page
    assert client.post(url, told(version=2, what="Mine and theirs")).status_code == 302
    claim.refresh_from_db()
    assert (claim.what, claim.version) == ("Mine and theirs", 3)


def test_overlaps_alone_raise_the_version(project, lead, signed_in):
    claim, other = claim_in(project), claim_in(project)
    client, url = signed_in(lead), at("benefit_edit", project, claim.pk)
    form = client.get(url).context["form"]
    same = {name: form[name].value() or "" for name in form.fields}
    client.post(url, same | {"overlaps": [other.pk]})
    claim.refresh_from_db()
    assert claim.version == 2
    assert list(claim.overlaps_with.all()) == [other]
    event = AuditEvent.objects.get(type="benefit.changed")
    assert (event.old, event.new) == ({"overlaps": []}, {"overlaps": [other.pk]})


def test_a_deleted_benefit_can_be_taken_back(project, lead, signed_in):
    claim, client = claim_in(project, what="Rounds are shorter"), signed_in(lead)
    url = at("benefit_delete", project, claim.pk)
    page = client.post(url, follow=True).content.decode()
    assert "The benefit was deleted." in page
    assert "Rounds are shorter" not in page
    page = client.post(at("benefit_restore", project, claim.pk), follow=True)
    assert "Rounds are shorter" in page.content.decode()


def test_an_overlap_its_editor_cannot_see_stays(project, lead, other_ward, signed_in):
    hidden = claim_in(ProjectFactory(unit=other_ward, visibility="draft"))
    claim = claim_in(project)
    claim.overlaps_with.add(hidden)
    client, url = signed_in(lead), at("benefit_edit", project, claim.pk)
    assert str(hidden.project.reference) not in client.get(url).content.decode()
    client.post(url, told(version=1))
    assert list(claim.overlaps_with.all()) == [hidden]


# --- checking -----------------------------------------------------------------------


def test_whom_the_team_asked_checks_and_a_changed_figure_undoes_it(
    project, lead, stranger, signed_in
):
    client = signed_in(lead)
    client.post(at("benefit_new", project), told(validator=stranger.email))
    claim = BenefitClaim.objects.get()
    assert Notification.objects.get(user=stranger).kind == "task_benefit"
    url = at("benefit_check", project, claim.pk)
    assert client.post(url, {"version": 1}).status_code == 403
    signed_in(stranger).post(url, {"version": 1})
    claim.refresh_from_db()
    assert (claim.evidence, claim.validated_by) == ("finance_validated", stranger)
    client, edit = signed_in(lead), at("benefit_edit", project, claim.pk)
    client.post(edit, told(version=2, what="Said better", validator=stranger.email))
    claim.refresh_from_db()
    assert claim.evidence == "finance_validated"
    client.post(edit, told(version=3, quantity="5", validator=stranger.email))
    claim.refresh_from_db()
    assert (claim.evidence, claim.validated_by) == ("measured", None)


def test_a_check_is_of_what_was_on_the_page(project, qi_team, signed_in):
    claim = claim_in(project, version=4)
    client, url = signed_in(qi_team), at("benefit_check", project, claim.pk)
    page = client.post(url, {"version": 3}, follow=True).content.decode()
    assert "Somebody changed this benefit meanwhile" in page
    client.post(url, {"version": 4})
    claim.refresh_from_db()
    assert claim.validated_by == qi_team
    client.post(url, {"version": 5, "undo": "1"})
    claim.refresh_from_db()
    assert (claim.evidence, claim.validated_on) == ("measured", None)


def test_nobody_checks_the_claim_of_their_own_team(project, qi_team, signed_in):
    MemberFactory(project=project, user=qi_team, relation="member")
    claim = claim_in(project)
    url = at("benefit_check", project, claim.pk)
    assert signed_in(qi_team).post(url, {"version": 1}).status_code == 403


# --- charts -------------------------------------------------------------------------


def test_the_form_offers_measures_that_show_an_improvement(project, lead, signed_in):
    client, url = signed_in(lead), at("benefit_new", project)
    flat = charted(project, "Flat", shift=0)
    page = client.get(url).content.decode()
    assert "No chart of this project shows special cause for the better now." in page
    falls = charted(project, "Falls", shift=-12)
    page = client.get(url).content.decode()
    assert "Falls (shows improvement, low)" in page
    assert "No chart of this project" not in page
    for measure in (flat, falls):
        client.post(url, told(evidence="spc_signal", measure=measure.pk))
    page = client.get(at("project_benefits", project)).content.decode()
    assert page.count("No chart shows it now") == 1
    assert "Flat</a> shows usual variation." in page
    assert "Falls</a> shows improvement, low." in page


# --- sums ---------------------------------------------------------------------------


def test_only_like_is_added_and_overlaps_count_once(project):
    four, six, one = (claim_in(project, quantity=Decimal(n)) for n in (4, 6, 1))
    four.overlaps_with.add(six)
    claim_in(project, unit_text="minutes")
    claim_in(project, period="a month")
    claim_in(project, evidence="spc_signal")
    claim_in(project, category="quality")
    claim_in(project, quantity=None)
    claims = list(BenefitClaim.objects.all())
    found = totals(claims, overlaps_among(claims))
    sums = [(total.amount, total.counted, total.left_out) for total in found]
    assert sorted(sums) == [(Decimal(4), 1, 0)] * 4 + [(Decimal(7), 2, 1)]


def test_kinds_of_money_and_cash_are_never_one_sum(project):
    pounds = {"category": "cost_reduction", "unit_text": "£", "quantity": Decimal(10)}
    for money in ("saving", "avoidance", "revenue"):
        claim_in(project, money=money, **pounds)
    claim_in(project, money="saving", cash_releasing=True, **pounds)
    found = totals(BenefitClaim.objects.all(), {})
    assert [total.amount for total in found] == [Decimal(10)] * 4


def test_spelling_and_spaces_do_not_part_a_sum(project):
    claim_in(project, unit_text="Hours ", period="A  week", quantity=Decimal(1))
    claim_in(project, unit_text="hours", period="a week", quantity=Decimal(2))
    assert [total.amount for total in totals(BenefitClaim.objects.all(), {})] == [3]


# --- the matrix ---------------------------------------------------------------------


def test_the_matrix_counts_adds_and_leads_on(project, lead, stranger, signed_in):
    for quantity in (4, 6):
        claim_in(project, quantity=Decimal(quantity), what=f"Gain {quantity}")
    code, client = project.unit.parent.code, signed_in(stranger)
    page = client.get(reverse("unit_benefits", args=[code]))
    text = page.content.decode()
    assert "10 hours a week" in text
    place = "kind=time_savings&evidence=measured"
    url = f"{reverse('unit_benefit_list', args=[code])}?{place}"
    assert url.replace("&", "&amp;") in text
    behind = client.get(url).content.decode()
    assert "Gain 4" in behind
    assert "2 claims" in behind
    file = client.get(f"{reverse('unit_benefits_csv', args=[code])}?{place}")
    rows = list(csv.DictReader(io.StringIO(file.content.decode("utf-8-sig"))))
    assert [row["quantity"] for row in rows] == ["4.00", "6.00"]
    assert AuditEvent.objects.get(type="benefits.exported").new == {"rows": 2}


def test_a_private_project_is_in_no_figure(project, stranger, lead, signed_in):
    claim_in(project, what="Ours alone")
    project.visibility = "team"
    project.save()
    for name in ("unit_benefits", "unit_benefits_csv"):
        url = reverse(name, args=[project.unit.code])
        page = signed_in(stranger).get(url).content.decode()
        assert "Ours alone" not in page
        assert "4 hours" not in page
    url = reverse("unit_benefits", args=[project.unit.code])
    assert "No benefit claimed yet" in signed_in(stranger).get(url).content.decode()
    assert "4 hours a week" in signed_in(lead).get(url).content.decode()


@pytest.mark.parametrize("query", ["", "?kind=party&evidence=measured"])
def test_there_is_no_other_place(ward, lead, signed_in, query):
    url = reverse("unit_benefit_list", args=[ward.code]) + query
    assert signed_in(lead).get(url).status_code == 404


def test_pages_cost_the_same_for_2_and_20(project, lead, signed_in):
    measure = charted(project, "Falls", shift=0)
    client, code = signed_in(lead), project.unit.code
    place = "?kind=time_savings&evidence=measured"
    claim_in(project, measure=measure)
    urls = [
        at("project_benefits", project),
        at("benefit_edit", project, BenefitClaim.objects.get().pk),
        reverse("unit_benefits", args=[code]),
        reverse("unit_benefit_list", args=[code]) + place,
    ]

    def asked():
        found = []
        for url in urls:
            with CaptureQueriesContext(connection) as queries:
                assert client.get(url).status_code == 200
            found.append(len(queries))
        return found

    claim_in(project)
    asked()
    few = asked()
    for _ in range(18):
        claim_in(project, measure=measure).overlaps_with.add(
            BenefitClaim.objects.first()
        )
    assert asked() == few
