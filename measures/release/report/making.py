"""From a bundle to its page and its pictures: a pure function of the bundle's files."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from measures.disclosure.types import ReleasedCounts
from measures.release.files import CHARTS, OLD, REPORT
from measures.release.manifest_measures import measures_for_manifest
from measures.release.old_deciles import put_old_charts
from measures.release.reading import rows_of
from measures.release.report.drawing import as_png, draw
from measures.release.report.families import families
from measures.release.report.inputs import Bundle, bundle_of, read_bundle
from measures.release.report.page import page
from measures.release.report.parts import Figure, figures_of
from measures.release.report.pictures import (
    ENDING,
    Picture,
    jobs_of,
    pictures,
    specs_of,
)
from measures.release.wide import wide


@dataclass(frozen=True)
class Report:
    """The page, and the pictures that are on it."""

    # the whole text of the page
    html: str
    # name of a measure, or of a further chart of it (`.funnel`) -> its picture
    pictures: Mapping[str, Picture]


def make_report(
    folder: Path,
    *,
    with_tables: bool = True,
    with_decisions: bool = False,
    kept: Path | None = None,
    processes: int = 2,
) -> Report:
    """The report of the release in a folder; the same bytes from the same files.

    `kept`: a folder for drawings, so that an unchanged chart is drawn once.
    `with_decisions`: say, too, what people decided about the release since it was
    written.

    Raises ArgumentsError where there is no release, CohortflowError where a file is not
    as it was released.
    """
    bundle = read_bundle(folder, with_decisions=with_decisions)
    drawn = pictures(
        jobs_of(bundle, _figures(bundle)), partial(draw, kept=kept, processes=processes)
    )
    return Report(page(bundle, families(bundle), drawn, with_tables=with_tables), drawn)


def write_report(folder: Path, kept: Path | None = None) -> None:
    """Write the page and the pictures of the release in a folder beside its other
    files.
    """
    report = make_report(folder, kept=kept)
    (folder / REPORT).write_bytes(report.html.encode())
    write_pictures(report, folder / CHARTS)
    if (folder / OLD).exists():
        put_old_charts(_of_units(report), folder)


def _of_units(report: Report) -> dict[str, bytes]:
    """The pictures of deciles as PNG, by the names of their measures."""
    found = {}
    for name, picture in report.pictures.items():
        if name.endswith(ENDING):
            found[name.removesuffix(ENDING)] = as_png(picture.file)
    return found


def write_pictures(report: Report, folder: Path) -> None:
    """A file of SVG for each measure."""
    folder.mkdir()
    for name, picture in report.pictures.items():
        (folder / f"{name}.svg").write_bytes(picture.file.encode())


def draw_before(released: ReleasedCounts, asked: Mapping[str, Any], kept: Path) -> None:
    """Draw the charts of a release that is not written yet, so that `write_report`
    finds them drawn.
    """
    bundle = bundle_of(
        rows_of(wide(released).table),
        {"measures": measures_for_manifest(released)},
        asked,
    )
    draw(specs_of(jobs_of(bundle, _figures(bundle))), kept)


def _figures(bundle: Bundle) -> list[Figure]:
    return figures_of(families(bundle))
