"""Clinical coding systems."""

from extractors.errors import CodelistError
from extractors.language.codelists import codelist_from_csv, codelist_from_csv_lines
from extractors.model.types import (
    BNFCode,
    CTV3Code,
    DMDCode,
    ICD10Code,
    OPCS4Code,
    SNOMEDCTCode,
)
from extractors.model.types import Code as BaseCode
from extractors.model.types import ICD10MultiCode as ICD10MultiCodeString
from extractors.model.types import MultiCode as BaseMultiCodeString
from extractors.model.types import OPCS4MultiCode as OPCS4MultiCodeString

__all__ = [
    "BNFCode", "BaseCode", "BaseMultiCodeString", "CTV3Code", "CodelistError", "DMDCode", "ICD10Code",
    "ICD10MultiCodeString", "OPCS4Code", "OPCS4MultiCodeString", "SNOMEDCTCode", "codelist_from_csv",
    "codelist_from_csv_lines",
]  # fmt: skip
