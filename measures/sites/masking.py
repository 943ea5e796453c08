"""Masks: each two sites add and subtract the same random numbers, so that only the sum
of all sites means anything.

A site's file is its counts, plus or minus a stream of random numbers for each other
site, plus one for the combining place, modulo 2^64. The streams of two sites cancel in
the sum. The one for the combining place is taken away by it alone; so all files
together say nothing to any other place. What makes the streams is ChaCha20 (RFC 8439)
under a key that is used once.
"""

import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import ChaCha20

from extractors.errors import ArgumentsError, CohortflowError, DisclosureRefused
from measures.sites.grid import CHECKS, length_of
from measures.sites.keys import MASK, NAME, TAG, OwnKey, PublicKey
from measures.sites.rounds import Round

FORMAT = 1
KIND = "cohortflow masked counts"
NONCE = bytes(16)  # the key is of one pair and one round, so it is never used twice
WORD = np.dtype("<u8")
MOST_HEAD = 1_000_000
NEW_ROUND = "Begin a new round: cohortflow sites round."


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Masked:
    """What one site sends to the combining place."""

    # which sent them
    site: str
    # of the round
    digest: str
    # whether the records are made up
    made_up: bool
    # by member, what the secret in common with it is called: no two secrets have one
    # name
    pairs: Mapping[str, str]
    # counts plus streams, modulo 2**64; the streams of all sites cancel
    numbers: np.ndarray

    def head(self) -> bytes:
        said = {
            "format": FORMAT,
            "kind": KIND,
            "site": self.site,
            "round": self.digest,
            "made_up": self.made_up,
            "pairs": dict(self.pairs),
            "numbers": len(self.numbers),
        }
        return json.dumps(said, sort_keys=True).encode() + b"\n"

    def body(self) -> bytes:
        return self.numbers.astype(WORD).tobytes()


def stream(secret: bytes, size: int) -> np.ndarray:
    """As many numbers of 64 bits, which look random to all who lack the secret."""
    cipher = Cipher(ChaCha20(secret, NONCE), mode=None).encryptor()
    return np.frombuffer(cipher.update(bytes(size * WORD.itemsize)), WORD).astype(
        np.uint64
    )


def mask(
    numbers: np.ndarray,
    own: OwnKey,
    keys: Mapping[str, PublicKey],
    agreed: Round,
    *,
    made_up: bool,
) -> Masked:
    """A site's numbers with all its masks. `keys`: of all members of the round."""
    if own.site not in agreed.sites:
        raise ArgumentsError(
            f"{own.site} is no site of this round; those are {', '.join(agreed.sites)}."
        )
    if len(numbers) != length_of(agreed) or numbers[-CHECKS:].any():
        raise CohortflowError("The numbers to mask are not those of the round.")
    total = numbers.astype(np.uint64)
    for site in agreed.sites:
        if site != own.site:
            random = stream(own.secret(keys[site], agreed.digest, MASK), len(numbers))
            total = total + random if own.site < site else total - random
    if agreed.place not in agreed.sites:
        total = total + stream(
            own.secret(keys[agreed.place], agreed.digest, MASK), len(numbers)
        )
    names = {
        name: own.secret(keys[name], agreed.digest, NAME)[:8].hex()
        for name in agreed.members
    }
    return Masked(
        site=own.site,
        digest=agreed.digest.hex(),
        made_up=made_up,
        pairs={name: called for name, called in names.items() if name != own.site},
        numbers=total,
    )


def as_file(
    masked: Masked, own: OwnKey, keys: Mapping[str, PublicKey], agreed: Round
) -> bytes:
    """The bytes that a site sends: a line of JSON, a line with the seal of site and
    place, and the numbers.
    """
    secret = own.secret(keys[agreed.place], agreed.digest, TAG)
    content = masked.head(), masked.body()
    return content[0] + _seal(secret, masked.site, *content) + b"\n" + content[1]


def _seal(secret: bytes, site: str, head: bytes, body: bytes) -> bytes:
    message = site.encode() + b"\0" + len(head).to_bytes(8, "big") + head + body
    return hmac.digest(secret, message, "sha256").hex().encode()


def read_masked(
    path: Path, own: OwnKey, keys: Mapping[str, PublicKey], agreed: Round
) -> Masked:
    """What a site has sent, at the combining place, whose key is `own`.

    Raises ArgumentsError for a file that is none or is of another round, and
    DisclosureRefused for one that the site has not written so.
    """
    try:
        head, seal, body = path.read_bytes().split(b"\n", 2)
        said = json.loads(head[:MOST_HEAD])
    except OSError as error:
        raise ArgumentsError(
            f"{path.name} cannot be read: {error.strerror}: {path}"
        ) from None
    except ValueError:
        raise ArgumentsError(f"{path.name} holds no masked counts: {path}") from None
    _check_head(path, said, agreed)
    secret = own.secret(keys[said["site"]], agreed.digest, TAG)
    if not hmac.compare_digest(_seal(secret, said["site"], head + b"\n", body), seal):
        raise DisclosureRefused(
            f"{path.name} is not as {said['site']} has written it, or was written with "
            f"another key than that of {said['site']} here; compare the fingerprints "
            "of the keys, and ask for the file again"
            f": {path}"
        )
    if len(body) != said["numbers"] * WORD.itemsize or said["numbers"] != length_of(
        agreed
    ):
        raise CohortflowError(
            f"{path.name} has another length than the round says: {path}"
        )
    return Masked(
        site=said["site"],
        digest=said["round"],
        made_up=bool(said["made_up"]),
        pairs=dict(said["pairs"]),
        numbers=np.frombuffer(body, WORD).astype(np.uint64),
    )


def _check_head(path: Path, said: Any, agreed: Round) -> None:
    if not isinstance(said, dict) or said.get("kind") != KIND:
        raise ArgumentsError(f"{path.name} holds no masked counts: {path}")
    if said.get("format") != FORMAT:
        raise CohortflowError(
            f"{path.name} has the format {said.get('format')}, and this cohortflow reads "
            f"the format {FORMAT}. Use the cohortflow that wrote it, or a newer one"
            f": {path}"
        )
    if said.get("site") not in agreed.sites:
        raise ArgumentsError(
            f"{path.name} is of no site of this round; those are {', '.join(agreed.sites)}"
            f": {path}"
        )
    if said.get("round") != agreed.digest.hex():
        raise ArgumentsError(
            f"{path.name} is of another round than the file of this one says. Masks of "
            f"two rounds do not cancel; let {said['site']} mask its counts for this "
            "one"
            f": {path}"
        )


# The sum ------------------------------------------------------------------------------


def sum_of(
    files: Sequence[Masked], own: OwnKey, keys: Mapping[str, PublicKey], agreed: Round
) -> np.ndarray:
    """The sum of all sites' numbers. Raises ArgumentsError or DisclosureRefused where
    there is none to be had.
    """
    _refuse_incomplete(files, agreed)
    _refuse_other_secrets(files)
    if len({masked.made_up for masked in files}) > 1:
        raise ArgumentsError(
            "The records of some sites are made up, and those of others are not; "
            "nothing is added."
        )
    total = np.zeros(length_of(agreed), np.uint64)
    for masked in files:
        total = total + masked.numbers
        if agreed.place not in agreed.sites:
            total = total - stream(
                own.secret(keys[masked.site], agreed.digest, MASK), len(total)
            )
    if total[-CHECKS:].any():
        raise DisclosureRefused(
            "The masks do not cancel: some site has masked with another key or for "
            f"other sites, so the sums mean nothing. {NEW_ROUND}"
        )
    return total


def _refuse_incomplete(files: Sequence[Masked], agreed: Round) -> None:
    sent = [masked.site for masked in files]
    twice = sorted({site for site in sent if sent.count(site) > 1})
    if twice:
        raise ArgumentsError(
            f"There are two files of {', '.join(twice)}; name one of each site."
        )
    missing = [site for site in agreed.sites if site not in sent]
    if missing:
        raise ArgumentsError(
            f"There is no file of {', '.join(missing)}. Without it the masks of the "
            "others do not cancel, and their sums mean nothing. Wait for it; if it "
            "will not come, begin a new round without this site "
            "(measures/sites/README.md says what that may give away)."
        )


def _refuse_other_secrets(files: Sequence[Masked]) -> None:
    """Both sides of each pair have the same secret, or have not."""
    called = {masked.site: masked.pairs for masked in files}
    for site, pairs in called.items():
        for other, name in pairs.items():
            if other in called and called[other].get(site) != name:
                raise DisclosureRefused(
                    f"{site} and {other} have masked with different secrets: one of "
                    "them has another key of the other. Let them compare the "
                    f"fingerprints of their keys. {NEW_ROUND}"
                )


def content_hash(content: bytes) -> str:
    """Of a file; the same counts in the same round give the same file."""
    return hashlib.sha256(content).hexdigest()
