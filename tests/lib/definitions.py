"""Definition files made up by tests, and how they are loaded in a project of their
own.
"""

from pathlib import Path
from typing import Any

import pytest

from extractors.errors import DefinitionError
from measures.loading import load_study
from measures.study import Study

START = """
from ehrql import INTERVAL, create_measures, weeks
from ehrql.tables.tpp import clinical_events, patients
measures = create_measures()
measures.define_measure(
    "events",
    numerator=clinical_events.where(clinical_events.date.is_during(INTERVAL)).exists_for_patient(),
    denominator=patients.exists_for_patient(),
    group_by={"sex": patients.sex},
    intervals=weeks(2).starting_on("2020-01-06"),
)
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of its own with records in it; relative names start there."""
    folder = tmp_path / "project"
    (folder / "records").mkdir(parents=True)
    (folder / "records" / "patients.csv").write_text(
        "patient_id\n4711\n", encoding="utf-8"
    )
    monkeypatch.chdir(folder)
    return folder


def load(text: str, name: str = "study.py", **settings: Any) -> Study:
    usual = {"forbidden": [Path("records"), Path("workspace")], "seconds": 20}
    return load_study(write(name, text), **{**usual, **settings})


def refusal(text: str, name: str = "study.py", **settings: Any) -> DefinitionError:
    """The error that a definition leads to; a traceback is no part of its message."""
    with pytest.raises(DefinitionError) as caught:
        load(text, name, **settings)
    assert "Traceback" not in caught.value.message
    return caught.value


def write(name: str, text: str = "code,term\n123456789,a\n123456790,b\n") -> Path:
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path
