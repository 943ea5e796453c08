"""What an author says of a study: taken, refused on the author's own line, and checked
again when it arrives.
"""

import json

import pytest

from extractors.errors import DefinitionError
from measures.describing import checked, describe
from measures.study import Study
from tests.lib.definitions import START, load, project, refusal

__all__ = ["project"]

TAKEN = """
measures.describe(title="A study", phases=[("2020-03-26", "2020-05-12", "a phase")], groups={"sex": "their sex"})
measures.describe("events", title="Events", per=100, unit="per cent", baseline="2020-01-06", compare=["2020-01-13"])
measures.describe(contact="the authors", groups={"sex": {"title": "sex", "labels": {"female": "women"}}})
"""


def test_words_are_taken_and_travel(project):
    study = load(START + TAKEN)
    assert study.described == {
        "title": "A study",
        "phases": [["2020-03-26", "2020-05-12", "a phase"]],
        "contact": "the authors",
        "groups": {"sex": {"title": "sex", "labels": {"female": "women"}}},
        "measures": {
            "events": {
                "title": "Events",
                "per": 100,
                "unit": "per cent",
                "baseline": "2020-01-06",
                "compare": ["2020-01-13"],
            }
        },
    }
    assert (
        Study.from_json(json.loads(json.dumps(study.to_json()))).described
        == study.described
    )


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (
            'measures.describe(titel="x")',
            "describe() does not know 'titel'; did you mean 'title'?",
        ),
        ("measures.describe(title=5)", "title must be a string, got int"),
        (
            'measures.describe(title="x" * 300)',
            "title has 300 characters; 200 are the most",
        ),
        (
            'measures.describe("events", baseline="April")',
            "baseline needs a day such as",
        ),
        ('measures.describe("events", per=0)', "per needs a whole number from 1"),
        ('measures.describe("events", spc="yes")', "spc is True or False"),
        (
            'measures.describe("events", direction="up")',
            "direction is one of neutral, increase, decrease",
        ),
        (
            'measures.describe(phases=[("2020-03-26", "a phase")])',
            "phases needs (from, to, words) for each phase",
        ),
        (
            'measures.describe(phases=[("2020-05-12", "2020-03-26", "x")])',
            "the phase 'x' ends before it starts",
        ),
        (
            'measures.describe(groups={"sex": 5})',
            "the group 'sex' needs a title, or a dict",
        ),
        (
            'measures.describe("event", title="x")',
            "speaks of a measure 'event', which is not defined; did you mean",
        ),
        (
            'measures.describe(headline=["none"])',
            "speaks of a measure 'none', which is not defined",
        ),
    ],
)
def test_what_is_not_understood_is_refused(project, line, words):
    assert words in refusal(START + line).message


@pytest.mark.parametrize(
    "forged",
    [
        {"title": ["x"]},
        {"script": "x"},
        {"measures": {"another": {"title": "x"}}},
        {"measures": {"events": {"spc": 1}}},
        {"headline": ["another"]},
        [],
    ],
)
def test_what_a_stranger_sends_is_checked_again(project, forged):
    data = load(START).to_json()
    data["described"] = forged
    with pytest.raises(DefinitionError):
        Study.from_json(data)


def test_what_is_said_later_counts():
    said: dict = {}
    describe(said, "m", {"title": "first", "sentence": "kept"})
    describe(said, "m", {"title": "second"})
    assert checked(said, ["m"]) == {
        "measures": {"m": {"title": "second", "sentence": "kept"}}
    }
