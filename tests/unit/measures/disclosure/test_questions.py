"""How many questions a definition asks about the same people."""

from measures.disclosure.questions import MANY, Questions, questions
from tests.lib.people_counts import CountsOf


def asked(**wanted):
    study = CountsOf([], [(), ("sex",)], **wanted)
    return questions(study.structure(), study.shapes)


def test_counts_are_known_by_what_they_count():
    found = asked(nested=2, weeks=3)
    assert (found.counts, found.tables) == (3, 6), (
        "two numerators and everybody, by two groupings"
    )
    assert (
        not found.are_many
        and found.said
        == "Of one interval 3 different counts of people are asked, in 6 tables."
    )


def test_sums_of_events_are_no_counts_of_people():
    assert asked(nested=1, events=True).counts == asked(nested=1).counts


def test_many_are_said_with_names():
    found = asked(nested=MANY)
    assert found.are_many and found.counts == MANY + 1
    assert "n0, n0_sex, n1, n1_sex, n2 and 195 more measures" in found.said


def test_nothing_is_asked():
    study = CountsOf([], [])
    assert questions(study.structure(), study.shapes) == Questions(0, 0, ())
    assert Questions(0, 0, ()).as_json()["counts"] == 0
