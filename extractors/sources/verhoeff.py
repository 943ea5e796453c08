"""Verhoeff's check digit in SQL, without lists, which cost ten times as much.

Two digits at a time, from the right, are a place in a row of their products. A short
code is read with zeros in front, so its product is compared with that of these zeros.
"""

from functools import reduce

from extractors.model.verhoeff import PERIOD, dihedral, shuffled

MOST = 18  # digits
PRODUCTS = "".join(str(dihedral(*divmod(pair, 10))) for pair in range(100))


def has_check_digit(code: str) -> str:
    """SQL that is true of a text of up to 18 digits whose last one is Verhoeff's, and
    false of any other.
    """
    number = f"TRY_CAST({code} AS BIGINT)"
    pairs = [
        _digit(_pairs(place), f"{number} // {10**place} % 100")
        for place in range(0, MOST, 2)
    ]
    check = reduce(
        lambda before, pair: _digit(PRODUCTS, f"{before} * 10 + {pair}"), pairs
    )
    # a longer text, such as 18 digits and a blank, has no place among the zeros
    return f"coalesce({check} = TRY_{_digit(_zeros(), f'length({code})')}, FALSE)"


def _pairs(place: int) -> str:
    """The product of each two digits, of which the lower one is at this place."""
    low, high = place % PERIOD, (place + 1) % PERIOD
    products = []
    for pair in range(100):
        products.append(dihedral(shuffled(pair % 10, low), shuffled(pair // 10, high)))
    return "".join(map(str, products))


def _zeros() -> str:
    """For each number of digits, the product of the zeros in front of them."""
    zeros = [shuffled(0, place % PERIOD) for place in range(MOST)]
    rest = [reduce(dihedral, zeros[digits:], 0) for digits in range(MOST + 1)]
    return "".join(map(str, rest))


def _digit(row: str, place: str) -> str:
    return f"CAST(substr('{row}', {place} + 1, 1) AS INTEGER)"
