"""A workspace of an older version goes on; one of a newer version is refused, and
nothing of it is lost.
"""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from extractors.errors import AnotherVersion, CohortflowError, DisclosureRefused
from flows.preparing.prepared import Prepared
from flows.running.nothing_to_do import run_nothing
from flows.running.protect import check_ledgers
from flows.running.terms import ledger_path, terms_of
from flows.state.outcome import noted, read_outcome
from flows.state.periods import DONE, MISSING, period_states
from flows.state.standing import refuse_to_replace
from flows.workspace.failures import record_failure
from measures.disclosure.memory.ledger import Ledger
from tests.flows.shelves import contents
from tests.lib.older_workspaces import VERSIONS, unpacked
from tests.lib.small_workspaces import carried_out, own_place, prepared_here

NEWER = 99


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Path]:
    with own_place(tmp_path) as folder:
        yield folder


@pytest.fixture(params=VERSIONS)
def older(request: pytest.FixtureRequest, place: Path) -> str:
    """The version whose workspace is in the folder."""
    unpacked(request.param, place)
    return str(request.param)


def lost(before: dict[str, bytes], place: Path) -> set[str]:
    """The files that have gone or changed."""
    after = contents(place)
    return {name for name, content in before.items() if after.get(name) != content}


def released(place: Path) -> bytes:
    """The one measure, in a layout that no version has changed."""
    return (
        place / "workspace/study/moderately_sensitive/measures/events.csv"
    ).read_bytes()


def test_an_older_workspace_goes_on(older: str, place: Path):
    before, numbers = (
        contents(place / "workspace/study/highly_sensitive"),
        released(place),
    )
    prepared = prepared_here()
    last = read_outcome(prepared.workspace)
    assert last is not None and last.periods == tuple(prepared.jobs) == last.computed
    assert last.options.records == str(place / "records")
    states = {state.state for state in period_states(prepared.jobs.values())}
    assert states == ({MISSING} if older == "0.1.0" else {DONE}), (
        "counts of 0.1.0 knew less of people"
    )

    made = carried_out(prepared)
    assert len(made) == (2 if older == "0.1.0" else 0) and all(
        status.ok for status in made.values()
    )
    assert released(place) == numbers, "what was released stays"
    rewritten = {
        "released.json",
        "dirt.json",
        "doubts.json",
        "lock",
        "snapshots/files.json",
    }
    rewritten |= {name for name in before if name.startswith("ledger/")}
    assert lost(before, place / "workspace/study/highly_sensitive") <= rewritten, (
        "results stay"
    )
    assert run_nothing(prepared, quiet=True) is not None


def test_the_ledger_of_an_older_workspace_is_kept(older: str, place: Path):
    prepared = prepared_here()
    path = ledger_path(terms_of(prepared))
    entries = path.read_bytes().count(b"\n")
    carried_out(prepared)
    assert prepared.key is not None
    memory = Ledger(path, prepared.key).memory
    assert memory.releases >= 1 and path.read_bytes().count(b"\n") >= entries
    assert {json.loads(line)["format"] for line in path.read_bytes().splitlines()} == {
        6
    }


def in_format(path: Path, number: int) -> None:
    data = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps(data | {"format": number}), encoding="utf-8")


# The files of a workspace, and whether a run that has something to make is needed to
# read them.
FILES = {
    "study.json": False,
    "last_run.json": False,
    "released.json": False,
    "ledger/key.json": False,
    "snapshots/files.json": False,
    "snapshots/*/snapshot.json": False,
    "counts/*/period=2020-01-06..2020-01-12.json": False,
    "errors/*/period=2020-01-06..2020-01-12.json": False,
    "counts/*/recipe.json": True,
    "timelines/*/shard-0000/shard.json": True,
    "static/*/static-0000.json": True,
    "../moderately_sensitive/manifest.json": False,
}


@pytest.fixture
def today(place: Path) -> Prepared:
    """What this version makes."""
    prepared = prepared_here()
    carried_out(prepared)
    assert run_nothing(prepared, quiet=True) is not None
    record_failure(prepared.jobs["2020-01-06..2020-01-12"].error, "It failed.")
    return prepared


def refusal(act: Callable[[], object]) -> CohortflowError:
    with pytest.raises(CohortflowError) as caught:
        act()
    return caught.value


def test_files_of_a_newer_version_are_refused(today: Prepared, place: Path):
    """Each with both formats named, and with everything as it was."""
    for pattern, makes in FILES.items():
        (path,) = today.workspace.high.glob(pattern)
        kept = path.read_bytes()
        written = json.loads(kept)["format"]
        in_format(path, NEWER)
        before = contents(place / "workspace")
        told = refusal(lambda: _run(makes=makes))  # noqa: B023 (it is called at once)
        assert isinstance(told, AnotherVersion) and told.exit_code == 2, (pattern, told)
        name = path.name
        assert (
            f"{name} has the format {NEWER}, and this cohortflow reads the format "
            f"{written}."
        ) in told.message, name
        assert lost(before, place / "workspace") <= {
            "study/highly_sensitive/last_run.json"
        }, pattern
        path.write_bytes(kept)


def _run(*, makes: bool) -> None:
    """As a command does it: prepare, look whether there is nothing to do, and if there
    is, do it.
    """
    prepared = prepared_here()
    run_nothing(prepared, quiet=True)
    with noted(prepared.workspace, prepared.options, tuple(prepared.jobs), None):
        refuse_to_replace(prepared.workspace, made_up=False)
        carried_out(prepared, force=makes)


@pytest.mark.parametrize("site", [False, True])
def test_a_ledger_of_a_newer_version_is_refused(
    today: Prepared, place: Path, site: bool
):
    (path,) = (
        (place / "keys/ledger").glob("*.jsonl")
        if site
        else [ledger_path(terms_of(today))]
    )
    first, *others = path.read_text(encoding="utf-8").splitlines(keepends=True)
    newer = json.dumps(json.loads(first) | {"format": NEWER}) + "\n"
    path.write_text("".join([newer, *others]), encoding="utf-8")
    before = contents(place)
    told = refusal(lambda: check_ledgers(terms_of(today)))
    assert isinstance(told, DisclosureRefused) and told.exit_code == 4
    assert (
        f"has the format {NEWER}" in told.message
        and "knows formats up to 6" in told.message
    )
    assert lost(before, place) == set()
