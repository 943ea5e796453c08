"""What a definition may say and hardly means, in words."""

from collections.abc import Iterable
from typing import Any

from extractors.language.reading import CodelistFile, current
from extractors.model import nodes

MOST_NAMED = 5


def strange_values(column: nodes.Column, values: Iterable[Any]) -> str:
    """Values with which a column is compared although it never holds them; empty if there are none."""
    schema = column.source.table.schema
    categories = schema.column(column.name).categories
    strange = [repr(value) for value in values if value is not None and value not in categories]
    if not categories or not strange:
        return ""
    return (
        f"{schema.name}.{column.name} is compared with {', '.join(strange)}, which it never is; "
        f"its categories are {', '.join(map(str, categories))}"
    )


def note_strange_values(compared: nodes.Series, values: Iterable[Any]) -> None:
    """Note them at the author's line."""
    if isinstance(compared, nodes.Column) and (doubt := strange_values(compared, values)):
        current().note(doubt)


def without_codes(codelist: CodelistFile) -> str:
    """That nothing is found by a codelist; empty if it has codes."""
    if codelist.codes:
        return ""
    return f"{codelist.name} holds no code in its column {codelist.columns[0]}, so nothing is found by it"


def note_damaged(codes: Iterable[str], label: str) -> None:
    """Note the codes of published files that are none, file by file; they match nothing."""
    reading = current()
    by_file: dict[str, list[str]] = {}
    for code in codes:
        by_file.setdefault(reading.codes[code], []).append(code)
    for file, damaged in by_file.items():
        some = ", ".join(map(repr, damaged[:MOST_NAMED]))
        more = f" and {len(damaged) - MOST_NAMED} more" if len(damaged) > MOST_NAMED else ""
        reading.note(f"{file}: {some}{more} are no {label} codes, so nothing is found by them; report it to its makers")
