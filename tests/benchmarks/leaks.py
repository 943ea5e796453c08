"""The table of leaks: what each policy gives away in each scenario, on made-up weekly tables.

.venv/bin/python -m tests.benchmarks.leaks [PEOPLE …] [--weeks N]
"""

import argparse

from tests.lib import attack_tables as made
from tests.lib.leak_scenarios import HEAD, POLICIES, attack, scenarios

SIZES = (3, 6, 4, 3, 3)  # five group-bys, and the total


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("people", nargs="*", type=int, default=(20_000, 3_000))
    asked.add_argument("--weeks", type=int, default=26)
    parsed = asked.parse_args()
    for people in parsed.people:
        print(f"\n{people:,} people, {parsed.weeks} weeks, {len(SIZES)} group-bys and the total, 3 nested measures\n")
        print(HEAD)
        for scenario in scenarios(made.world(people, parsed.weeks, SIZES, seed=1)):
            for policy in POLICIES:
                leak = attack(scenario, policy)
                print(leak.row() + (f" {leak.missed} ranges miss the truth!" if leak.missed else ""), flush=True)


if __name__ == "__main__":
    main()
