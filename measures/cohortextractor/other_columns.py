"""What an author may make of other columns.

Each function only remembers what it is asked for; `study` translates all of a study
together. Names and defaults of arguments are those of the old language.
"""

from collections.abc import Mapping
from typing import Any

from measures.cohortextractor.asked import Asked


def satisfying(
    expression: Any,
    return_expectations: Any = None,
    **extra_columns: Asked,
) -> Asked:
    """1 where an expression is true."""
    return _made_of_others("satisfying", {"expression": expression}, extra_columns)


def categorised_as(
    category_definitions: Any,
    return_expectations: Any = None,
    **extra_columns: Asked,
) -> Asked:
    """The first label whose expression is true."""
    return _made_of_others(
        "categorised_as", {"category_definitions": category_definitions}, extra_columns
    )


def minimum_of(
    *column_names: Any,
    return_expectations: Any = None,
    **extra_columns: Asked,
) -> Asked:
    """The least of some columns that is not empty."""
    return _made_of_others("minimum_of", {"column_names": column_names}, extra_columns)


def maximum_of(
    *column_names: Any,
    return_expectations: Any = None,
    **extra_columns: Asked,
) -> Asked:
    """The greatest of some columns that is not empty."""
    return _made_of_others("maximum_of", {"column_names": column_names}, extra_columns)


def fixed_value(
    value: Any,
    return_expectations: Any = None,
) -> Asked:
    """The same for everybody."""
    return Asked("fixed_value", locals())


def date_of(
    source: Any,
    date_format: Any = None,
    include_month: Any = False,
    include_day: Any = False,
    return_expectations: Any = None,
) -> Asked:
    """The day of the match that gave another column."""
    return Asked("date_of", locals())


def with_value_from_file(
    f_path: Any,
    returning: Any = None,
    returning_type: Any = None,
    date_format: Any = "YYYY-MM-DD",
    return_expectations: Any = None,
) -> Asked:
    """A column of a file."""
    return Asked("with_value_from_file", locals())


def which_exist_in_file(
    f_path: Any,
    return_expectations: Any = None,
) -> Asked:
    """Whether a file has the patient."""
    return Asked("which_exist_in_file", locals())


def _made_of_others(
    function: str, arguments: Mapping[str, Any], hidden: Mapping[str, Asked]
) -> Asked:
    return Asked(function, arguments, hidden)
