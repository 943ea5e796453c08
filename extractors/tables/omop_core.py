"""The tables of `core` with the codes of all vocabularies that OMOP records have
(README.md#omop).

An event has the code of its standard concept, or else that of its source concept, in
the column of the concept's vocabulary; it may have codes in several columns. Where both
concepts are of one vocabulary, an event is found by either code.
"""

from extractors.language.frames import Series, table
from extractors.model.types import (
    ATCCode,
    CVXCode,
    ICD10CMCode,
    ICD10Code,
    LOINCCode,
    OPCS4Code,
    RxNormCode,
    SNOMEDCTCode,
)
from extractors.tables import core
from extractors.tables.core import patients, practice_registrations

__all__ = [
    "clinical_events",
    "medications",
    "ons_deaths",
    "patients",
    "practice_registrations",
]


@table
class clinical_events(core.ClinicalEvents):
    """Conditions, measurements, observations and procedures."""

    loinc_code = Series(LOINCCode)
    icd10_code = Series(ICD10Code)
    icd10cm_code = Series(ICD10CMCode)
    opcs4_code = Series(OPCS4Code)


@table
class medications(core.Medications):
    """Exposures to drugs and vaccines."""

    rxnorm_code = Series(RxNormCode)
    cvx_code = Series(CVXCode)
    atc_code = Series(ATCCode)
    snomedct_code = Series(SNOMEDCTCode)


@table
class ons_deaths(core.OnsDeaths):
    """Deaths, of which most OMOP records have a cause of SNOMED CT."""

    cause_snomedct_code = Series(SNOMEDCTCode)
