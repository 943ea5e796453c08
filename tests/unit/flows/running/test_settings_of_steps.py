"""Dask hands on the settings of a step, but for those that it takes for its own."""

import inspect
from collections.abc import Callable

import pytest
from distributed import Client

from flows.running import news, work


def steps() -> list[Callable]:
    """What a run hands to its cluster before its periods."""
    found: list[Callable] = []
    for module in (news, work):
        for name, make in inspect.getmembers(module, inspect.isfunction):
            if name.startswith("make_") and make.__module__ == module.__name__:
                found.append(make)
    return found


@pytest.mark.parametrize("make", steps(), ids=lambda make: make.__name__)
def test_no_setting_has_a_name_of_dasks(make: Callable):
    settings = {
        name
        for name, parameter in inspect.signature(make).parameters.items()
        if parameter.kind is inspect.Parameter.KEYWORD_ONLY
    }
    assert settings.isdisjoint(inspect.signature(Client.submit).parameters)
