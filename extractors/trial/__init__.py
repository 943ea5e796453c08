"""Made-up records: a folder of tables in which a definition finds what it looks for.

None of the people in them is real. They look enough like England's primary care (ages,
regions, moves, deaths, conditions, the waves of the pandemic) for charts to tell a
story, and dirty enough (duplicates, NULLs, overlapping registrations, codes that no
study asks for) for a definition to be tried on. Home monitoring is recorded several
times more often than it was, so that a few thousand patients show it.
"""

from extractors.trial.manner import FORMS, Manner
from extractors.trial.wishes import Wishes
from extractors.trial.writing import VERSION, write_trial

__all__ = ["FORMS", "VERSION", "Manner", "Wishes", "write_trial"]
