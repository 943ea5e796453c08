"""Older and tidy columns become one column for each group."""

from pathlib import Path

import pytest

from extractors.errors import ArgumentsError
from measures.disclosure.audit.reading.layouts import Texts, is_tidy, renamed, widened

FILE = Path("measures.csv")


def test_tidy_is_known_by_its_columns():
    tidy = ["measure", "group_by", "group", "numerator", "ratio_at_least"]
    assert is_tidy(tidy)
    assert not is_tidy([*tidy[:4], "ratio_low"]), (
        "an older release with a group of that name"
    )


def test_the_range_has_had_two_names():
    older: Texts = {"ratio_low": ["0.1"], "ratio_high": ["0.2"]}
    assert renamed(older) == {
        "ratio_at_least": ["0.1"],
        "ratio_at_most": ["0.2"],
    }
    today: Texts = {"ratio_at_least": ["0.1"], "ratio_low": ["x"]}
    assert renamed(today) == today


def test_each_row_has_values_of_its_own_groups_alone():
    texts: Texts = {
        "group_by": [None, "sex", "age+sex"],
        "group": ["[]", '["f"]', "[true, null]"],
        "numerator": ["1", "2", "3"],
    }
    assert widened(FILE, texts) == {
        "group_by": [None, "sex", "age+sex"],
        "numerator": ["1", "2", "3"],
        "age": [None, None, "T"],
        "sex": [None, "f", None],
    }


@pytest.mark.parametrize("group", [None, "[", '["f", "g"]', '{"sex": "f"}'])
def test_the_message_has_no_value(group):
    texts: Texts = {"group_by": ["sex"], "group": [group]}
    with pytest.raises(ArgumentsError, match="row 1 below the header") as error:
        widened(FILE, texts)
    assert '"f"' not in str(error.value)
