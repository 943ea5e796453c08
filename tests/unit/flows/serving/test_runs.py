"""Whose a run is, and what may be said of how it ended, is told from what Prefect
knows.
"""

import re

import pytest

from extractors.errors import CohortflowError
from flows.serving import deployed
from flows.serving.runs import OURS, RAISED, safe_message, study_of
from tests.lib.places import CHECKOUT

WORDS = "words for a user"
BEGINS_CLASS = re.compile(r"^class (\w+)\((\w+)\):", re.MULTILINE)


@pytest.mark.parametrize(
    ("parameters", "study"),
    [
        ({"study": "nhs_at_home"}, "nhs_at_home"),
        ({"study": "studies/weekly.py", "name": ""}, "weekly"),
        ({"study": "studies/asthma/definition.py"}, "asthma"),
        ({"study": "studies/asthma"}, "asthma"),
        ({"study": "studies/weekly.py", "name": "winter"}, "winter"),
        ({"options": {"study": "weekly.py", "name": ""}, "only": None}, "weekly"),
        ({"study": "x.py", "name": "../../elsewhere"}, ""),
        ({}, ""),
    ],
)
def test_the_study_of_a_run(parameters: dict, study: str):
    assert study_of(parameters) == study


@pytest.mark.parametrize(
    ("message", "said"),
    [
        (f"{RAISED}RecordsError: The password is wrong.", "The password is wrong."),
        (f"{RAISED}NoEntry: no password was given", "no password was given"),
        (f"{RAISED}RecordsUnreachable: no connection", "no connection"),
        (f"{RAISED}DisclosureRefused: no key: at PLACE", "no key: at PLACE"),
        (
            f"{RAISED}ConversionException: 'SECRET' is no date",
            "The run ended with an unexpected ConversionException.",
        ),
        (f"{RAISED}SECRET is odd", "The run ended with an unexpected error."),
        (f"{RAISED}Exception: SECRET", "The run ended with an unexpected Exception."),
        ("2 of 3 periods failed: a, b", "2 of 3 periods failed: a, b"),
        ("", ""),
    ],
)
def test_only_our_own_words_are_said(message: str, said: str):
    assert safe_message(message) == said


def test_every_error_of_ours_is_known_by_name():
    """A dead database once was an `unexpected RecordsUnreachable`."""
    classes: list[tuple[str, str]] = []
    for room in ("extractors", "measures", "flows"):
        for path in (CHECKOUT / room).rglob("*.py"):
            classes += BEGINS_CLASS.findall(path.read_text(encoding="utf-8"))
    ours, before = {CohortflowError.__name__}, set[str]()
    while before != ours:
        before = set(ours)
        ours |= {name for name, base in classes if base in ours}
    said = f"{RAISED}{{}}: {WORDS}"
    assert not OURS - ours
    assert [
        name for name in sorted(ours) if safe_message(said.format(name)) != WORDS
    ] == []


def test_a_run_is_called_as_its_study_from_the_beginning(
    monkeypatch: pytest.MonkeyPatch,
):
    class Run:
        parameters = {"study": "a/long/way/to/weekly.py"}

    monkeypatch.setattr(deployed, "flow_run", Run)
    assert deployed.named() == "weekly"
    Run.parameters = {}
    assert deployed.named() == "cohortflow"
