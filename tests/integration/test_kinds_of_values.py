"""Every kind of value in every kind of records: it means the same, or is refused or
warned of with its column.

A new format is a line in FORMATS, a new kind of value one in KINDS; each meets all
others.
"""

import datetime
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from decimal import Decimal
from importlib.util import find_spec
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet
import pytest

from extractors.engine import Engine
from extractors.errors import RecordsError
from extractors.model.schema import Column, TableSchema
from extractors.model.types import CTV3Code, ICD10Code, SNOMEDCTCode
from extractors.planner.needs import TableNeed
from extractors.sources import open_source
from tests.lib.postgres_records import coded
from tests.lib.postgres_server import Postgres, postgres_for_tests
from tests.lib.record_files import write_arrow, write_csv, write_duckdb, write_parts

DAY = datetime.date
GOOD, OTHER = "444814009", "22298006"
COLUMNS: dict[str, tuple[str, type]] = {
    "snomed": ("snomedct_code", SNOMEDCTCode),
    "ctv3": ("ctv3_code", CTV3Code),
    "date": ("date", DAY),
}


@dataclass(frozen=True)
class Kind:
    """Values of one column, and what becomes of them."""

    # which of COLUMNS
    column: str
    # what is stored
    stored: pa.Array
    # what is read; None where the records are refused
    read: list | None
    # a part of what is said, with the column; empty: nothing is said
    said: str = ""
    # whether only files with types can hold it
    typed: bool = False

    @property
    def refused(self) -> bool:
        return self.read is None


def texts(*values: str | None) -> pa.Array:
    return pa.array(values, pa.string())


def moments(unit: str, *values: int, zone: str | None = None) -> pa.Array:
    return pa.array(values, pa.timestamp(unit, zone))


SECOND = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}
YEAR_10000 = 253_402_300_800  # seconds since 1970
JULY = 1_593_561_600  # midnight of 1 July 2020, UTC
KINDS: dict[str, Kind] = {
    "codes": Kind("snomed", texts(GOOD, OTHER, None), [GOOD, OTHER, None]),
    "blanks behind": Kind(
        "snomed", texts(GOOD + "  ", OTHER), [GOOD, OTHER], "blanks around them"
    ),
    "blanks before": Kind(
        "snomed", texts("  " + GOOD, OTHER), [GOOD, OTHER], "blanks around them"
    ),
    "a tab": Kind(
        "snomed", texts(GOOD + "\t", OTHER), [GOOD, OTHER], "blanks around them"
    ),
    "a no-break blank": Kind(
        "snomed", texts("\xa0" + GOOD, OTHER), [GOOD, OTHER], "blanks around them"
    ),
    "a zero-width blank": Kind(
        "snomed", texts(GOOD + "\u200b", OTHER), [GOOD, OTHER], "blanks around them"
    ),
    "quotes": Kind(
        "snomed", texts(f"'{GOOD}'", f"'{OTHER}'"), [GOOD, OTHER], "codes in quotes; "
    ),
    "some quotes": Kind(
        "snomed", texts(f"'{GOOD}'", OTHER), None, "in quotes, beside others"
    ),
    "a lone quote": Kind("snomed", texts(f"'{GOOD}", OTHER), None, "a quote in them"),
    "a control character": Kind(
        "snomed", texts("4448\x0714009", OTHER), None, "cannot be seen"
    ),
    "decimals": Kind(
        "snomed", texts(GOOD + ".00", OTHER), None, "spreadsheet (E+ or .0)"
    ),
    "E and plus": Kind(
        "snomed", texts("4.44814009E+08", OTHER), None, "spreadsheet (E+ or .0)"
    ),
    "E": Kind("snomed", texts("444814009E0", OTHER), None, "(E, as in 1.5E7)"),
    "dot and E": Kind(
        "snomed", texts("4.44814009E8", OTHER), None, "spreadsheet (E+ or .0)"
    ),
    "thousands": Kind(
        "snomed", texts("444,814,009", OTHER), None, "thousands separators"
    ),
    "a leading zero": Kind(
        "snomed", texts("0" + GOOD, OTHER), ["0" + GOOD, OTHER], "leading zero"
    ),
    "letters": Kind(
        "snomed", texts("EMISNQ1", OTHER), ["EMISNQ1", OTHER], "with letters"
    ),
    "a wrong digit": Kind(
        "snomed", texts("444814008", OTHER), ["444814008", OTHER], "wrong check digit"
    ),
    "lost dots": Kind(
        "ctv3", texts("2469", "246.."), ["2469", "246.."], "lost their dots"
    ),
    "whole numbers": Kind("snomed", pa.array([444814009, 22298006]), [GOOD, OTHER]),
    "floats": Kind("snomed", pa.array([444814009.0, 22298006.0]), None, "", typed=True),
    **{
        f"{nothing!r} for nothing": Kind(
            "snomed", texts(nothing, OTHER), [None, OTHER], "texts for nothing"
        )
        for nothing in ("NA", "NULL", "nan", "None", r"\N", "-", "N/A")
    },
    "dates": Kind("date", pa.array([DAY(2020, 7, 1), None]), [DAY(2020, 7, 1), None]),
    "dates as texts": Kind(
        "date", texts("2020-07-01", "0001-01-01"), [DAY(2020, 7, 1), DAY(1, 1, 1)]
    ),
    "the year 0 in texts": Kind(
        "date", texts("0000-12-31", "2020-07-01"), None, "not dates"
    ),
    "the year 10000 in texts": Kind(
        "date", texts("10000-01-01", "2020-07-01"), None, "not dates"
    ),
    "slashes": Kind("date", texts("2020/07/01", "2020-07-01"), None, "not dates"),
    **{
        f"midnights in {unit}{' ' + zone if zone else ''}": Kind(
            "date", moments(unit, JULY * size, zone=zone), [DAY(2020, 7, 1)], typed=True
        )
        for unit, size in SECOND.items()
        for zone in (None, "UTC", "Europe/London")
    },
    **{
        f"a time of day in {unit}{' ' + zone if zone else ''}": Kind(
            "date",
            moments(unit, JULY * size + size, zone=zone),
            None,
            "time of day",
            typed=True,
        )
        for unit, size in SECOND.items()
        for zone in (None, "UTC")
    },
    "a nanosecond of a day": Kind(
        "date", moments("ns", JULY * 10**9 + 1), None, "time of day", typed=True
    ),
    **{
        f"the year 10000 in {unit}{' ' + zone if zone else ''}": Kind(
            "date",
            moments(unit, YEAR_10000 * SECOND[unit], zone=zone),
            None,
            "outside the years",
            typed=True,
        )
        for unit in ("s", "ms", "us")
        for zone in (None, "UTC")
    },
    "1 BC": Kind(
        "date",
        moments("us", -62_135_683_200 * 10**6),
        None,
        "outside the years",
        typed=True,
    ),
}


def _csv(ending: str) -> Callable[[pa.Table, Path], str]:
    def write(table: pa.Table, folder: Path) -> str:
        write_csv(table, folder / f"clinical_events{ending}")
        return str(folder)

    return write


def _parquet(table: pa.Table, folder: Path) -> str:
    pa.parquet.write_table(table, folder / "clinical_events.parquet")
    return str(folder)


def _arrow(table: pa.Table, folder: Path) -> str:
    write_arrow(table, folder / "clinical_events.arrow")
    return str(folder)


def _parts(table: pa.Table, folder: Path) -> str:
    write_parts(table, folder / "clinical_events")
    return str(folder)


def _adbc_duckdb(table: pa.Table, folder: Path) -> str:
    return f"adbc+duckdb://{_duckdb(table, folder)}"


def _adbc_sqlite(table: pa.Table, folder: Path) -> str:
    """Dates as texts, as everybody writes them to SQLite."""
    rows = [
        (row["patient_id"], _plain(row[table.column_names[1]]))
        for row in table.to_pylist()
    ]
    with closing(sqlite3.connect(folder / "records.db")) as connection, connection:
        type_ = "INTEGER" if pa.types.is_integer(table.schema[1].type) else "TEXT"
        connection.execute(
            "CREATE TABLE clinical_events (patient_id INTEGER, "
            f"{table.column_names[1]} {type_})"
        )
        connection.executemany("INSERT INTO clinical_events VALUES (?, ?)", rows)
    return f"adbc+sqlite://{folder / 'records.db'}"


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, DAY) else value


def _duckdb(table: pa.Table, folder: Path) -> str:
    write_duckdb(table, folder / "records.duckdb")
    return str(folder / "records.duckdb")


FORMATS: dict[str, Callable[[pa.Table, Path], str]] = {
    "csv": _csv(".csv"),
    "csv.gz": _csv(".csv.gz"),
    "parquet": _parquet,
    "parts": _parts,
    "arrow": _arrow,
    "duckdb": _duckdb,
}
ADBC = {"adbc sqlite": _adbc_sqlite, "adbc duckdb": _adbc_duckdb}
if find_spec("sqlglot") and find_spec("adbc_driver_sqlite"):
    FORMATS |= ADBC
WITHOUT_TYPES = {"csv", "csv.gz", "adbc sqlite"}


def _pairs() -> Iterator[tuple[str, str]]:
    for kind, values in KINDS.items():
        for form in FORMATS:
            if not (values.typed and form in WITHOUT_TYPES):
                yield kind, form


@pytest.fixture
def engine() -> Iterator[Engine]:
    with Engine() as engine:
        yield engine


@pytest.fixture(scope="module")
def server() -> Iterator[Postgres]:
    with postgres_for_tests() as server:
        yield server


def _table(kind: Kind) -> pa.Table:
    name, _ = COLUMNS[kind.column]
    return pa.table(
        {
            "patient_id": pa.array(range(1, len(kind.stored) + 1), pa.int64()),
            name: kind.stored,
        }
    )


def _schema(kind: Kind) -> TableSchema:
    name, type_ = COLUMNS[kind.column]
    return TableSchema("clinical_events", (Column(name, type_),))


def _look(engine: Engine, where: str, kind: Kind) -> None:
    """Look at records and read them, as a snapshot does."""
    schema, (name, _) = _schema(kind), COLUMNS[kind.column]
    source = open_source(where)
    if kind.refused:
        with pytest.raises(RecordsError) as raised:
            source.check(engine, schema, [name])
        assert name in raised.value.message and kind.said in raised.value.message
        return
    checked = source.check(engine, schema, [name])
    for clean in (checked.clean_of(schema.name), ()):
        relation = source.relation(engine, schema, [name], clean)
        assert [
            row[1] for row in engine.execute(f"SELECT * FROM ({relation}) ORDER BY 1")
        ] == kind.read
    said = [warning for warning in checked.said if f"column {name}" in warning]
    assert len(said) == (1 if kind.said else 0)
    assert all(kind.said in warning and "some rows are" in warning for warning in said)


@pytest.mark.parametrize(("kind", "form"), list(_pairs()))
def test_a_kind_of_value_in_a_format(
    engine: Engine, tmp_path: Path, kind: str, form: str
):
    _look(engine, FORMATS[form](_table(KINDS[kind]), tmp_path), KINDS[kind])


# What PostgreSQL's timestamps cannot hold, and what its driver does not write.
NOT_IN_POSTGRES = {kind for kind in KINDS if " in ns" in kind or " nanosecond" in kind}


@pytest.mark.parametrize(
    "kind", [kind for kind in KINDS if kind not in NOT_IN_POSTGRES]
)
def test_a_kind_of_value_in_a_database(engine: Engine, server: Postgres, kind: str):
    server.psql("DROP TABLE IF EXISTS clinical_events")
    server.load("clinical_events", _table(KINDS[kind]))
    _look(engine, server.address(), KINDS[kind])


MENDED = [
    kind
    for kind, values in KINDS.items()
    if values.column == "snomed" and values.read and GOOD in values.read
]


@pytest.mark.parametrize("indexed", [False, True])
@pytest.mark.parametrize("kind", MENDED)
def test_a_database_that_is_asked_for_a_code_gives_those_that_mean_it(
    engine, server, kind: str, indexed: bool
):
    values = KINDS[kind]
    server.psql("DROP TABLE IF EXISTS clinical_events")
    server.load("clinical_events", _table(values))
    if indexed:
        server.psql(
            "CREATE INDEX ON clinical_events (snomedct_code); ANALYZE clinical_events"
        )
    schema = _schema(values)
    wanted = TableNeed(
        schema, ("snomedct_code",), ((coded(schema, "snomedct_code", GOOD),),), ""
    )
    source = open_source(server.address(), needs=[wanted])
    source.check(engine, schema, ["snomedct_code"])
    relation = source.relation(engine, schema, ["snomedct_code"])
    asked = f"SELECT patient_id FROM ({relation}) WHERE snomedct_code = '{GOOD}'"
    assert engine.execute(asked) == [((values.read or []).index(GOOD) + 1,)]


@pytest.mark.parametrize("form", [form for form in ADBC if form in FORMATS])
@pytest.mark.parametrize("kind", MENDED)
def test_any_database_that_is_asked_for_a_code_gives_those_that_mean_it(
    engine: Engine, tmp_path: Path, kind: str, form: str
):
    values = KINDS[kind]
    schema = _schema(values)
    wanted = TableNeed(
        schema, ("snomedct_code",), ((coded(schema, "snomedct_code", GOOD),),), ""
    )
    source = open_source(ADBC[form](_table(values), tmp_path), needs=[wanted])
    source.check(engine, schema, ["snomedct_code"])
    relation = source.relation(engine, schema, ["snomedct_code"])
    asked = f"SELECT patient_id FROM ({relation}) WHERE snomedct_code = '{GOOD}'"
    assert engine.execute(asked) == [((values.read or []).index(GOOD) + 1,)]


@pytest.mark.parametrize("type_", ["numeric", "numeric(20, 2)", "numeric(18, 0)"])
def test_numbers_of_a_database_are_codes_exactly(
    engine: Engine, server: Postgres, type_: str
):
    server.psql(
        "DROP TABLE IF EXISTS clinical_events;"
        f"CREATE TABLE clinical_events (patient_id bigint, snomedct_code {type_});"
        f"INSERT INTO clinical_events VALUES (1, {GOOD}), (2, {OTHER}), (3, NULL)"
    )
    _look(engine, server.address(), Kind("snomed", texts(), [GOOD, OTHER, None]))


def test_a_folder_with_codes_as_decimals_and_as_texts(engine: Engine, tmp_path: Path):
    folder = tmp_path / "clinical_events"
    folder.mkdir()
    decimals = pa.array([Decimal("444814009.00")], pa.decimal128(20, 2))
    pa.parquet.write_table(
        pa.table({"patient_id": [1], "snomedct_code": decimals}),
        folder / "part.0.parquet",
    )
    pa.parquet.write_table(
        pa.table({"patient_id": [2], "snomedct_code": [OTHER]}),
        folder / "part.1.parquet",
    )
    _look(
        engine,
        str(tmp_path),
        Kind("snomed", texts(), None, "write all parts with one type"),
    )


def test_icd_10_with_dots_is_warned_of(engine: Engine, tmp_path: Path):
    schema = TableSchema(
        "ons_deaths", (Column("underlying_cause_of_death", ICD10Code),), one_row=True
    )
    (tmp_path / "ons_deaths.csv").write_text(
        "patient_id,underlying_cause_of_death\n1,I10.9\n2,I109\n", encoding="utf-8"
    )
    (warning,) = (
        open_source(str(tmp_path))
        .check(engine, schema, ["underlying_cause_of_death"])
        .said
    )
    assert "with a dot" in warning
