"""Masked counts under attack: what a file, several files, a partner, a replay or a
forger get out of them.
"""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from extractors.errors import ArgumentsError, CohortflowError, DisclosureRefused
from measures.sites.grid import CHECKS, numbers_of
from measures.sites.keys import MASK, OwnKey, make_key
from measures.sites.masking import as_file, mask, read_masked, stream, sum_of
from measures.sites.rounds import Round, new_id
from tests.lib.masked_sites import agreed_on, keys_of, masked_by, public, sent_by
from tests.lib.site_releases import drawn

COUNTS = {
    name: drawn(size, seed, weeks=8, events=True)
    for name, size, seed in (("A", 90, 1), ("B", 40, 2), ("C", 7, 3))
}
RAW = {name: counts.raw() for name, counts in COUNTS.items()}


@pytest.fixture
def keys(tmp_path: Path) -> dict[str, OwnKey]:
    return keys_of("ABCD", tmp_path / "keys")


@pytest.fixture
def agreed(keys: dict[str, OwnKey]) -> Round:
    """Three sites, and a place that is none of them."""
    return agreed_on(COUNTS["A"], keys, "ABC", "D")


def true_sum(agreed: Round) -> np.ndarray:
    rows = [numbers_of(RAW[site].table, agreed) for site in agreed.sites]
    return np.array(rows).sum(axis=0, dtype=np.uint64)


def looks_random(numbers: np.ndarray) -> bool:
    """Whether bytes are as often each of 256 as random ones are: chi squared, of 255
    degrees of freedom.

    Random bytes are above 420 once in 10 billion tries.
    """
    told = np.bincount(np.frombuffer(numbers.tobytes(), np.uint8), minlength=256)
    even = told.sum() / 256
    return bool(((told - even) ** 2 / even).sum() < 420)


def without(
    numbers: np.ndarray, own: OwnKey, other: OwnKey, agreed: Round
) -> np.ndarray:
    """What is left of `other`'s numbers once somebody takes their own stream away."""
    random = stream(own.secret(other.public, agreed.digest, MASK), len(numbers))
    return numbers - random if other.site < own.site else numbers + random


@pytest.mark.parametrize("sites, place", [("ABC", "D"), ("ABC", "B"), ("AB", "D")])
def test_the_sum_is_that_of_the_counts(keys, tmp_path, sites, place):
    agreed = agreed_on(COUNTS["A"], keys, sites, place)
    files = [sent_by(site, RAW[site], keys, agreed, tmp_path) for site in sites]
    sent = [read_masked(path, keys[place], public(keys), agreed) for path in files]
    assert np.array_equal(
        sum_of(sent, keys[place], public(keys), agreed), true_sum(agreed)
    )


def test_counts_as_they_are_do_not_look_random(agreed):
    assert not looks_random(numbers_of(RAW["A"].table, agreed))


@pytest.mark.parametrize("place", ["D", "A"])
def test_a_file_alone_says_nothing(keys, place):
    """Neither does the sum of some, nor, where the place is no site, that of all to
    somebody else.
    """
    agreed = agreed_on(COUNTS["A"], keys, "ABC", place)
    files = {site: masked_by(site, RAW[site], keys, agreed).numbers for site in "ABC"}
    for numbers in files.values():
        assert looks_random(numbers)
    for one, other in ("AB", "BC", "AC"):
        assert looks_random(files[one] + files[other])
    assert looks_random(files["A"] + files["B"] + files["C"]) == (place == "D")


def test_the_same_file_could_be_of_any_counts(keys, agreed):
    """With the right stream: the file less other counts is as random as the file less
    the true ones.
    """
    file = masked_by("A", RAW["A"], keys, agreed).numbers
    others = numbers_of(RAW["B"].table, agreed)
    assert looks_random(file - numbers_of(RAW["A"].table, agreed)) and looks_random(
        file - others
    )


def test_a_partner_who_has_all_files_cannot_subtract(keys, agreed):
    """A takes its own streams away from B's file; that with C, and that with the place,
    are still there.
    """
    files = {site: masked_by(site, RAW[site], keys, agreed).numbers for site in "ABC"}
    rest = without(files["B"], keys["A"], keys["B"], agreed)
    assert looks_random(rest)
    assert looks_random(rest + without(files["C"], keys["A"], keys["C"], agreed))


def test_the_place_cannot_either_and_as_a_site_learns_the_sum_of_the_others(keys):
    agreed = agreed_on(COUNTS["A"], keys, "ABC", "A")
    files = {site: masked_by(site, RAW[site], keys, agreed).numbers for site in "ABC"}
    rest = {site: without(files[site], keys["A"], keys[site], agreed) for site in "BC"}
    assert looks_random(rest["B"]) and looks_random(rest["C"])
    others = numbers_of(RAW["B"].table, agreed) + numbers_of(RAW["C"].table, agreed)
    assert np.array_equal(rest["B"] + rest["C"], others)


def test_all_others_together_learn_the_last_one(keys, agreed):
    """What no masks can help: A, C and the place D put their keys together."""
    file = masked_by("B", RAW["B"], keys, agreed).numbers
    for name in "AC":
        file = without(file, keys[name], keys["B"], agreed)
    file = file - stream(
        keys["D"].secret(keys["B"].public, agreed.digest, MASK), len(file)
    )
    assert np.array_equal(file, numbers_of(RAW["B"].table, agreed))


def test_the_same_counts_in_the_same_round_are_the_same_bytes(keys, agreed, tmp_path):
    first = sent_by("A", RAW["A"], keys, agreed, tmp_path).read_bytes()
    assert sent_by("A", RAW["A"], keys, agreed, tmp_path).read_bytes() == first


def test_other_counts_in_the_same_round_give_their_difference_away(keys, agreed):
    """Why a site refuses to mask twice (`tests/unit/flows/running/test_sites.py`); in
    two rounds nothing is seen.
    """
    later = drawn(91, 1, weeks=8, events=True).raw()
    one, other = (
        masked_by("A", raw, keys, agreed).numbers for raw in (RAW["A"], later)
    )
    difference = numbers_of(later.table, agreed) - numbers_of(RAW["A"].table, agreed)
    assert np.array_equal(other - one, difference) and not looks_random(other - one)
    anew = replace(agreed, id=new_id())
    assert looks_random(masked_by("A", later, keys, anew).numbers - one)


# What the place refuses ---------------------------------------------------------------


def test_a_site_that_dropped_out(keys, agreed):
    sent = [masked_by(site, RAW[site], keys, agreed) for site in "AC"]
    with pytest.raises(
        ArgumentsError, match="There is no file of B. .* their sums mean nothing"
    ):
        sum_of(sent, keys["D"], public(keys), agreed)
    left = sent[0].numbers + sent[1].numbers
    for site in "AC":
        left = left - stream(
            keys["D"].secret(keys[site].public, agreed.digest, MASK), len(left)
        )
    assert looks_random(left)  # it is no matter of refusing: the mask of B is in it


def test_two_files_of_one_site_and_records_that_are_made_up(keys, agreed):
    sent = [masked_by(site, RAW[site], keys, agreed) for site in "ABC"]
    with pytest.raises(ArgumentsError, match="two files of A"):
        sum_of([*sent, sent[0]], keys["D"], public(keys), agreed)
    with pytest.raises(ArgumentsError, match="some sites are made up"):
        sum_of(
            [replace(sent[0], made_up=True), *sent[1:]], keys["D"], public(keys), agreed
        )


def test_a_wrong_key_is_found_and_the_pair_is_named(keys, agreed, tmp_path):
    """B has another key of C than C has."""
    wrong = {**public(keys), "C": make_key("C", tmp_path / "other").public}
    sent = [masked_by(site, RAW[site], keys, agreed) for site in "AC"]
    sent.append(
        mask(
            numbers_of(RAW["B"].table, agreed), keys["B"], wrong, agreed, made_up=False
        )
    )
    with pytest.raises(
        DisclosureRefused, match="(B and C|C and B) have masked with different secrets"
    ):
        sum_of(sent, keys["D"], public(keys), agreed)


def test_masks_that_do_not_cancel_are_found_whatever_the_files_say(keys, agreed):
    sent = [masked_by(site, RAW[site], keys, agreed) for site in "ABC"]
    forged = replace(
        sent[1],
        numbers=masked_by("B", RAW["B"], keys, replace(agreed, id=new_id())).numbers,
    )
    with pytest.raises(DisclosureRefused, match="The masks do not cancel"):
        sum_of([sent[0], forged, sent[2]], keys["D"], public(keys), agreed)


def test_a_file_of_another_round(keys, agreed, tmp_path):
    path = sent_by("A", RAW["A"], keys, replace(agreed, id=new_id()), tmp_path)
    with pytest.raises(ArgumentsError, match="is of another round"):
        read_masked(path, keys["D"], public(keys), agreed)


def test_a_file_that_says_it_is_of_this_round(keys, agreed, tmp_path):
    """A replay: the file of an old round with the new one's name on it."""
    path = sent_by("A", RAW["A"], keys, replace(agreed, id=new_id()), tmp_path)
    head, seal, body = path.read_bytes().split(b"\n", 2)
    told = {**json.loads(head), "round": agreed.digest.hex()}
    path.write_bytes(
        json.dumps(told, sort_keys=True).encode() + b"\n" + seal + b"\n" + body
    )
    with pytest.raises(DisclosureRefused, match="is not as A has written it"):
        read_masked(path, keys["D"], public(keys), agreed)


@pytest.mark.parametrize("place", [5, 40, 300, 330, 420, 1000, -1])
def test_a_file_that_was_changed(keys, agreed, tmp_path, place):
    path = sent_by("A", RAW["A"], keys, agreed, tmp_path)
    content = bytearray(path.read_bytes())
    content[place] ^= 1
    path.write_bytes(bytes(content))
    with pytest.raises((ArgumentsError, CohortflowError)):
        read_masked(path, keys["D"], public(keys), agreed)


@pytest.mark.parametrize("cut", [0, 10, 500, -1, -8])
def test_a_file_that_was_cut(keys, agreed, tmp_path, cut):
    path = sent_by("A", RAW["A"], keys, agreed, tmp_path)
    path.write_bytes(path.read_bytes()[:cut])
    with pytest.raises((ArgumentsError, CohortflowError)):
        read_masked(path, keys["D"], public(keys), agreed)


def test_a_forger_without_the_key(keys, agreed, tmp_path):
    """C sends a file in the name of A, sealed with what C and the place have in
    common.
    """
    masked = replace(masked_by("C", RAW["C"], keys, agreed), site="A")
    path = tmp_path / "A.masked"
    path.write_bytes(as_file(masked, keys["C"], public(keys), agreed))
    with pytest.raises(DisclosureRefused, match="was written with another key"):
        read_masked(path, keys["D"], public(keys), agreed)


def test_formats_are_named(keys, agreed, tmp_path):
    path = tmp_path / "x"
    for content, words in (
        (b"x\ny\nz", "no masked counts"),
        (b"{}\n\n", "no masked counts"),
        (b"[]\n\n", "no masked"),
    ):
        path.write_bytes(content)
        with pytest.raises(ArgumentsError, match=words):
            read_masked(path, keys["D"], public(keys), agreed)
    path.write_bytes(
        json.dumps({"kind": "cohortflow masked counts", "format": 2}).encode() + b"\n\n"
    )
    with pytest.raises(
        CohortflowError,
        match="has the format 2, and this cohortflow reads the format 1",
    ):
        read_masked(path, keys["D"], public(keys), agreed)
    with pytest.raises(ArgumentsError, match="cannot be read"):
        read_masked(tmp_path / "nowhere", keys["D"], public(keys), agreed)


def test_only_a_site_of_the_round_masks_and_only_its_numbers(keys, agreed):
    numbers = numbers_of(RAW["A"].table, agreed)
    with pytest.raises(ArgumentsError, match="D is no site of this round"):
        mask(numbers, keys["D"], public(keys), agreed, made_up=False)
    with pytest.raises(CohortflowError, match="not those of the round"):
        mask(numbers[:-CHECKS], keys["A"], public(keys), agreed, made_up=False)


def test_streams_are_those_of_the_standard():
    """RFC 8439, A.1, test vector 1: a key of zeros, counter 0."""
    assert stream(bytes(32), 2).tobytes().hex() == "76b8e0ada0f13d90405d6ae55386bd28"
