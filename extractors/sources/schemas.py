"""The columns of a table in parts: whether they are the same in all of them."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import pyarrow as pa

from extractors.errors import RecordsError

Schemas = Mapping[str, pa.Schema]  # by what messages call the part
# Kinds of types that become one without another meaning.
NUMBERS, DAYS = "numbers", "days"


def refuse_twins(label: str, names: Sequence[str]) -> None:
    """DuckDB does not tell names apart by case, so neither may a file.

    The names are shown only beside a patient_id: a CSV without a header starts with a
    patient.
    """
    counts = Counter(name.lower() for name in names)
    twins = ", ".join(sorted(name for name, count in counts.items() if count > 1))
    if twins:
        shown = f" ({twins})" if "patient_id" in counts or "person_id" in counts else ""
        raise RecordsError(
            f"{label}: two columns have the same name{shown}; the first row must "
            "name every column once."
        )


def refuse_mixed(label: str, schemas: Schemas, columns: Iterable[str]) -> None:
    """Raise RecordsError for a column that parts hold in types that do not become one.

    DuckDB would make text of numbers and text, and `1.00` of the number 1. Columns that
    no definition reads may be of any types, but for those that cannot lie side by side.
    """
    wanted = {column.lower() for column in columns}
    first: dict[str, tuple[str, pa.DataType]] = {}
    for part, schema in schemas.items():
        for field in schema:
            name = field.name.lower()
            kind = kind_of(field.type)
            if kind is None or (name not in wanted and kind != "other"):
                continue
            before, type_ = first.setdefault(name, (part, field.type))
            if kind != kind_of(type_):
                raise RecordsError(
                    f"{label}: column {field.name} is {type_} in {before} and "
                    f"{field.type} in {part}; write all parts with one type."
                )


def kind_of(type_: pa.DataType) -> str | None:
    """Types of one kind may be in one column; None for one that goes with all
    others.
    """
    if pa.types.is_null(type_):
        return None
    if pa.types.is_dictionary(type_):
        return kind_of(type_.value_type)
    if (
        pa.types.is_integer(type_)
        or pa.types.is_floating(type_)
        or pa.types.is_decimal(type_)
    ):
        return NUMBERS
    if pa.types.is_date(type_) or (pa.types.is_timestamp(type_) and not type_.tz):
        return DAYS
    if pa.types.is_timestamp(type_):
        return "moments of a zone"
    if pa.types.is_boolean(type_):
        return "truths"
    return "text" if _is_text(type_) else "other"


def _is_text(type_: pa.DataType) -> bool:
    return bool(
        pa.types.is_string(type_)
        or pa.types.is_large_string(type_)
        or pa.types.is_string_view(type_)
    )
