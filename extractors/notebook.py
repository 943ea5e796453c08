"""What a notebook shows of what an author holds there: a table of made-up people, or of
hand-written rows.

A notebook asks each object at the end of a cell for `_repr_html_`. While a command
reads a definition, there are no records, and nothing is shown. What makes people up is
loaded only when something is shown: a definition's closed process must not have it.
"""

from importlib import import_module
from typing import Any

from extractors.language.base import BaseSeries
from extractors.language.dataset import Dataset
from extractors.language.frames import BaseFrame
from extractors.language.reading import is_reading
from extractors.language.showing import View

NOTHING = ""


def html_of(element: Any) -> str:
    """A series, a frame, a dataset or a `View` as tables of HTML."""
    if is_reading():
        return NOTHING
    return str(import_module("extractors.seen").html_of(element))


for each in (BaseSeries, BaseFrame, Dataset, View):
    each._repr_html_ = html_of
