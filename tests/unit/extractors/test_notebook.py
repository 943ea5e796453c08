# mypy: ignore-errors
"""What a notebook shows at the end of a cell: it asks each object for `_repr_html_`."""

import re
import subprocess
import sys

import pytest

from extractors import INTERVAL, case, create_dataset, months, show, when
from extractors.language.reading import reading
from extractors.tables.tpp import addresses, clinical_events, patients
from measures import create_measures
from measures.standin.ehrql import show as ehrqls
from tests.lib.places import CHECKOUT

ROWS = {
    "patients": [
        {"patient_id": 1, "sex": "female", "date_of_birth": "1980-01-01"},
        {"patient_id": 2, "sex": "male", "date_of_birth": "1990-01-01"},
    ],
    "clinical_events": [
        {"patient_id": 1, "date": "2022-05-03", "numeric_value": 1.5},
        {"patient_id": 1, "date": "2022-04-03", "numeric_value": 2.5},
    ],
}
THIS_MONTH = clinical_events.where(clinical_events.date.is_during(INTERVAL))
HOSTILE = case(when(patients.sex == "male").then("<img src=x>"), otherwise="&")


def cells(element) -> list[list[str]]:
    """The first table as IPython's formatter finds it: by the method, on the class,
    without arguments.
    """
    method = getattr(type(element), "_repr_html_", None)
    assert method is not None
    html = method(element)
    assert html.count("<table>") >= 1, html
    first = html[: html.index("</table>")]
    return [
        re.findall(r"<t[hd]>(.*?)</t[hd]>", row)
        for row in re.findall(r"<tr>(.*?)</tr>", first)
    ]


def test_series_of_hand_written_rows():
    shown = show(
        patients.sex, patients.age_on("2022-05-01"), label="who & when", records=ROWS
    )
    assert cells(shown) == [
        ["patient_id", "sex: str", "value: int"],
        ["1", "female", "42"],
        ["2", "male", "32"],
    ]
    assert "<caption>who &amp; when</caption>" in shown._repr_html_()
    assert "2 of 2 people of hand-written rows." in shown._repr_html_()


def test_rows_in_the_month_that_interval_is():
    shown = show(THIS_MONTH.date, THIS_MONTH.numeric_value, records=ROWS)
    found = cells(show(THIS_MONTH, records=ROWS))
    assert len(found) == 2 and found[1][:2] == ["1", "2022-05-03"]
    assert "INTERVAL is 2022-05-01 to 2022-05-31." in shown._repr_html_()


def test_names_and_values_are_text():
    html = show(HOSTILE, label="<script>", records=ROWS)._repr_html_()
    assert "<img" not in html and "<script" not in html
    assert "&lt;img src=x&gt;" in html and "&lt;script&gt;" in html


def test_what_is_wrong_is_said():
    html = show(patients.sex, records={"patints": []})._repr_html_()
    assert html == (
        "<p>there is no table &#x27;patints&#x27;; did you mean "
        "&#x27;patients&#x27;?</p>"
    )


@pytest.mark.parametrize(
    ("element", "heads"),
    [
        (patients.sex, ["patient_id", "sex: str"]),
        (
            patients,
            ["patient_id", "date_of_birth: date", "sex: str", "date_of_death: date"],
        ),
        (clinical_events.date, ["patient_id", "date: date"]),
        (
            addresses.for_patient_on("2022-01-01").imd_rounded,
            ["patient_id", "imd_rounded: int"],
        ),
        (
            THIS_MONTH.exists_for_patient(),
            ["patient_id", "exists of clinical_events: bool"],
        ),
    ],
    ids=["series", "frame", "rows", "picked", "moving"],
)
def test_made_up_people(element, heads):
    found = cells(element)
    assert found[0] == heads
    assert len(found) == 11, "ten of them"
    assert all(row[1] for row in found[1:]), "those with a value come first"
    assert "made-up people" in element._repr_html_()


def test_a_dataset_has_its_population_and_its_events():
    dataset = create_dataset()
    dataset.define_population(patients.sex == "female")
    dataset.sex = patients.sex
    dataset.add_event_table("seen", date=clinical_events.date)
    found = cells(dataset)
    assert found[0] == ["patient_id", "sex: str"] and {row[1] for row in found[1:]} == {
        "female"
    }
    html = dataset._repr_html_()
    assert html.count("<table>") == 2 and "<caption>seen</caption>" in html


def test_measures_are_counted_in_their_last_period():
    measures = create_measures()
    measures.define_measure(
        "seen",
        numerator=THIS_MONTH.exists_for_patient(),
        denominator=patients.exists_for_patient(),
        group_by={"sex": patients.sex},
        intervals=months(3).starting_on("2022-01-01"),
    )
    heads, *rows = cells(measures)
    assert heads == [
        "measure",
        "from",
        "to",
        "group",
        "numerator",
        "denominator",
        "ratio",
    ]
    assert {row[1] for row in rows} == {"2022-03-01"}
    assert sum(int(row[5]) for row in rows) == 200
    assert all(
        0 < int(row[4]) <= int(row[5])
        for row in rows
        if row[3] in ("sex: female", "sex: male")
    )


def test_while_a_definition_is_read_nothing_is_shown():
    with reading([]) as asked:
        shown = ehrqls(patients.sex)
        assert (
            shown._repr_html_()
            == patients.sex._repr_html_()
            == create_measures()._repr_html_()
            == ""
        )
    assert [list(each.columns) for each in asked.shown] == [["sex"]]


def test_what_counts_is_loaded_only_when_something_is_shown():
    code = (
        "import sys, extractors, measures, measures.standin.ehrql; print({'duckdb', "
        "'extractors.seen'} & set(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=CHECKOUT, capture_output=True, check=True
    )
    assert done.stdout.decode().strip() == "set()"
