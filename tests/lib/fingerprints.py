"""Fingerprints of sets of people in plain Python, from the sets themselves."""

import hashlib
from collections.abc import Iterable


def fingerprint_of(patients: Iterable[int], key: str = "") -> int:
    """The sum of everybody's keyed hash modulo 2^64; `key` as `PeopleKey` has it, none
    for hand-written rows.
    """
    return sum(hash_of(patient, key) for patient in patients) % 2**64


def hash_of(patient: int | str, key: str = "") -> int:
    digest = hashlib.sha256(f"{key}:{patient}".encode()).digest()
    return int.from_bytes(digest[:8], "big")
