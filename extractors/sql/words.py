"""Names and strings as SQL."""

from collections.abc import Iterable


def quote(name: str) -> str:
    """A name as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def text(value: object) -> str:
    """A string, or something with one, as an SQL literal."""
    return "'" + str(value).replace("'", "''") + "'"


def enum_sql(values: Iterable[str]) -> str:
    """The type of a column that has only these strings."""
    return f"ENUM({', '.join(map(text, values))})"
