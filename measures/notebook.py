"""What a notebook shows of measures: counts of made-up people in the last period of
each.
"""

from importlib import import_module

from extractors.language.reading import is_reading
from measures.definitions import Measures


def html_of(measures: Measures) -> str:
    """Nothing while a command reads a definition, which must not have what counts."""
    if is_reading():
        return ""
    return str(import_module("measures.seen").html_of(measures))


Measures._repr_html_ = html_of
