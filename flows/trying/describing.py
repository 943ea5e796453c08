"""A study's data report on made-up people: the measures that a run would count, with
their true counts.
"""

from flows.preparing.options import Options
from flows.preparing.prepare import intervals_of, report_wanted
from flows.trying.counting import Trial, count_of, with_study
from measures.counts.true_rows import TrueRow, true_rows
from measures.describe.study import DescribedStudy, describe_study


def described_of(
    trial: Trial, options: Options
) -> tuple[DescribedStudy, list[TrueRow]]:
    """The data report that options ask for as a study, and all of its rows.

    Raises ArgumentsError for a period that is not there.
    """
    prepared = trial.prepared
    study = describe_study(prepared.study, report_wanted(prepared.study, options))
    chosen = tuple(intervals_of(study.measures))
    return study, true_rows(count_of(trial.of(with_study(prepared, study, chosen))))
