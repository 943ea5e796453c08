"""Verhoeff's check digit, the last one of every SNOMED CT and dm+d code."""

SHUFFLE = (1, 5, 7, 6, 2, 8, 3, 0, 9, 4)
PERIOD = 8  # so many shuffles change nothing


def has_check_digit(code: str) -> bool:
    """Whether the last digit of some digits is Verhoeff's."""
    check = 0
    for place, digit in enumerate(map(int, reversed(code))):
        check = PRODUCTS[check][SHUFFLED[place % PERIOD][digit]]
    return check == 0


def with_check_digit(code: str) -> str:
    """The same digits with the right one at the end."""
    return next(
        each
        for each in (f"{code[:-1]}{digit}" for digit in range(10))
        if has_check_digit(each)
    )


def shuffled(digit: int, times: int) -> int:
    for _ in range(times):
        digit = SHUFFLE[digit]
    return digit


def dihedral(a: int, b: int) -> int:
    """The product of two symmetries of a pentagon: 0-4 turn it, 5-9 flip it."""
    turn = (a + b if a < 5 else a - b) % 5
    return turn if (a < 5) == (b < 5) else turn + 5


# Looked up, because a codelist may have tens of thousands of codes.
PRODUCTS = tuple(tuple(dihedral(a, b) for b in range(10)) for a in range(10))
SHUFFLED = tuple(
    tuple(shuffled(digit, times) for digit in range(10)) for times in range(PERIOD)
)
