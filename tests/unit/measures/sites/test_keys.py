"""Keys of sites: any two have a secret in common that is new for each round and use,
and others cannot read them.
"""

import itertools
import json
import os
from pathlib import Path

import pytest

from extractors.errors import ArgumentsError, CohortflowError, DisclosureRefused
from measures.sites.keys import (
    MASK,
    NAME,
    TAG,
    OwnKey,
    PublicKey,
    make_key,
    read_own,
    read_public,
)

ROUND = bytes(32)


@pytest.fixture
def keys(tmp_path: Path) -> dict[str, OwnKey]:
    return {name: make_key(name, tmp_path / name) for name in "ABC"}


def test_two_sites_have_one_secret_and_a_third_has_another(keys):
    a, b, c = keys.values()
    assert a.secret(b.public, ROUND, MASK) == b.secret(a.public, ROUND, MASK)
    pairs = itertools.combinations(keys.values(), 2)
    assert len({one.secret(other.public, ROUND, MASK) for one, other in pairs}) == 3
    assert c.secret(b.public, ROUND, MASK) != c.secret(
        PublicKey("A", b.public.raw), ROUND, MASK
    )


def test_each_round_and_use_has_a_secret_of_its_own(keys):
    a, b, _ = keys.values()
    rounds = [ROUND, bytes(31) + b"\1"]
    assert (
        len(
            {
                a.secret(b.public, each, use)
                for each in rounds
                for use in (MASK, TAG, NAME)
            }
        )
        == 6
    )


def test_a_key_is_made_once_and_kept_from_others(tmp_path):
    own = make_key("A", tmp_path / "keys")
    again = make_key("A", tmp_path / "keys")
    assert own.public == again.public == read_public("A", tmp_path / "keys")
    path = tmp_path / "keys" / "A.key"
    assert (
        path.stat().st_mode & 0o777 == 0o600
        and path.parent.stat().st_mode & 0o777 == 0o700
    )
    assert json.loads(path.read_text(encoding="utf-8"))["format"] == 1
    assert own.private.private_bytes_raw().hex() not in (
        tmp_path / "keys" / "A.pub"
    ).read_text(encoding="utf-8")
    assert own.private.private_bytes_raw().hex() not in repr(own)
    os.chmod(path, 0o640)
    with pytest.raises(DisclosureRefused, match="Others can get at the key of A"):
        read_own("A", tmp_path / "keys")


@pytest.mark.parametrize("said, words", [
    (None, "There is no key .*B.pub"),
    ({"format": 1, "site": "A", "public": "00" * 32}, "is no public key of B"),
    ({"format": 1, "site": "B", "public": "00"}, "is no public key of B"),
    ({"format": 1, "site": "B", "public": 7}, "is no public key of B"),
    ({"format": 2, "site": "B", "public": "00" * 32}, "has the format 2, and this cohortflow reads the format 1"),
])  # fmt: skip
def test_a_key_that_is_none(tmp_path, said, words):
    if said:
        (tmp_path / "B.pub").write_text(json.dumps(said), encoding="utf-8")
    with pytest.raises((ArgumentsError, CohortflowError), match=words):
        read_public("B", tmp_path)


def test_a_point_that_gives_no_secret_is_refused(keys):
    with pytest.raises(ArgumentsError, match="The public key of X is none"):
        keys["A"].secret(PublicKey("X", bytes(32)), ROUND, MASK)
