"""Workspaces as earlier versions have left them, on the study and the people of
`small_workspaces`.

`older/0.1.0.zip` was written by the last commit of 0.1.0, `older/0.2.0.zip` by 0.2.0 as
it was before results had notes. Each has the study, its records, the workspace, the key
and the ledger of the site; pages that nobody reads again were left out, and PLACE
stands for the folder in which all of it was made.
"""

import zipfile
from pathlib import Path

VERSIONS = ("0.1.0", "0.2.0")
OLDER = Path(__file__).parent / "older"
PLACE = b"{PLACE}"


def unpacked(version: str, folder: Path) -> None:
    """Put a workspace of this version, and what belongs to it, into a folder."""
    with zipfile.ZipFile(OLDER / f"{version}.zip") as packed:
        for name in packed.namelist():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(packed.read(name).replace(PLACE, str(folder).encode()))
    for private in (folder / "keys").rglob("*"):
        private.chmod(0o700 if private.is_dir() else 0o600)
    (folder / "keys").chmod(0o700)
