"""Whatever crosses to Dask's workers and back survives it."""

import datetime
import pickle
from pathlib import Path

import pytest
from distributed.protocol import pickle as dask_pickle
from distributed.protocol.serialize import deserialize, serialize

from extractors import errors
from extractors.sources.elsewhere.place import ObjectsChanged
from extractors.sources.postgresql.errors import RecordsChanged, RecordsUnreachable
from flows.preparing.jobs import Bounds, PeriodJob, Status
from flows.preparing.options import Options
from flows.preparing.prepare import prepare
from flows.preparing.prepared import Prepared
from flows.preparing.recipe import read_recipe
from flows.running import work
from flows.running.same_code import OtherCode
from flows.running.seeing import Unseen
from flows.workspace.store import write_json
from tests.flows.conftest import STUDY


def kinds(
    of: type[errors.CohortflowError] = errors.CohortflowError,
) -> list[type[errors.CohortflowError]]:
    """An error and all that are kinds of it, in whatever room."""
    return [of, *(kind for below in of.__subclasses__() for kind in kinds(below))]


KINDS = kinds()
TRANSIENT = {
    errors.InterruptedRun,
    RecordsUnreachable,
    RecordsChanged,
    ObjectsChanged,
    OtherCode,
    Unseen,
}


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    return prepare(
        Options(str(STUDY), workspace=str(tmp_path_factory.mktemp("workspace")))
    )


def roundtrips(thing: object) -> list[object]:
    """The same thing after every way in which Dask may send it."""
    return [
        pickle.loads(pickle.dumps(thing)),
        dask_pickle.loads(dask_pickle.dumps(thing)),
        deserialize(*serialize(thing)),
    ]


def test_jobs(prepared: Prepared):
    for job in prepared.jobs.values():
        assert all(other == job for other in roundtrips(job))


def test_inputs_of_the_steps(prepared: Prepared):
    bounds = Bounds(2, 1_000_000_000, Path("spill"))
    for thing in (
        prepared.records,
        prepared.plan,
        prepared.places.snapshot,
        prepared.places.static,
        bounds,
    ):
        assert all(other == thing for other in roundtrips(thing))


@pytest.mark.parametrize(
    "status", [Status(), Status("no room", transient=True, exit_code=1)]
)
def test_status(status: Status):
    assert all(
        other == status and other.ok == status.ok for other in roundtrips(status)
    )


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_errors_keep_their_fields(kind: type[errors.CohortflowError]):
    error = kind("what anybody may see", "what only the shelf may hold")
    for other in roundtrips(error):
        assert isinstance(other, kind)
        assert (other.message, other.detail, str(other)) == (
            error.message,
            error.detail,
            error.message,
        )
        assert (other.exit_code, other.transient) == (kind.exit_code, kind in TRANSIENT)


def test_recipes_come_back_from_their_files(prepared: Prepared, tmp_path: Path):
    for number, recipe in enumerate(prepared.recipes.values()):
        path = tmp_path / f"{number}.json"
        write_json(path, recipe.as_json())
        assert read_recipe(path) == recipe and read_recipe(path).key == recipe.key


def test_a_step_hands_its_error_back():
    def refuses() -> None:
        raise errors.RecordsError("not like that", "with a value")

    def breaks() -> None:
        raise ValueError("a value")

    refused, broken = (
        work.attempt("snapshot", refuses),
        work.attempt("snapshot", breaks),
    )
    assert (
        isinstance(refused, errors.RecordsError) and refused.message == "not like that"
    )
    assert (
        broken is not None
        and broken.message == "snapshot ended with an unexpected ValueError."
    )
    assert "a value" in broken.detail


def test_a_period_that_breaks_leaves_its_words_on_the_shelf(
    tmp_path: Path, prepared: Prepared
):
    job = next(iter(prepared.jobs.values()))
    assert isinstance(job, PeriodJob) and job.interval == (
        datetime.date(2021, 5, 1),
        datetime.date(2021, 5, 31),
    )
    # else it would be a worker that does not see the workspace
    job.bounds.spill.parent.mkdir(parents=True)
    status = work.extract(job)  # nothing more is prepared, so there is no recipe
    assert status == Status(
        f"A recipe is not there any more; run again: {job.recipe}", exit_code=1
    )
    assert str(job.recipe) in job.error.read_text(encoding="utf-8")
