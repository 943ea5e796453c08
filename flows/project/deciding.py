"""What is done about each action of a project, in its order."""

import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatch
from itertools import chain
from pathlib import Path

from extractors.errors import ArgumentsError
from flows.project.reading import Action
from measures.cohortextractor.asked import Wrong
from measures.cohortextractor.options import index_dates

OLD, OURS = "cohortextractor", "ehrql"
ALL = "study_definition*.py"
ANALYSIS = "analysis"
SUFFIX = "study_definition"
FORMATS = ("csv", "csv.gz", "feather", "dta", "dta.gz")
SCRIPTS = {
    "python": "a script in Python",
    "r": "a script in R",
    "stata-mp": "a script in Stata",
    "jupyter": "a notebook",
}


@dataclass(frozen=True)
class Extract:
    """A file of patients for each index date, which an old study's action makes."""

    # the file of the old study
    definition: Path
    # behind `--` on our command line: the index dates and parameters
    arguments: tuple[str, ...]
    # the range of index dates as written; empty for the study's own date
    range: str
    # the file's name up to the date, and its ending
    name: str
    # the ending of the file: csv, feather …
    format: str
    # a file in the place of made-up patients
    dummy: Path | None = None

    @property
    def dates(self) -> tuple[str, ...]:
        """What each index date adds to the file's name. Raises ArgumentsError for what
        is no range.
        """
        return (
            tuple(f"_{date}" for date in days_of(self.range)) if self.range else ("",)
        )


def days_of(dates: str) -> list[datetime.date]:
    """The index dates of a range. Raises ArgumentsError."""
    try:
        return index_dates(dates)
    except Wrong as wrong:
        raise ArgumentsError(f"index-date-range {dates!r}: {wrong}") from None


@dataclass(frozen=True)
class Measured:
    """Measures that are computed and released."""

    # the author's file
    definition: Path
    # behind `--` on our command line
    arguments: tuple[str, ...]


@dataclass(frozen=True)
class Step:
    """An action, and what is done about it."""

    # as `project.yaml` has it
    action: Action
    # in words; of one that is left out, why
    said: str
    # files of patients that are written
    extracts: tuple[Extract, ...] = ()
    # measures that are released; None if the action has none
    measured: Measured | None = None
    # files of patients that are described
    described: tuple[Extract, ...] = ()

    @property
    def runs(self) -> bool:
        """Whether something of it is run here."""
        return bool(self.extracts or self.described) or self.measured is not None


def decide(folder: Path, actions: Sequence[Action]) -> list[Step]:
    """A step for each action. Raises ArgumentsError where an action names a definition
    that is not there.
    """
    known = {action.name: action for action in actions}
    return [_step(folder, action, known) for action in actions]


def _step(folder: Path, action: Action, known: Mapping[str, Action]) -> Step:
    match action.program, action.command:
        case "cohortextractor", "generate_cohort":
            extracts = tuple(_extracts(folder, action))
            return Step(action, _said(extracts), extracts=extracts)
        case "cohortextractor", "generate_measures":
            return _measured(folder, action, known)
        case "ehrql", "generate-measures" | "generate-dataset":
            definition = _there(folder / (action.words or ("",))[0], action)
            return Step(
                action, f"runs {definition.name}", measured=Measured(definition, ())
            )
        case "cohort-joiner", _:
            names = ", ".join(each.stem for each, _ in joined_by(folder, action, known))
            return Step(
                action,
                f"joins the columns of {names or 'nothing that is known'} to "
                "measures of its folder",
            )
        case "deciles-charts", _:
            return Step(action, _of_deciles(action))
        case "cohort-report", _:
            return _described(folder, action, known)
        case program, _ if program in SCRIPTS:
            return Step(
                action,
                f"is left out: {SCRIPTS[program]}, which reads {_read(action, known)}",
            )
    return Step(
        action,
        f"is left out: nothing here runs {action.program} {action.command}".rstrip(),
    )


def _described(folder: Path, action: Action, known: Mapping[str, Action]) -> Step:
    """The studies of the files that a report is made of."""
    wanted = [Path(word).name.partition(".")[0] for word in action.words]
    found = []
    for maker in known.values():
        if maker.program == OLD and maker.command == "generate_cohort":
            found += [
                each for each in _extracts(folder, maker) if _is_read(each, wanted)
            ]
    if not found:
        return Step(action, "is left out: it reads no file of patients of this project")
    names = ", ".join(dict.fromkeys(each.definition.name for each in found))
    said = (
        f"runs `cohortflow describe` on {names}: its own tables of single columns "
        "are not safe to release"
    )
    return Step(action, said, described=tuple(found))


def _is_read(extract: Extract, wanted: Sequence[str]) -> bool:
    """Whether a file of it is among the names, which may be globs."""
    for date in extract.dates:
        name = f"{extract.name}{date}"
        if any(fnmatch(name, pattern) for pattern in wanted):
            return True
    return False


def _of_deciles(action: Action) -> str:
    """What a release has of it."""
    outer = (
        ", without the outer percentiles"
        if action.config.get("show_outer_percentiles")
        else ""
    )
    return (
        "is in the release of the measures: old/deciles_table_ID.csv and "
        "old/deciles_chart_ID.png for each measure by practice alone, of released "
        f"rates{outer}"
    )


def _read(action: Action, known: Mapping[str, Action]) -> str:
    """What earlier actions leave for it."""
    left = chain.from_iterable(known[need].outputs for need in action.needs)
    return ", ".join(left) or "no file of an earlier action"


# old studies --------------------------------------------------------------------------


def _extracts(folder: Path, action: Action) -> Iterator[Extract]:
    for definition in _definitions(folder, action):
        output = action.option("output-file")
        name = (
            Path(output).name.partition(".")[0]
            or f"input{definition.stem.removeprefix(SUFFIX)}"
        )
        ending = (
            Path(output).name.partition(".")[2]
            or action.option("output-format")
            or "csv"
        )
        if ending not in FORMATS:
            known = ", ".join(FORMATS)
            raise ArgumentsError(
                f"the action {action.name!r} asks for files of the format "
                f"{ending!r}, not of {known}."
            )
        index = action.option("index-date-range")
        yield Extract(
            definition=definition,
            arguments=_parameters(action),
            range=index,
            name=name,
            format=ending,
            dummy=folder / action.dummy if action.dummy else None,
        )


def _definitions(folder: Path, action: Action) -> list[Path]:
    """The one that is named, or all."""
    named = action.option("study-definition")
    if named:
        return [_there(folder / ANALYSIS / f"{named}.py", action)]
    found = sorted((folder / ANALYSIS).glob(ALL))
    if not found:
        raise ArgumentsError(
            f"the action {action.name!r} finds no {ALL} in {folder / ANALYSIS}."
        )
    return found


def _there(path: Path, action: Action) -> Path:
    if not path.is_file():
        raise ArgumentsError(
            f"the action {action.name!r} needs {path}, which is not there."
        )
    return path


def _parameters(action: Action) -> tuple[str, ...]:
    given = action.options.get("param", ())
    return ("--param", *given) if given else ()


def _said(extracts: Sequence[Extract]) -> str:
    files = ", ".join(
        f"{each.name}{'_DATE' if each.range else ''}.{each.format}" for each in extracts
    )
    return f"makes {files} of patients, if --write-input-files asks for them"


def _measured(folder: Path, action: Action, known: Mapping[str, Action]) -> Step:
    """The measures of a study, at the index dates of the actions that make its
    files.
    """
    definition = _definitions(folder, action)[0]
    makers = [
        each
        for each in known.values()
        if each.command == "generate_cohort" and _makes(each, definition)
    ]
    ranges = [each.option("index-date-range") for each in makers]
    parameters = next(
        (_parameters(each) for each in makers if each.options.get("param")), ()
    )
    index = "; ".join(dict.fromkeys(filter(None, ranges))) or "index_date"
    joined = _joined_to(folder, action, known)
    joins = ("--join", *joined) if joined else ()
    arguments = ("--index-date-range", index, *parameters, *joins)
    dates = "the study's own index date" if index == "index_date" else index
    return Step(
        action,
        f"runs the measures of {definition.name} at {dates}",
        measured=Measured(definition, arguments),
    )


def _joined_to(folder: Path, action: Action, known: Mapping[str, Action]) -> list[str]:
    """The studies that joiners add to the files which measures read: `NAME`, or
    `NAME@DATE`.

    Joiners are often chained: one reads the folder that another one fills.
    """
    found: list[str] = []
    where = _folder(action.option("output-dir"))
    joiners = [each for each in known.values() if each.program == "cohort-joiner"]
    while joiner := next(
        (
            each
            for each in joiners
            if where and _folder(each.option("output-dir")) == where
        ),
        None,
    ):
        joiners.remove(joiner)
        for definition, date in reversed(joined_by(folder, joiner, known)):
            found.insert(0, f"{definition.stem}@{date}" if date else definition.stem)
        where = _folder(str(Path(joiner.option("lhs")).parent))
    return found


def _folder(path: str) -> str:
    """As it is written in any way; empty for none."""
    return Path(path).as_posix() if path else ""


def joined_by(
    folder: Path, joiner: Action, known: Mapping[str, Action]
) -> list[tuple[Path, str]]:
    """The studies whose files a joiner reads on the right, each with its one index date
    (empty: its own).
    """
    found = []
    for path in joiner.options.get("rhs", ()):
        name = Path(path).name.partition(".")[0]
        for action in known.values():
            if action.command != "generate_cohort":
                continue
            for extract in _extracts(folder, action):
                if name in (extract.name, f"{extract.name}_{extract.range}"):
                    found.append((extract.definition, extract.range))
    return found


def _makes(action: Action, definition: Path) -> bool:
    return action.program == OLD and action.option("study-definition") in (
        "",
        definition.stem,
    )
