"""From counts to the page of a data report: of made-up people from true counts, of
others from a release.
"""

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from measures.describe.found import Report, Rows, report_of
from measures.describe.page import page
from measures.describe.study import DescribedStudy
from measures.release.files import DESCRIBE
from measures.release.reading import ReleasedRow, released_rows
from measures.release.report.drawing import draw
from measures.release.report.inputs import bundle_of, read_bundle


def true_report(study: DescribedStudy, rows: list[ReleasedRow]) -> Report:
    """Of made-up people."""
    return report_of(_name(study), study.outline, Rows(rows))


def true_page(
    study: DescribedStudy,
    report: Report,
    rows: list[ReleasedRow],
    asked: Mapping[str, Any],
) -> str:
    """The page of made-up people, from true counts; `asked`: the words of the
    measures.
    """
    bundle = bundle_of(rows, {"study": study.name}, asked)
    return page(report, bundle, draw, true=True)


def released_report(study: DescribedStudy, folder: Path) -> Report:
    """What the release in a folder says."""
    return report_of(_name(study), study.outline, Rows(released_rows(folder)))


def write_released_page(
    study: DescribedStudy, folder: Path, kept: Path | None = None
) -> None:
    """Write the page of a data report beside the other files of its release, from these
    alone.
    """
    bundle = read_bundle(folder)
    text = page(
        released_report(study, folder),
        bundle,
        partial(draw, kept=kept),
        true=bundle.made_up,
    )
    (folder / DESCRIBE).write_bytes(text.encode())


def _name(study: DescribedStudy) -> str:
    """Of the study that is described."""
    return study.of
