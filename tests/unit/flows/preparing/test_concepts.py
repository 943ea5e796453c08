# mypy: ignore-errors
"""What a vocabulary says of a definition, and how often it is asked."""

import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from extractors import codelist_from_csv, concept_set
from extractors.language.reading import reading
from extractors.sources import Address
from extractors.tables import core, omop_core
from extractors.tables import omop as o
from flows.preparing.concepts import with_concepts
from flows.workspace.store import Workspace
from measures.study import Study
from tests.lib import cdm54
from tests.lib.cdm54 import (
    ASTHMA,
    DIABETES,
    METFORMIN,
    TABLET,
    TYPE_1,
    TYPE_2,
    TYPE_2_WITH,
)

ids = o.condition_occurrence.condition_concept_id
diabetes = concept_set([DIABETES], include_descendants=True)
INSTEAD = (
    "and no codes; look for them with concept_set([ids]) in a column of concept ids"
)


def study(*series) -> Study:
    dataset = {str(number): each.node for number, each in enumerate(series)}
    return Study(Path("study.py"), "dataset", dataset=dataset)


def looked_up(where: str, workspace: Path, *series, look: bool = True) -> Study:
    return with_concepts(
        study(*series), Address.parse(where), Workspace(workspace, "study"), look=look
    )


def said(where: str, workspace: Path, *series) -> list[str]:
    return [each.message for each in looked_up(where, workspace, *series).warnings]


@pytest.fixture(scope="module")
def where(tmp_path_factory) -> str:
    return cdm54.write(tmp_path_factory.mktemp("cdm"))


def test_ids_given_as_codes_are_told_by_the_vocabulary(where, tmp_path):
    """Also of a system without a check digit, and where nothing else of a list is
    known.
    """
    snomed, rxnorm = (
        core.clinical_events.snomedct_code,
        omop_core.medications.rxnorm_code,
    )
    expected = [
        f"clinical_events.snomedct_code is compared with {TYPE_2}, {ASTHMA}: in the "
        f"vocabulary of the records these are ids of concepts of SNOMED, {INSTEAD}",
        f"medications.rxnorm_code is compared with {METFORMIN}, {TABLET}: in the "
        "vocabulary of the records these are ids of concepts of RxNorm or RxNorm "
        f"Extension, {INSTEAD}",
    ]
    series = (
        snomed.is_in([str(TYPE_2), str(ASTHMA), "73211009"]),
        rxnorm.is_in([str(METFORMIN), str(TABLET)]),
    )
    assert said(where, tmp_path, *series) == expected
    assert said(where, tmp_path, *series) == expected  # from what is kept


def test_ids_of_a_file_are_told_by_its_name(where, tmp_path):
    (tmp_path / "list.csv").write_text(f"code\n{TYPE_1}\n{TYPE_2}\n", encoding="utf-8")
    with reading([tmp_path]) as read_now:
        series = core.clinical_events.snomedct_code.is_in(
            codelist_from_csv("list.csv", column="code")
        )
    made = Study(
        Path(tmp_path / "study.py"),
        "dataset",
        dataset={"": series.node},
        codelists=tuple(read_now.codelists),
    )
    found = with_concepts(
        made, Address.parse(where), Workspace(tmp_path, "study"), look=True
    )
    (doubt,) = [each.message for each in found.warnings]
    assert (
        f"is compared with {TYPE_1}, {TYPE_2} of list.csv: in the vocabulary" in doubt
    )


def test_codes_that_a_vocabulary_does_not_have_are_no_ids_for_being_numbers(
    where, tmp_path
):
    """A number may be the id of something else: of a drug, here."""
    series = core.clinical_events.snomedct_code.is_in(["840539006", str(METFORMIN)])
    (doubt,) = said(where, tmp_path, series)
    assert "a codelist that finds nothing" in doubt
    assert (
        said(
            where,
            tmp_path,
            core.clinical_events.snomedct_code.is_in(["840539006", "73211009"]),
        )
        == []
    )


class Counting(SimpleHTTPRequestHandler):
    """Serves a folder, and notes what was fetched of it."""

    def __init__(self, *given, fetched, **named):
        self.fetched = fetched
        super().__init__(*given, **named)

    def log_message(self, *_):
        pass

    def do_GET(self):
        self.fetched.append(Path(self.path).stem)
        super().do_GET()


@pytest.fixture
def web(tmp_path):
    """The address of records on a web server, their folder, and which tables were
    fetched of it.
    """
    folder = tmp_path / "cdm"
    folder.mkdir()
    cdm54.write(folder)
    fetched: list[str] = []
    handler = partial(Counting, directory=str(folder), fetched=fetched)
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"omop:http://127.0.0.1:{server.server_port}", folder, fetched
    server.shutdown()
    server.server_close()


@pytest.mark.slow
def test_a_vocabulary_elsewhere_is_fetched_once(web, tmp_path):
    where, folder, fetched = web
    series = ids.is_in(diabetes)
    first = looked_up(where, tmp_path, series)
    assert first.concepts["sets"][0]["concepts"] == sorted(
        [DIABETES, TYPE_1, TYPE_2, TYPE_2_WITH]
    )
    assert {"concept", "concept_ancestor"} <= set(fetched)
    fetched.clear()
    again = looked_up(where, tmp_path, series)
    assert again.concepts == first.concepts and not any(fetched), fetched
    assert looked_up(where, tmp_path, series, look=False).concepts == first.concepts
    cdm54.write(folder, changes={"concept_ancestor": f"SELECT {DIABETES} AS ancestor_concept_id, {TYPE_1} AS "
                                 "descendant_concept_id"})  # fmt: skip
    other = looked_up(where, tmp_path, series)
    assert other.concepts["sets"][0]["concepts"] == sorted([DIABETES, TYPE_1])
    assert "concept_ancestor" in fetched


def test_what_an_older_version_kept_is_asked_again(where, tmp_path):
    kept = tmp_path / "study" / "highly_sensitive" / "snapshots" / "concepts.json"
    kept.parent.mkdir(parents=True)
    kept.write_text('{"format": 1, "known": {"x": {"lost": [1]}}}', encoding="utf-8")
    assert (
        looked_up(where, tmp_path, ids.is_in(diabetes)).concepts["vocabulary"]
        == "v5.0 31-AUG-23"
    )
    assert '"format": 2' in kept.read_text(encoding="utf-8")
