"""Tables that a definition brings along as files: what it says, what arrives, and what
is read.
"""

import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.ipc
import pyarrow.parquet
import pytest

import extractors
import measures
from extractors import create_dataset, table_from_file
from extractors.engine import Engine
from extractors.errors import DefinitionError, RecordsError
from extractors.language.frames import EventFrame, PatientFrame, Series
from extractors.model import json, nodes
from extractors.model.schema import FILE_ENDINGS, TableSchema
from extractors.planner.plan import make_plan
from extractors.sources import Address, open_source
from extractors.sources.with_files import WithFiles, find_file
from extractors.tables import core, tpp
from extractors.trial.definition import wishes_of
from flows.preparing.options import Options
from flows.preparing.prepare import prepare
from flows.preparing.records import Records, with_files
from flows.workspace.store import Workspace
from measures import create_measures
from measures.arrival import check_nodes
from measures.loading import load_study
from measures.study import Study
from tests.lib.definitions import load, project, refusal, write

__all__ = ["project"]

patients: Any = core.patients  # which the decorator has made a frame of
core_events: Any = core.clinical_events
tpp_events: Any = tpp.clinical_events

ROWS = "patient_id,age,index_date,sex\n1,71,2020-03-01,female\n2,,,\n"
COLUMNS = {"age": int, "index_date": datetime.date, "sex": str}
COHORT = (
    "from ehrql import table_from_file\ncohort = "
    "table_from_file('outputs/cohort.csv', columns={'age': int})\n"
)


@pytest.fixture
def cohort(project):
    write("outputs/cohort.csv", ROWS)
    return table_from_file("outputs/cohort.csv", columns=COLUMNS)


def schema_of(frame) -> TableSchema:
    return frame._node.schema


def schema_of_only_table(study: Study) -> TableSchema:
    (table,) = {
        node
        for node in nodes.walk(study.dataset.values())
        if isinstance(node, nodes.Table)
    }
    return table.schema


# what is written ----------------------------------------------------------------------


def test_frame_has_the_columns(cohort):
    schema = schema_of(cohort)
    assert (schema.name, schema.file, schema.one_row) == (
        "cohort",
        "outputs/cohort.csv",
        True,
    )
    assert {column.name: column.type for column in schema.columns} == COLUMNS
    assert isinstance(cohort, PatientFrame)


@pytest.mark.parametrize(
    "path", ["cohort.csv", Path("cohort.csv"), "./a/../cohort.csv"]
)
def test_path_is_kept_as_it_lies_below_the_working_directory(project, path):
    write("cohort.csv", ROWS)
    write("a/b.csv", ROWS)
    for given in (path, project / "cohort.csv"):
        assert schema_of(table_from_file(given, columns=COLUMNS)).file == "cohort.csv"


@pytest.mark.parametrize(
    ("file", "name"), [("2020-cohort.v2.csv.gz", "_2020_cohort"), ("über.csv", "_ber")]
)
def test_names_of_files_become_names_of_tables(project, file, name):
    write(file, ROWS)
    assert schema_of(table_from_file(file, columns=COLUMNS)).name == name


def test_class_can_be_decorated(cohort):
    class matched(PatientFrame):
        age = Series(int)

        @property
        def old(self):
            return self.age > 70

    frame = table_from_file("outputs/cohort.csv")(matched)
    assert (schema_of(frame).name, schema_of(frame).file) == (
        "matched",
        "outputs/cohort.csv",
    )
    assert frame.old.node.type is bool


def test_file_tells_tables_apart(cohort):
    write("other/cohort.csv", ROWS)
    assert table_from_file("other/cohort.csv", columns=COLUMNS)._node != cohort._node
    assert table_from_file("outputs/cohort.csv", columns=COLUMNS)._node == cohort._node


MISTAKES = [
    (
        "table_from_file('none.csv', {'a': int})",
        DefinitionError,
        "there is no file none.csv in the working directory",
    ),
    (
        "table_from_file('../c.csv', {'a': int})",
        ValueError,
        "../c.csv is not below the working directory",
    ),
    (
        "table_from_file('link.csv', {'a': int})",
        ValueError,
        "link.csv is not below the working directory",
    ),
    (
        "table_from_file('c.txt', {'a': int})",
        ValueError,
        "its name must end in .arrow, .parquet, .csv or .csv.gz",
    ),
    (
        "table_from_file('c.csv', ['a'])",
        TypeError,
        "columns needs a dict from names to types, got list",
    ),
    (
        "table_from_file('c.csv', {})",
        TypeError,
        "columns needs at least one column beside patient_id",
    ),
    (
        "table_from_file('c.csv', {'a': 'int'})",
        TypeError,
        "choose one of bool, int, float, str, date",
    ),
    (
        "table_from_file('c.csv', {1: int})",
        TypeError,
        "names of columns must be strings, got int",
    ),
    (
        "table_from_file('c.csv', {'patient_id': int})",
        TypeError,
        "'patient_id' cannot be the name of a column",
    ),
    (
        "table_from_file('c.csv').age",
        AttributeError,
        "the columns are not known; write table_from_file('c.csv', col",
    ),
    (
        "table_from_file('c.csv')(EventFrame)",
        TypeError,
        "derived from PatientFrame: it has one row per patient",
    ),
    ("table_from_file('c.csv')(1)", TypeError, "derived from PatientFrame"),
]


@pytest.mark.parametrize(("expression", "error", "told"), MISTAKES)
def test_mistakes(project, expression, error, told):
    for name in ("c.csv", "c.txt", "../c.csv"):
        write(name, ROWS)
    Path("link.csv").symlink_to("../c.csv")
    with pytest.raises(error) as caught:
        eval(expression)
    assert told in str(caught.value)


# what arrives -------------------------------------------------------------------------

STUDY = COHORT + (
    "from ehrql import create_dataset\ndataset = create_dataset()\n"
    "dataset.define_population(cohort.age > 1)\ndataset.age = cohort.age\n"
)


def test_closed_process_needs_only_to_know_that_the_file_exists(project):
    # `outputs` is none of the folders that a definition may read
    write("outputs/cohort.csv", ROWS)
    study = load(STUDY, "analysis/study.py")
    assert schema_of_only_table(study).file == "outputs/cohort.csv"
    unseen = load(STUDY, "analysis/study.py", forbidden=[Path("outputs")])
    assert unseen.dataset == study.dataset


def test_mistake_is_told_with_the_authors_line(project):
    message = refusal(STUDY).message
    assert message.startswith(
        "study.py:2: there is no file outputs/cohort.csv in the working directory"
    )


@pytest.mark.parametrize(
    "file",
    [
        "/etc/x.csv",
        "../x.csv",
        "a/../../x.csv",
        "a//x.csv",
        "./x.csv",
        "x.txt",
        "a\nb.csv",
        "a\\b.csv",
        1,
    ],
)
def test_forged_paths_are_refused(cohort, file):
    data = json.dump({"age": cohort.age.node})
    (table,) = [node for node in data["nodes"] if node["node"] == "Table"]
    table["schema"]["table"]["file"] = file
    with pytest.raises(ValueError):
        check_nodes(json.load(data).values())


def test_forged_event_table_is_refused(cohort):
    data = json.dump({"exists": cohort.exists_for_patient().node})
    (table,) = [node for node in data["nodes"] if node["node"] == "Table"]
    table["schema"]["table"]["one_row"] = False
    with pytest.raises(ValueError, match="cannot be the file of a table"):
        check_nodes(json.load(data).values())


def test_link_that_leads_elsewhere_by_now(project, tmp_path):
    (tmp_path / "elsewhere.csv").write_text(ROWS, encoding="utf-8")
    Path("cohort.csv").symlink_to(tmp_path / "elsewhere.csv")
    for name in ("cohort.csv", "none.csv"):
        with pytest.raises(
            RecordsError,
            match=f"reads {name}, which is not a file below the working directory",
        ):
            find_file(name, [project])


# trying it ----------------------------------------------------------------------------


def test_evaluate_takes_the_rows_by_the_name_of_the_table(cohort):
    dataset = create_dataset()
    dataset.define_population(patients.exists_for_patient() & (cohort.age > 70))
    dataset.age = cohort.age
    records = {
        "patients": [{"patient_id": 1}, {"patient_id": 2}],
        "cohort": [{"patient_id": 1, "age": 80}],
    }
    assert extractors.evaluate(dataset, records) == [{"patient_id": 1, "age": 80}]
    counted = create_measures()
    interval = (datetime.date(2020, 1, 1), datetime.date(2020, 1, 31))
    counted.define_measure(
        "m", cohort.age > 70, patients.exists_for_patient(), intervals=[interval]
    )
    (row,) = measures.evaluate(counted, records)
    assert (row["numerator"], row["denominator"]) == (1, 2)


def test_two_tables_of_one_name(project):
    write("patients.csv", ROWS)
    mine = table_from_file("patients.csv", columns=COLUMNS)
    with pytest.raises(
        DefinitionError, match="two tables are called 'patients'.*rename the file"
    ):
        make_plan({"a": patients.sex.node, "b": mine.age.node}, ())


def test_two_tables_that_differ_in_capitals():
    """They are one table to DuckDB, which did not find the columns of the other."""
    mine: Any = extractors.language.table(
        type("Clinical_Events", (EventFrame,), {"size": Series(int)})
    )
    with pytest.raises(
        DefinitionError,
        match="'(C|c)linical_(E|e)vents' and '.*' differ in capital letters alone",
    ):
        make_plan(
            {
                "a": core_events.exists_for_patient().node,
                "b": mine.size.sum_for_patient().node,
            },
            (),
        )


def test_one_table_declared_twice_has_the_columns_of_both():
    count = core_events.count_for_patient().node
    last = tpp_events.sort_by(tpp_events.consultation_id).last_for_patient()
    plan = make_plan({"a": count, "b": last.ctv3_code.node}, ())
    (need,) = plan.needs
    assert (need.schema.name, need.columns) == (
        "clinical_events",
        ("ctv3_code", "consultation_id"),
    )
    other = type("clinical_events", (EventFrame,), {"date": Series(str)})
    with pytest.raises(DefinitionError, match="'clinical_events' is declared twice"):
        make_plan(
            {
                "a": count,
                "b": extractors.language.table(other).exists_for_patient().node,
            },
            (),
        )


# reading it ---------------------------------------------------------------------------


def stored(ending: str) -> Path:
    path = Path(f"cohort{ending}")
    table = pa.table(
        {
            "patient_id": [1, 2],
            "age": [71, None],
            "index_date": [datetime.date(2020, 3, 1), None],
        }
    )
    table = table.append_column("sex", pa.array(["female", None]).dictionary_encode())
    if ending == ".parquet":
        pyarrow.parquet.write_table(table, path)
    elif ending == ".arrow":
        with pyarrow.ipc.new_file(path, table.schema) as file:
            file.write_table(table)
    else:
        with pa.output_stream(path) as stream:  # gzips what is called .gz
            stream.write(ROWS.encode())
    return path


def source_of(folder: Path, path: Path) -> WithFiles:
    return WithFiles(
        open_source(str(folder)), {path.as_posix(): path.absolute()}, made_up=True
    )


@pytest.mark.parametrize("ending", FILE_ENDINGS)
def test_rows_are_read_from_the_file_and_others_from_the_source(project, ending):
    path = stored(ending)
    schema = schema_of(table_from_file(path, columns=COLUMNS))
    source = source_of(project / "records", path)
    with Engine() as engine:
        assert source.check(engine, schema, list(COLUMNS)).said == ()
        rows = engine.execute(
            f"{source.relation(engine, schema, list(COLUMNS))} ORDER BY patient_id"
        )
        others = engine.execute(source.relation(engine, schema_of(patients), ()))
    assert rows == [(1, 71, datetime.date(2020, 3, 1), "female"), (2, None, None, None)]
    assert others == [(4711,)]
    assert source.files() == (project / "records" / "patients.csv", path.absolute())


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        (
            "patient_id,age\n1,2\n1,3\n",
            "cohort.csv: column patient_id: some rows are further rows of a patient",
        ),
        (
            "patient_id,age\n1,x1y2\n",
            "cohort.csv: column age: some rows are not whole numbers",
        ),
        (
            "patient_id,Age\n1,2\n",
            "cohort.csv: the names of these columns must be written exactly so: age",
        ),
        (
            "patient_id,old\n1,2\n",
            "cohort.csv: it lacks age; the definition names columns that must be there",
        ),
        ("person,age\n1,2\n", "cohort.csv: it has no column patient_id"),
        ("", "cohort.csv: it has no header"),
    ],
)
def test_dirty_files_are_refused_as_any_table(project, rows, told):
    path = write("cohort.csv", rows)
    schema = schema_of(table_from_file(path, columns={"age": int}))
    with Engine() as engine, pytest.raises(RecordsError) as caught:
        source_of(project / "records", path).check(engine, schema, ["age"])
    assert told in caught.value.message and "x1y2" not in caught.value.message


def test_content_of_the_file_belongs_to_the_fingerprint(project, cohort):
    workspace, records = (
        Workspace(project / "workspace", "study"),
        Records(Address.parse("records"), "fingerprint of records"),
    )
    needs = make_plan({"a": cohort.age.node, "b": patients.sex.node}, ()).needs
    seen = {
        with_files(records, workspace, needs, [Path.cwd()]).fingerprint
        for _ in range(2)
    }
    assert len(seen) == 1 and records.fingerprint not in seen
    write("outputs/cohort.csv", ROWS + "3,,,\n")
    changed = with_files(records, workspace, needs, [Path.cwd()])
    assert changed.fingerprint not in seen
    assert changed.files == {"outputs/cohort.csv": project / "outputs" / "cohort.csv"}
    assert (
        with_files(
            records,
            workspace,
            [need for need in needs if not need.schema.file],
            [Path.cwd()],
        )
        is records
    )


def test_nothing_is_made_up_for_the_file(cohort):
    plan = make_plan({"a": cohort.age.node, "b": patients.sex.node}, ())
    roots = [cohort.sex.is_in(["female"]).node]
    wishes = wishes_of(
        plan.needs, roots, datetime.date(2020, 1, 1), datetime.date(2020, 2, 1)
    )
    assert [schema.name for schema in wishes.tables] == [
        "patients"
    ] and not wishes.codelists


@pytest.mark.parametrize("where", [".", "analysis", ".."])
def test_file_of_an_earlier_action_is_declared_and_read_with_the_records(
    project, monkeypatch, where
):
    """The definition may not look into `output/`, whose rows are patients'."""
    write("study/project.yaml")
    made = write("study/output/made.csv", "patient_id,age\n1,30\n2,40\n").resolve()
    (project / "study" / "analysis").mkdir()
    text = COHORT.replace("outputs/cohort.csv", "output/made.csv")
    path = write(
        "study/analysis/study.py",
        f"{text}from ehrql import create_dataset\ndataset = create_dataset()\n"
        "dataset.define_population(cohort.exists_for_patient())\ndataset.age = "
        "cohort.age\n",
    ).resolve()
    monkeypatch.chdir(project / "study" / where)
    found = prepare(Options(str(path), workspace=str(project / "w")))
    assert found.records.files == {"output/made.csv": made}
    path.write_text(
        path.read_text(encoding="utf-8") + f"open({str(made)!r}).read()\n",
        encoding="utf-8",
    )
    with pytest.raises(DefinitionError, match="is not allowed in a definition"):
        load_study(path)  # on records that are not made up
