"""A look at records before a run: at names and types of columns, or at every row if that is asked for."""

from extractors.engine import Engine
from extractors.errors import RecordsError
from extractors.planner.plan import Plan
from extractors.snapshot import look_through
from extractors.sources.dirt import WHERE, DirtyRecords, report
from extractors.sources.ids import keyed
from extractors.sources.ids import refuse_missing as refuse_missing_in
from flows.preparing.jobs import Bounds
from flows.preparing.records import Records
from flows.workspace.settings import settings
from flows.workspace.store import Workspace, write_json


def refuse_missing(records: Records, plan: Plan) -> bool:
    """Raise one RecordsError for all tables and columns that are not there, or of another type.

    No row is read. A database that lets nobody in from here is no mistake of a plan: whether
    there was anything to look at.
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
    """What is to be said of the rows. Raises RecordsError where a run would.

    Which rows, and how many, is written to the highly_sensitive shelf.
    """
    workspace.make()
    records.make()
    try:
        with Bounds(1, settings().worker_memory, workspace.spill).engine() as engine:
            source = keyed(engine, records.open(), plan.needs)
            found = look_through(engine, source, plan)
    except DirtyRecords as error:
        write_json(workspace.dirt, report(error.dirt))
        raise RecordsError(f"{error.message}\n{WHERE}", error.detail) from None
    write_json(workspace.dirt, report(found.dirt))
    return found.said
