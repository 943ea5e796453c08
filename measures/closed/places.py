"""Where an author's file may look: beside itself, and in the project that it belongs to."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Places:
    """The folders of a definition.

    `folders` are those in which relative names of codelists are looked for, in that order; `own` are
    the files and folders that may be read, `listed` folders may only be listed, because Python looks
    for modules in them; `modules` are those that it imports from. Nothing below `forbidden` may be
    touched, whether it exists yet or not.
    """

    definition: Path
    folders: tuple[Path, ...]
    modules: tuple[Path, ...]
    own: tuple[Path, ...]
    listed: tuple[Path, ...]
    forbidden: tuple[Path, ...]


def places_of(definition: Path, forbidden: Sequence[Path] = ()) -> Places:
    """A project's definitions often lie in a folder of it, and name codelists from the project's own folder.

    So of the folders between the current one and the definition's only `codelists` and the Python
    files that lie right in them may be read, but of the definition's own folder everything.
    """
    definition, current = definition.resolve(), Path.cwd().resolve()
    beside = definition.parent
    project = beside != current and beside.is_relative_to(current)
    between = [folder for folder in beside.parents if folder.is_relative_to(current)] if project else [current]
    folders = dict.fromkeys([beside, current, *between])
    return Places(
        definition=definition,
        folders=tuple(folders),
        modules=(beside, current) if project else (beside,),
        own=(beside, *(path for folder in between for path in _of_project(folder, project))),
        listed=tuple(between) if project else (),
        forbidden=tuple(path.resolve() for path in forbidden),
    )


def _of_project(folder: Path, modules: bool) -> Iterator[Path]:
    yield folder / "codelists"
    yield from sorted(folder.glob("*.py")) if modules else ()
