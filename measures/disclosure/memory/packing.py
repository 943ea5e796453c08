"""Sets of people with their numbers, as the site's ledger writes them: by number, the
fingerprints one after another.

Each new load of records counts other people in weeks of before, and all of them are
remembered. So a ledger grows with what changes, and a fingerprint takes little more
than its 16 letters; as an entry for each time it took four times as much.
"""

from collections.abc import Mapping

LETTERS = 16  # of a fingerprint of 64 bits
NONE = ""  # where the rule gives the same people the same number anyway
Packed = dict[str, str]


def packed(numbers: Mapping[int, int | None]) -> Packed:
    """By number, as text, the fingerprints of all people with it, sorted.

    Example: `{9: 30, 7: None}` is `{"30": "0000000000000009", "": "0000000000000007"}`.
    """
    found: dict[str, list[str]] = {}
    for people, number in sorted(numbers.items()):
        name = NONE if number is None else str(number)
        found.setdefault(name, []).append(f"{people:0{LETTERS}x}")
    return {name: "".join(each) for name, each in found.items()}


def unpacked(together: Mapping[str, str]) -> dict[int, int | None]:
    """The numbers of people by their fingerprints. ValueError for what is none."""
    found: dict[int, int | None] = {}
    for name, people in together.items():
        number = None if name == NONE else int(name)
        for first in range(0, len(people), LETTERS):
            found[int(people[first : first + LETTERS], 16)] = number
    return found
