"""Names and strings as SQL."""


def quote(name: str) -> str:
    """A name as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def text(value: object) -> str:
    """A string, or something with one, as an SQL literal."""
    return "'" + str(value).replace("'", "''") + "'"
