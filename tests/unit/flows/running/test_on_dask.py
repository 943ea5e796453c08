"""Calls that are handed in at once: each is made once, and asked for again it is made
again.
"""

from collections.abc import Iterator

import pytest
from distributed import Client, LocalCluster

from extractors.errors import CohortflowError
from flows.running.on_dask import OnDask
from flows.workspace.settings import Limit

LIMIT = Limit(60, "COHORTFLOW_PERIOD_SECONDS")
made: list[tuple[str, bool]] = []


def make(name: str, *, force: bool) -> str:
    """A call in this process, which notes that it was made; `bad` ends with an
    error.
    """
    made.append((name, force))
    if name == "bad":
        raise CohortflowError("The rows are damaged.")
    return name.upper()


@pytest.fixture
def client() -> Iterator[Client]:
    made.clear()
    quiet = {"processes": False, "protocol": "tcp://", "dashboard_address": None}
    with (
        LocalCluster(n_workers=1, threads_per_worker=1, **quiet) as local,
        Client(local) as client,
    ):
        yield client


def test_each_is_made_once(client: Client):
    hands, names = OnDask(client), ["one", "two", "three"]
    hands.hand_in(LIMIT, make, {name: name for name in names}, force=True)
    asked = [
        hands.call(LIMIT, name, make, name, force=True) for name in reversed(names)
    ]
    assert asked == ["THREE", "TWO", "ONE"]
    assert made == [(name, True) for name in names], (
        "in the order in which they were handed in"
    )


def keyed(name: str, *, key: str, workers: int) -> str:
    """A call whose settings have names that Dask's own have, too."""
    return f"{name} {key} {workers}"


def test_settings_are_the_functions_whatever_their_names(client: Client):
    hands, settings = OnDask(client), {"key": "a key", "workers": 3}
    assert hands.call(LIMIT, "one", keyed, "one", **settings) == "one a key 3"
    hands.hand_in(LIMIT, keyed, {"two": "two"}, **settings)
    assert hands.call(LIMIT, "two", keyed, "two", **settings) == "two a key 3"


def test_asked_again_it_is_made_again(client: Client):
    hands = OnDask(client)
    hands.hand_in(LIMIT, make, {"bad": "bad", "good": "good"}, force=False)
    for _ in range(2):
        with pytest.raises(CohortflowError, match="The rows are damaged"):
            hands.call(LIMIT, "bad", make, "bad", force=False)
    assert hands.call(LIMIT, "good", make, "good", force=False) == "GOOD"
    assert [name for name, _ in made].count("bad") == 2


def test_a_lost_cluster_is_heard_of_by_each(client: Client):
    hands = OnDask(client)
    client.close()
    hands.hand_in(LIMIT, make, {"one": "one"}, force=False)
    with pytest.raises(CohortflowError) as caught:
        hands.call(LIMIT, "one", make, "one", force=False)
    assert "Dask" in caught.value.message and not made


def test_what_was_lost_on_the_way_is_asked_anew(client: Client):
    hands = OnDask(client)
    hands.hand_in(LIMIT, make, {"one": "one"}, force=False)
    client.cancel(list(hands._handed.values()))
    assert hands.call(LIMIT, "one", make, "one", force=False) == "ONE"
