"""Every way that files of a table can lie, in every form: kinds × forms, generated.

A new form (`tests/lib/table_forms.py`) meets every kind here by itself.
"""

import datetime
import math

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from extractors.engine import Engine
from extractors.model.schema import Column, TableSchema
from extractors.sources import open_source
from tests.lib.record_files import CANARY, EVENTS, check, read, refused
from tests.lib.table_forms import FORMS, LAKES, WAYS, one_file

DAY = datetime.date
COLUMNS = [
    "date",
    "snomedct_code",
    "numeric_value",
    "consultation_id",
    "flag",
    "status",
]
ROWS = [
    (1, DAY(2020, 1, 31), "444814009", 1.5, 10, True, "open"),
    (1, DAY(1900, 1, 1), "900000000000207008", -2.0, -3, False, "closed"),
    (2, None, None, None, None, None, None),
    (2**40, DAY(2020, 1, 31), "444814009", 0.1, 0, True, "7"),
]
TEXT_FORMS = [
    form
    for form, (ending, _) in FORMS.items()
    if ending.startswith((".csv", ".tsv", ".txt"))
]
TYPED_FORMS = [form for form in FORMS if form not in TEXT_FORMS]


# of a table that nobody else knows, so that every text may stand in it
FREE = TableSchema(
    "t", tuple(Column(name, EVENTS.column(name).type) for name in COLUMNS)
)


def made(rows: list[tuple]) -> pa.Table:
    types = [
        pa.int64(),
        pa.date32(),
        pa.string(),
        pa.float64(),
        pa.int64(),
        pa.bool_(),
        pa.string(),
    ]
    columns = zip(*rows, strict=True) if rows else [()] * len(types)
    arrays = [
        pa.array(column, type_) for column, type_ in zip(columns, types, strict=True)
    ]
    return pa.table(arrays, names=["patient_id", *COLUMNS])


def by_words(rows: list[tuple]) -> list[tuple]:
    return sorted(rows, key=repr)


@pytest.fixture
def engine():
    with Engine() as engine:
        yield engine


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("way", WAYS)
def test_every_way_in_every_form(engine, tmp_path, way, form):
    WAYS[way](made(ROWS), tmp_path, "clinical_events", form)
    assert check(engine, tmp_path, columns=COLUMNS) == []
    assert by_words(read(engine, tmp_path, columns=COLUMNS)) == by_words(ROWS)
    files = open_source(str(tmp_path)).files()
    assert files and not any(
        file.name[0] in "._" or file.suffix == ".crc" for file in files
    )


@pytest.mark.parametrize("form", FORMS)
def test_many_small_parts_are_as_few_large_ones(engine, tmp_path, form, monkeypatch):
    monkeypatch.setattr("extractors.sources.formats.MANY", 3)
    WAYS["a date in the names of folders"](
        made(ROWS), tmp_path, "clinical_events", form
    )
    assert check(engine, tmp_path, columns=COLUMNS) == []
    assert by_words(read(engine, tmp_path, columns=COLUMNS)) == by_words(ROWS)


@pytest.mark.parametrize("form", FORMS)
def test_a_part_may_lack_a_column(engine, tmp_path, form):
    ending, write = FORMS[form]
    (tmp_path / "clinical_events").mkdir()
    write(
        made(ROWS[:2]).drop_columns(["status"]),
        tmp_path / "clinical_events" / f"part-0{ending}",
    )
    write(made(ROWS[2:]), tmp_path / "clinical_events" / f"part-1{ending}")
    expected = [(*row[:-1], None) for row in ROWS[:2]] + ROWS[2:]
    assert by_words(read(engine, tmp_path, columns=COLUMNS)) == by_words(expected)


@pytest.mark.parametrize("lake", LAKES)
def test_tables_with_a_log_of_their_own(engine, tmp_path, lake):
    LAKES[lake](made(ROWS), tmp_path / "clinical_events")
    assert check(engine, tmp_path, columns=COLUMNS) == []
    assert by_words(read(engine, tmp_path, columns=COLUMNS)) == by_words(ROWS)


# What is refused, by its name


@pytest.mark.parametrize("form", FORMS)
def test_parts_of_several_forms(engine, tmp_path, form):
    ending, write = FORMS[form]
    other = "Parquet" if form in TEXT_FORMS else "CSV"
    (tmp_path / "clinical_events").mkdir()
    write(made(ROWS), tmp_path / "clinical_events" / f"part-0{ending}")
    FORMS[other][1](
        made(ROWS), tmp_path / "clinical_events" / f"part-1{FORMS[other][0]}"
    )
    message = refused(check, engine, tmp_path, columns=COLUMNS)
    assert (
        f"part-0{ending}" in message
        and f"part-1{FORMS[other][0]}" in message
        and "different forms" in message
    )


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    ("stranger", "said"),
    [
        ("part-1.parquet.bak", "of a form that its name does not tell"),
        ("part-1", "of a form that its name does not tell"),
        ("part-1.xlsx", "an Excel workbook"),
        ("part-1.json", "a JSON file"),
    ],
)
def test_a_file_that_may_hold_rows_is_not_passed_over(
    engine, tmp_path, form, stranger, said
):
    ending, write = FORMS[form]
    (tmp_path / "clinical_events").mkdir()
    write(made(ROWS), tmp_path / "clinical_events" / f"part-0{ending}")
    (tmp_path / "clinical_events" / stranger).write_text(CANARY, encoding="utf-8")
    message = refused(check, engine, tmp_path, columns=COLUMNS)
    assert f"clinical_events/: {stranger} is {said}" in message


@pytest.mark.parametrize("form", TYPED_FORMS)
def test_parts_that_hold_a_column_in_several_types(engine, tmp_path, form):
    ending, write = FORMS[form]
    (tmp_path / "clinical_events").mkdir()
    table = made(ROWS)
    place = table.column_names.index("snomedct_code")
    codes = pa.array([444814009] * len(ROWS), pa.decimal128(20, 2))
    write(table, tmp_path / "clinical_events" / f"part-0{ending}")
    write(
        table.set_column(place, "snomedct_code", codes),
        tmp_path / "clinical_events" / f"part-1{ending}",
    )
    message = refused(check, engine, tmp_path, columns=COLUMNS)
    assert f"snomedct_code is string in clinical_events/part-0{ending}" in message
    assert f"decimal128(20, 2) in clinical_events/part-1{ending}" in message
    assert check(engine, tmp_path, columns=["date"]) == []


@pytest.mark.parametrize("form", FORMS)
def test_a_part_that_is_no_such_file_is_named(engine, tmp_path, form):
    ending, write = FORMS[form]
    (tmp_path / "clinical_events" / "a").mkdir(parents=True)
    write(made(ROWS), tmp_path / "clinical_events" / "a" / f"part-0{ending}")
    (tmp_path / "clinical_events" / "a" / f"part-1{ending}").write_bytes(
        b"PK\x03\x04" + CANARY.encode() * 9
    )
    message = refused(check, engine, tmp_path, columns=COLUMNS)
    assert f"clinical_events/a/part-1{ending}: it is " in message
    assert "a ZIP archive or an Excel workbook" in message or "packed" in message


@pytest.mark.parametrize(
    "name", ["clinical_events.xlsx", "clinical_events.CSV.ZIP", "clinical_events.json"]
)
def test_a_table_in_a_form_that_is_not_read(engine, tmp_path, name):
    one_file(made(ROWS), tmp_path, "patients", "CSV")
    (tmp_path / name).write_text(CANARY, encoding="utf-8")
    message = refused(check, engine, tmp_path, columns=COLUMNS)
    assert (
        message.startswith(f"{name} is a")
        and "write it as Parquet, Arrow or CSV" in message
    )


def test_a_folder_of_nothing_that_is_read(engine, tmp_path):
    one_file(made(ROWS), tmp_path, "patients", "CSV")
    (tmp_path / "clinical_events").mkdir()
    (tmp_path / "clinical_events" / "part-0").write_text(CANARY, encoding="utf-8")
    assert "clinical_events/: part-0 is of a form" in refused(
        check, engine, tmp_path, columns=COLUMNS
    )


def test_a_link_to_a_folder_above_is_followed_once(engine, tmp_path):
    WAYS["parts in any depth"](made(ROWS), tmp_path, "clinical_events", "Parquet")
    (tmp_path / "clinical_events" / "deeper" / "back").symlink_to(
        tmp_path / "clinical_events"
    )
    assert len(read(engine, tmp_path, columns=COLUMNS)) == len(ROWS)


# Any table, in any form


TEXTS = st.text(
    st.characters(
        codec="utf-8", exclude_characters="\0\ufeff", exclude_categories=["Cs"]
    ),
    min_size=1,
)
ROW = st.tuples(
    st.integers(0, 2**62),
    st.none() | st.dates(DAY(1000, 1, 1), DAY(9999, 12, 31)),
    st.none() | st.from_regex(r"[1-9][0-9]{5,17}", fullmatch=True),
    st.none()
    | st.floats(-1e9, 1e9).filter(
        lambda value: not math.isclose(value, 0) or value == 0
    ),
    st.none() | st.integers(-(2**63), 2**63 - 1),
    st.none() | st.booleans(),
    st.none() | TEXTS,
)


@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(rows=st.lists(ROW, min_size=1, max_size=8))
@pytest.mark.parametrize("form", [*FORMS, *LAKES])
def test_any_table_is_read_as_it_was_written(tmp_path_factory, form, rows):
    # Its writer puts no quotes around a CR, which so ends a line.
    assume(form != "tabs" or not any("\r" in (row[-1] or "") for row in rows))
    folder = tmp_path_factory.mktemp("records")
    if form in LAKES:
        LAKES[form](made(rows), folder / "t")
    else:
        one_file(made(rows), folder, "t", form)
    with Engine() as engine:
        found = read(engine, folder, FREE, COLUMNS)
    assert by_words(found) == by_words(rows)
