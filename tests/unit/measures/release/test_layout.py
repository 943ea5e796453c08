"""The groups of a row as JSON: seen, not run, and read back as they were."""

import json
from datetime import date

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from measures.disclosure.audit.reading.files import read_table
from measures.release.csv import write_tidy
from measures.release.layout import COLUMNS, as_json, names_of

DAY = date(2020, 1, 6)


def test_values_keep_their_kind():
    assert (
        as_json(("a", None, True, 7, 0.5, DAY))
        == '["a", null, true, 7, 0.5, "2020-01-06"]'
    )
    assert as_json(()) == "[]"


def test_groups_of_a_grouping():
    assert (names_of(""), names_of("age+sex")) == ((), ("age", "sex"))


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_nothing_hidden_is_in_it(text):
    said = as_json((text,))
    assert json.loads(said) == [text]
    assert said.isprintable() or all(
        each.isprintable() or each.isspace() for each in said
    )
    assert "\n" not in said and "\u202e" not in said


@given(
    st.lists(
        st.one_of(st.none(), st.text(st.characters(exclude_categories=["Cs"]))),
        min_size=1,
    )
)
def test_every_group_comes_back_from_a_file(tmp_path_factory, values):
    path = tmp_path_factory.mktemp("tidy") / "measures.csv"
    size = len(values)
    columns: dict[str, list] = {name: [None] * size for name in COLUMNS}
    columns |= {
        "measure": ["m"] * size,
        "interval_start": [DAY] * size,
        "interval_end": [DAY] * size,
    }
    columns |= {
        "group_by": ["place"] * size,
        "group": [as_json((value,)) for value in values],
    }
    columns |= {
        "numerator": [20] * size,
        "denominator": [20] * size,
        "status": ["released"] * size,
    }
    write_tidy(pa.table(columns), path)
    assert read_table(path)["place"].to_pylist() == values
