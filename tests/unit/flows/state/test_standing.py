"""What stands in a workspace: nobody loses a release, or the run before, by a mistyped
option.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from extractors.errors import ArgumentsError, DisclosureRefused, RecordsError
from flows.preparing.options import Options
from flows.preparing.prepare import prepare
from flows.preparing.prepared import Prepared
from flows.running.protect import check_release
from flows.state.outcome import Outcome, noted, read_outcome, write_outcome
from flows.state.standing import is_of_made_up, left_out, refuse_to_replace, standing
from measures.disclosure.memory.keys import PUBLIC
from measures.disclosure.memory.ledger import Ledger
from tests.lib.places import WEEKLY_STUDY

STUDY = str(WEEKLY_STUDY)
DAY = "2020-01-01"
DATASET = """
from ehrql import create_dataset
from ehrql.tables.core import patients
dataset = create_dataset()
dataset.define_population(patients.exists_for_patient())
"""


@pytest.fixture
def trial(tmp_path: Path) -> Prepared:
    return prepare(Options(STUDY, patients=100, workspace=str(tmp_path)))


def stands(prepared: Prepared, kind: str, periods: int = 4, release: int = 1) -> None:
    """As if a run had left a release."""
    ledger = {"last_change": {"release": release}}
    told = {
        "records": {"kind": kind},
        "periods": periods,
        "disclosure": {"ledger": ledger},
    }
    prepared.workspace.release.mkdir(parents=True)
    (prepared.workspace.release / "manifest.json").write_text(
        json.dumps(told), encoding="utf-8"
    )


def test_who_looks_leaves_what_a_run_is_writing(trial: Prepared):
    """And tidies up what one has left that is gone."""
    release = trial.workspace.release
    written, before = (
        release.with_name(f".{release.name}.{suffix}") for suffix in ("new", "old")
    )
    with trial.workspace.locked():
        for folder in (written, before):
            folder.mkdir(parents=True)
        standing(trial.workspace)
        assert written.exists() and before.exists() and not release.exists()
    assert standing(trial.workspace) == release and release.exists()
    assert not written.exists() and not before.exists()


def test_made_up_numbers_do_not_take_the_place_of_real_ones(trial: Prepared):
    refuse_to_replace(trial.workspace, made_up=True)
    stands(trial, "tables")
    with pytest.raises(
        ArgumentsError, match=r"holds a release of real records.*--records.*--workspace"
    ):
        refuse_to_replace(trial.workspace, made_up=True)


def test_made_up_numbers_take_the_place_of_made_up_ones(trial: Prepared):
    stands(trial, "trial")
    refuse_to_replace(trial.workspace, made_up=True)
    assert is_of_made_up(trial.workspace.release)


def test_real_records_after_a_trial_have_a_ledger_of_their_own(
    trial: Prepared, tmp_path: Path
):
    stands(trial, "trial")
    check_release(trial.workspace.release, Ledger(tmp_path / "ledger.jsonl", PUBLIC))


def test_ledger_that_knows_less_than_the_release_is_refused(
    trial: Prepared, tmp_path: Path
):
    stands(trial, "tables")
    with pytest.raises(DisclosureRefused, match="release number 1 is there"):
        check_release(
            trial.workspace.release, Ledger(tmp_path / "ledger.jsonl", PUBLIC)
        )


@pytest.mark.parametrize(
    "some",
    [{"first": "2020-03-16"}, {"last": "2020-03-02"}, {"complete_by": "2020-03-16"}],
)
def test_run_of_some_periods_says_what_the_release_lacks(
    tmp_path: Path, some: dict[str, Any]
):
    prepared = prepare(
        Options(STUDY, patients=100, workspace=str(tmp_path), only_these=True, **some)
    )
    stands(prepared, "trial")
    (said,) = left_out(prepared.workspace.release, prepared.options, len(prepared.jobs))
    assert said.startswith(
        f"the release had 4 periods and now has the {len(prepared.jobs)} that this "
        "run was asked"
    )


def test_run_of_all_periods_lacks_nothing(trial: Prepared):
    release, periods = trial.workspace.release, len(trial.jobs)
    assert not left_out(release, trial.options, periods)
    stands(trial, "trial", periods=9)
    assert not left_out(release, trial.options, periods)


def test_run_without_readable_records_is_not_the_last_one(trial: Prepared):
    trial.workspace.prepare()
    before = Outcome(trial.options, tuple(trial.jobs), computed=tuple(trial.jobs))
    for earlier in (None, before):
        if earlier:
            write_outcome(trial.workspace, earlier)
        with (
            pytest.raises(RecordsError),
            noted(trial.workspace, trial.options, tuple(trial.jobs), None),
        ):
            assert read_outcome(trial.workspace) not in (None, before)
            raise RecordsError("There is no such table.")
        assert read_outcome(trial.workspace) == earlier


@pytest.mark.parametrize(
    "given",
    [
        {"first": "2020-01-01"},
        {"periods": ("2020-01-01",)},
        {"complete_by": "2020-01-01"},
    ],
)
def test_dataset_has_no_periods(tmp_path: Path, given: dict[str, Any]):
    (tmp_path / "people.py").write_text(DATASET, encoding="utf-8")
    with pytest.raises(
        ArgumentsError, match="A dataset has no periods; leave out --from"
    ):
        prepare(
            Options(str(tmp_path / "people.py"), workspace=str(tmp_path / "w"), **given)
        )


def test_measures_have_no_format(tmp_path: Path):
    with pytest.raises(ArgumentsError, match="--format is for datasets"):
        prepare(Options(STUDY, workspace=str(tmp_path), format="csv"))


def test_folder_may_have_any_name_where_the_file_names_the_study(tmp_path: Path):
    folder = tmp_path / "Étude füße"
    folder.mkdir()
    (folder / "people.py").write_text(DATASET, encoding="utf-8")
    assert (
        prepare(
            Options(str(folder / "people.py"), workspace=str(tmp_path / "w"))
        ).study.name
        == "people"
    )
    (folder / "people.py").rename(folder / "definition.py")
    with pytest.raises(
        ArgumentsError, match="'Étude füße' cannot name a study; use the letters a to z"
    ):
        prepare(Options(str(folder / "definition.py"), workspace=str(tmp_path / "w")))
