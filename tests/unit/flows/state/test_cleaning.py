"""What a workspace needs stays: the newest load, what was released, ledgers; older
results go if nobody wants them.
"""

import datetime
import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from extractors.errors import ArgumentsError
from flows.command import cleaning
from flows.command.cleaning import Asked
from flows.preparing.prepared import Prepared
from flows.running.at_work import at_work
from flows.running.nothing_to_do import run_nothing
from flows.state.cleaning import Wish, clean, clean_all
from flows.state.holdings import KEYED, by_kind, holdings, size_of, size_said
from flows.state.loads import loads
from flows.state.periods import DONE, period_states
from flows.workspace.kept import LOADS
from flows.workspace.store import Workspace
from tests.flows.shelves import contents
from tests.lib.small_workspaces import (
    carried_out,
    own_place,
    prepared_here,
    write_people,
)

WEEKS = 4


@pytest.fixture(scope="module", autouse=True)
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A workspace with four loads of records, each of a few people less; relative names
    start there.
    """
    with own_place(tmp_path_factory.mktemp("cleaning")) as folder:
        for week in range(WEEKS):
            write_people(folder / "records", 60 - 2 * week)
            _run(prepared_here())
        shutil.copytree(folder / "workspace", folder / "kept")
        yield folder


def _run(prepared: Prepared) -> None:
    """As a run does it, with all that it notes."""
    with prepared.workspace.locked(), at_work(prepared):
        pass
    carried_out(prepared)


@pytest.fixture
def workspace(place: Path) -> Workspace:
    shutil.rmtree(place / "workspace")
    shutil.copytree(place / "kept", place / "workspace")
    return Workspace(place / "workspace", "study")


def folders(workspace: Workspace) -> dict[str, int]:
    """How many loads there are of each kind."""
    return {
        kind: len([each for each in workspace.folder(kind).glob("*") if each.is_dir()])
        for kind in KEYED[1:6]
    }


def protected(workspace: Workspace) -> dict[str, bytes]:
    """The release, the ledgers, and the notes that no run could make again."""
    found = contents(workspace.release) | contents(workspace.folder("ledger"))
    for name in ("study.json", "released.json", "last_run.json"):
        found[name] = (workspace.high / name).read_bytes()
    return found


def age(workspace: Workspace, days: int, count: int) -> None:
    """Let the oldest loads have been used so many days ago."""
    noted = LOADS.read(workspace.loads)
    assert noted is not None
    then = datetime.datetime.now(datetime.UTC) - datetime.timedelta(days=days)
    for load in noted["loads"][:count]:
        load["last"] = then.isoformat()
    LOADS.write(workspace.loads, noted)


def test_a_load_is_noted_with_its_folders(workspace: Workspace):
    found = loads(workspace)
    assert len(found) == WEEKS and [load.released for load in found] == [False] * 3 + [
        True
    ]
    for load in found:
        assert all((workspace.high / folder).is_dir() for folder in load.folders)
        assert {folder.partition("/")[0] for folder in load.folders} == {
            "snapshots", "static", "timelines", "cohorts", "counts", "errors",
        }  # fmt: skip


def test_the_newest_load_stays_and_all_else_is_dead(workspace: Workspace):
    before, prepared = protected(workspace), prepared_here()
    assert folders(workspace) == dict.fromkeys(KEYED[1:6], WEEKS)
    done = clean(workspace, Wish())
    assert folders(workspace) == dict.fromkeys(KEYED[1:6], 1)
    assert protected(workspace) == before
    assert {
        state.state for state in period_states(prepared.jobs.values(), thorough=True)
    } == {DONE}
    assert 0 < done.removed < done.holds
    assert run_nothing(prepared, quiet=True) is not None, (
        "the next run has nothing to do"
    )
    assert len(loads(workspace)) == 1
    assert clean(workspace, Wish()).removed == 0


def distinct(folder: Path) -> int:
    """The bytes of all files below a folder, each once."""
    files = [each.stat() for each in folder.rglob("*") if each.is_file()]
    return sum({each.st_ino: each.st_size for each in files}.values())


def share_a_file(old: Path, new: Path, size: int, name: str = "same") -> None:
    """A file of the same bytes in two folders of results, as a new load of the records
    leaves it.
    """
    (old / name).write_bytes(b"x" * size)
    os.link(old / name, new / name)


def test_a_file_under_two_names_counts_once(workspace: Workspace):
    """The newest load needs one that it shares; two dead loads share another, which is
    free when both are gone.
    """
    first, second, *_, newest = [load.folders[0] for load in loads(workspace)]
    old, also, new = (workspace.high / each for each in (first, second, newest))
    dead_before = clean(workspace, Wish(dry_run=True)).removed
    share_a_file(old, new, 70_000, "needed")
    share_a_file(old, also, 5_000, "dead")
    on_disk = distinct(workspace.root / "study")
    assert size_of(workspace.root / "study") == on_disk
    assert sum(each.size for each in holdings(workspace)) == on_disk
    wish = Wish(dry_run=True)
    assert clean(workspace, wish).removed == dead_before + 5_000
    notes = size_of(workspace.loads)
    done = clean(workspace, Wish())
    assert done.holds == on_disk
    left = distinct(workspace.root / "study") - size_of(workspace.loads)
    assert left == on_disk - notes - done.removed


def test_a_file_that_a_younger_dead_load_still_has_is_not_free(workspace: Workspace):
    first, second, *_ = [load.folders[0] for load in loads(workspace)]
    age(workspace, days=9, count=1)
    wish = Wish(older_than=7, dry_run=True)
    before = clean(workspace, wish).removed
    share_a_file(workspace.high / first, workspace.high / second, 5_000)
    # what has just been written in the oldest load is no older than today
    for path in (workspace.high / first).iterdir():
        os.utime(path, (0, 0))
    assert before and clean(workspace, wish).removed == before


def test_bytes_are_those_on_the_disk(workspace: Workspace):
    before = size_of(workspace.root / "study")
    sums = by_kind(holdings(workspace))
    assert sum(each["holds"] for each in sums.values()) == before
    notes = size_of(workspace.loads)
    done = clean(workspace, Wish())
    assert done.holds == before
    assert size_of(workspace.root / "study") == before - done.removed - notes + size_of(
        workspace.loads
    )
    after = by_kind(holdings(workspace))
    assert all(each["holds"] == each["needs"] for each in after.values())
    assert {kind: each["needs"] for kind, each in sums.items() if kind != "others"} == {
        kind: each["holds"] for kind, each in after.items() if kind != "others"
    }


@pytest.mark.parametrize("keep", [2, 3, 9])
def test_more_loads_can_be_kept(workspace: Workspace, keep: int):
    clean(workspace, Wish(keep))
    assert folders(workspace) == dict.fromkeys(KEYED[1:6], min(keep, WEEKS))
    assert len(loads(workspace)) == min(keep, WEEKS)


def test_only_what_is_old_enough_goes(workspace: Workspace):
    clean(workspace, Wish(1, older_than=1))
    assert folders(workspace)["counts"] == WEEKS, "all were used today"
    age(workspace, days=10, count=2)
    clean(workspace, Wish(1, older_than=9))
    assert folders(workspace)["counts"] == 2
    clean(workspace, Wish(3, older_than=0))
    assert folders(workspace)["counts"] == 2


def test_a_dry_run_removes_nothing(workspace: Workspace):
    before = contents(workspace.root)
    told = clean(workspace, Wish(dry_run=True))
    assert contents(workspace.root) == before
    assert clean(workspace, Wish()) == told


def test_nothing_goes_while_a_run_is_at_work(workspace: Workspace):
    before = contents(workspace.root)
    with workspace.locked():
        done = clean(workspace, Wish())
        assert "Another run of study is at work" in done.refused and done.removed == 0
        told = cleaning.clean(
            Asked("workspace", keep=1, older_than=None, dry_run=False)
        )
        assert cleaning.exit_code(told) == 2
    assert contents(workspace.root) == before


def test_what_was_released_stays_though_other_loads_are_newer(
    workspace: Workspace, place: Path
):
    """As if the last two runs had failed before their release."""
    noted = LOADS.read(workspace.loads)
    assert noted is not None
    for number, load in enumerate(noted["loads"]):
        load["released"] = number == 1
    LOADS.write(workspace.loads, noted)
    wanted = set(noted["loads"][1]["folders"]) | set(noted["loads"][-1]["folders"])
    clean(workspace, Wish())
    assert {folder for load in loads(workspace) for folder in load.folders} == wanted
    assert all((workspace.high / folder).is_dir() for folder in wanted)


def test_a_trial_does_not_make_real_results_dead(workspace: Workspace):
    noted = LOADS.read(workspace.loads)
    assert noted is not None
    newest = noted["loads"][-1]
    newest |= {"made_up": True}
    noted["loads"][-1] = newest
    LOADS.write(workspace.loads, noted)
    clean(workspace, Wish())
    assert folders(workspace)["counts"] == 2


def test_a_folder_that_two_loads_share_stays(workspace: Workspace):
    noted = LOADS.read(workspace.loads)
    assert noted is not None
    shared = noted["loads"][0]["folders"][0]
    noted["loads"][-1]["folders"].append(shared)
    LOADS.write(workspace.loads, noted)
    clean(workspace, Wish())
    assert (workspace.high / shared).is_dir()


def test_what_an_earlier_version_left_goes_once_a_run_has_noted_its_load(
    workspace: Workspace,
):
    newest = loads(workspace)[-1]
    workspace.loads.unlink()
    assert all(piece.needed for piece in holdings(workspace)), (
        "nobody knows what is needed"
    )
    assert clean(workspace, Wish()).removed == 0
    _run(prepared_here())
    assert loads(workspace)[-1].folders == newest.folders
    clean(workspace, Wish())
    assert folders(workspace) == dict.fromkeys(KEYED[1:6], 1)


def test_old_drawings_are_dead(workspace: Workspace):
    folder = workspace.folder("drawings")
    folder.mkdir(exist_ok=True)
    for name in ("old.svg", "new.svg"):
        (folder / name).write_text("<svg/>", encoding="utf-8")
    then = workspace.released.stat().st_mtime - 4000
    os.utime(folder / "old.svg", (then, then))
    clean(workspace, Wish())
    assert [path.name for path in folder.iterdir()] == ["new.svg"]


def test_a_kill_while_it_removes_leaves_nothing_that_looks_done(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
):
    def killed(*_: object, ignore_errors: bool = False) -> None:
        if not ignore_errors:
            raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("flows.state.cleaning.shutil.rmtree", killed)
        with pytest.raises(KeyboardInterrupt):
            clean(workspace, Wish())
    clean(workspace, Wish())
    assert folders(workspace) == dict.fromkeys(KEYED[1:6], 1)
    assert not list(workspace.high.rglob("*.unfinished*"))


@pytest.mark.parametrize("wish", [{"keep": 0}, {"keep": -1}, {"older_than": -1}])
def test_numbers_that_make_no_sense(wish: dict[str, int]):
    with pytest.raises(ArgumentsError, match="needs"):
        Wish(**wish)  # type: ignore[arg-type]


def test_a_workspace_that_is_not_there():
    with pytest.raises(
        ArgumentsError,
        match=r"There is no such workspace; name another one with --workspace: .*nowhere",
    ):
        cleaning.clean(Asked("nowhere", keep=1, older_than=None, dry_run=True))


def test_other_folders_of_a_workspace_are_no_studies(workspace: Workspace):
    (workspace.root / ".server").mkdir()
    (workspace.root / "notes.txt").write_text("a", encoding="utf-8")
    assert [each.study for each in clean_all(workspace.root, Wish(dry_run=True))] == [
        "study"
    ]
    shutil.rmtree(workspace.root / ".server")


def test_what_is_said(workspace: Workspace, capsys: pytest.CaptureFixture[str]):
    told = cleaning.clean(Asked("workspace", keep=1, older_than=None, dry_run=True))
    assert json.loads(json.dumps(told))["prefect_runs"] is None
    cleaning.show(told)
    (line,) = capsys.readouterr().out.splitlines()
    assert (
        line.startswith("study: ")
        and " would be removed (cohorts " in line
        and "snapshots" in line
    )


@pytest.mark.parametrize(
    ("size", "said"),
    [(0, "0 bytes"), (1200, "1.2 KB"), (10_200_000, "10.2 MB"), (3 * 10**9, "3.0 GB")],
)
def test_bytes_for_people(size: int, said: str):
    assert size_said(size) == said
