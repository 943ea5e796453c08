"""When two engines agree: same types, same values, floats nearly so."""

import math
from collections.abc import Mapping
from typing import Any


def same(got: Any, expected: Any) -> bool:
    """Whether two values or nested mappings are the same; 1, 1.0 and True are three
    different things.
    """
    if isinstance(got, Mapping) and isinstance(expected, Mapping):
        return got.keys() == expected.keys() and all(
            same(got[key], expected[key]) for key in got
        )
    # codes may travel as plain strings
    if isinstance(got, str) and isinstance(expected, str):
        return str(got) == str(expected)
    if isinstance(got, float) and isinstance(expected, float):
        both_nan = math.isnan(got) and math.isnan(expected)
        return both_nan or math.isclose(got, expected, rel_tol=1e-9, abs_tol=1e-12)
    return type(got) is type(expected) and got == expected
