"""What ehrQL's modules of tables have beside their tables, and studies import from
there.
"""

import datetime

from extractors.language.cases import case, when
from extractors.language.constraints import Constraint
from extractors.language.dates import days, months, weeks, years
from extractors.language.frames import EventFrame, PatientFrame, Series, table
from extractors.model.types import (
    BNFCode,
    CTV3Code,
    DMDCode,
    ICD10Code,
    OPCS4Code,
    SNOMEDCTCode,
)
from extractors.model.types import ICD10MultiCode as ICD10MultiCodeString
from extractors.model.types import OPCS4MultiCode as OPCS4MultiCodeString

__all__ = [
    "BNFCode", "CTV3Code", "Constraint", "DMDCode", "EventFrame", "ICD10Code",
    "ICD10MultiCodeString", "OPCS4Code", "OPCS4MultiCodeString", "PatientFrame",
    "SNOMEDCTCode", "Series", "case", "datetime", "days", "months", "table", "weeks", "when",
    "years",
]  # fmt: skip
