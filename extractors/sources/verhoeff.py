"""Verhoeff's check digit in SQL."""

from extractors.model.verhoeff import PERIOD, dihedral, shuffled

# Both tables as rows of digits: of each place its ten digits, of each check digit its ten products.
SHUFFLED = "".join(str(shuffled(digit, place)) for place in range(PERIOD) for digit in range(10))
PRODUCTS = "".join(str(dihedral(a, b)) for a in range(10) for b in range(10))


def has_check_digit(code: str) -> str:
    """SQL that is true of a text of digits whose last one is Verhoeff's."""
    row = f"((place - 1) % {PERIOD}) * 10"
    each = _digit(SHUFFLED, f"{row} + CAST(digit AS INTEGER)")
    digits = f"list_transform(string_split(reverse({code}), ''), lambda digit, place: {each})"
    product = _digit(PRODUCTS, "a * 10 + b")
    return f"(list_reduce(list_prepend(0, {digits}), lambda a, b: {product}) = 0)"


def _digit(row: str, place: str) -> str:
    return f"CAST(substr('{row}', {place} + 1, 1) AS INTEGER)"
