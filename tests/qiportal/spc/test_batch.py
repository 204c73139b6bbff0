"""analyse_many: shapes, per-series options, refusals."""

import numpy as np
import pytest

from qiportal.spc import LABELS, SpcError, analyse, analyse_many, point_type

Y = np.array([[10.0, 12] * 7, [12.0, 10] * 7])


def refused(*args, **options):
    with pytest.raises(SpcError) as caught:
        analyse_many(*args, **options)
    return caught.value.code


def test_two_series_at_once():
    found = analyse_many(Y)
    assert found.cl[:, 0].tolist() == [11.0, 11.0]
    assert found.ucl[1, 3] == pytest.approx(16.32)
    assert found.variation_icons() == ["common_cause", "common_cause"]
    assert found.assurance_icons() == [None, None]
    assert found.rows.n.tolist() == [14, 14]


def test_options_may_differ_by_series():
    found = analyse_many(
        np.array([[9.0, 11] * 6 + [50], [9.0, 11] * 6 + [50]]),
        improvement_direction=["increase", "decrease"],
        target=[10.0, np.nan],
        screen_outliers=[True, False],
    )
    assert found.variation_icons() == ["improvement_high", "concern_high"]
    assert found.assurance_icons() == ["hit_or_miss", None]
    assert found.rows.screened_out.tolist() == [1, 0]


def test_ragged_series_are_masked():
    mask = np.array([[True] * 14, [True] * 3 + [False] * 11])
    found = analyse_many(Y, mask)
    assert found.latest.tolist() == [13, 2]
    assert found.rows.n.tolist() == [14, 3]
    assert np.isnan(found.cl[1, 3:]).all()


def test_rebase_adds_rows():
    rebase = np.zeros((2, 14), bool)
    rebase[1, 5] = True
    found = analyse_many(Y, rebase=rebase)
    assert found.rows.series.tolist() == [0, 1, 1]
    assert found.rows.start.tolist() == [0, 0, 5]
    assert found.rows.end.tolist() == [13, 4, 13]
    assert found.last_row.tolist() == [0, 2]


def test_fix_of_one_series_only():
    values = np.array([[9.0, 11] * 6 + [50, 60]] * 2)
    fix = np.zeros((2, 14), int)
    fix[1, 0] = 12
    assert analyse_many(values, fix_after_n=fix).rows.n_used.tolist() == [14, 12]
    assert analyse_many(values, fix_after_n=12).rows.n_used.tolist() == [12, 12]


def test_freeze_by_series():
    values = np.array([[1.0, 2, 9], [1.0, 2, 9]])
    found = analyse_many(values, method="i", freeze_after_n=[0, 2])
    assert found.cl[:, 0].tolist() == [4.0, 1.5]


def test_subgroups_come_as_a_cube():
    cube = np.array([[[1.0, 3], [5, 7]], [[1.0, np.nan], [2, 4]]])
    found = analyse_many(cube, method="xbar", mask=np.array([[1, 1], [0, 1]]))
    assert found.y[0].tolist() == [2.0, 6.0]
    assert found.valid.tolist() == [[True, True], [False, True]]


@pytest.mark.parametrize("shape", [(0, 5), (3, 0), (0, 0)])
@pytest.mark.parametrize("method", ["run", "xmr", "i", "mr", "p", "pp", "c", "g"])
def test_nothing_to_analyse(shape, method):
    found = analyse_many(np.empty(shape), method=method, denominators=np.empty(shape))
    assert found.y.shape == shape
    assert found.latest.tolist() == [-1] * shape[0]
    assert found.variation_icons() == [None] * shape[0]


@pytest.mark.parametrize("method", ["xbar", "s"])
def test_no_subgroups_to_analyse(method):
    assert analyse_many(np.empty((2, 0, 4)), method=method).y.shape == (2, 0)
    assert analyse(None, subgroups=[[], None], method=method).cl == (None, None)


def test_more_series_than_one_block():
    values = np.tile(Y, (1000, 1))
    values[1999, 13] = 99
    label = analyse_many(values).label
    assert label[1999, 13] == 1
    assert not label[:1999].any()


def test_refusals():
    assert refused([1.0, 2.0]) == "bad_input"
    assert refused(Y, method="xbar") == "bad_input"
    assert refused(Y, method="pie") == "unknown_method"
    assert refused(Y, np.ones((2, 3), bool)) == "length_mismatch"
    assert refused(Y, denominators=np.ones((1, 14))) == "length_mismatch"
    assert refused(Y, target=[1.0, 2, 3]) == "length_mismatch"
    assert refused(Y, improvement_direction=["increase"]) == "length_mismatch"
    assert refused(Y, improvement_direction="upwards") == "bad_input"
    assert refused(Y, fix_after_n=5) == "fix_too_short"
    assert refused(Y, fix_after_n=np.full((2, 14), 3)) == "fix_too_short"
    assert refused(np.zeros((1, 3)), method="t") == "t_needs_positive"


def test_analyse_refuses_dates_that_do_not_compare():
    with pytest.raises(SpcError) as caught:
        analyse([1, 2], method="xmr", dates=[1, "a"])
    assert caught.value.code == "bad_input"


def test_analyse_refuses_an_unknown_method():
    with pytest.raises(SpcError) as caught:
        analyse([1, 2], method="mdc_xmr")
    assert caught.value.code == "unknown_method"


def test_label_codes_have_names_and_types():
    found = analyse_many(np.array([[9.0, 11] * 6 + [50]]))
    code = found.label[0, 12]
    assert LABELS[code] == "Above UCL"
    assert point_type(code, "decrease") == "special_cause_concern"


def test_analyse_takes_an_array():
    assert analyse(np.array([1, 2, 3]), method="c").y == (1.0, 2.0, 3.0)


def test_analysis_can_be_compared_and_hashed():
    first, second = (analyse([1, 2, 3], method="xmr") for _ in range(2))
    assert first == second
    assert len({first, second}) == 1
    assert first.engine_version == "1.0.0"
