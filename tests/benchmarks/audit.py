"""What an audit costs: 166 weeks of 12 groupings of 3 nested measures, one release and
two together.

.venv/bin/python -m tests.benchmarks.audit [POLICY …] [--people N] [--weeks N]
"""

import argparse
import time

import pyarrow as pa

from measures.disclosure.audit import audit
from tests.lib import attack_tables as made

SIZES = (3, 10, 10, 6, 6, 3, 3, 3, 3, 3, 3)  # with the total, 12 groupings
POLICIES = ("controlled", "opensafely", "midpoint6")


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("policies", nargs="*", default=POLICIES)
    asked.add_argument("--people", type=int, default=60_000)
    asked.add_argument("--weeks", type=int, default=166)
    parsed = asked.parse_args()
    people = made.world(parsed.people, parsed.weeks, SIZES, seed=1)
    rows, more = made.weekly(people), made.weekly(made.one_more(people, seed=2))
    structure = made.structure_of(rows)
    print(f"{len(rows):,} rows")
    print(
        "| policy | releases | counts | programmes | protect s | audit s | audit CPU "
        "s | narrowest |"
    )
    print("|---|---|---|---|---|---|---|---|")
    for policy in parsed.policies:
        started = time.monotonic()
        tables = [made.protected(rows, policy)]
        protecting = time.monotonic() - started
        tables.append(made.protected(more, policy))
        for number in (1, 2):
            print(line(policy, tables[:number], structure, protecting), flush=True)


def line(
    policy: str, tables: list[pa.Table], structure: dict, protecting: float
) -> str:
    started, cpu = time.monotonic(), time.process_time()
    found = audit(tables, structure, policy)
    seconds, cpu = time.monotonic() - started, time.process_time() - cpu
    least = (
        f"{found.narrowest}" if found.narrowest_is_exact else f">= {found.narrowest}"
    )
    return (
        f"| {policy} | {len(tables)} | {found.counts:,} | {found.programmes:,} | "
        f"{protecting:.1f} | {seconds:.1f} | {cpu:.1f} | {least} |"
    )


if __name__ == "__main__":
    main()
