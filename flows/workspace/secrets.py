"""What only the owner of a server or a run may know: the word for Prefect, and the key
that Dask's parts show each other.

Dask's wire is pickles: who may speak to a scheduler may run anything as its user. So
even on loopback, where every user of the machine can connect, only those speak who can
read the key.
"""

import datetime
import os
import secrets
import shlex
from collections.abc import Callable
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from extractors.errors import ArgumentsError
from flows.workspace.store import make_private

# of one machine's parts among themselves; remove the file for a new one
TEN_YEARS = datetime.timedelta(days=3652)


def auth_string(path: Path) -> str:
    """USER:PASSWORD as Prefect's UI asks for; made up on first use. ArgumentsError if
    others may read the file.
    """
    _make(path, f"{new_word()}\n".encode)
    if path.stat().st_mode & 0o077:
        raise ArgumentsError(
            f"{path.name} may be read by others than its owner; do: chmod 600 "
            f"{shlex.quote(str(path))}"
        )
    words = path.read_text(encoding="utf-8").strip()
    if ":" not in words:
        raise ArgumentsError(f"{path.name} needs one line like USER:PASSWORD: {path}")
    return words


def new_word() -> str:
    """A word for Prefect that cannot be guessed."""
    return f"cohortflow:{secrets.token_urlsafe(24)}"


def certificate(path: Path) -> Path:
    """A file with a key and its certificate, which is its own authority; made on first
    use.
    """
    _make(path, _certificate)
    return path


def _make(path: Path, content: Callable[[], bytes]) -> None:
    """Write a file unless it is there, whole or not at all; of two who try, one wins
    and both read the same.
    """
    if path.exists():
        return
    if not path.parent.exists():
        make_private(path.parent)
    beside = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    with os.fdopen(
        os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb"
    ) as file:
        file.write(content())
    try:
        os.link(beside, path)
    except FileExistsError:
        pass
    finally:
        beside.unlink()


def _certificate() -> bytes:
    # P-256: as safe as RSA with 3072 bits, and made in a millisecond instead of half a
    # second
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "cohortflow")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .issuer_name(name)
        .subject_name(name)
        .public_key(key.public_key())
    )
    made = (
        made.serial_number(x509.random_serial_number())
        .not_valid_before(now)
        .not_valid_after(now + TEN_YEARS)
    )
    signed = made.sign(key, hashes.SHA256())
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return private + signed.public_bytes(serialization.Encoding.PEM)
