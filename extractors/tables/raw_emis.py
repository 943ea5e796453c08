"""Tables of EMIS as they are recorded."""

from extractors.language.frames import table
from extractors.tables.raw_core import RawOnsDeaths


@table
class ons_deaths(RawOnsDeaths):
    class _meta:
        table_name = "ons_deaths_raw"
