"""Loads of the records over others that are damaged, gone, or made anew since: the
numbers are those of a run from nothing all the same.
"""

import datetime
import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from extractors.time.layer import loads_below
from extractors.time.shards import WITHOUT
from extractors.time.since import PRINTS, begins_with_base, is_whole
from flows.preparing.options import Options
from flows.preparing.prepare import prepare
from tests.benchmarks.inline import InlineRun
from tests.generative.test_new_loads import (
    Rows,
    person,
    results,
    run,
    with_a_new_week,
    write,
)

MEN = """
from ehrql import INTERVAL, create_measures, weeks
from ehrql.tables.tpp import clinical_events, patients
now = clinical_events.where(clinical_events.date.is_during(INTERVAL))
measures = create_measures()
few = {"intervals": weeks(3).starting_on("2020-01-06")}
anybody = patients.exists_for_patient()
measures.define_measure("any", numerator=now.exists_for_patient(), denominator=anybody, **few)
measures.define_measure("of_men", numerator=now.count_for_patient(), denominator=patients.sex == "male", **few)
"""


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("damaged")
    (folder / "men.py").write_text(MEN, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setenv("COHORTFLOW_KEY_FILE", str(folder / "keys" / "key"))
        yield folder


def test_a_load_that_was_made_anew_since_tells_nothing(place: Path):
    """A woman has one event in week 1, and two in the second load: the same counts, and
    another cohort. The second load is made anew, of all people, after the third.
    """
    rng = np.random.default_rng(11)
    first = {number: person(rng, number) for number in range(1, 61)}
    first = with_a_new_week(first, [2], datetime.date(2020, 1, 8))
    second = with_a_new_week(first, [2], datetime.date(2020, 1, 9))
    third = with_a_new_week(first, [4], datetime.date(2020, 1, 22))
    run(write(place / "one", first, rng), "men", "men.py")
    two = run(write(place / "two", second, rng), "men", "men.py")
    records = str(write(place / "three", third, rng))
    made = InlineRun(prepare(Options("men.py", records, workspace="men")))
    made.prepare_inputs()
    two.force = two.anew = True
    two.prepare_inputs()
    made.make(made.prepared.jobs)
    anew = run(place / "three", "men from nothing", "men.py")
    assert results(made) == results(anew)


def test_a_damaged_list_of_changed_people_is_made_anew(place: Path):
    """Whom a folder of timelines passes over is noted, as what its shards hold is."""
    rng = np.random.default_rng(12)
    people = {number: person(rng, number) for number in range(1, 61)}
    run(write(place / "list 1", people, rng), "lists", "men.py")
    people = with_a_new_week(people, [3, 5], datetime.date(2020, 2, 12))
    made = run(write(place / "list 2", people, rng), "lists", "men.py")
    folder = made.prepared.places.timelines
    whole, path = results(made), folder / WITHOUT
    for damage in (another_person, Path.unlink):
        assert is_whole(folder)
        damage(path)
        assert begins_with_base(folder) and not is_whole(folder)
        made.force = True  # as what is suspect, it is looked through
        made.prepare_inputs()
        made.extract(made.prepared.jobs)
        assert results(made) == whole


def another_person(path: Path) -> None:
    """The list names one who has not changed."""
    content = path.read_bytes()
    old, new = (number.to_bytes(8, "little") for number in (5, 6))
    assert content.count(old) == 1
    path.write_bytes(content.replace(old, new))


@pytest.mark.parametrize("name", ["counts-0.arrow", PRINTS])
def test_a_cut_file_of_the_load_before_is_no_end_of_a_run(place: Path, name: str):
    """Nothing is carried over, or begun with; all is made."""
    rng = np.random.default_rng(13)
    people = {number: person(rng, number) for number in range(1, 61)}
    first = run(write(place / f"cut 1 {name}", people, rng), f"cut {name}", "men.py")
    path = first.prepared.places.timelines / name
    whole = path.read_bytes()
    path.unlink()  # as a file under a name of its own
    path.write_bytes(whole[: len(whole) // 2])
    people = with_a_new_week(people, [4], datetime.date(2020, 1, 22))
    made = run(write(place / f"cut 2 {name}", people, rng), f"cut {name}", "men.py")
    assert not made.carried
    anew = run(place / f"cut 2 {name}", f"not cut {name}", "men.py")
    assert results(made) == results(anew)


def test_a_snapshot_over_another_load_has_a_static_table_of_its_own(place: Path):
    """The second load lies over the first; when its snapshot is gone, it is written
    over the third, which was made of all people. So others have changed since.
    """
    rng = np.random.default_rng(14)
    first = {number: person(rng, number) for number in range(1, 61)}
    second = with_another_sex(first, range(1, 9))
    third = with_another_sex(second, range(9, 17))
    run(write(place / "over 1", first, rng), "over", "men.py")
    two = run(write(place / "over 2", second, rng), "over", "men.py")
    three = run(write(place / "over 3", third, rng), "over", "men.py")
    assert two.prepared.places.snapshot.is_layer
    assert not three.prepared.places.snapshot.is_layer
    job = next(iter(two.prepared.jobs.values()))
    shutil.rmtree(two.prepared.places.snapshot.folder)
    shutil.rmtree(two.prepared.places.timelines)
    shutil.rmtree(job.counts.parent)
    made = run(place / "over 2", "over", "men.py")
    assert (
        loads_below(made.prepared.places.snapshot)[0]
        == three.prepared.places.snapshot_key
    )
    assert results(made) == results(run(place / "over 2", "over nothing", "men.py"))


def with_another_sex(people: dict[int, Rows], some: range) -> dict[int, Rows]:
    """The same people, of whom some have another sex."""
    later = dict(people)
    for number in some:
        (row,) = people[number]["patients"]
        other = (row[0], row[1], "female" if row[2] == "male" else "male", row[3])
        later[number] = {**people[number], "patients": [other]}
    return later
