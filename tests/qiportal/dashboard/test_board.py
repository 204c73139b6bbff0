"""The board page: from the published run alone, in words, never ranked."""

from datetime import date, timedelta

import pytest
from django.core.cache import cache

from qiportal.dashboard.models import BoardVisit
from qiportal.dashboard.presenters.figures import by_chance
from tests.factories import UnitFactory, UserFactory
from tests.qiportal.dashboard.published import (
    TODAY,
    count,
    hidden,
    median,
    monthly,
    publish,
    ratio,
)

pytestmark = pytest.mark.django_db

NOON = "2026-11-23T12:00:00Z"
USUAL = [80, 84] * 8
Q3F = "make-improvements-happen"


@pytest.fixture(autouse=True)
def _noon(time_machine):
    time_machine.move_to(NOON, tick=False)
    cache.clear()


def text_of(response):
    return " ".join(response.content.decode().split())


def board(client, user, path="/board/", **headers):
    client.force_login(user)
    return client.get(path, headers=headers)


def test_before_the_first_run_the_page_says_so(client, frontline):
    page = board(client, frontline)
    assert page.status_code == 200
    assert "No figures yet" in text_of(page)


def test_each_number_has_its_parts_its_month_and_its_verdict(client, frontline, trust):
    publish(*monthly("training.attendance", trust, [*USUAL, 81]))
    text = text_of(board(client, frontline))
    assert "81.0%</a> came to training, October 2026 (81 of 100 expected): " in text
    assert '<strong class="qi-board-figure__word">usual variation</strong>' in text
    assert "As at 23 November 2026, 12:00; next 24 November 2026, 02:00." in text
    assert "the trust holds its own staff back" in text  # why we show this


@pytest.mark.parametrize(
    ("last", "word"),
    [(99, "unusual change for the better"), (40, "unusual change for the worse")],
)
def test_an_unusual_last_point_is_named_with_its_direction(
    last, word, client, frontline, trust
):
    publish(*monthly("training.attendance", trust, [*USUAL, last]))
    assert word in text_of(board(client, frontline))


def test_few_months_are_not_judged(client, frontline, trust):
    publish(*monthly("training.attendance", trust, [80, 84, 20]))
    text = text_of(board(client, frontline))
    assert "too few points yet" in text
    assert "unusual" not in text


def test_the_month_that_is_not_over_is_left_out_of_flows_not_of_states(
    client, frontline, trust
):
    november = date(2026, 11, 1)
    publish(
        ratio("training.attendance", trust, 18, 22),
        ratio("training.attendance", trust, 1, 9, november),
        ratio("projects.fresh_data", trust, 30, 40, november),
    )
    text = text_of(board(client, frontline))
    assert "(18 of 22 expected)" in text
    assert "new data in 60 days, 23 November 2026 (30 of 40)" in text


def test_a_month_without_a_test_counts_as_nought(client, frontline, trust):
    publish(count("pdsa.started", trust, 7, date(2026, 8, 1)))
    assert ">0</a> tests begun, October 2026" in text_of(board(client, frontline))


def test_percentages_of_few_are_whole(client, frontline, trust):
    publish(ratio("training.attendance", trust, 2, 3))
    assert ">67%</a>" in text_of(board(client, frontline))


def test_a_hidden_number_is_hidden_in_words(client, frontline, trust):
    publish(
        hidden("comments.open", trust),
        hidden(f"survey.national.{Q3F}", trust, date(2025, 9, 20)),
    )
    text = text_of(board(client, frontline))
    assert "Hidden to protect people: fewer than 11 answers" in text
    assert "On anything else: hidden to protect people: fewer than 11 answers" in text


def test_all_or_none_agreeing_is_a_band(client, frontline, trust):
    wave = date(2025, 9, 20)
    publish(ratio(f"survey.national.{Q3F}", trust, 40, 40, wave))
    assert ">over 90%</a>" in text_of(board(client, frontline))


def test_a_weighted_result_is_shown_as_published(client, frontline, trust):
    wave = date(2025, 9, 20)
    publish(
        (f"survey.national.{Q3F}.weighted", trust.pk, "", wave, *(None, None, 0.554))
        + (3120, ""),
        ratio(f"survey.national.{Q3F}", trust, 1, 2, wave),
    )
    text = text_of(board(client, frontline))
    assert "55.4%</a> can make improvements happen: NHS Staff Survey" in text
    assert "(3,120 answers, weighted)" in text


def test_a_result_that_is_not_weighted_is_not_called_so(client, frontline, trust):
    wave = date(2025, 9, 20)
    publish(ratio(f"survey.national.{Q3F}", trust, 29, 48, wave))
    text = text_of(board(client, frontline))
    assert "60.4%</a> can make improvements happen" in text
    assert "(29 of 48 answers)" in text
    assert "weighted" not in text


def test_a_figure_that_cannot_be_shown_says_what_it_is(client, frontline, trust):
    publish(
        median("projects.coproduction", trust, 4.5, 18, subgroup="choose"),
        hidden(f"survey.national.{Q3F}", trust, date(2025, 9, 20)),
    )
    text = text_of(board(client, frontline))
    assert "When the change was designed: no data yet" in text
    assert ". Hidden to protect people: fewer than 11 answers" in text


def test_one_is_one(client, frontline, trust):
    publish(count("pdsa.started", trust, 1))
    assert ">1</a> test begun, October 2026" in text_of(board(client, frontline))


def test_comments_have_their_interval_and_nil_answers_apart(client, frontline, trust):
    code = "comments.improve"
    publish(
        ratio(code, trust, -60, 100),
        ratio(code, trust, 10, 100, subgroup="positive"),
        ratio(code, trust, 20, 100, subgroup="mixed"),
        ratio(code, trust, 70, 100, subgroup="negative"),
        count(code, trust, 4, subgroup="nil"),
    )
    text = text_of(board(client, frontline))
    assert (
        "−0.60</a> on what could be better (−0.73 to −0.47), October 2026: "
        "100 comments, 4 more said nothing" in text
    )


def test_charts_are_counted_by_their_last_point_with_what_chance_brings(
    client, frontline, trust
):
    month = date(2026, 11, 1)
    numbers = {
        "common_cause": 180,
        "improvement_high": 12,
        "concern_low": 3,
        "unusual_run": 5,
        "not_enough_points": 40,
    }
    publish(
        *(count("measures.icons", trust, n, month, name) for name, n in numbers.items())
    )
    assert (
        ">20</a> of 200 measures stand out now: 12 for the better, 3 for the worse, "
        "5 by an unusual run. About 3 would stand out by chance. "
        "40 more have too few points." in text_of(board(client, frontline))
    )


def test_decisions_name_what_was_dropped(client, frontline, trust):
    kinds = {"adopt": 12, "adapt": 20, "abandon": 5}
    publish(
        *(count("pdsa.decisions", trust, n, subgroup=kind) for kind, n in kinds.items())
    )
    assert (
        ">37</a> tests decided, October 2026: 12 adopted, 20 adapted, 5 dropped."
        in text_of(board(client, frontline))
    )


def test_a_tile_whose_feature_has_no_figure_is_absent(client, frontline, trust):
    publish(median("projects.coproduction", trust, 4.5, 12, subgroup="choose"))
    text = text_of(board(client, frontline))
    assert "Are patients in it?" in text
    assert ">4.5</a> of 7: middle rung" in text
    assert "Did we give time?" not in text


@pytest.mark.parametrize(
    ("hours", "word"), [(25, ""), (27, "are late"), (51, "are stale")]
)
def test_old_figures_say_so(hours, word, client, frontline, trust, time_machine):
    publish(ratio("training.attendance", trust, 18, 22))
    time_machine.shift(hours * 3600)
    text = text_of(board(client, frontline))
    assert ("qi-board-warning" in text) == bool(word)
    assert word in text


def test_what_changed_since_the_last_visit(client, frontline, trust):
    first = publish(*monthly("training.attendance", trust, [*USUAL, 81]))
    text = text_of(board(client, frontline))
    assert "This is your first visit" in text
    assert BoardVisit.objects.get(user=frontline).run == first
    assert "Nothing new since you last looked" in text_of(board(client, frontline))
    publish(
        *monthly("training.attendance", trust, [*USUAL, 40]),
        as_of=TODAY + timedelta(days=1),
    )
    text = text_of(board(client, frontline))
    assert "Since you last looked (figures of 23 November 2026):" in text
    assert "unusual change for the worse, before usual variation." in text


def test_a_moved_figure_is_told_with_what_it_was(client, frontline, trust):
    publish(ratio("training.attendance", trust, 18, 22))
    board(client, frontline)
    publish(
        ratio("training.attendance", trust, 19, 22), as_of=TODAY + timedelta(days=1)
    )
    text = text_of(board(client, frontline))
    assert "86% came to training, October 2026 (19 of 22 expected); before 82%." in text


def test_the_same_figures_again_are_no_news(client, frontline, trust):
    publish(ratio("training.attendance", trust, 18, 22))
    board(client, frontline)
    publish(ratio("training.attendance", trust, 18, 22))
    text = text_of(board(client, frontline))
    assert "the figures were calculated again" in text
    assert "No figure on this page has changed." in text


def test_a_run_no_longer_kept_is_a_first_visit_again(client, frontline, trust):
    old = publish(ratio("training.attendance", trust, 18, 22))
    board(client, frontline)
    publish(ratio("training.attendance", trust, 18, 22))
    old.delete()
    assert "This is your first visit" in text_of(board(client, frontline))


def test_an_unchanged_board_is_not_sent_twice(client, frontline, trust):
    publish(ratio("training.attendance", trust, 18, 22))
    board(client, frontline)  # the first look changes what the next one says
    tag = board(client, frontline)["ETag"]
    again = board(client, frontline, **{"If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")
    assert again["Cache-Control"] == "private, no-cache"
    assert again["ETag"] == tag


def test_a_new_run_another_person_or_a_later_hour_is_sent(
    client, frontline, lead, trust, time_machine
):
    publish(ratio("training.attendance", trust, 18, 22))
    board(client, frontline)
    tag = board(client, frontline)["ETag"]
    assert board(client, lead, **{"If-None-Match": tag}).status_code == 200
    time_machine.shift(27 * 3600)
    assert board(client, frontline, **{"If-None-Match": tag}).status_code == 200
    publish(ratio("training.attendance", trust, 18, 22))
    assert board(client, frontline, **{"If-None-Match": tag}).status_code == 200


def warm(client, user, path="/board/"):
    board(client, user, path)
    return board(client, user, path)


def test_a_warm_board_asks_for_session_person_roles_and_pointer(
    client, board_member, trust, django_assert_num_queries
):
    publish(*monthly("training.attendance", trust, USUAL))
    warm(client, board_member)
    with django_assert_num_queries(6):  # and the unit, and the units below it
        client.get("/board/")


def test_a_304_asks_for_no_figure(
    client, board_member, trust, django_assert_num_queries
):
    publish(*monthly("training.attendance", trust, USUAL))
    tag = warm(client, board_member)["ETag"]
    with django_assert_num_queries(4):
        client.get("/board/", headers={"If-None-Match": tag})


@pytest.mark.parametrize("units", [2, 20])
def test_a_cold_board_asks_the_same_of_any_trust(
    units, client, board_member, trust, django_assert_num_queries
):
    for n in range(units):
        UnitFactory(kind="division", parent=trust, name=f"Division {n:02d}")
    publish(*monthly("training.attendance", trust, USUAL))
    warm(client, board_member)
    cache.clear()
    with django_assert_num_queries(8):  # figures, and the run last seen
        client.get("/board/")


def test_units_are_shown_to_the_board_and_the_qi_team_only(
    client, board_member, qi_team, frontline, ward
):
    publish(ratio("training.attendance", ward.parent, 18, 22))
    path = f"/board/units/{ward.parent.code}/"
    for user in (board_member, qi_team):
        page = board(client, user, path)
        assert "(18 of 22 expected)" in text_of(page)
        assert f"Projects of {ward.parent.name}" in text_of(page)
    assert board(client, frontline, path).status_code == 403


def test_the_trust_itself_is_open_to_all_and_an_unknown_unit_is_not_found(
    client, frontline, board_member, trust
):
    publish(ratio("training.attendance", trust, 18, 22))
    assert board(client, frontline, f"/board/units/{trust.code}/").status_code == 200
    assert board(client, board_member, "/board/units/NIX/").status_code == 404


def test_units_below_stand_in_the_order_of_their_names(client, qi_team, trust):
    for name in ("Surgery", "Cancer", "Medicine"):
        UnitFactory(kind="division", parent=trust, name=name)
    publish(ratio("training.attendance", trust, 18, 22))
    text = text_of(board(client, qi_team))
    places = [text.index(f">{name}</a>") for name in ("Cancer", "Medicine", "Surgery")]
    assert places == sorted(places)


def test_a_unit_without_figures_says_so(client, qi_team, ward):
    publish()
    page = board(client, qi_team, f"/board/units/{ward.code}/")
    assert "There are no figures for this unit yet" in text_of(page)


def test_a_portal_without_units_says_that_there_is_nothing_yet(client):
    publish()
    page = board(client, UserFactory(home_unit=None))
    assert "No figures yet" in text_of(page)


def test_a_stranger_is_asked_to_sign_in(client, trust):
    publish()
    assert client.get("/board/").status_code == 302


def test_only_the_newest_run_is_read(client, frontline, trust):
    publish(ratio("training.attendance", trust, 1, 22))
    publish(ratio("training.attendance", trust, 18, 22))
    assert "(18 of 22 expected)" in text_of(board(client, frontline))


@pytest.mark.parametrize(
    ("judged", "words"),
    [(1, "Fewer than one"), (31, "Fewer than one"), (200, "About 3")],
)
def test_what_chance_brings_is_never_rounded_up_to_one(judged, words):
    assert by_chance(judged) == f"{words} would stand out by chance."
