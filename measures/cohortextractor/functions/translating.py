"""Which function of `patients` is translated by which of ours."""

from collections.abc import Callable

from measures.cohortextractor.asked import Asked
from measures.cohortextractor.columns import Column
from measures.cohortextractor.context import Context
from measures.cohortextractor.functions.bmi import most_recent_bmi
from measures.cohortextractor.functions.deaths import DEATHS
from measures.cohortextractor.functions.events import EVENTS
from measures.cohortextractor.functions.hospital import HOSPITAL
from measures.cohortextractor.functions.made_of_others import MADE_OF_OTHERS
from measures.cohortextractor.functions.others import OTHERS
from measures.cohortextractor.functions.practice import PRACTICE

TRANSLATIONS: dict[str, Callable[[Context, Asked], Column]] = {
    **PRACTICE,
    **EVENTS,
    "most_recent_bmi": most_recent_bmi,
    **DEATHS,
    **HOSPITAL,
    **OTHERS,
    **MADE_OF_OTHERS,
}
