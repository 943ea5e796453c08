"""Wilson's interval against values of PHEindicatormethods 2.1.0, run under R 4.2.2."""

import numpy as np
import pytest

from measures.statistics.normal import CONTROL, NOMINAL, z_of
from measures.statistics.proportions import wilson

VALUES = [
    # x, n, 95 % of two programs, 99.8 % of R
    (0, 10, (0, 0.277532799863), (0, 0.48847890045)),
    (1, 100, (0.001767432064, 0.054486196179), (0.000873065697, 0.10455445284)),
    (5, 100, (0.021543679154, 0.111750469232), (0.013865320726, 0.16458852283)),
    (65, 100, (0.552544432969, 0.736357517569), (0.495494657407, 0.77835406140)),
    (150, 18450, (0.006932806701, 0.009532136899), (0.006326278711, 0.01044279440)),
    (20, 20, (0.838874841947, 1), (0.676829585376, 1)),
    (18450, 18450, (0.999791834192, 1), (0.999482677750, 1)),
]


def test_quantiles_have_all_digits():
    assert z_of(NOMINAL) == pytest.approx(1.959963984540054, abs=1e-14)
    assert z_of(CONTROL) == pytest.approx(3.090232306167813, abs=1e-14)
    for wrong in (0, 1, 95):
        with pytest.raises(ValueError, match="between 0 and 1"):
            z_of(wrong)


@pytest.mark.parametrize("x, n, nominal, control", VALUES)
def test_values_of_two_programs(x, n, nominal, control):
    assert wilson(x, n) == pytest.approx(nominal, abs=1e-11)
    assert wilson(x, n, CONTROL) == pytest.approx(control, abs=1e-9)


def test_ends_are_exact_where_nobody_or_everybody_is_in_it():
    low, high = wilson([0, 18450, 0, 7], [10, 18450, 1_000_003, 7])
    assert low[0] == low[2] == 0
    assert high[1] == high[3] == 1


def test_arrays_are_worked_out_each_by_itself():
    low, high = wilson([1, 5], [100, 100])
    assert np.allclose(low, [0.001767432064, 0.021543679154])
    assert np.allclose(high, [0.054486196179, 0.111750469232])


@pytest.mark.parametrize("x, n", [(1, 0), (0, -1), (-1, 10), (11, 10)])
def test_what_is_no_proportion_is_refused(x, n):
    with pytest.raises(ValueError, match="proportion"):
        wilson(x, n)
