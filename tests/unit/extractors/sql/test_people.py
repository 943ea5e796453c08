"""The hash of a person, and the fingerprint of a set of them."""

import pytest

from extractors.engine import Engine
from extractors.planner.kinds import PERSON
from extractors.sql.people import (
    HALF,
    KEY,
    count_sql,
    fingerprint_sql,
    packed_sql,
    people_sql,
    with_person_sql,
)
from extractors.sql.words import quote
from tests.lib.fingerprints import fingerprint_of, hash_of

SECRET = "of this site"
IDS = [1, 10, -3, 2**62, 0]


@pytest.fixture
def engine():
    with Engine() as engine:
        values = ", ".join(f"({id})" for id in IDS)
        patients = f"SELECT * FROM (VALUES {values}) AS t(patient_id)"
        engine.execute(f"CREATE TABLE p AS {with_person_sql(patients)}", {KEY: SECRET})
        yield engine


def test_a_hash_is_of_the_key_and_of_the_sources_own_id(engine):
    found = dict(engine.execute('SELECT patient_id, "hash of the person" FROM p'))
    assert found == {id: hash_of(id, SECRET) - HALF for id in IDS}
    assert hash_of(1, SECRET) != hash_of(1, "of another")


@pytest.mark.parametrize("width", ["INTEGER", "BIGINT"])
def test_a_narrow_id_has_the_hash_of_a_wide_one(width):
    """A snapshot has ids as narrow as they fit, which other patients may change."""
    with Engine() as engine:
        patients = f"SELECT CAST(77 AS {width}) AS patient_id"
        [(_, found)] = engine.execute(with_person_sql(patients), {KEY: SECRET})
    assert found == hash_of(77, SECRET) - HALF


def test_one_sum_counts_people_and_adds_up_their_hashes_in_any_order(engine):
    engine.execute(
        f"CREATE VIEW packed AS SELECT patient_id, {packed_sql(quote(PERSON))} AS "
        f"{quote(PERSON)} FROM p"
    )
    found = {}
    for name, chosen in {
        "all": "",
        "some": "patient_id > 1",
        "nobody": "FALSE",
    }.items():
        sums = people_sql(chosen)
        [found[name]] = engine.execute(
            f"SELECT {count_sql(sums)}, {fingerprint_sql(sums)} FROM packed"
        )
    assert found["all"] == (5, fingerprint_of(reversed(IDS), SECRET))
    assert found["some"] == (2, fingerprint_of([10, 2**62], SECRET))
    assert found["nobody"] == (0, 0) == (0, fingerprint_of([]))
    others = (found["all"][1] - found["some"][1]) % 2**64
    assert others == fingerprint_of([1, -3, 0], SECRET), (
        "a difference is that of the others"
    )


def test_ids_that_are_texts_have_hashes_of_their_own_whatever_their_numbers():
    """Another patient more gives all others other numbers, and nobody another hash."""
    found = []
    for ids in (["a-1", "c-3"], ["a-1", "b-2", "c-3"]):
        pairs = ", ".join(f"({number}, '{id}')" for number, id in enumerate(ids))
        own_ids = f"SELECT * FROM (VALUES {pairs}) AS t(patient_id, id)"
        patients = f"SELECT patient_id FROM ({own_ids})"
        with Engine() as engine:
            rows = engine.execute(with_person_sql(patients, own_ids), {KEY: SECRET})
        found.append({ids[number]: hashed + HALF for number, hashed in rows})
        assert found[-1] == {id: hash_of(id, SECRET) for id in ids}
    assert found[0].items() < found[1].items()
