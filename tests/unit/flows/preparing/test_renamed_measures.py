"""What identifies a period's result is what it computes, not what it is called."""

from flows.preparing.options import Options
from flows.preparing.prepare import prepare
from flows.preparing.prepared import Prepared
from flows.running.ending import gathered
from tests.benchmarks.inline import InlineRun
from tests.lib.definitions import START, project, write

__all__ = ["project"]
MORE = """
measures.define_measure(
    "everybody", numerator=patients.sex == "female", denominator=patients.exists_for_patient(),
    intervals=weeks(2).starting_on("2020-01-06"),
)
"""
OTHER = (
    MORE.replace("weeks(2)", "weeks(4)")
    .replace('"female"', '"male"')
    .replace("everybody", "others")
)


def prepared(text: str) -> Prepared:
    return prepare(Options(str(write("study.py", text)), patients=300))


def keys(prepared: Prepared) -> list[str]:
    places = prepared.places
    folders = [places.snapshot.folder.name, places.static.name, places.timelines.name]
    return folders + [recipe.key for recipe in prepared.recipes.values()]


def test_renamed_measure_has_its_keys(project):
    today = START.replace('"events"', '"measure_2026-11-29"'.replace("-", "_"))
    assert keys(prepared(START + MORE)) == keys(
        prepared(today + MORE.replace("everybody", "all_of_them"))
    )


def test_another_measure_has_other_keys(project):
    other = MORE.replace('"female"', '"male"')
    assert not set(keys(prepared(START + MORE))[-2:]) & set(
        keys(prepared(START + other))[-2:]
    )


def test_group_gives_its_name_to_the_counts_and_so_to_the_key(project):
    assert (
        keys(prepared(START))[-2:]
        != keys(prepared(START.replace('"sex":', '"gender":')))[-2:]
    )


def test_what_was_counted_is_told_under_the_names_of_today(project):
    before = prepared(START + MORE + OTHER)
    run = InlineRun(before)
    run.prepare_inputs()
    run.extract(before.jobs)
    renamed = START.replace('"events"', '"measure_2026"') + MORE.replace(
        "everybody", "others"
    )
    after = prepared(renamed + OTHER.replace('"others"', '"events"'))
    assert all(job.counts.exists() for job in after.jobs.values())
    names = {"events": "measure_2026", "everybody": "others", "others": "events"}
    told = [
        row | {"measure": names[row["measure"]]}
        for row in gathered(before).table.to_pylist()
    ]
    assert len(told) > 6 and any(row["numerator"] for row in told)
    order = sorted(
        told, key=lambda row: (row["measure"], row["interval_start"], str(row["sex"]))
    )
    found = gathered(after).table.to_pylist()
    assert (
        sorted(
            found,
            key=lambda row: (row["measure"], row["interval_start"], str(row["sex"])),
        )
        == order
    )


def test_plan_tells_series_by_the_names_of_measures(project):
    made = prepared(START + MORE)
    assert set(made.parts_by_title) == {
        "sex",
        "events_denominator",
        "events_numerator",
        "everybody_numerator",
    }
    assert not any("events" in name for name in made.parts)
