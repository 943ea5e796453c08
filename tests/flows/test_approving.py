"""People decide about releases: in the ledger, in what commands say, and where the site
asks for it.
"""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.flows.commands import Command, Result
from tests.flows.conftest import STUDIES
from tests.flows.shelves import Shelves

WEEKLY = STUDIES / "weekly.py"
REFUSED = 4


@pytest.fixture
def command(
    cohortflow: Command, records: Path, tmp_path: Path
) -> Callable[..., Result]:
    """The command with a key, a ledger and a site of its own; two people must
    approve.
    """
    site = tmp_path / "site.toml"
    site.write_text("require_approval = true\napprovals = 2\n", encoding="utf-8")
    own = {
        "COHORTFLOW_KEY_FILE": tmp_path / "keys" / "key",
        "COHORTFLOW_LEDGER": tmp_path / "keys" / "ledger",
        "COHORTFLOW_SITE_POLICY": site,
    }

    def run(name: str, *arguments: object) -> Result:
        where = ("--records", records) if name == "run" else ()
        return cohortflow(
            name, WEEKLY, *arguments, *where, "--workspace", tmp_path / "w", **own
        )

    return run


def say(command: Callable[..., Result], number: int, by: str, *more: str) -> Result:
    return command(
        "approve",
        "--release",
        number,
        "--by",
        by,
        "--note",
        "looked at all of it",
        *more,
    )


def made(workspace: Path) -> set[Path]:
    """Snapshots, cohorts and counts that are there."""
    shelf = workspace / "weekly" / "highly_sensitive"
    return {
        path
        for name in ("snapshots", "cohorts", "counts")
        for path in (shelf / name).rglob("*")
    }


@pytest.mark.slow
def test_the_next_release_waits_for_two_people(command, tmp_path):
    first = command("run", "--periods", "2020-03-02").well()
    assert "Release 1: not decided yet." in first.out
    numbers = (
        tmp_path / "w" / "weekly" / "moderately_sensitive" / "measures.csv"
    ).read_bytes()
    shelves = Shelves(tmp_path / "w", "weekly")
    before = made(tmp_path / "w")
    waiting = command("run")
    assert waiting.code == REFUSED and "Release 1 waits for a decision" in waiting.err
    assert made(tmp_path / "w") == before, "it is refused before anything is computed"
    command("run", "--periods", "2020-03-02").well()  # nothing new
    assert (shelves.release / "measures.csv").read_bytes() == numbers, (
        "the release before stays"
    )

    assert (
        "waiting: approved by A (looked at all of it)"
        in say(command, 1, "A").well().out
    )
    assert say(command, 1, " a ").well() and command("run").code == REFUSED, (
        "one person counts once"
    )
    assert "Release 1: approved by A" in say(command, 1, "B").well().out
    command("run").well()
    release = command("status", "--json").well().json["release"]
    assert (release["number"], release["state"], release["decisions"]) == (
        2,
        "waiting",
        [],
    )

    assert say(command, 2, "A", "--refuse").well() and say(command, 2, "B").well()
    assert (
        json.loads((shelves.release / "decisions.json").read_text(encoding="utf-8"))[
            "state"
        ]
        == "refused"
    )
    command("run").well()  # nothing new, and a refused release may be replaced
    again = json.loads((shelves.release / "decisions.json").read_text(encoding="utf-8"))
    assert [each["by"] for each in again["decisions"]] == ["A", "B"], (
        "a repeated run keeps what was said"
    )


@pytest.mark.slow
def test_what_cannot_be_decided(command, tmp_path):
    command("run", "--periods", "2020-03-02").well()
    for number in (0, 2):
        refused = say(command, number, "A")
        assert refused.code == 2 and "the last is --release 1" in refused.err
    assert say(command, 1, " ").code == 2
    named = say(command, 1, "A", "--file", "measures.cvs")
    assert named.code == 2 and "The release has no file 'measures.cvs'" in named.err
    some = command(
        "approve",
        "--release",
        1,
        "--by",
        "A",
        "--note",
        "x",
        "--file",
        "measures.csv",
        "--json",
    ).well()
    assert some.json["release"]["decisions"][0]["files"] == ["measures.csv"]
    assert some.json["release"]["state"] == "waiting"
    ledger = tmp_path / "w" / "weekly" / "highly_sensitive" / "ledger" / "ledger.jsonl"
    ledger.write_text(
        ledger.read_text(encoding="utf-8").replace('"by":"A"', '"by":"Z"'),
        encoding="utf-8",
    )
    assert say(command, 1, "B").code == REFUSED
