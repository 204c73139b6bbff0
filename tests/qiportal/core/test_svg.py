from django.template.loader import render_to_string

from qiportal.core.svg import runs, scale, scaling, sparkline


def test_scale_moves_a_value_onto_another_range():
    assert scale(5, 0, 10, 0, 100) == 50
    assert scale(0, 0, 10, 100, 0) == 100


def test_scale_of_a_flat_series_is_the_middle():
    assert scale(3, 3, 3, 0, 100) == 50


def test_scaling_is_scale_for_many_values():
    assert [scaling(0, 10, 0, 100)(v) for v in (0, 5, 10)] == [0, 50, 100]
    assert scaling(3, 3, 0, 100)(3) == scale(3, 3, 3, 0, 100)


def test_a_gap_breaks_the_line():
    assert runs([(1, 1), None, None, (2, 2), (3, 3)]) == [[(1, 1)], [(2, 2), (3, 3)]]


def test_sparkline_has_a_line_per_run_a_centre_and_a_last_point():
    picture = sparkline([1, 2, None, 4], width=100, height=20, centre=2)

    assert [part["tag"] for part in picture["elements"]] == [
        *("line", "polyline", "polyline", "circle")
    ]
    assert picture["elements"][1]["points"] == "4.0,16.0 34.7,12.0"
    assert picture["elements"][-1]["cx"] == "96.0"


def test_sparkline_of_nothing_is_an_empty_picture():
    assert sparkline([])["elements"] == []
    assert sparkline([None, None])["elements"] == []


def test_the_printed_picture_is_escaped_and_named():
    picture = sparkline([1, 2], label='Falls "<b>"')

    html = render_to_string("components/svg.html", {"svg": picture})

    assert 'role="img" aria-label="Falls &quot;&lt;b&gt;&quot;"' in html
    assert 'class="qi-line" points="4.0,28.0 116.0,4.0"' in html
    assert "style=" not in html


def test_a_picture_without_a_name_is_hidden_from_screen_readers():
    html = render_to_string("components/svg.html", {"svg": sparkline([1, 2])})

    assert 'aria-hidden="true"' in html
    assert "role=" not in html
