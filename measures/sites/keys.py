"""The keys of sites: each has one of its own, and any two have a secret in common that
no other place has.

X25519 (RFC 7748) gives the secret of two, HKDF-SHA256 (RFC 5869) a fresh one for each
round and use; both are those of the library `cryptography`.
"""

import hashlib
import json
import os
import stat
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.x25519 import (
    X25519PrivateKey,
    X25519PublicKey,
)
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from extractors.disk import read_kept
from extractors.errors import ArgumentsError, CohortflowError, DisclosureRefused

FORMAT = 1
LENGTH = 32
OTHERS = stat.S_IRWXG | stat.S_IRWXO
OWN, PUBLIC = ".key", ".pub"

# What a secret of a round is for; no two of them have anything to do with each other.
MASK, TAG, NAME = "mask", "tag", "name"


@dataclass(frozen=True)
class PublicKey:
    """The key of a site that others may have; not secret, but it must be that of the
    site.
    """

    # its name in the round
    site: str
    # 32 bytes of X25519
    raw: bytes

    @property
    def fingerprint(self) -> str:
        """What people compare by telephone."""
        return hashlib.sha256(b"cohortflow sites public key\0" + self.raw).hexdigest()[
            :32
        ]


@dataclass(frozen=True)
class OwnKey:
    """The key of this site, which never leaves it."""

    # its name in the round
    site: str
    # of X25519
    private: X25519PrivateKey = field(repr=False)

    @property
    def public(self) -> PublicKey:
        return PublicKey(self.site, self.private.public_key().public_bytes_raw())

    def secret(self, partner: PublicKey, digest: bytes, use: str) -> bytes:
        """What this site and a partner have in common for one round (`digest`) and one
        use: 32 bytes.

        Raises ArgumentsError for a public key that is none.
        """
        pair = sorted([(self.site, self.public.raw), (partner.site, partner.raw)])
        names = b"".join(
            len(name.encode()).to_bytes(8, "big") + name.encode() + raw
            for name, raw in pair
        )
        try:
            common = self.private.exchange(
                X25519PublicKey.from_public_bytes(partner.raw)
            )
        except (
            ValueError
        ):  # a point of low order, with which the secret would be no secret
            raise ArgumentsError(
                f"The public key of {partner.site} is none; ask for it again."
            ) from None
        info = b"cohortflow sites 1\0" + use.encode() + b"\0" + names
        return HKDF(algorithm=SHA256(), length=LENGTH, salt=digest, info=info).derive(
            common
        )


def make_key(site: str, folder: Path) -> OwnKey:
    """The key of a site in a folder, made on first use; `SITE.pub` beside it is for the
    partners.

    The folder is made, and private. Raises DisclosureRefused where others can read the
    key.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / f"{site}{OWN}"
    if not path.exists():
        made = X25519PrivateKey.generate()
        with os.fdopen(
            os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600),
            "w",
            encoding="utf-8",
        ) as file:
            file.write(_text(site, "private", made.private_bytes_raw()))
    own = read_own(site, folder)
    (folder / f"{site}{PUBLIC}").write_text(
        _text(site, "public", own.public.raw), encoding="utf-8"
    )
    return own


def _text(site: str, name: str, raw: bytes) -> str:
    return json.dumps({"format": FORMAT, "site": site, name: raw.hex()}) + "\n"


def read_own(site: str, folder: Path) -> OwnKey:
    """Raises ArgumentsError where there is no such key, DisclosureRefused where others
    can read it.
    """
    path = folder / f"{site}{OWN}"
    if os.name == "posix" and path.exists() and path.stat().st_mode & OTHERS:
        raise DisclosureRefused(
            f"Others can get at the key of {site}; say chmod 600 and its name: {path}"
        )
    return OwnKey(
        site, X25519PrivateKey.from_private_bytes(_raw(path, site, "private"))
    )


def read_public(site: str, folder: Path) -> PublicKey:
    """Raises ArgumentsError where the folder has no public key of this site."""
    return PublicKey(site, _raw(folder / f"{site}{PUBLIC}", site, "public"))


def _raw(path: Path, site: str, name: str) -> bytes:
    said = read_kept(path, FORMAT, {})
    if said is None:
        raise ArgumentsError(
            f"There is no key {path.name}. Make one's own with: cohortflow sites key --as "
            f"{site}; that of a partner is the file that the partner has sent"
            f": {path}"
        )
    try:
        raw = bytes.fromhex(said[name])
    except (KeyError, TypeError, ValueError):
        raw = b""
    if len(raw) != LENGTH or said.get("site") != site:
        raise CohortflowError(
            f"{path.name} is no {name} key of {site}; put the right one there: {path}"
        )
    return raw
