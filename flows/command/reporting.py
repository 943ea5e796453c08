"""The command `cohortflow report`: the page of a release, made again from its files
alone.
"""

import json
from pathlib import Path

from extractors.errors import ArgumentsError
from flows.state.decided import refuse_to_let_out
from flows.workspace.settings import settings
from measures.release.files import CHARTS, REPORT
from measures.release.report.drawing import as_png
from measures.release.report.making import Report, make_report


def report(
    folder: str, file: str = "", *, with_tables: bool = True, with_files: bool = False
) -> Path:
    """Write the page of the release in `folder`, and say where it is.

    Without `file` it takes the place of the one in the folder. `with_files`: every
    chart as SVG, PNG and `.vl.json`, in `charts/` beside the page.

    Elsewhere it also says what people decided about the release so far.

    Raises DisclosureRefused where the site wants that decision first, ArgumentsError
    for a folder that is no release, or a place that cannot be written.
    """
    place = Path(file) if file else Path(folder) / REPORT
    if file:
        refuse_to_let_out(Path(folder), place)
    # the page in the folder is that of the run, whatever people have decided since
    made = make_report(
        Path(folder),
        with_tables=with_tables,
        with_decisions=bool(file),
        processes=settings().workers,
    )
    try:
        place.write_bytes(made.html.encode())
        if with_files:
            _write_files(made, place.parent / CHARTS)
    except OSError as error:
        raise ArgumentsError(
            f"The report cannot be written: {error.strerror}; name another place by --to"
            f": {place}"
        ) from None
    return place


def _write_files(made: Report, folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    for name, picture in made.pictures.items():
        (folder / f"{name}.svg").write_bytes(picture.file.encode())
        (folder / f"{name}.vl.json").write_text(
            json.dumps(picture.spec, indent=1, sort_keys=True) + "\n", encoding="utf-8"
        )
        (folder / f"{name}.png").write_bytes(as_png(picture.file))
