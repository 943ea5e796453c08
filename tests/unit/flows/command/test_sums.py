"""`status` and `approve` know the sums of several sites, which no run has made."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from flows.command.cli import main
from flows.preparing.options import Options
from flows.running import sites
from flows.running.rounds import agree
from flows.running.sites import combine_masked, mask_counts
from flows.trying.counting import count_of, trial_of
from measures.sites.keys import make_key

DEFINITION = """
from ehrql import weeks
from ehrql.measures import INTERVAL, create_measures
from ehrql.tables.core import patients

measures = create_measures()
measures.define_defaults(
    denominator=patients.exists_for_patient(),
    intervals=weeks(2).starting_on("2020-03-02"),
)
alive = patients.date_of_birth <= INTERVAL.start_date
measures.define_measure("alive", numerator=alive)
"""
NAME = "seen_of_sites"
DECISION = ("--release", "1", "--by", "A. Checker", "--note", "large counts")
Combine = Callable[..., Path]


@pytest.fixture
def combine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Combine:
    """Add up the counts of three sites once; the workspace of the combining place."""
    monkeypatch.setenv("COHORTFLOW_KEY_FILE", str(tmp_path / "secret" / "key"))
    monkeypatch.setenv("COHORTFLOW_LEDGER", str(tmp_path / "site"))
    path, keys = tmp_path / "seen" / "definition.py", tmp_path / "keys"
    path.parent.mkdir()
    path.write_text(DEFINITION, encoding="utf-8")
    for name in "ABCD":
        make_key(name, keys)

    def combined(*, real: bool) -> Path:
        place = tmp_path / "place"
        with trial_of(Options(study=str(path), patients=200)) as trial:
            raw, prepared = count_of(trial), trial.prepared
            monkeypatch.setattr(sites, "missing_of", lambda jobs, only: [])
            monkeypatch.setattr(sites, "gathered", lambda prepared: raw)
            agreed = agree(prepared, "ABC", "D", values={}, keys=keys)
            records = replace(prepared.records, folder=None)
            masking = replace(prepared, records=records) if real else prepared
            files = []
            for site in "ABC":
                files.append(tmp_path / f"{agreed.id}-{site}.masked")
                files[-1].write_bytes(mask_counts(masking, agreed, site, keys=keys))
            workspace = replace(prepared.workspace, root=place)
            at_place = replace(prepared, workspace=workspace)
            combine_masked(at_place, agreed, files, keys=keys)
        return place

    return combined


@pytest.mark.parametrize("real", [False, True])
def test_sums_are_shown_and_decided_about(
    combine: Combine, real: bool, capsys: pytest.CaptureFixture[str]
):
    place = ("--workspace", str(combine(real=real)))
    assert main(["status", NAME, *place]) == 0
    said = capsys.readouterr().out
    assert said.startswith("Sums of A, B, C: 2 periods")
    assert "Release 1: not decided yet." in said
    assert ("made-up" in said) is not real
    assert main(["approve", NAME, *DECISION, *place, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["release"]["state"] == "approved" and told["sites"] == ["A", "B", "C"]
    assert main(["status", NAME, *place]) == 0
    assert "approved by A. Checker (large counts)" in capsys.readouterr().out
    assert main(["status", "--all", *place]) == 0
    assert "release 1, approved" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        (("--release", "2", "--by", "A", "--note", "x"), "no release 2"),
        (("--release", "1", "--by", "", "--note", "x"), "--by needs a line"),
    ],
)
def test_what_cannot_be_decided(
    combine: Combine, typed: tuple, words: str, capsys: pytest.CaptureFixture[str]
):
    place = combine(real=False)
    assert main(["approve", NAME, *typed, "--workspace", str(place)]) == 2
    assert words in capsys.readouterr().err


def test_a_ledger_of_another_key_decides_nothing(
    combine: Combine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    place = combine(real=True)
    monkeypatch.setenv("COHORTFLOW_KEY_FILE", str(tmp_path / "another" / "key"))
    assert main(["approve", NAME, *DECISION, "--workspace", str(place)]) == 4
