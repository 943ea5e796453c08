"""Which of a study's codelists are still the short starters that it was shipped with.

Published codelists are long and other people's, so a study ships a few well-known codes
under the published names. `codelists/starters.json` knows the hash of each such file:
copy the published list over it, and the file is no starter any more.
"""

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path


def starter_codelists(study_folder: Path, used: Iterable[str]) -> list[str]:
    """The names of those used codelists that are still starters, sorted; none if the
    study knows no starters.

    `used` are file names, with or without the folder, as a definition gives them.
    """
    codelists = study_folder / "codelists"
    known = codelists / "starters.json"
    starters = json.loads(known.read_text(encoding="utf-8")) if known.is_file() else {}
    names = sorted({Path(name).name for name in used} & set(starters))
    return [name for name in names if _hash(codelists / name) == starters[name]]


def _hash(file: Path) -> str:
    """SHA-256 of the text, so that a checkout with other line endings has the same; ""
    if there is no file.
    """
    if not file.is_file():
        return ""
    return hashlib.sha256(
        file.read_text(encoding="utf-8-sig", errors="replace").encode()
    ).hexdigest()
