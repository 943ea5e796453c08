"""What a release adds to the ledger, worked by hand."""

from measures.disclosure.control import protection
from measures.disclosure.memory.entries import COMMIT
from measures.disclosure.memory.ledger import Memory
from measures.disclosure.memory.setting import Setting
from tests.lib.people_counts import CountsOf, Person
from tests.lib.releases import KEY

# 3 of 12 women and 20 of 30 men have the event
PEOPLE = [
    *(Person({"sex": "f"}, [int(n < 3)]) for n in range(12)),
    *(Person({"sex": "m"}, [int(n < 20)]) for n in range(30)),
]
WEEK = "2019-04-01..2019-04-07"


def remembered(memory=None, people=PEOPLE, **wanted):
    study = CountsOf(people, [("sex",)])
    setting = Setting(
        study.structure(), KEY, memory=memory or Memory(), definition="d", **wanted
    )
    return protection(study.raw(), "opensafely", setting).entries


def test_a_redacted_count_is_kept_as_redacted_and_not_as_a_number():
    _, tables, _ = remembered()
    numerator = tables["tables"]["n0|sex|2019-04-01|2019-04-07"]
    assert numerator["values"] == {'["m"]': 20}
    assert numerator["reasons"] == {'["f"]': "7 or less"}
    assert (numerator["base"], numerator["withheld"]) == (1, False)


def test_a_table_is_kept_where_it_is_in_time():
    """The denominator moves with the first day alone, so it is of every interval from
    there.
    """
    entries = remembered()
    assert [entry.get("interval") for entry in entries] == ["2019-04-01..", WEEK, None]
    [denominator] = entries[0]["tables"].values()
    assert denominator["values"] == {'["f"]': 10, '["m"]': 30}
    assert list(entries[0]["tables"]) == ["all|sex|2019-04-01|"]


def test_the_rows_say_which_tables_a_measure_showed():
    entries = remembered()
    assert entries[1]["rows"] == [
        [
            "n0_sex",
            "sex",
            WEEK,
            "n0|sex|2019-04-01|2019-04-07",
            "all|sex|2019-04-01|",
            ["sex"],
        ]
    ]


def test_the_last_entry_commits_and_sums_up():
    commit = remembered()[-1]
    assert commit == {
        "kind": COMMIT, "release": 1, "policy": "opensafely T=7 base=5", "key": KEY.id,
        "definition": "d", "intervals": 1, "first": "2019-04-01", "last": "2019-04-07",
        "new_intervals": 1, "changed_intervals": 0,
    }  # fmt: skip


def test_what_is_known_already_is_not_remembered_again():
    memory = Memory().add(remembered())
    assert remembered(memory) == []


def test_new_numbers_are_a_second_generation():
    memory = Memory().add(remembered())
    more = [*PEOPLE, *[Person({"sex": "m"}, [1])] * 10]
    entries = remembered(memory, more, revise=True)
    assert entries[-1]["changed_intervals"] == 1 and entries[-1]["release"] == 2
    assert "reason" not in entries[-1]
    told = remembered(
        Memory().add(remembered()), more, revise=True, reason="late results"
    )
    assert told[-1]["reason"] == "late results" and told[:-1] == entries[:-1]
    memory.add(entries)
    shown = [old.values for old in memory.tables["n0|sex|2019-04-01|2019-04-07"]]
    assert shown == [{'["m"]': 20}, {'["m"]': 30}]
