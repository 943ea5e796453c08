"""What `import cohortextractor` finds in a definition."""

from types import ModuleType

from measures.cohortextractor import offered, patients

MODULES: dict[str, ModuleType] = {
    "cohortextractor": offered,
    "cohortextractor.patients": patients,
}
