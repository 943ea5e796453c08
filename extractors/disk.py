"""What must be on the disk before anything relies on it."""

import json
import os
from pathlib import Path
from typing import Any

from extractors.errors import CohortflowError


def sync(path: Path) -> None:
    """Wait until the content of a file, or the names in a folder, would survive a power cut."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def read_json(path: Path, default: Any = None) -> Any:
    """The data of a JSON file; `default` if there is none. CohortflowError if it is damaged."""
    try:
        return json.loads(path.read_text())
    except FileNotFoundError:
        return default
    except ValueError as error:  # ours are whole or not there; so it is the disk, or somebody's hand
        raise CohortflowError(f"{path} is damaged; put it back from a backup, or remove it.", str(error)) from None
