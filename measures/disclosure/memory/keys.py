"""The secret key that decides which counts are rounded up.

Its holder can undo part of the rounding, so it lies outside every workspace, in a
file that only its owner can read, and its value appears nowhere else: the ledger and
the manifest know its id.
"""

import hashlib
import hmac
import os
import secrets
import shlex
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from extractors.errors import DisclosureRefused
from extractors.sql.people import PeopleKey

LENGTH = 32
OTHERS = 0o077  # what the group and the world may do


@dataclass(frozen=True)
class Key:
    """What decides which counts go up; `id` tells keys apart and gives nothing away."""

    # 32 random bytes, which no text shows
    secret: bytes = field(repr=False)
    # whether it is the well-known key for made-up records
    public: bool = False

    @property
    def id(self) -> str:
        """64 bits of a hash of 256 random ones: a guess of the key is no easier with
        it.
        """
        return (
            "public"
            if self.public
            else hashlib.sha256(b"cohortflow key id\0" + self.secret).hexdigest()[:16]
        )

    @property
    def people(self) -> PeopleKey:
        """What the hashes of people are made with; it tells nothing of the key, nor of
        what is rounded up.
        """
        return PeopleKey(self.digest("people").hex())

    def digest(self, *parts: str) -> bytes:
        """32 bytes that look random without the key."""
        message = b"".join(
            len(part.encode()).to_bytes(8, "big") + part.encode() for part in parts
        )
        return hmac.digest(self.secret, message, "sha256")

    def uniform(self, *parts: str) -> float:
        """A number strictly between 0 and 1, the same on every machine."""
        return ((int.from_bytes(self.digest(*parts)[:8], "big") >> 11) + 0.5) / (
            1 << 53
        )


# Everybody may have it: made-up records have nothing to hide, and their runs look the
# same everywhere.
PUBLIC = Key(b"cohortflow: made-up records only", public=True)


def default_key_path() -> Path:
    return Path.home() / ".config" / "cohortflow" / "key"


def load_key(path: Path, *, forbidden: Path | None = None, make: bool = True) -> Key:
    """The key in a file, which is made on first use. Raises DisclosureRefused for a
    file that isn't safe.

    `forbidden`: a folder that others look into, such as the workspace; the key may not
    lie below it. `make`: whether a new key may be made; not where an older one has
    sealed a ledger.
    """
    if forbidden is not None and path.resolve().is_relative_to(forbidden.resolve()):
        raise DisclosureRefused(
            f"The key file {path.name} lies in the workspace, where others look; keep it "
            "elsewhere (COHORTFLOW_KEY_FILE says where)"
            f": {path}"
        )
    if not path.exists():
        if not make:
            raise DisclosureRefused(
                "There is no key, but a key has sealed a ledger of this "
                "workspace, and no new one is made in its place. Put the old key "
                "back from the backup, or say with COHORTFLOW_KEY_FILE where it "
                "lies"
                f": {path}"
            )
        _make_key(path)
    return Key(_read_key(path))


def _make_key(path: Path) -> None:
    try:
        _write_key(path)
    except OSError as error:
        raise DisclosureRefused(
            f"No key could be made ({error.strerror}); it needs a safe "
            "place, and COHORTFLOW_KEY_FILE says where"
            f": {path}"
        ) from None


def _write_key(path: Path) -> None:
    """Two first runs at once agree on one key: the second finds the first one's file in
    its place.
    """
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with os.fdopen(
            os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb"
        ) as file:
            file.write(secrets.token_bytes(LENGTH))
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(beside, path)
    finally:
        beside.unlink(missing_ok=True)


def _read_key(path: Path) -> bytes:
    for place in (path.absolute(), path.absolute().parent):
        if os.name == "posix" and place.stat().st_mode & _not_allowed(place):
            raise DisclosureRefused(
                "Others can get at the key: the permissions are "
                f"{place.stat().st_mode & 0o777:o}; say chmod "
                f"{'700' if place.is_dir() else '600'} {shlex.quote(str(place))}"
            )
    secret = path.read_bytes()
    if len(secret) != LENGTH:
        raise DisclosureRefused(
            f"The key file {path.name} has {len(secret)} bytes, not {LENGTH}; put the "
            "right one back"
            f": {path}"
        )
    return secret


def _not_allowed(place: Path) -> int:
    """A folder that others can read is fine for a file that they can't; one that they
    can write to is not.
    """
    return 0o022 if place.is_dir() else OTHERS
