"""Made-up records in other forms, with damage, in a site's shape, or made of an
author's examples.
"""

import datetime

import pandas as pd
import pyarrow as pa
import pytest

from extractors.engine import Engine
from extractors.errors import ArgumentsError
from extractors.sources.folder import open_folder
from extractors.sources.tables import Tables
from extractors.trial import Manner, Wishes, write_trial
from extractors.trial.guesses import guesses, readme
from extractors.trial.totals import read_shape
from tests.lib.trial_wishes import EVENTS, FIRST, LAST, OXIMETRY, PEOPLE, SHIPPED, read

DIABETES, UNKNOWN = ("44054006",), ("24184005", "102747008")
REGISTRATIONS = SHIPPED["practice_registrations"]
LISTS = {("clinical_events", "snomedct_code"): (DIABETES, UNKNOWN)}
WISHES = Wishes((PEOPLE, EVENTS, REGISTRATIONS), LISTS, FIRST, LAST)
DATE = datetime.date


def rows_of(folder, schema, engine):
    """Every row as the sources read it."""
    source = Tables(open_folder(folder))
    names = [column.name for column in schema.columns]
    source.check(engine, schema, names)
    return engine.execute(
        f"SELECT * FROM ({source.relation(engine, schema, names)}) ORDER BY ALL"
    )


def test_csv_holds_the_same_records(tmp_path):
    for form in ("parquet", "csv"):
        write_trial(tmp_path / form, WISHES, patients=300, manner=Manner(form=form))
    assert {path.suffix for path in (tmp_path / "csv").iterdir()} == {".csv"}
    with Engine(spill=tmp_path) as engine:
        for schema in WISHES.tables:
            stored = rows_of(tmp_path / "parquet", schema, engine)
            assert len(stored) > 100
            assert rows_of(tmp_path / "csv", schema, engine) == stored


def test_another_form_is_refused():
    with pytest.raises(ArgumentsError, match="parquet or csv, got 'xlsx'"):
        Manner(form="xlsx")


def test_the_page_in_a_folder_is_no_table(tmp_path):
    write_trial(
        tmp_path / "t", WISHES, patients=50, manner=Manner(readme="# Made up\n")
    )
    assert (tmp_path / "t" / "README.md").read_text(encoding="utf-8") == "# Made up\n"
    found = open_folder(tmp_path / "t")
    assert (
        set(found.tables) == {"patients", "clinical_events", "practice_registrations"}
        and not found.unread
    )


# Damage


def test_dirty_records_are_damaged_and_can_be_read(tmp_path):
    for name, dirty in (("clean", False), ("dirty", True)):
        write_trial(tmp_path / name, WISHES, patients=3_000, manner=Manner(dirty=dirty))
    clean, dirty = (
        read(tmp_path / name, "clinical_events") for name in ("clean", "dirty")
    )
    assert (dirty.date == "1900-01-01").any() and not (clean.date == "1900-01-01").any()
    assert (dirty.date > "2090-01-01").any()
    assert (
        dirty.snomedct_code.str.endswith(" ").any()
        and not clean.snomedct_code.str.endswith(" ").any()
    )
    assert len(dirty) > 1.005 * len(clean)
    assert read(tmp_path / "dirty", "patients").patient_id.is_unique
    with Engine(spill=tmp_path) as engine:
        assert len(rows_of(tmp_path / "dirty", EVENTS, engine)) == len(dirty)
        # its words are still those allowed
        assert len(rows_of(tmp_path / "dirty", REGISTRATIONS, engine)) > 3_000


def test_damage_is_the_same_each_time(tmp_path):
    for name in "ab":
        write_trial(tmp_path / name, WISHES, patients=300, manner=Manner(dirty=True))
    files = [
        (path.name, path.read_bytes()) for path in sorted((tmp_path / "a").iterdir())
    ]
    assert files == [
        (path.name, path.read_bytes()) for path in sorted((tmp_path / "b").iterdir())
    ]


# Examples

ONE, OTHER = 7, 9
EXAMPLES = {
    "patients": pa.table(
        {
            "patient_id": [ONE, OTHER],
            "date_of_birth": [DATE(1950, 3, 1), DATE(1980, 7, 1)],
            "sex": ["female", "male"],
            "date_of_death": pa.array([None, DATE(2021, 5, 4)], pa.date32()),
        }
    ),
    "clinical_events": pa.table(
        {
            "patient_id": [ONE, ONE],
            "date": [DATE(2020, 1, 10), DATE(2020, 2, 14)],
            "snomedct_code": ["44054006", "24184005"],
            "ctv3_code": pa.nulls(2, pa.string()),
            "numeric_value": [None, 140.0],
            "consultation_id": [1, 2],
        }
    ),
}


@pytest.fixture(scope="module")
def multiplied(tmp_path_factory):
    folder = tmp_path_factory.mktemp("examples") / "t"
    write_trial(folder, WISHES, patients=1_000, manner=Manner(examples=EXAMPLES))
    return {schema.name: read(folder, schema.name) for schema in WISHES.tables}


def test_the_first_people_are_the_examples_themselves(multiplied):
    people, events = multiplied["patients"], multiplied["clinical_events"]
    assert list(people.date_of_birth[:2]) == [
        pd.Timestamp("1950-03-01"),
        pd.Timestamp("1980-07-01"),
    ]
    first = events[events.patient_id == 1]
    assert list(first.date) == [pd.Timestamp("2020-01-10"), pd.Timestamp("2020-02-14")]
    assert list(first.numeric_value.dropna()) == [140.0]


def test_every_example_is_there_as_often_and_tells_its_story(multiplied):
    people, events = multiplied["patients"], multiplied["clinical_events"]
    assert (people.sex == "female").sum() == 500
    assert (
        people.date_of_birth.dt.day == 1
    ).all() and people.date_of_birth.nunique() > 10
    assert (events.patient_id % 2 == 1).all() and len(events) == 1_000
    wide = events.pivot(index="patient_id", columns="snomedct_code", values="date")
    assert set((wide["24184005"] - wide["44054006"]).dt.days) == {35}
    assert wide["44054006"].nunique() == 9
    values = events.numeric_value.dropna()
    assert 3 < values.std() < 12 and (values == values.round()).all()


def test_other_tables_are_drawn_for_the_same_people(multiplied):
    spells = multiplied["practice_registrations"].merge(
        multiplied["patients"], on="patient_id"
    )
    assert len(spells) > 900
    assert (spells.start_date >= spells.date_of_birth).all()


# A site's shape


def write_totals(path, lines):
    path.write_text("what,value,people\n" + "\n".join(lines) + "\n", encoding="utf-8")
    return read_shape(path)


def test_people_are_as_the_totals_of_a_site(tmp_path):
    lines = [
        "age,0-17,100",
        "age,18-64,200",
        "age,65+,700",
        "sex,female,900",
        "sex,male,100",
    ]
    shape = write_totals(
        tmp_path / "totals.csv",
        [*lines, "region,London,1000", "condition,diabetes,300"],
    )
    write_trial(tmp_path / "t", WISHES, patients=4_000, manner=Manner(shape=shape))
    people, spells = (
        read(tmp_path / "t", "patients"),
        read(tmp_path / "t", "practice_registrations"),
    )
    age = (pd.Timestamp(FIRST) - people.date_of_birth).dt.days / 365.25
    assert (
        0.64 < (age >= 65).mean() < 0.74
        and 0.86 < (people.sex == "female").mean() < 0.94
    )
    assert (spells.practice_nuts1_region_name == "London").mean() > 0.95
    events = read(tmp_path / "t", "clinical_events")
    ill = events[events.snomedct_code.isin(DIABETES)].patient_id.nunique()
    assert 0.24 < ill / len(people) < 0.33


def test_a_release_gives_its_totals(tmp_path):
    text = (
        "measure,interval_start,interval_end,group_by,group,numerator,denominator,status\n"
        'a,2019-04-01,2019-04-07,sex,"[""female""]",5,100,released\n'
        'a,2019-04-08,2019-04-14,sex,"[""female""]",5,300,released\n'
        'a,2019-04-08,2019-04-14,sex,"[""male""]",5,100,released\n'
        'b,2019-04-08,2019-04-14,has_diabetes_type_2,"[""True""]",5,40,released\n'
        'b,2019-04-08,2019-04-14,age_band,"[""0-39""]",5,[REDACTED],redacted\n'
    )
    (tmp_path / "measures.csv").write_text(text, encoding="utf-8")
    shape = read_shape(tmp_path / "measures.csv")
    assert list(shape.sexes)[:2] == [300, 100]
    assert shape.conditions == {"diabetes": 0.1}


@pytest.mark.parametrize(
    "text, said",
    [
        ("a,b\n1,2\n", "has the columns a, b; a shape is"),
        ("what,value,people\nsex,female,many\n", "line 2: people is 'many'"),
        ("what,value,people\nsex,F,10\n", "none of F is one of female"),
        ("what,value,people\nsex,female,10\ncondition,gout,1\n", "no condition 'gout'"),
        ("what,value,people\ncondition,diabetes,1\n", "not out of how many"),
        ("what,value,people\n", "no totals"),
    ],
)
def test_totals_that_cannot_be_meant_are_refused(tmp_path, text, said):
    (tmp_path / "totals.csv").write_text(text, encoding="utf-8")
    with pytest.raises(ArgumentsError, match=said):
        read_shape(tmp_path / "totals.csv")


# What was guessed


def test_what_was_guessed_is_said(tmp_path):
    lists = {("clinical_events", "snomedct_code"): (DIABETES, UNKNOWN, OXIMETRY)}
    tables = (EVENTS, SHIPPED["appointments"], PEOPLE)
    wishes = Wishes(
        tables,
        lists,
        FIRST,
        LAST,
        {("clinical_events", "numeric_value"): {UNKNOWN[0]: (140.0,)}},
    )
    said = "\n".join(
        guesses(wishes, {frozenset(UNKNOWN): "codelists/odd.csv"}, Manner())
    )
    assert "codelists/odd.csv: taken for something that is done" in said
    assert "numbers are spread around 140" in said
    assert "appointments: 5.4 rows per person and year" in said
    assert "more often than it was" in said
    assert "44054006" not in said
    page = readme(10, wishes, said.splitlines(), Manner(dirty=True))
    assert (
        page.startswith("# Made-up records of 10 people")
        and said.splitlines()[0] in page
    )
    assert "damaged on purpose" in page
