"""The commands that look inside a definition: `explain` one patient, `attrition` of
all.
"""

import csv
import json
from collections.abc import Iterable, Mapping
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from extractors.errors import CohortflowError
from flows.preparing.options import Options
from flows.preparing.prepare import period_of, prepare
from flows.preparing.prepared import Prepared
from flows.trying.attrition import Left, as_lines, left_of
from flows.trying.counting import bounds_of, in_passing, is_trial, trial_of
from flows.trying.explaining import Explained, explain
from flows.trying.one_patient import patient_of
from flows.workspace.store import PRIVATE, umask, whole_file
from measures.attrition import steps_in
from measures.closed.process import Closed

MOST_ROWS = 20  # of a table that are shown; --json has all


def explain_patient(
    options: Options,
    patient: str,
    period: str,
    measure: str,
    *,
    as_json: bool,
    early: Closed | None = None,
) -> None:
    """Print what comes of a made-up patient; of a real one write it to the
    highly_sensitive shelf, and print where.

    Raises ArgumentsError for a patient, a period or a measure that is not there.
    """
    if not is_trial(options):
        _explain_privately(prepare(options, early=early), patient, period, measure)
        return
    with in_passing(options, early) as prepared:
        prepared.records.make()
        found = _explained(prepared, patient, period, measure)
    if as_json:
        print(json.dumps(found.as_json(), default=str))
    else:
        show_explained(Console(), found)


def _explained(
    prepared: Prepared, patient: str, period: str, measure: str
) -> Explained:
    interval = period_of(prepared.study, period)
    who = patient_of(prepared, bounds_of(prepared), patient)
    return explain(prepared.study, who, interval, measure)


def _explain_privately(
    prepared: Prepared, patient: str, period: str, measure: str
) -> None:
    """No word of a real person is printed, and no name of a file tells who it is."""
    workspace = prepared.workspace
    workspace.make()
    with umask(PRIVATE):
        found = _explained(prepared, patient, period, measure)
        folder = workspace.folder("explain")
        folder.mkdir(exist_ok=True)
        path = folder / f"{len(list(folder.iterdir())) + 1}.json"
        with whole_file(path) as beside:
            beside.write_text(
                json.dumps(found.as_json(), default=str, indent=1), encoding="utf-8"
            )
    Console().print(escape(str(path)), soft_wrap=True, highlight=False)


def show_explained(console: Console, found: Explained) -> None:
    for table, rows in found.rows.items():
        console.print(
            f"[bold]{escape(table)}[/]: {len(rows)} "
            f"row{'' if len(rows) == 1 else 's'} that may matter"
        )
        if rows:
            console.print(_rows(rows))
    for title, lines in found.trees.items():
        console.print(f"[bold]{escape(title)}[/]")
        for line in lines:
            console.print(
                f"{'  ' * (line.depth + 1)}{_value(line.value)}: {escape(line.words)}",
                highlight=False,
            )


def _rows(rows: Iterable[Mapping[str, Any]]) -> Table:
    listed = list(rows)
    names = [name for name in listed[0] if name != "patient_id"]
    table = Table(*names, box=None, pad_edge=True)
    for row in listed[:MOST_ROWS]:
        table.add_row(*(_value(row[name]) for name in names))
    if len(listed) > MOST_ROWS:
        table.add_row(f"… and {len(listed) - MOST_ROWS} more")
    return table


def _value(value: Any) -> str:
    return "(missing)" if value is None else escape(str(value))


# Attrition ----------------------------------------------------------------------------


def attrition_on_trial(
    options: Options, period: str, *, as_json: bool, early: Closed | None = None
) -> None:
    """Print how many made-up people are left after each condition."""
    with trial_of(options, early) as trial:
        found = left_of(trial, period)
    if as_json:
        print(json.dumps({"attrition": [line.as_json() for line in found]}))
    else:
        show_attrition(Console(), found)


def show_released(prepared: Prepared) -> None:
    """Print the same from a release: its numbers are protected, and some of them
    withheld.
    """
    counts = _released(prepared)
    everybody = next(iter(counts.values()))[1]
    left = {name: numerator for name, (numerator, _) in counts.items()}
    show_attrition(Console(), as_lines(steps_in(prepared.study), left, everybody))


def _released(prepared: Prepared) -> dict[str, tuple[Any, Any]]:
    """By measure: numerator and denominator as they were released."""
    path = prepared.workspace.release / "measures.csv"
    try:
        with path.open(encoding="utf-8", newline="") as file:
            found: dict[str, tuple[Any, Any]] = {}
            for row in csv.DictReader(file):
                found[row["measure"]] = (row["numerator"], row["denominator"])
            return found
    except (OSError, KeyError) as error:
        raise CohortflowError(
            f"{path.name} cannot be read; run again: {path}", str(error)
        ) from None


def show_attrition(console: Console, lines: Iterable[Left]) -> None:
    table = Table(box=None, pad_edge=False)
    table.add_column("who is left", overflow="fold")
    table.add_column("people", justify="right", no_wrap=True)
    for line in lines:
        if not line.condition:
            table.add_row(
                f"[bold]{escape(line.of)}[/]: everybody of whom there are records",
                _number(line.left),
            )
        else:
            table.add_row(f"  and {escape(line.condition)}", _number(line.left))
    console.print(table)


def _number(value: Any) -> str:
    return f"{value:,}" if isinstance(value, int) else escape(str(value))
