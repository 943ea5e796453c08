"""A line over time as text."""

import pytest

from flows.command.sparkline import sparkline


@pytest.mark.parametrize("values, line", [
    ([], ""),
    ([0.0, 0.5, 1.0], "▁▅█"),
    ([5, None, 10], "▅·█"),  # from 0, so a half is half as high
    ([0.0, 0.0], "▁▁"),
    ([None, None], "··"),
    ([-1.0, 2.0], "▁█"),
])  # fmt: skip
def test_by_hand(values, line):
    assert sparkline(values) == line


def test_what_does_not_fit_is_left_out_and_never_a_mean():
    """Every second value back from the last: 1, 3, 5, 7."""
    values = [7.0, 1.0, 7.0, None, 7.0, 3.5, 7.0, 7.0]
    assert sparkline(values, widest=4) == "▂·▅█"
    assert len(sparkline([1.0] * 166)) <= 40
