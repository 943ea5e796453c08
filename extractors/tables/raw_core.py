"""Tables as they are recorded, without the choices that `core` makes."""

from extractors.language.frames import EventFrame, table
from extractors.tables.core import Causes


class RawOnsDeaths(Causes, EventFrame):
    """Every death certificate; a patient may have several."""


@table
class ons_deaths(RawOnsDeaths):
    class _meta:
        table_name = "ons_deaths_raw"
