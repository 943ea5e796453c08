"""The command `sites`: its four steps as they are typed, and what they say."""

import json
from pathlib import Path

import pytest

from extractors.errors import ArgumentsError
from flows.command import cli
from flows.command.siting import values_of
from measures.sites.rounds import read_round

DEFINITION = """
from extractors import INTERVAL, weeks
from extractors.tables.core import patients
from measures import create_measures

measures = create_measures()
measures.define_defaults(
    denominator=patients.is_alive_on(INTERVAL.start_date),
    intervals=weeks(3).starting_on("2020-03-02"),
)
measures.define_measure("women", numerator=patients.sex == "female", group_by={"sex": patients.sex})
"""


@pytest.fixture
def study(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "alive" / "definition.py"
    path.parent.mkdir()
    path.write_text(DEFINITION, encoding="utf-8")
    return str(path)


def keys(*names: str) -> None:
    for name in names:
        assert cli.main(["sites", "key", "--as", name, "--keys", "keys"]) == 0


ROUND = (
    "--site",
    "C",
    "--site",
    "A",
    "--site",
    "B",
    "--combining-place",
    "A",
    "--keys",
    "keys",
    "--to",
    "r.json",
)


def test_a_key_is_beside_that_of_the_site(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("COHORTFLOW_KEY_FILE", str(tmp_path / "place" / "key"))
    assert cli.main(["sites", "key", "--as", "south"]) == 0
    out = capsys.readouterr().out
    assert (
        "compare it by telephone" in out
        and (tmp_path / "place" / "sites" / "south.key").exists()
    )
    assert cli.main(["sites", "key", "--as", "south", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["fingerprint"] in out


def test_a_round_is_made_once(study, capsys):
    keys("A", "B", "C")
    assert (
        cli.main(
            ["sites", "round", study, *ROUND, "--periods", "2020-03-02,2020-03-09"]
        )
        == 0
    )
    agreed = read_round(Path("r.json"))
    assert agreed.sites == ("A", "B", "C") and len(agreed.calendars[0]) == 2
    assert agreed.values["sex"] == (None, "female", "intersex", "male", "unknown")
    assert (
        f"{agreed.digest.hex()[:16]} is of A, B, C; A adds up"
        in capsys.readouterr().out
    )
    assert cli.main(["sites", "round", study, *ROUND]) == 2
    assert "a round is made once" in capsys.readouterr().err


def test_two_sites_need_a_third_place(study, capsys):
    keys("A", "B")
    two = (
        "--site",
        "A",
        "--site",
        "B",
        "--combining-place",
        "A",
        "--keys",
        "keys",
        "--to",
        "r.json",
    )
    assert cli.main(["sites", "round", study, *two]) == 2
    assert (
        "--combining-place NAME" in capsys.readouterr().err
        and not Path("r.json").exists()
    )


def test_what_was_not_run_cannot_be_masked_and_what_was_not_sent_not_combined(
    study, capsys
):
    keys("A", "B", "C")
    assert cli.main(["sites", "round", study, *ROUND]) == 0
    assert (
        cli.main(
            ["sites", "mask", study, "--as", "A", "--round", "r.json", "--keys", "keys"]
        )
        == 2
    )
    assert "was never run" in capsys.readouterr().err
    assert (
        cli.main(
            [
                "sites",
                "combine",
                study,
                "A.masked",
                "--round",
                "r.json",
                "--keys",
                "keys",
            ]
        )
        == 2
    )
    assert "A.masked cannot be read" in capsys.readouterr().err


@pytest.mark.parametrize("typed, words", [
    (["key"], "`cohortflow sites key` also needs --as NAME"),
    (["key", "--as", "a/b"], "'a/b' is no name of a site"),
    (["round"], "also needs STUDY, --site NAME for each, --combining-place NAME, --to FILE"),
    (["mask", "x"], "also needs --as NAME, --round FILE"),
    (["combine", "x"], "also needs --round FILE, the sites' files"),
])  # fmt: skip
def test_what_is_lacking_is_said(typed, words, capsys):
    assert cli.main(["sites", *typed]) == 2
    assert words in capsys.readouterr().err


def test_values_of_groups():
    assert values_of(["region=North East,London", "n=1,2"]) == {
        "region": ["North East", "London"],
        "n": ["1", "2"],
    }
    for wrong in (["region"], ["region="], ["a=1,1"], ["a=1", "a=2"]):
        with pytest.raises(ArgumentsError, match="needs GROUP=value,value"):
            values_of(wrong)
