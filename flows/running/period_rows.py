"""The rows of a period's patients in files, as an old study has them at an index
date.
"""

from extractors.cohorts import make_cohort
from flows.preparing.jobs import PeriodJob
from flows.preparing.rows import RowsJob
from flows.running.input_files import write_input_file
from flows.running.own_ids import ROWS, with_own_ids


def write_rows(job: PeriodJob, rows: RowsJob) -> None:
    """Write all files of a period, and then that they are written."""
    with job.bounds.engine() as engine:
        job.snapshot.open(engine)
        job.snapshot.open_static(engine, job.static)
        make_cohort(engine, rows.cohort, job.interval, ROWS)
        name = with_own_ids(engine, job.snapshot, ROWS)
        for target in rows.targets:
            write_input_file(engine, name, rows.forms, target)
    rows.note_written()
