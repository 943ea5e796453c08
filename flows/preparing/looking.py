"""A look at records before a run: at names and types of columns, or at every row if
that is asked for.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from extractors.engine import Engine
from extractors.errors import RecordsError
from extractors.needed import look_through
from extractors.planner.plan import Plan
from extractors.sources.dirt import WHERE, DirtyRecords, report
from extractors.sources.ids import keyed
from extractors.sources.ids import refuse_missing as refuse_missing_in
from flows.preparing.jobs import Bounds
from flows.preparing.records import Records
from flows.workspace.settings import settings
from flows.workspace.store import Workspace, write_json


def refuse_missing(records: Records, plan: Plan) -> bool:
    """Raise one RecordsError for all tables and columns that are missing or of another
    type.

    Reads no row. Returns False where the records cannot be seen from here, such as a
    database that refuses this user: that is no mistake of the definition.
    """
    if records.made_up:
        return True
    outline = records.outline()
    if outline is None:
        return False
    with Engine() as engine:
        try:
            refuse_missing_in(engine, outline, plan.needs)
        except RecordsError as error:
            if error.unseen:
                return False
            raise
    return True


def look_at_rows(records: Records, plan: Plan, workspace: Workspace) -> tuple[str, ...]:
    """Look at every row and return the warnings. Raises RecordsError where a run would.

    Writes which rows are wrong, and how many, to the highly_sensitive shelf.
    """
    workspace.make()
    records.make()
    bounds = Bounds(1, settings().worker_memory, workspace.spill)
    with dirt_noted(workspace.dirt), bounds.engine() as engine:
        source = keyed(engine, records.open(), plan.needs)
        found = look_through(engine, source, plan)
    write_json(workspace.dirt, report(found.dirt))
    return found.said


@contextmanager
def dirt_noted(file: Path) -> Iterator[None]:
    """Write what makes the records unreadable to `file`, row by row, and raise it
    without numbers.
    """
    try:
        yield
    except DirtyRecords as error:
        write_json(file, report(error.dirt))
        raise RecordsError(f"{error.message}\n{WHERE}", error.detail) from None
