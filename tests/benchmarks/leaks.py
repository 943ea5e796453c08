"""The table of leaks: what each policy gives away in each scenario, on made-up weekly
tables.

Before it, what an author learns beside the counts.

.venv/bin/python -m tests.benchmarks.leaks [PEOPLE …] [--weeks N] [--crowd PEOPLE]
"""

import argparse
import tempfile
from pathlib import Path

from tests.lib import attack_tables as made
from tests.lib import name_scenarios as names
from tests.lib import same_scenarios as same
from tests.lib.leak_scenarios import HEAD, POLICIES, attack, scenarios
from tests.lib.side_scenarios import HEAD as SIDE_HEAD
from tests.lib.side_scenarios import SIDE_SCENARIOS

SIZES = (3, 6, 4, 3, 3)  # five group-bys, and the total
CROWD = 20_000  # people of whom seven columns are crossed


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("people", nargs="*", type=int, default=(20_000, 3_000))
    asked.add_argument("--weeks", type=int, default=26)
    asked.add_argument("--crowd", type=int, default=CROWD)
    parsed = asked.parse_args()
    print(SIDE_HEAD)
    for each in SIDE_SCENARIOS:
        with tempfile.TemporaryDirectory() as folder:
            print(each.row(Path(folder)), flush=True)
    print(f"\nThe same people, asked for again and again\n\n{same.HEAD}")
    for again in same.ATTACKS:
        print(same.row(again), flush=True)
    for people in parsed.people:
        print(
            f"\n{people:,} people, {parsed.weeks} weeks, {len(SIZES)} group-bys and "
            "the total, 3 nested measures\n"
        )
        print(HEAD)
        for scenario in scenarios(made.world(people, parsed.weeks, SIZES, seed=1)):
            for policy in POLICIES:
                leak = attack(scenario, policy)
                print(
                    leak.row()
                    + (f" {leak.missed} ranges miss the truth!" if leak.missed else ""),
                    flush=True,
                )
    _tell_names(parsed.crowd)


def _tell_names(people: int) -> None:
    """The rule of names, without it and with it; and how texts of the records are
    written.
    """
    print(
        f"\n{people:,} people in seven columns, crossed: groups that the records name\n"
    )
    print(names.HEAD)
    for policy in names.POLICIES:
        for line in names.lines(people, [policy]):
            print(line, flush=True)
    print(
        "\nTexts of the records in CSV\n\n| what | as it is | as it is written "
        "|\n|---|---|---|"
    )
    for line in names.label_lines():
        print(line)


if __name__ == "__main__":
    main()
