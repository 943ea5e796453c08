"""Rows of a release whose counts have changed since are known as such until they are
released anew.
"""

from datetime import date
from pathlib import Path

import pyarrow as pa

from measures.disclosure.keep import REVISIONS
from measures.disclosure.memory.recall import ANEW
from measures.disclosure.memory.recall import STAYS as OUTCOME
from measures.release.csv import write_table
from measures.release.reading import STAYS, kept_as_released
from measures.release.report.making import make_report
from tests.lib.report_release import WEEKS, write

MONDAY, SUNDAY = date(2020, 3, 2), date(2020, 3, 8)


def revision(
    measure: str, outcome: str, start: date = MONDAY, end: date = SUNDAY
) -> dict[str, object]:
    ends = {"interval_start": start, "interval_end": end}
    return {
        "measure": measure,
        "group_by": "sex",
        **ends,
        "changed": "the records",
        "outcome": outcome,
    }


def note(folder: Path, *rows: dict[str, object]) -> None:
    write_table(
        pa.Table.from_pylist(list(rows), schema=REVISIONS), folder / "revisions.csv"
    )


def test_the_reader_knows_the_word_of_the_writer():
    assert STAYS == OUTCOME


def test_without_changes_no_row_is_kept(tmp_path: Path):
    assert kept_as_released(tmp_path) == frozenset()


def test_a_number_that_was_released_anew_is_not_kept(tmp_path: Path):
    note(tmp_path, revision("kept", STAYS), revision("new", ANEW))
    assert kept_as_released(tmp_path) == {("kept", MONDAY, SUNDAY)}


def test_the_page_marks_the_rows_and_says_what_the_mark_means(tmp_path: Path):
    folder = write(tmp_path / "release", report=False)
    plain = make_report(folder, processes=1).html
    assert 'class="kept"' not in plain and "as they were released" not in plain
    note(folder, revision("seen_by_frail", STAYS, *WEEKS[7]))
    page = make_report(folder, processes=1).html
    assert (
        page.count(f'<tr class="kept"><th>{WEEKS[7][0]}')
        == page.count('class="kept"')
        == 2
    )
    assert "†: what is counted in this period has changed since" in page
