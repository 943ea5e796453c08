# mypy: ignore-errors
"""OMOP records whose vocabulary and results lie in schemas or folders of their own."""

import duckdb
import pytest

from extractors.engine import Engine
from extractors.errors import ArgumentsError, RecordsError
from extractors.sources import Address
from tests.lib import cdm54


def concepts(where: str) -> int:
    """How many concepts there are, after a look at tables of each kind."""
    with Engine() as engine:
        place = Address.parse(where).open().place
        names = place.names(engine)
        assert {"person", "cohort", "concept"} <= set(names)
        rows = engine.execute(
            f"SELECT count(*) FROM {place.open(engine, 'concept', ()).relation}"
        )
        for name in ("person", "cohort"):
            assert (
                engine.execute(
                    f"SELECT count(*) FROM {place.open(engine, name, ()).relation}"
                )[0][0]
                > 10
            )
    return rows[0][0]


@pytest.fixture
def file(tmp_path):
    """Everything in schemas of its own, beside an empty table of concepts in that of
    the CDM.
    """
    schemas = dict.fromkeys(cdm54.COLUMNS, "cdm_5")
    schemas |= dict.fromkeys(cdm54.VOCABULARY, "vocab") | dict.fromkeys(
        cdm54.RESULTS, "results"
    )
    with duckdb.connect(str(tmp_path / "cdm.duckdb")) as connection:
        cdm54.load(connection, schemas=schemas)
        connection.execute("CREATE TABLE cdm_5.concept AS FROM vocab.concept LIMIT 0")
        connection.execute("CREATE TABLE main.person (x INTEGER)")
    return tmp_path / "cdm.duckdb"


def test_schemas_of_a_file(file):
    assert concepts(f"omop:{file}?cdm=cdm_5&vocab=vocab&results=results") == len(
        cdm54.CONCEPTS
    )
    assert concepts(f"omop:{file}?cdm=CDM_5&vocab=VOCAB&results=results") == len(
        cdm54.CONCEPTS
    )


def test_without_a_schema_for_it_the_vocabulary_is_in_that_of_the_cdm(file):
    with Engine() as engine:
        place = Address.parse(f"omop:{file}?cdm=cdm_5").open().place
        assert "cohort" not in place.names(engine) and "concept" in place.names(engine)
        assert engine.execute(
            f"SELECT count(*) FROM {place.open(engine, 'concept', ()).relation}"
        ) == [(0,)]


def test_folders(tmp_path, monkeypatch):
    for folder, names in (("vocab", cdm54.VOCABULARY), ("results", cdm54.RESULTS)):
        (tmp_path / folder).mkdir()
        cdm54.write(
            tmp_path / folder,
            changes={name: "" for name in cdm54.COLUMNS if name not in names},
        )
    (tmp_path / "cdm").mkdir()
    apart = (*cdm54.VOCABULARY, *cdm54.RESULTS)
    cdm54.write(
        tmp_path / "cdm",
        changes=dict.fromkeys(apart, "") | {"concept": "FROM concept LIMIT 0"},
    )
    monkeypatch.chdir(tmp_path)
    every = len(cdm54.CONCEPTS)
    assert concepts("omop:cdm?vocab=vocab&results=results") == every
    assert concepts(f"omop:{tmp_path}?cdm=cdm&vocab=vocab&results=results") == every
    elsewhere = Address.parse("omop:cdm?vocab=vocab&results=results").absolute()
    monkeypatch.chdir("/")
    assert concepts(str(elsewhere)) == every
    assert elsewhere.path == tmp_path / "cdm"


def test_an_option_that_is_none_is_refused_before_anything_is_opened(file):
    """A command asks for the path of the records first."""
    with pytest.raises(ArgumentsError, match="no option 'vocabulary'"):
        _ = Address.parse(f"omop:{file}?vocabulary=x").path


@pytest.mark.parametrize(
    ("asked", "error", "said"),
    [
        (
            "?vocabulary=vocab",
            ArgumentsError,
            "no option 'vocabulary'; behind \\? may be cdm=, vocab= and results=",
        ),
        (
            "?cdm=nowhere",
            RecordsError,
            "there is no schema nowhere with tables; it has cdm_5, main, results, "
            "vocab",
        ),
    ],
)
def test_what_is_not_there_is_named(file, asked, error, said):
    with pytest.raises(error, match=said):
        concepts(f"omop:{file}{asked}")
