"""What is done is looked at: damage to it is noticed, said, and made good by the next
run.
"""

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from extractors.errors import AnotherVersion, CohortflowError
from flows.preparing.prepared import Prepared
from flows.preparing.recipe import read_recipe
from flows.running import work
from flows.running.nothing_to_do import run_nothing
from flows.running.suspicion import due, is_suspect
from flows.state.outcome import read_outcome
from flows.state.periods import DONE, FAILED, period_states, why
from flows.workspace import written
from tests.flows.shelves import Shelves, contents
from tests.lib.small_workspaces import PERIODS, carried_out, own_place, prepared_here

FIRST, SECOND = PERIODS


@pytest.fixture(scope="module", autouse=True)
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    with own_place(tmp_path_factory.mktemp("damage")) as folder:
        yield folder


@pytest.fixture(scope="module")
def once(place: Path) -> Prepared:
    """The shelves as a run has left them, with the ledger of the site, are kept
    beside.
    """
    prepared = prepared_here()
    carried_out(prepared)
    shutil.copytree(place / "workspace", place / "kept")
    shutil.copytree(place / "keys", place / "kept-keys")
    return prepared


@pytest.fixture
def done(once: Prepared, place: Path) -> Prepared:
    """A finished workspace to damage."""
    for name, kept in (("workspace", "kept"), ("keys", "kept-keys")):
        shutil.rmtree(place / name)
        shutil.copytree(place / kept, place / name)
    return once


def counts(prepared: Prepared, period: str = FIRST) -> Path:
    return prepared.jobs[period].counts


def cohort(prepared: Prepared, period: str = FIRST) -> Path:
    return prepared.jobs[period].cohort


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def empty(path: Path) -> None:
    path.write_bytes(b"")


def flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 3] ^= 0xFF
    path.write_bytes(content)


def one_more(path: Path) -> None:
    """Every number of every period is one larger, and nothing else is another."""
    with pa.ipc.open_file(path) as reader:
        batches = [
            reader.get_batch_with_custom_metadata(number)
            for number in range(reader.num_record_batches)
        ]
    with pa.ipc.new_file(path, batches[0][0].schema) as writer:
        for batch, said in batches:
            columns = [
                pc.add(column, 1).cast(column.type)
                if field.name.startswith("n")
                else column
                for field, column in zip(batch.schema, batch.columns, strict=True)
            ]
            changed = pa.record_batch(columns, schema=batch.schema)
            writer.write_batch(changed, custom_metadata=said)


def not_yet_made(prepared: Prepared) -> None:
    """The first period is as before its first run."""
    job = prepared.jobs[FIRST]
    for path in (job.note, *job.results.values()):
        path.unlink()


def swap(some: Path, other: Path) -> None:
    beside = some.with_name("beside")
    some.rename(beside)
    other.rename(some)
    beside.rename(other)


def states(prepared: Prepared, *, thorough: bool = False) -> dict[str, str]:
    return {
        state.job.period: state.state
        for state in period_states(prepared.jobs.values(), thorough=thorough)
    }


def reason(prepared: Prepared, period: str = FIRST) -> str:
    (state,) = period_states([prepared.jobs[period]])
    return state.reason


def results(prepared: Prepared) -> dict[str, bytes]:
    shelves = Shelves(prepared.workspace.root, "study")
    files = [*shelves.results("cohorts").values(), *shelves.results("counts").values()]
    return {path.parent.parent.name + path.name: path.read_bytes() for path in files}


def whole(place: Path) -> dict[str, bytes]:
    shelves = Shelves(place / "kept", "study")
    files = [*shelves.results("cohorts").values(), *shelves.results("counts").values()]
    return {path.parent.parent.name + path.name: path.read_bytes() for path in files}


def mends(prepared: Prepared, place: Path, *periods: str) -> None:
    """The next run makes these periods, and all is as it was."""
    made = carried_out(prepared)
    assert set(made) == set(periods) and all(status.ok for status in made.values()), (
        made
    )
    assert results(prepared) == whole(place)
    assert contents(prepared.workspace.release) == contents(
        place / "kept" / "study" / "moderately_sensitive"
    )
    assert set(states(prepared, thorough=True).values()) == {DONE} and not is_suspect(
        prepared
    )
    assert run_nothing(prepared, quiet=True) is not None


DAMAGES: dict[str, tuple[Callable[[Prepared], Path], Callable[[Path], None]]] = {
    "cut counts": (counts, cut),
    "changed counts": (counts, flip),
    "empty counts": (counts, empty),
    "a cut cohort": (cohort, cut),
    "a changed cohort": (cohort, flip),
    "a lost cohort": (cohort, Path.unlink),
    "a cut note": (lambda prepared: prepared.jobs[FIRST].note, cut),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_damage_of_a_period(done: Prepared, place: Path, damage: str):
    which, happen = DAMAGES[damage]
    happen(which(done))
    assert states(done) == {FIRST: FAILED, SECOND: DONE}
    assert "is cut, changed or gone; a run makes it anew" in reason(done)
    (state,) = period_states([done.jobs[FIRST]])
    assert why(state, done.workspace, {}) == state.reason
    assert run_nothing(done, quiet=True) is None
    mends(done, place, FIRST)


@pytest.mark.parametrize("which", [cohort, counts])
def test_files_of_two_periods_that_were_swapped(
    done: Prepared, place: Path, which: Callable[[Prepared, str], Path]
):
    swap(which(done, FIRST), which(done, SECOND))
    assert reason(done) == (
        f"the file of its {which.__name__} is that of {SECOND}, under another "
        "name; a run makes it anew"
    )
    assert FIRST in reason(done, SECOND)
    mends(done, place, FIRST, SECOND)


@pytest.mark.parametrize("other", [one_more, flip, cut])
def test_counts_of_all_periods(
    done: Prepared, place: Path, other: Callable[[Path], None]
):
    """A period that is yet to be made of them fails, or they are made anew before."""
    other(done.places.chain_counts(0))
    not_yet_made(done)
    made = carried_out(done)
    assert set(made) == {FIRST}
    if other is one_more:
        assert not made[FIRST].ok
    assert made[FIRST].ok or "counts of this period are damaged" in made[FIRST].reason
    carried_out(done)
    assert results(done) == whole(place)


def test_counts_of_an_earlier_version_have_no_checksum(done: Prepared, place: Path):
    path = done.places.chain_counts(0)
    with pa.ipc.open_file(path) as reader:
        table = reader.read_all()
        batches = [reader.get_batch(n) for n in range(reader.num_record_batches)]
    with pa.ipc.new_file(path, table.schema) as writer:
        for batch in batches:
            writer.write_batch(batch)
    not_yet_made(done)
    mends(done, place, FIRST)


def test_all_files_of_two_periods_that_were_swapped(done: Prepared, place: Path):
    for name in ("cohort", "counts", "note"):
        swap(getattr(done.jobs[FIRST], name), getattr(done.jobs[SECOND], name))
    assert f"is that of {SECOND}, under another name" in reason(done)
    mends(done, place, FIRST, SECOND)


def test_one_period_copied_over_another(done: Prepared, place: Path):
    shutil.copy(counts(done, SECOND), counts(done, FIRST))
    assert SECOND in reason(done)
    mends(done, place, FIRST)


def test_large_files_are_known_by_size_and_footer(
    done: Prepared, place: Path, monkeypatch: pytest.MonkeyPatch
):
    """Their content is read where something else is wrong."""
    monkeypatch.setattr(written, "SMALL", 0)
    flip(cohort(done, SECOND))
    assert states(done) == {FIRST: DONE, SECOND: DONE}
    assert states(done, thorough=True) == {FIRST: DONE, SECOND: FAILED}
    cut(counts(done))
    assert {job.period for job in due(done, None)} == {FIRST, SECOND}
    mends(done, place, FIRST, SECOND)


def test_a_footer_that_a_newer_version_wrote(
    done: Prepared, monkeypatch: pytest.MonkeyPatch
):
    shutil.copy(cohort(done, SECOND), cohort(done))
    monkeypatch.setattr(written, "FORMAT", 0)
    with pytest.raises(
        AnotherVersion,
        match=r"has the format 1, and this cohortflow reads the format 0\.",
    ):
        states(done)


def test_every_result_names_its_format_and_period(done: Prepared):
    for path in (counts(done), cohort(done)):
        told = json.loads(pq.read_metadata(path).metadata[b"cohortflow"])
        assert told == {"format": 1, "period": FIRST}


@pytest.mark.parametrize(
    "happen", [cut, Path.unlink, lambda path: path.write_text("{}", encoding="utf-8")]
)
def test_a_damaged_recipe(done: Prepared, place: Path, happen: Callable[[Path], None]):
    """Neither a run nor a forced one stops at it."""
    recipe = done.jobs[FIRST].recipe
    assert recipe is not None
    before = recipe.read_bytes()
    happen(recipe)
    read_recipe.cache_clear()
    made = carried_out(done, force=True)
    assert len(made) == 2 and all(status.ok for status in made.values())
    assert recipe.read_bytes() == before
    mends(done, place)


def test_force_removes_nothing_before_its_successor_is_there(
    done: Prepared, place: Path, monkeypatch: pytest.MonkeyPatch
):
    with monkeypatch.context() as broken:
        broken.setattr(work, "raw_counts", _refuse)
        made = carried_out(done, force=True)
    assert [status.reason for status in made.values()] == ["It is refused."] * 2
    assert results(done) == whole(place)
    assert states(done) == {FIRST: FAILED, SECOND: FAILED}, (
        "what was to be made was not"
    )
    mends(done, place, FIRST, SECOND)


def _refuse(*_: object) -> None:
    raise CohortflowError("It is refused.")


SHELVES = {
    "the description of the snapshot": "snapshots/*/snapshot.json",
    "a table of the snapshot": "snapshots/*/patients.parquet",
    "the static table": "static/*/static-0000.parquet",
    "its note": "static/*/static-0000.json",
    "what is known of all periods": "timelines/*/shard-0000/changes-0.arrow",
    "the description of a shard": "timelines/*/shard-0000/shard.json",
    "counts of all periods": "timelines/*/counts-0.arrow",
}


@pytest.mark.parametrize("what", SHELVES)
def test_damage_of_what_periods_are_made_of(done: Prepared, place: Path, what: str):
    """Noticed before it is used."""
    (path,) = done.workspace.high.glob(SHELVES[what])
    cut(path)
    cut(counts(done))
    mends(done, place, FIRST)


def test_a_damaged_description_of_a_snapshot_that_only_warnings_need(
    done: Prepared, place: Path
):
    (path,) = done.workspace.high.glob("snapshots/*/snapshot.json")
    before = path.read_bytes()
    cut(path)
    assert run_nothing(done, quiet=True) is None
    mends(done, place)
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    "name", ["last_run.json", "released.json", "snapshots/files.json"]
)
def test_notes_that_a_run_writes_again(done: Prepared, place: Path, name: str):
    run_nothing(done, quiet=True)
    path = done.workspace.high / name
    cut(path)
    again = prepared_here()
    mends(again, place)
    assert read_outcome(again.workspace) is not None


def test_a_damaged_note_of_a_failure(done: Prepared, place: Path):
    error = done.jobs[FIRST].error
    error.parent.mkdir(parents=True, exist_ok=True)
    error.write_text("{", encoding="utf-8")
    assert states(done) == {FIRST: FAILED, SECOND: DONE}
    assert reason(done) == "something failed, and the note of it is damaged"
    mends(done, place, FIRST)


def test_what_an_earlier_version_wrote_is_noted_and_not_made_again(done: Prepared):
    """It wrote no notes and no footers."""
    for job in done.jobs.values():
        job.note.unlink()
        for path in job.results.values():
            pq.write_table(
                pq.ParquetFile(path).read().replace_schema_metadata(None), path
            )
    before = results(done)
    assert set(states(done).values()) == {DONE}
    assert not any(job.note.exists() for job in done.jobs.values()), (
        "who looks writes nothing"
    )
    assert carried_out(done) == {}
    assert results(done) == before
    assert all(job.note.exists() for job in done.jobs.values())


def test_what_an_earlier_version_wrote_is_looked_through(done: Prepared, place: Path):
    for job in done.jobs.values():
        job.note.unlink()
        for path in job.results.values():
            pq.write_table(
                pq.ParquetFile(path).read().replace_schema_metadata(None), path
            )
    flip(cohort(done, SECOND))
    swap(counts(done, FIRST), counts(done, SECOND))
    assert "is that of another period" in reason(done) or "is cut" in reason(done)
    mends(done, place, FIRST, SECOND)
