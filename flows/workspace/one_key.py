"""One key for a workspace: a lost one is put back and never replaced, and two are
refused.

Two keys would round the same counts in two ways. So every study notes beside its ledger
which key seals it, and a run looks at the notes of all studies of the workspace.
"""

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from extractors.errors import DisclosureRefused
from flows.workspace.kept import KEY_NOTE
from flows.workspace.store import Workspace, make_private, study_folders
from measures.disclosure.memory.entries import parsed
from measures.disclosure.memory.keys import Key, default_key_path, load_key

KEY_FILE = "COHORTFLOW_KEY_FILE"
# the folder of the site's ledger; by default `ledger` beside the key
LEDGER = "COHORTFLOW_LEDGER"
UNKNOWN = ""  # a key that only its traces are known of


def the_key(workspace: Workspace) -> Key:
    """The secret key of this machine's user, made on first use.

    Raises DisclosureRefused where it is lost, or another one than the workspace's.
    """
    key = load_key(
        key_file(), forbidden=workspace.root, make=not any(_keys_in(workspace.root))
    )
    _refuse_another(workspace.root, key)
    return key


def key_at_hand(workspace: Workspace) -> Key | None:
    """The key as far as it is there; nothing is made and nothing is refused, for only a
    run needs it.
    """
    path = key_file()
    with suppress(OSError, DisclosureRefused):
        if path.exists():
            return load_key(path, forbidden=workspace.root, make=False)
    return None


def noted_id(workspace: Workspace) -> str:
    """The id of the key of a workspace, as its studies have noted it; empty where none
    has.
    """
    return next((id for _, id in _keys_in(workspace.root) if id != UNKNOWN), "")


def site_ledger(key: Key) -> Path:
    """Where the site remembers whom it counted, for all studies and workspaces under
    one key.
    """
    return site_folder() / f"people-{key.id}.jsonl"


def site_folder() -> Path:
    """The folder of the site's ledgers, one for each key."""
    given = os.environ.get(LEDGER)
    return Path(given) if given else key_file().parent / "ledger"


def sites_folder() -> Path:
    """Where the keys of sites that mask their counts lie, and what each has masked."""
    return key_file().parent / "sites"


def key_file() -> Path:
    """Where the key is, or will be."""
    given = os.environ.get(KEY_FILE)
    return Path(given) if given else default_key_path()


def note_key(workspace: Workspace, key: Key) -> None:
    """Note which key seals the ledger, before it seals anything.

    Noted, and then compared again: of two first releases at once, one sees the other's
    note.
    """
    note = _note(workspace.folder("ledger"))
    if note.exists():
        return
    make_private(note.parent)
    KEY_NOTE.write(note, {"key": key.id})
    try:
        _refuse_another(workspace.root, key)
    except DisclosureRefused:
        note.unlink(missing_ok=True)
        raise


def _refuse_another(root: Path, key: Key) -> None:
    for study, id in _keys_in(root):
        if id not in (UNKNOWN, key.id):
            raise DisclosureRefused(
                f"The ledger of {study} in this workspace was written with the key "
                f"{id}, but the key at hand is {key.id}, and a workspace has one "
                f"key. Put the old key back, or say with {KEY_FILE} where it lies; a "
                "study with another key needs another --workspace."
            )


def _keys_in(root: Path) -> Iterator[tuple[str, str]]:
    """The studies of a workspace of which there is a ledger or a note, and the id of
    the key.
    """
    for place in study_folders(root):
        with suppress(PermissionError):  # another user's study
            id = _key_beside(Workspace(root, place.name).folder("ledger"))
            if id is not None:
                yield place.name, id


def _key_beside(folder: Path) -> str | None:
    """The id of the key of a study's ledger; None if there is neither ledger nor
    note.
    """
    note = _note(folder)
    if (noted := KEY_NOTE.read(note)) is not None:
        return str(noted.get("key", UNKNOWN))
    ledger = folder / "ledger.jsonl"
    if ledger.exists():
        return _last_key(ledger)
    return UNKNOWN if ledger.with_name(f"{ledger.name}.head").exists() else None


def _last_key(ledger: Path) -> str:
    """As the last whole entry says it; a ledger without a note is of an older
    version.
    """
    for line in reversed(ledger.read_bytes().splitlines(keepends=True)):
        if (entry := parsed(line)) is not None:
            return str(entry.get("key", UNKNOWN))
    return UNKNOWN


def _note(folder: Path) -> Path:
    return folder / "key.json"
