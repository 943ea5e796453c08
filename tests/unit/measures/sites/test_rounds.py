"""Rounds: who may take part, and that all of what is agreed on is in the hash."""

import json
from dataclasses import replace
from typing import Any

import pytest

from extractors.errors import ArgumentsError, CohortflowError
from measures.sites.rounds import Round, read_round, refuse_places
from tests.lib.masked_sites import agreed_on, keys_of
from tests.lib.site_releases import drawn


@pytest.fixture(scope="module")
def agreed(tmp_path_factory: pytest.TempPathFactory) -> Round:
    return agreed_on(
        drawn(10, 1), keys_of("ABC", tmp_path_factory.mktemp("keys")), "ABC", "A"
    )


@pytest.mark.parametrize("sites, place, words", [
    ("A", "B", "two sites at least"),
    ("AB", "A", "With two sites, A would subtract its own counts"),
    ("AB", "B", "Let a place that is neither of them add up"),
    ("AAB", "C", "names of their own"),
    (("A", "a/b", "c"), "A", "'a/b' is no name of a site"),
    (("A", "B", "C"), "../x", "is no name of a site"),
])  # fmt: skip
def test_who_may_not_take_part(sites, place, words):
    with pytest.raises(ArgumentsError, match=words):
        refuse_places(list(sites), place)


@pytest.mark.parametrize("sites, place", [("AB", "C"), ("ABC", "A"), ("ABC", "D")])
def test_who_may(sites, place):
    refuse_places(list(sites), place)


def test_a_round_is_read_as_it_was_written(agreed, tmp_path):
    path = tmp_path / "round.json"
    path.write_text(json.dumps(agreed.as_json()), encoding="utf-8")
    assert read_round(path) == agreed and read_round(path).digest == agreed.digest


def test_each_thing_that_is_agreed_on_is_in_the_hash(agreed):
    others: list[dict[str, Any]] = [
        {"id": "0" * 32}, {"study": "x"}, {"definition": "x"}, {"beside": "x"}, {"sites": ("A", "B", "D")},
        {"place": "D"}, {"keys": {}}, {"measures": agreed.measures[:1]}, {"left_out": ("x",)},
        {"calendars": (agreed.calendars[0][:1],)}, {"values": {**agreed.values, "sex": (None, "m", "f")}},
    ]  # fmt: skip
    assert {name for each in others for name in each} == set(Round.__dataclass_fields__)
    assert (
        len({agreed.digest, *(replace(agreed, **each).digest for each in others)})
        == len(others) + 1
    )


def test_a_file_that_is_no_round(agreed, tmp_path):
    path = tmp_path / "round.json"
    with pytest.raises(ArgumentsError, match="There is no file"):
        read_round(path)
    path.write_text(json.dumps(agreed.as_json() | {"format": 2}), encoding="utf-8")
    with pytest.raises(
        CohortflowError,
        match="has the format 2, and this cohortflow reads the format 1",
    ):
        read_round(path)
    path.write_text(json.dumps({**agreed.as_json(), "measures": 1}), encoding="utf-8")
    with pytest.raises(CohortflowError, match="is damaged"):
        read_round(path)
    path.write_text(
        json.dumps({**agreed.as_json(), "sites": ["A", "B"]}), encoding="utf-8"
    )
    with pytest.raises(ArgumentsError, match="A would subtract its own counts"):
        read_round(path)
