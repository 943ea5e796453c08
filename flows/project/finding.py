"""Which word of the command line names a project. Nothing else is loaded here: most
commands name none.
"""

from pathlib import Path

FILE = "project.yaml"


def is_project(text: str) -> bool:
    """Whether it is a project's file, or a folder that has one and no definition of
    ours.
    """
    path = Path(text)
    if path.name == FILE:
        return path.is_file()
    return (path / FILE).is_file() and not (path / "definition.py").is_file()
