"""The types a series can have: Python's own and the clinical coding systems.

Formats of codes: extractors/language/SEMANTICS.md#formats-of-codes.
"""

import datetime
import math
import re
from typing import ClassVar, Self

from extractors.errors import DefinitionError

Scalar = bool | int | float | str | datetime.date | None


class Code(str):
    """A clinical code; a string that has the format of its coding system."""

    label: ClassVar[str] = "code"
    pattern: ClassVar[re.Pattern] = re.compile(r".+")

    def __new__(cls, value: str) -> Self:
        if not isinstance(value, str) or not cls.pattern.fullmatch(value):
            raise ValueError(f"Invalid {cls.__name__}: {value}")
        return super().__new__(cls, value)

    @property
    def value(self) -> str:
        return str(self)

    @classmethod
    def _primitive_type(cls) -> type:
        """ehrQL's own name for what a code is made of; studies call it."""
        return str

    def _to_primitive_type(self) -> str:
        """ehrQL's own name for the code as plain text; studies call it."""
        return str(self)


class SNOMEDCTCode(Code):
    label, pattern = "SNOMED CT", re.compile(r"[1-9][0-9]{5,17}")


class DMDCode(Code):
    label, pattern = "dm+d", re.compile(r"[1-9][0-9]{5,17}")


class CTV3Code(Code):
    label = "CTV3"
    pattern = re.compile(
        r"[0-9A-Za-z]{5}|[0-9A-Za-z]{4}\.|[0-9A-Za-z]{3}\.\.|[0-9A-Za-z]{2}\.{3}|[0-9A-Za-z]\.{4}"
    )


class ICD10Code(Code):
    label, pattern = "ICD-10", re.compile(r"[A-Z][0-9]{2}X?[0-9]{0,2}")


class OPCS4Code(Code):
    label, pattern = "OPCS-4", re.compile(r"[A-HJ-Z][0-9]{2,3}")


class BNFCode(Code):
    label = "BNF"
    pattern = re.compile(r"[0-9]{7}[0-9A-Z]{2}([A-Z0-9]{2}){3}|2[0-3][0-9]{9}")


class ICD10CMCode(Code):
    """Of the clinical modification of the United States, written without the dot."""

    label, pattern = "ICD-10-CM", re.compile(r"[A-Z][0-9][0-9A-Z][0-9A-Z]{0,4}")


class LOINCCode(Code):
    label, pattern = "LOINC", re.compile(r"[0-9]{1,7}-[0-9]|L[AGP][0-9]{1,7}-[0-9]")


class RxNormCode(Code):
    """Of RxNorm, or of its extension by OHDSI, whose codes begin with OMOP."""

    label, pattern = "RxNorm", re.compile(r"[1-9][0-9]{0,7}|OMOP[0-9]{1,8}")


class CVXCode(Code):
    label, pattern = "CVX", re.compile(r"[0-9]{2,3}")


class ATCCode(Code):
    label, pattern = "ATC", re.compile(r"[A-Z]([0-9]{2}([A-Z]([A-Z]([0-9]{2})?)?)?)?")


class MultiCode(str):
    """Several codes of one coding system in one string; searched, never compared."""

    code: ClassVar[type[Code]] = Code
    prefix: ClassVar[re.Pattern] = re.compile(r".+")


class ICD10MultiCode(MultiCode):
    code, prefix = ICD10Code, re.compile(r"[A-Z]([0-9]([0-9]X?[0-9]{0,2})?)?")


class OPCS4MultiCode(MultiCode):
    code, prefix = OPCS4Code, re.compile(r"[A-HJ-Z]([0-9]{1,3})?")


class ConceptId(int):
    """The number of a concept in OMOP's vocabularies: it names something, and is no
    quantity.

    0 is OMOP's "no matching concept": a value, not NULL.

        ConceptId(44054006)

    Raises ValueError for what is no whole number.
    """

    label: ClassVar[str] = "concept id"


CODE_TYPES = (
    SNOMEDCTCode,
    CTV3Code,
    ICD10Code,
    OPCS4Code,
    DMDCode,
    BNFCode,
    ICD10CMCode,
    LOINCCode,
    RxNormCode,
    CVXCode,
    ATCCode,
)
# Coding systems that others write with a dot behind the third character, and tables
# here without.
WITHOUT_DOT = (ICD10Code, ICD10CMCode, OPCS4Code)
# How an author names a coding system.
SYSTEMS: dict[str, type[Code]] = {
    "snomedct": SNOMEDCTCode,
    "ctv3": CTV3Code,
    "icd10": ICD10Code,
    "icd10cm": ICD10CMCode,
    "opcs4": OPCS4Code,
    "dmd": DMDCode,
    "bnf": BNFCode,
    "loinc": LOINCCode,
    "rxnorm": RxNormCode,
    "cvx": CVXCode,
    "atc": ATCCode,
}
MULTI_CODE_TYPES = (ICD10MultiCode, OPCS4MultiCode)
WITH_CHECK_DIGIT = (SNOMEDCTCode, DMDCode)  # Verhoeff's, the last one
WHOLE = (int, ConceptId)  # stored as whole numbers
COMPARABLE = (int, float, str, datetime.date)
TYPES: dict[str, type] = {
    "bool": bool,
    "int": int,
    "float": float,
    "str": str,
    "date": datetime.date,
    "ConceptId": ConceptId,
    **{t.__name__: t for t in (*CODE_TYPES, *MULTI_CODE_TYPES)},
}
NAMES: dict[type, str] = {t: name for name, t in TYPES.items()}


def is_code(type_: type) -> bool:
    return issubclass(type_, Code)


def name_of(type_: type) -> str:
    """The name of a type as an author would say it."""
    return NAMES.get(type_) or str(getattr(type_, "__name__", type_))


def type_named(name: str) -> type:
    if name not in TYPES:
        raise DefinitionError(
            f"There is no type {name!r}; the types are {', '.join(TYPES)}."
        )
    return TYPES[name]


def check_storable(value: Scalar) -> None:
    """ValueError for what no database holds."""
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError(
            "a number is infinite or not a number; use None where there is no value"
        )
    if isinstance(value, int) and not -(2**63) <= value < 2**63:
        raise ValueError("a whole number is too large; 64 bits are the most")


def plain(value: Scalar) -> Scalar:
    """As JSON would have it."""
    return str(value) if isinstance(value, Code | datetime.date) else value
