"""The command `cohortflow table`: a release as a workbook or for OHDSI's tools, or one
measure to paste.
"""

from dataclasses import dataclass
from pathlib import Path

from extractors.errors import ArgumentsError
from flows.state.decided import refuse_to_let_out
from measures.release.pasting import FORMS, pasted
from measures.release.summarised import summarised_result
from measures.release.wanted import read_released, wanted
from measures.release.workbook import write_workbook

XLSX = ".xlsx"
SUMMARISED = "summarised_result"


@dataclass(frozen=True)
class Asked:
    """What is wanted of a release."""

    # the folder of the release
    folder: Path
    # a measure; "" for all of them, in a workbook
    measure: str = ""
    # by which groups
    by: tuple[str, ...] = ()
    # how to write it: html, latex or markdown; all measures as summarised_result
    format: str = ""
    # the first day of an interval; "" for the last
    period: str = ""
    # where to write it; "" for standard output
    file: str = ""


def table(asked: Asked) -> str:
    """Write what was asked for; the text if it goes to standard output, else "".

    Raises ArgumentsError for what there is not, and DisclosureRefused where the release
    may not leave.
    """
    file = Path(asked.file) if asked.file else None
    released = read_released(asked.folder)
    if file:
        refuse_to_let_out(asked.folder, file)
    if asked.format == SUMMARISED:
        return _given(_summarised(asked), file)
    if not asked.measure:
        write_workbook(released, _workbook_place(asked, file))
        return ""
    if file and file.suffix == XLSX:
        raise ArgumentsError(
            "A workbook has all measures; leave out the measure, or say --format and "
            "another file."
        )
    measure = wanted(released, asked.measure, asked.by)
    return _given(
        FORMS[asked.format or "markdown"](pasted(released, measure, asked.period)), file
    )


def _summarised(asked: Asked) -> str:
    if asked.measure or asked.by or asked.period:
        raise ArgumentsError(
            f"{SUMMARISED} has all measures and periods; leave out the measure, --by "
            "and --period."
        )
    return summarised_result(asked.folder)


def _given(text: str, file: Path | None) -> str:
    """The text for standard output; nothing once it is in a file."""
    if file is None:
        return text
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise ArgumentsError(
            f"{file.name} cannot be written: {error.strerror}; name another place by --to"
            f": {file}"
        ) from None
    return ""


def _workbook_place(asked: Asked, file: Path | None) -> Path:
    if file is None or file.suffix != XLSX or asked.format or asked.by or asked.period:
        raise ArgumentsError(
            "Say --to FILE.xlsx for a workbook of all measures, or name a measure "
            "and --format html, latex or markdown."
        )
    if not file.resolve().parent.is_dir():
        raise ArgumentsError(
            f"There is no such folder; name another place by --to: {file.parent}"
        )
    return file
