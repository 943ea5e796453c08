"""What an author learns beside the released counts: by failing, by dirt, by paths, by
the plan.

Each scenario has two worlds that differ in one person's record, and says what the
author sees in each, as it was done before and as it is done now. What differs is what
is learnt.
"""

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

import measures
from extractors.engine import Engine
from extractors.errors import CohortflowError
from extractors.language.cases import when
from extractors.model.schema import Column, TableSchema
from extractors.sources import open_source
from extractors.sql.files import read_parquet
from flows.preparing.estimate import one_figure
from measures.definitions import create_measures
from tests.lib.tables import e, p

Seen = Callable[[Path, bool], str]
CODE = "444814009"
OTHER = "900000000000000999"
HUGE = 2**62
PEOPLE = 40
TODAY = datetime.date(2020, 1, 1)


@dataclass(frozen=True)
class SideScenario:
    """One way to ask whether somebody has a code, without any count."""

    name: str
    # what the author sees, given a folder for files and whether the person has the code
    before: Seen
    now: Seen

    def learnt(self, seen: Seen, folder: Path) -> tuple[str, ...]:
        """What is seen without and with it; one thing if the author cannot tell."""
        worlds = []
        for has_it in (False, True):
            (folder / str(has_it)).mkdir(parents=True)
            worlds.append(seen(folder / str(has_it), has_it))
        return tuple(dict.fromkeys(worlds))

    def row(self, folder: Path) -> str:
        before, now = (
            self.learnt(seen, folder / word)
            for seen, word in ((self.before, "b"), (self.now, "n"))
        )
        return f"| {self.name} | {' or '.join(before)} | {' or '.join(now)} |"


HEAD = "| asked by | before | now |\n|---|---|---|"


# Failing: a sum that leaves 64 bits exactly if two people have the code.


def _records(has_it: bool) -> Mapping[str, list[dict[str, Any]]]:
    codes = [(1, CODE), (2, CODE if has_it else OTHER)]
    events = [{"patient_id": patient, "c1": code} for patient, code in codes]
    return {"p": [{"patient_id": patient} for patient in range(1, PEOPLE)], "e": events}


def _failing_now(folder: Path, has_it: bool) -> str:
    study = create_measures()
    with_code = e.where(e.c1 == CODE).exists_for_patient()
    many = when(with_code).then(HUGE).otherwise(0)
    study.define_measure("m", many, p.exists_for_patient(), intervals=[(TODAY, TODAY)])
    return _ending(lambda: measures.evaluate(study, _records(has_it)))


def _failing_before(folder: Path, has_it: bool) -> str:
    numbers = [HUGE, HUGE if has_it else 0]
    with Engine() as engine:
        engine.register("n", pa.table({"x": numbers}))
        return _ending(lambda: engine.execute("SELECT CAST(sum(x) AS BIGINT) FROM n"))


def _ending(work: Callable[[], object]) -> str:
    try:
        work()
    except CohortflowError:
        return "failed"
    return "done"


# Dirt: a promise that everything is any code but one.


def _dirty(folder: Path, has_it: bool) -> Path:
    codes = [OTHER] * 10 + [CODE if has_it else OTHER] * 3
    pq.write_table(
        pa.table({"patient_id": range(13), "x": codes}), folder / "mine.parquet"
    )
    return folder


def _dirt_now(folder: Path, has_it: bool) -> str:
    mine = TableSchema("mine", (Column("x", str, categories=(OTHER,), pattern=OTHER),))
    with Engine() as engine:
        source = open_source(str(_dirty(folder, has_it)))
        return (
            "done, "
            f"{', '.join(source.check(engine, mine, ['x']).said) or 'nothing said'}"
        )


def _dirt_before(folder: Path, has_it: bool) -> str:
    file = _dirty(folder, has_it) / "mine.parquet"
    with Engine() as engine:
        counted = (
            f"SELECT count(*) FROM {read_parquet([file])} WHERE x NOT IN ('{OTHER}')"
        )
        (number,) = engine.execute(counted)[0]
    return f"refused, {number} rows" if number else "done, nothing said"


# Paths: a workspace that is called as a pattern of another one.


def _workspaces(folder: Path, has_it: bool) -> Path:
    for name, rows in (("run1", 3 if has_it else 0), ("run?", 10)):
        (folder / name).mkdir()
        pq.write_table(
            pa.table({"patient_id": range(rows)}), folder / name / "static.parquet"
        )
    return folder / "run?" / "static.parquet"


def _counted(relation: str) -> str:
    with Engine() as engine:
        return f"{engine.execute(f'SELECT count(*) FROM {relation}')[0][0]} people"


def _paths_now(folder: Path, has_it: bool) -> str:
    return _counted(read_parquet([_workspaces(folder, has_it)]))


def _paths_before(folder: Path, has_it: bool) -> str:
    return _counted(f"read_parquet('{_workspaces(folder, has_it)}')")


# Plans: how many rows a table has.


def _plan_now(folder: Path, has_it: bool) -> str:
    return f"about {one_figure(1_234 + has_it):,} rows"


def _plan_before(folder: Path, has_it: bool) -> str:
    return f"about {1_234 + has_it:,} rows"


SIDE_SCENARIOS = (
    SideScenario("a sum that leaves 64 bits", _failing_before, _failing_now),
    SideScenario("a promise of any code but one", _dirt_before, _dirt_now),
    SideScenario("a workspace called as a pattern", _paths_before, _paths_now),
    SideScenario("the plan", _plan_before, _plan_now),
)
