"""Whole runs on a real PostgreSQL: the numbers of the files that it was filled from,
and a password nowhere.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from extractors.engine import Engine
from extractors.model import nodes
from extractors.model.types import SNOMEDCTCode
from extractors.planner.needs import TableNeed
from extractors.sources import open_source
from extractors.sources.omop.wanted import wanted_of
from extractors.sources.postgresql import Database, parse_address
from tests.flows.commands import Command
from tests.flows.shelves import Shelves, read
from tests.lib.omop_dump import CORE, write_dump
from tests.lib.postgres_server import Postgres, postgres_for_tests

STUDY = Path(__file__).parent / "definitions" / "every_kind.py"
VIEWS = sorted(CORE)


@pytest.fixture(scope="module")
def server() -> Iterator[Postgres]:
    with postgres_for_tests() as server:
        yield server


@pytest.fixture(scope="module")
def records(
    server: Postgres, cohortflow: Command, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """A folder of made-up records, whose tables are in the server's database as
    well.
    """
    folder = tmp_path_factory.mktemp("trial") / "records"
    cohortflow("trial", STUDY, "--patients", 300, "--to", folder).well()
    for path in folder.glob("*.parquet"):
        server.load(path.stem, read(path))
    return folder


@pytest.fixture(scope="module")
def shelves(
    server: Postgres,
    cohortflow: Command,
    records: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> dict[str, Shelves]:
    """What became of the records in the folder and of those in the database."""
    places = {"folder": str(records), "database": server.address()}
    workspaces = {name: tmp_path_factory.mktemp(name) for name in places}
    for name, where in places.items():
        arguments = ("run", STUDY, "--records", where, "--workspace", workspaces[name])
        cohortflow(*arguments, **server.environment, COHORTFLOW_WORKERS=1).well()
    return {
        name: Shelves(workspace, "every_kind") for name, workspace in workspaces.items()
    }


def test_raw_counts_and_released_files_are_the_same(shelves):
    ours, theirs = (shelves[name].tables("counts") for name in ("folder", "database"))
    assert len(ours) == 3 and ours.keys() == theirs.keys()
    assert all(table.equals(theirs[period]) for period, table in ours.items())
    released = [shelves[name].numbers() for name in ("folder", "database")]
    manifests = [
        shelves[name].released()["manifest.json"] for name in ("folder", "database")
    ]
    assert released[0] == released[1] and "measures.csv" in released[0]
    assert b'"kind": "postgresql"' in manifests[1] and b"@" not in manifests[1]


def test_only_rows_with_the_codes_of_the_study_were_sent(server, shelves):
    sent = [
        line for line in server.log.splitlines() if 'COPY (SELECT "patient_id"' in line
    ]
    events = [line for line in sent if '."clinical_events"' in line]
    assert events and all("IN ('" in line and "413606001" in line for line in events)


@pytest.mark.slow
def test_a_run_finds_work_only_if_the_records_have_changed(server, cohortflow, shelves):
    shelf = shelves["database"]
    arguments = (
        "run",
        STUDY,
        "--records",
        server.address(),
        "--workspace",
        shelf.workspace,
        "--json",
    )
    server.psql(
        "CREATE TABLE kept AS SELECT * FROM patients; UPDATE patients SET sex = 'male'"
    )
    try:
        again = (
            cohortflow(*arguments, **server.environment, COHORTFLOW_WORKERS=1)
            .well()
            .json
        )
        assert len(again["computed"]) == 3
        counted = [
            row
            for each in again["periods"]
            for row in read(shelf.workspace / each["counts"]).to_pylist()
        ]
        assert {row["sex"] for row in counted if row["sex"]} == {"male"}
    finally:
        server.psql(
            "TRUNCATE patients; INSERT INTO patients SELECT * FROM kept; DROP TABLE "
            "kept"
        )
    undone = (
        cohortflow(*arguments, **server.environment, COHORTFLOW_WORKERS=1).well().json
    )
    assert undone["computed"] == []  # the first results are those of these very records
    assert (
        shelf.released()["measures.csv"] == shelves["folder"].released()["measures.csv"]
    )


def test_plan_status_and_check_do_not_need_the_server(
    server, cohortflow, shelves, tmp_path
):
    away = server.address().replace(f":{server.port}", ":1")
    new = ("--records", away, "--workspace", tmp_path)
    assert (
        "could not be looked at from here"
        in cohortflow("check", STUDY, *new).well().out
    )
    periods = cohortflow("plan", STUDY, *new, "--json").well().json["periods"]
    assert {period["why"] for period in periods} == {"never run"}
    known = (
        "--records",
        server.address(),
        "--workspace",
        shelves["database"].workspace,
        "--json",
    )
    before = len(server.log)
    plan = cohortflow("plan", STUDY, *known).well().json
    status = cohortflow("status", STUDY, *known[2:]).well().json
    assert {period["state"] for period in plan["periods"] + status["periods"]} == {
        "done"
    }
    assert "statement" not in server.log[before:]
    elsewhere = (
        "--records",
        away,
        "--workspace",
        shelves["database"].workspace,
        "--json",
    )
    periods = cohortflow("plan", STUDY, *elsewhere).well().json["periods"]
    assert {period["why"] for period in periods} == {"records not looked at"}


@pytest.mark.slow
def test_plan_and_check_ask_for_names_and_types_alone(server, cohortflow, tmp_path):
    server.psql("CREATE DATABASE empty")
    before = len(server.log)
    for address, code in ((server.address(), 0), (server.address("empty"), 2)):
        for command in ("plan", "check"):
            where = ("--records", address, "--workspace", tmp_path)
            ended = cohortflow(command, STUDY, *where, **server.environment)
            assert ended.code == code and ("There is no table" in ended.err) == (
                code == 2
            )
    asked = [
        line
        for line in server.log[before:].splitlines()
        if "FROM " in line and "pg_" not in line
    ]
    assert asked and all("LIMIT 0" in line for line in asked)


def test_the_password_is_nowhere(server, shelves):
    files = [
        path for path in shelves["database"].workspace.rglob("*") if path.is_file()
    ]
    assert files and not [
        path for path in files if server.password.encode() in path.read_bytes()
    ]


def test_a_password_in_an_address_is_refused_before_anything_is_kept(
    cohortflow, tmp_path
):
    for command in ("run", "plan", "check"):
        where = "postgresql://me:s7777777@127.0.0.1:1/records"
        result = cohortflow(
            command, STUDY, "--records", where, "--workspace", tmp_path / "workspace"
        )
        assert result.code == 2 and "seems to hold a password" in result.err
        assert "7777777" not in result.out + result.err
    assert not (tmp_path / "workspace").exists()


def test_a_server_that_is_not_there_ends_a_run_clearly(server, cohortflow, tmp_path):
    arguments = (
        "run",
        STUDY,
        "--records",
        "postgresql://me@127.0.0.1:1/records",
        "--workspace",
        tmp_path,
    )
    result = cohortflow(*arguments)
    assert result.code == 2
    assert (
        "no connection to the server at 127.0.0.1:1; is it running, and is the "
        "address right?"
    ) in result.err


# OMOP


@pytest.fixture(scope="module", params=["lower", "UPPER"])
def omop(
    server: Postgres,
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
) -> tuple[str, str]:
    """The small dump as a folder and in a database, with names in these letters."""
    folder, database = tmp_path_factory.mktemp("omop"), f"omop_{request.param}".lower()
    where = write_dump(folder)
    server.psql(f"CREATE DATABASE {database}", "postgres")
    for path in folder.glob("*.parquet"):
        table = read(path)
        upper = request.param == "UPPER"
        names = [name.upper() if upper else name for name in table.column_names]
        server.load(
            path.stem.upper() if upper else path.stem,
            table.rename_columns(names),
            database,
        )
    return where, server.address(database, "omop+postgresql")


def columns_of(view: str) -> tuple[str, ...]:
    return tuple(column.name for column in CORE[view].columns)


@pytest.mark.parametrize("needed", [True, False])
@pytest.mark.parametrize("view", VIEWS)
def test_views_give_the_same_rows_as_on_files(omop, view, needed):
    needs = (
        [TableNeed(CORE[name], columns_of(name), (), "") for name in VIEWS]
        if needed
        else []
    )
    found = []
    with Engine() as engine:
        for source in (open_source(omop[0]), open_source(omop[1], needs=needs)):
            warnings = source.check(engine, CORE[view], columns_of(view)).said
            relation = source.relation(engine, CORE[view], columns_of(view))
            found.append(
                (
                    sorted(warnings),
                    engine.execute(f"SELECT * FROM ({relation}) ORDER BY ALL"),
                )
            )
    assert found[0] == found[1]


def test_codelists_and_dates_are_looked_up_by_the_server(server, omop):
    schema = CORE["clinical_events"]
    column, codes = nodes.Column(nodes.Table(schema), "snomedct_code"), ("444814009",)
    coded = nodes.Call(
        "in", (column, nodes.Values(tuple(map(SNOMEDCTCode, codes)), SNOMEDCTCode))
    )
    need = TableNeed(schema, columns_of("clinical_events"), ((coded,),), "")
    with Engine() as engine:
        wanted = open_source(omop[1], needs=[need])
        wanted.check(engine, schema, need.columns)
        ours = _coded(engine, wanted, need)
        assert ours == _coded(engine, open_source(omop[0]), need) and len(ours) == 3
    with Engine() as engine:
        place = Database(parse_address(omop[1]), wanted_of([need]))
        names = {name.lower(): name for name in place.names(engine)}
        sizes = {}
        for name in (
            "condition_occurrence",
            "measurement",
            "observation",
            "concept",
            "person",
        ):
            table = place.open(engine, names[name], ())
            ((sizes[name],),) = engine.execute(f"SELECT count(*) FROM {table.relation}")
    assert sizes == {
        "condition_occurrence": 3,
        "measurement": 1,
        "observation": 0,
        "concept": 2,
        "person": 6,
    }


def _coded(engine: Engine, source, need: TableNeed) -> list[tuple]:
    relation = source.relation(engine, need.schema, need.columns)
    return engine.execute(
        f"SELECT * FROM ({relation}) WHERE snomedct_code IN ('444814009') ORDER BY ALL"
    )
