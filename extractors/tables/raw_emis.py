"""Tables of EMIS as they are recorded."""

from extractors.language.frames import table
from extractors.tables.raw_core import RawOnsDeaths


@table
class ons_deaths(RawOnsDeaths):
    pass
