"""Where an author's file may look: beside itself, and in the study that it belongs to.

What may be read is a list (`own`). What lies amid it and is no part of a study, such as
a folder of records, is taken out of it by `forbidden`, `private` and `withheld`;
`readable` judges.
"""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

PROJECT = "project.yaml"
MARKS = (PROJECT, ".git", "codelists")  # what the root of a study holds
# the folder below the root in which earlier actions left patients' rows
RESULTS = "output"

# Files that hold a site's secrets, by the variable that names them and by their usual
# place.
SECRETS = {
    "COHORTFLOW_KEY_FILE": ".config/cohortflow",
    "COHORTFLOW_LEDGER": "",
    "COHORTFLOW_SITE_POLICY": "",
    "PGPASSFILE": ".pgpass",
    "PGSERVICEFILE": ".pg_service.conf",
    "PREFECT_HOME": ".prefect",
}


@dataclass(frozen=True)
class Places:
    """The folders of a definition."""

    # the author's file
    definition: Path
    # in which relative names are looked for, in that order
    folders: tuple[Path, ...]
    # that Python imports from
    modules: tuple[Path, ...]
    # that may be read, with all below them
    own: tuple[Path, ...]
    # of which the Python files that lie right in them may be read, and no others
    sources: tuple[Path, ...]
    # the records and the workspace; nothing of it may be touched, whether it exists yet
    # or not
    forbidden: tuple[Path, ...]
    # the site's secrets, likewise
    private: tuple[Path, ...] = ()
    # folders of what earlier actions made
    withheld: tuple[Path, ...] = ()
    # files that the operator names; they may lie anywhere but among records and secrets
    named: tuple[Path, ...] = ()


def places_of(
    definition: Path,
    forbidden: Sequence[Path] = (),
    *,
    results: bool = False,
    named: Sequence[Path] = (),
) -> Places:
    """A study's definitions often lie in a folder of it, and name codelists from the
    study's root.

    Everything below the root may be read, what earlier actions left there only with
    `results`. Of the folders between the current one and the definition's only
    `codelists` and the Python files that lie right in them may be. `named` are files
    that the operator vouches for.
    """
    definition, current = definition.resolve(), Path.cwd().resolve()
    beside, root = definition.parent, study_root(definition)
    project = beside != current and beside.is_relative_to(current)
    between = [current]
    if project:
        between = [each for each in beside.parents if each.is_relative_to(current)]
    codelists = [each / "codelists" for each in between]
    modules = [beside, root, current] if project else [beside, root]
    return Places(
        definition=definition,
        folders=tuple(dict.fromkeys([beside, current, *between, root])),
        modules=tuple(dict.fromkeys(modules)),
        own=tuple(dict.fromkeys([root, beside, *codelists])),
        sources=tuple(between) if project else (),
        forbidden=tuple(path.resolve() for path in forbidden),
        private=tuple(_secrets()),
        withheld=() if results else (root / RESULTS,),
        named=tuple(path.resolve() for path in named),
    )


def study_root(definition: Path) -> Path:
    """The nearest folder that holds a mark of a study, else the definition's own.

    `project.yaml` says it best: a study may have codelists in a folder of it, too. A
    home folder kept in git is no study, nor is anything above it.
    """
    home, nearest = _home(), None
    for folder in definition.parents:
        if home.is_relative_to(folder):
            break
        if (folder / PROJECT).exists():
            return folder
        if nearest is None and any((folder / mark).exists() for mark in MARKS):
            nearest = folder
        if (folder / ".git").exists():
            break
    return nearest or definition.parent


def _home() -> Path:
    try:
        return Path.home().resolve()
    except (RuntimeError, OSError):
        return Path(os.sep)


def _secrets() -> Iterator[Path]:
    home = _home()
    for variable, usual in SECRETS.items():
        if usual:
            yield (home / usual).resolve()
        if named := os.environ.get(variable):
            yield Path(named).expanduser().resolve()
